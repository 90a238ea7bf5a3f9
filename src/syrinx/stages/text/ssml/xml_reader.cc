// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/ssml/xml_reader.h"

#include <expat.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "syrinx/core/base/limits.h"

namespace syrinx::text {
namespace {

struct ParserDeleter {
  void operator()(XML_Parser parser) const noexcept { XML_ParserFree(parser); }
};
using Parser = std::unique_ptr<std::remove_pointer_t<XML_Parser>, ParserDeleter>;

// What expat calls back into.
class Reader {
 public:
  Reader(std::string_view source, const XmlEvents& events) : source_(source), events_(events) {}

  Result<void> read() {
    parser_.reset(XML_ParserCreate("UTF-8"));
    if (!parser_) return make_error(ErrorCode::kInternal, "no memory for an XML parser");
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(parser_.get(), on_start, on_end);
    XML_SetCharacterDataHandler(parser_.get(), on_text);
    XML_SetStartDoctypeDeclHandler(parser_.get(), on_doctype);
    const auto status =
        XML_Parse(parser_.get(), source_.data(), static_cast<int>(source_.size()), XML_TRUE);
    if (error_) return *std::move(error_);
    if (status != XML_STATUS_OK) return parse_error();
    return {};
  }

 private:
  static Reader& self(void* data) { return *static_cast<Reader*>(data); }

  static void on_start(void* data, const XML_Char* name, const XML_Char** attributes) {
    self(data).start(name, attributes);
  }
  static void on_end(void* data, const XML_Char*) {
    Reader& reader = self(data);
    if (reader.error_) return;
    --reader.depth_;
    reader.keep(reader.events_.end(reader.event_span()));
  }
  static void on_text(void* data, const XML_Char* text, int size) {
    Reader& reader = self(data);
    if (reader.error_) return;
    reader.keep(reader.events_.text({text, static_cast<std::size_t>(size)}, reader.event_span()));
  }
  static void on_doctype(void* data, const XML_Char*, const XML_Char*, const XML_Char*, int) {
    Reader& reader = self(data);
    if (reader.error_) return;
    // Expat tells of the declaration when it has read its beginning.
    const std::size_t begin = reader.source_.rfind("<!DOCTYPE", reader.event_span().begin);
    reader.keep(error_at(reader.source_, begin, ErrorCode::kUnsupported,
                         "a document type declaration; leave out <!DOCTYPE>, it is not read"));
  }

  void start(const XML_Char* name, const XML_Char** attributes) {
    if (error_) return;
    const SourceSpan tag = event_span();
    if (++depth_ > limits::kMaxSsmlDepth)
      return keep(error_at(source_, tag.begin, ErrorCode::kLimitExceeded, "<", name,
                           "> is an element within ", limits::kMaxSsmlDepth, " others; at most ",
                           limits::kMaxSsmlDepth, " levels are read"));
    if (++elements_ > limits::kMaxSsmlElements)
      return keep(error_at(source_, tag.begin, ErrorCode::kLimitExceeded, "more than ",
                           limits::kMaxSsmlElements, " elements; split the document into several"));
    XmlElement element{name, {}, tag};
    for (; *attributes != nullptr; attributes += 2) {
      element.attributes.push_back({attributes[0], attributes[1]});
    }
    keep(events_.start(element));
  }

  void keep(Result<void> result) {
    if (result) return;
    error_ = std::move(result).error();
    XML_StopParser(parser_.get(), XML_FALSE);
  }

  SourceSpan event_span() const {
    const auto begin =
        static_cast<std::size_t>(std::max<XML_Index>(0, XML_GetCurrentByteIndex(parser_.get())));
    const auto size = static_cast<std::size_t>(XML_GetCurrentByteCount(parser_.get()));
    return {std::min(begin, source_.size()), std::min(begin + size, source_.size())};
  }

  // The event's own words where they say what to do; expat's else.
  Error parse_error() const {
    const XML_Error code = XML_GetErrorCode(parser_.get());
    const std::size_t at = event_span().begin;
    const auto fail = [&](const auto&... parts) {
      return error_at(source_, at, ErrorCode::kCorruptData, parts...);
    };
    switch (code) {
      case XML_ERROR_NO_ELEMENTS:
        return fail("the document ends before an element began; expected <speak>");
      case XML_ERROR_INVALID_TOKEN:
        return fail(
            "not well-formed XML; expected text in UTF-8 or a tag (write & as &amp; and < "
            "as &lt;)");
      case XML_ERROR_UNCLOSED_TOKEN:
        return fail("the document ends within what begins here; expected its end");
      case XML_ERROR_TAG_MISMATCH:
        return fail(
            "an end tag that closes another element than the innermost; expected the end "
            "tag of that");
      case XML_ERROR_UNDEFINED_ENTITY:
        return fail(
            "an entity that is not known; expected &amp; &lt; &gt; &quot; &apos; or a "
            "number as &#233;");
      case XML_ERROR_DUPLICATE_ATTRIBUTE:
        return fail("an attribute stands twice in this tag; expected it once");
      case XML_ERROR_JUNK_AFTER_DOC_ELEMENT:
        return fail("something follows the end of <speak>; expected the end of the document");
      default:
        return fail("not well-formed XML (", XML_ErrorString(code),
                    "); expected elements within <speak>");
    }
  }

  std::string_view source_;
  const XmlEvents& events_;
  Parser parser_;
  std::optional<Error> error_;
  std::size_t depth_ = 0;
  std::size_t elements_ = 0;
};

}  // namespace

TextPosition position_of(std::string_view source, std::size_t byte) noexcept {
  TextPosition place;
  const std::size_t mark = source.starts_with("\xEF\xBB\xBF") ? 3 : 0;  // No column is its own.
  for (std::size_t i = mark; i < std::min(byte, source.size()); ++i) {
    const bool continues = (static_cast<unsigned char>(source[i]) & 0xC0) == 0x80;
    if (source[i] == '\n') {
      ++place.line;
      place.column = 1;
    } else if (!continues) {
      ++place.column;
    }
  }
  return place;
}

Result<void> read_xml(std::string_view source, const XmlEvents& events) {
  if (source.size() > limits::kMaxSsmlBytes)
    return error_at(source, 0, ErrorCode::kLimitExceeded, "the document has ", source.size(),
                    " bytes; at most ", limits::kMaxSsmlBytes, " are read");
  return Reader(source, events).read();
}

}  // namespace syrinx::text
