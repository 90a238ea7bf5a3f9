// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/ssml/ssml.h"

#include "syrinx/stages/text/ssml/ssml_builder.h"
#include "syrinx/stages/text/ssml/xml_reader.h"

namespace syrinx::text {
namespace {

void drop_through(std::string_view& text, std::string_view end) {
  const std::size_t at = text.find(end);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + end.size());
}

// A declaration's end is after the brackets that it may have.
void drop_doctype(std::string_view& text) {
  if (text.find('[') < text.find('>')) drop_through(text, "]");
  drop_through(text, ">");
}

void drop_space(std::string_view& text) {
  const std::size_t at = text.find_first_not_of(" \t\r\n");
  text.remove_prefix(at == std::string_view::npos ? text.size() : at);
}

}  // namespace

Result<Script> parse_ssml(std::string_view source, const SsmlOptions& options) {
  SsmlBuilder builder(source, options);
  const XmlEvents events{.start = [&](const XmlElement& element) { return builder.start(element); },
                         .end = [&](SourceSpan tag) { return builder.end(tag); },
                         .text = [&](std::string_view text, SourceSpan from) -> Result<void> {
                           builder.text(text, from);
                           return {};
                         }};
  SYRINX_TRY(read_xml(source, events));
  return builder.take();
}

bool looks_like_ssml(std::string_view source) noexcept {
  if (source.starts_with("\xEF\xBB\xBF")) source.remove_prefix(3);
  for (drop_space(source); !source.empty(); drop_space(source)) {
    if (source.starts_with("<?")) {
      drop_through(source, "?>");
    } else if (source.starts_with("<!--")) {
      drop_through(source, "-->");
    } else if (source.starts_with("<!DOCTYPE")) {
      drop_doctype(source);
    } else {
      break;
    }
  }
  if (source.empty() || source.front() != '<') return false;
  const std::size_t end = source.find_first_of(" \t\r\n/>", 1);
  if (end == std::string_view::npos) return false;
  const std::string_view name = source.substr(1, end - 1);
  return name == "speak" || name.ends_with(":speak");
}

std::size_t downgrade(Script& script, std::string_view element, std::string_view attribute,
                      Honoured to, std::string_view note) {
  std::string prefix(element);
  if (!attribute.empty()) prefix += " " + std::string(attribute) + "=\"";
  std::size_t changed = 0;
  for (ElementReport& entry : script.report) {
    const bool is_meant =
        attribute.empty() ? entry.element == prefix : entry.element.starts_with(prefix);
    if (!is_meant || entry.honoured >= to) continue;
    entry.honoured = to;
    entry.note = note;
    ++changed;
  }
  return changed;
}

}  // namespace syrinx::text
