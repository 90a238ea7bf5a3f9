// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/epub/xml_walk.h"

#include <expat.h>

#include <memory>
#include <optional>
#include <type_traits>

#include "syrinx/core/base/limits.h"

namespace syrinx::text {
namespace {

struct ParserDeleter {
  void operator()(XML_Parser parser) const noexcept { XML_ParserFree(parser); }
};
using Parser = std::unique_ptr<std::remove_pointer_t<XML_Parser>, ParserDeleter>;

std::string local_name(std::string_view name) {
  const std::size_t colon = name.rfind(':');
  return std::string(colon == std::string_view::npos ? name : name.substr(colon + 1));
}

class Walk {
 public:
  Walk(std::string_view file, const XmlVisitor& visitor) : file_(file), visitor_(visitor) {}

  Result<void> run(std::string_view source) {
    if (source.size() > limits::kMaxEpubXmlBytes)
      return make_error(ErrorCode::kLimitExceeded, "'", file_, "' in the EPUB has ", source.size(),
                        " bytes; at most ", limits::kMaxEpubXmlBytes, " are read");
    parser_.reset(XML_ParserCreate(nullptr));
    if (!parser_) return make_error(ErrorCode::kInternal, "no memory for an XML parser");
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(parser_.get(), on_start, on_end);
    XML_SetCharacterDataHandler(parser_.get(), on_text);
    const auto status =
        XML_Parse(parser_.get(), source.data(), static_cast<int>(source.size()), XML_TRUE);
    if (error_) return *error_;
    if (status == XML_STATUS_OK) return {};
    return make_error(ErrorCode::kCorruptData, "'", file_, "' in the EPUB is not XML: line ",
                      XML_GetCurrentLineNumber(parser_.get()), ": ",
                      XML_ErrorString(XML_GetErrorCode(parser_.get())));
  }

 private:
  static Walk& self(void* data) { return *static_cast<Walk*>(data); }
  static void on_start(void* data, const XML_Char* name, const XML_Char** attributes) {
    self(data).start(name, attributes);
  }
  static void on_end(void* data, const XML_Char* name) {
    Walk& walk = self(data);
    --walk.depth_;
    if (!walk.error_) walk.visitor_.end(local_name(name));
  }
  static void on_text(void* data, const XML_Char* text, int size) {
    Walk& walk = self(data);
    if (!walk.error_) walk.visitor_.text({text, static_cast<std::size_t>(size)});
  }

  void start(const XML_Char* name, const XML_Char** attributes) {
    if (++depth_ > limits::kMaxEpubDepth || ++elements_ > limits::kMaxEpubElements)
      return refuse("has too many elements, or elements too deep in each other");
    XmlVisitor::Attributes named;
    for (; *attributes != nullptr; attributes += 2)
      named.emplace(local_name(attributes[0]), attributes[1]);
    visitor_.start(local_name(name), named);
  }

  void refuse(std::string_view why) {
    if (!error_) error_ = make_error(ErrorCode::kLimitExceeded, "'", file_, "' in the EPUB ", why);
    XML_StopParser(parser_.get(), XML_FALSE);
  }

  std::string_view file_;
  const XmlVisitor& visitor_;
  Parser parser_;
  std::size_t depth_ = 0;
  std::size_t elements_ = 0;
  std::optional<Error> error_;
};

}  // namespace

Result<void> walk_xml(std::string_view source, std::string_view file, const XmlVisitor& visitor) {
  return Walk(file, visitor).run(source);
}

}  // namespace syrinx::text
