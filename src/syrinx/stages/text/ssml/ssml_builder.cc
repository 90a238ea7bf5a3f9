// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/ssml/ssml_builder.h"

#include <utility>

#include "syrinx/core/base/limits.h"
#include "syrinx/stages/text/ssml/ssml_rules.h"

namespace syrinx::text {
namespace {

constexpr std::string_view kNamespace = "http://www.w3.org/2001/10/synthesis";
constexpr std::size_t kMaxShownBytes = 60;  // Of an attribute's value in a report.

// The beginning of a long value, cut between characters.
std::string shown(std::string_view value) {
  if (value.size() <= kMaxShownBytes) return std::string(value);
  std::size_t end = kMaxShownBytes;
  while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xC0) == 0x80) --end;
  return std::string(value.substr(0, end)) + "…";
}

}  // namespace

Result<void> SsmlBuilder::start(const XmlElement& element) {
  element_ = &element;
  writer_.interrupt();
  if (is_taking()) {
    ++taking_depth_;
    if (frames_.back().taking != Taking::kSkip)
      report("", "", Honoured::kIgnored,
             "within an element that holds only text; its text is kept");
    return {};
  }
  if (frames_.empty()) note_namespaces(element);
  const std::string name = canonical_name(element.name);
  if (frames_.empty() && name != "speak")
    return fail(element.tag.begin, ErrorCode::kCorruptData,
                "<" + shown(element.name) + "> is the outermost element; expected <speak>");
  Frame frame;
  if (!frames_.empty()) frame.manner = frames_.back().manner;
  frame.tag = element.tag;
  frame.first_item = writer_.items().size();
  const std::size_t reports_before = script_.report.size();
  Attributes attributes(element);
  if (const Rule* rule = find_rule(name)) {
    SYRINX_TRY((this->*rule->open)(frame, attributes));
    for (const XmlAttribute* attribute : attributes.left()) {
      report(attribute->name, attribute->value, Honoured::kIgnored, "nothing here acts on it");
    }
    if (script_.report.size() == reports_before) report("", "", Honoured::kHonoured);
  } else {
    report("", "", Honoured::kIgnored,
           name.find(':') == std::string::npos ? "not an element of SSML 1.1; its text is said"
                                               : "of another vocabulary; its text is said");
  }
  frames_.push_back(std::move(frame));
  return {};
}

void SsmlBuilder::text(std::string_view text, SourceSpan from) {
  if (frames_.empty()) return;
  if (is_taking()) {
    writer_.append(taken_, text, from);
  } else {
    writer_.add_text(text, from, frames_.back().manner);
  }
}

Result<void> SsmlBuilder::end(SourceSpan tag) {
  writer_.interrupt();
  if (taking_depth_ > 0) {
    --taking_depth_;
    return {};
  }
  Frame& frame = frames_.back();
  if (frame.taking != Taking::kNothing) finish_taking(frame, tag);
  if (frame.audio_item)
    writer_.items()[*frame.audio_item].source = writer_.shifted({frame.tag.begin, tag.end});
  if (!frame.contour.empty()) spread_contour(frame.contour, writer_.items(), frame.first_item);
  if (frame.boundary) writer_.add_boundary(*frame.boundary, tag);
  frames_.pop_back();
  return {};
}

void SsmlBuilder::finish_taking(Frame& frame, SourceSpan tag) {
  MappedText taken = std::exchange(taken_, {});
  const bool blank = is_blank(taken.text());
  const SourceSpan whole{frame.tag.begin, tag.end};
  const SourceSpan content = blank ? whole : SourceSpan{frame.tag.end, tag.begin};
  const auto stand_in = [&](std::string_view text) {
    MappedText made;
    made.append(text, writer_.shifted(content));
    return made;
  };
  const bool says_nothing =
      frame.taking == Taking::kReplacement && is_blank(frame.taken_for) && !blank;
  if (frame.taking == Taking::kSkip || says_nothing) {
    ScriptItem item;
    item.kind = ScriptItemKind::kSkipped;
    item.source = content;
    item.name = says_nothing ? "replaced by nothing" : frame.taken_for;
    if (!blank) writer_.add(std::move(item));
  } else if (frame.taking == Taking::kReplacement) {
    if (!is_blank(frame.taken_for)) writer_.add_whole(stand_in(frame.taken_for), frame.manner, {});
  } else {
    const std::string symbols = frame.pronunciation->symbols;
    writer_.add_whole(blank ? stand_in(symbols) : std::move(taken), frame.manner,
                      std::move(frame.pronunciation));
  }
}

Script SsmlBuilder::take() {
  script_.items = std::move(writer_.items());
  return std::move(script_);
}

void SsmlBuilder::note_namespaces(const XmlElement& element) {
  for (const XmlAttribute& attribute : element.attributes) {
    if (attribute.name.starts_with("xmlns:") && attribute.value == kNamespace)
      prefixes_.insert(attribute.name.substr(6));
  }
}

// SSML's own elements by their local name, others with their prefix.
std::string SsmlBuilder::canonical_name(std::string_view name) const {
  const std::size_t colon = name.find(':');
  if (colon == std::string_view::npos) return std::string(name);
  const bool is_ssml = prefixes_.count(std::string(name.substr(0, colon))) != 0;
  return std::string(is_ssml ? name.substr(colon + 1) : name);
}

void SsmlBuilder::report(std::string_view attribute, std::string_view value, Honoured honoured,
                         std::string_view note) {
  std::string what = shown(element_->name);
  if (!attribute.empty()) what += " " + shown(attribute) + "=\"" + shown(value) + "\"";
  script_.report.push_back(
      {std::move(what), writer_.shifted(element_->tag), honoured, std::string(note)});
}

void SsmlBuilder::report_done(std::string_view attribute, std::string_view value,
                              std::string_view note) {
  report(attribute, value, note.empty() ? Honoured::kHonoured : Honoured::kApproximated, note);
}

Result<const std::string*> SsmlBuilder::need(Attributes& attributes, std::string_view name) {
  if (const std::string* value = attributes.take(name)) return value;
  return fail(element_->tag.begin, ErrorCode::kCorruptData,
              "<" + shown(element_->name) + "> without " + std::string(name) + "; expected <" +
                  shown(element_->name) + " " + std::string(name) + "=\"...\">");
}

Result<void> SsmlBuilder::check_name(std::string_view attribute, std::string_view value) const {
  if (value.size() <= limits::kMaxSsmlNameBytes) return {};
  return fail(element_->tag.begin, ErrorCode::kLimitExceeded,
              std::string(attribute) + " of <" + shown(element_->name) + "> has " +
                  std::to_string(value.size()) + " bytes; at most " +
                  std::to_string(limits::kMaxSsmlNameBytes) + " are read");
}

Error SsmlBuilder::bad_value(std::string_view attribute, std::string_view value,
                             std::string_view expected) const {
  return fail(element_->tag.begin, ErrorCode::kCorruptData,
              "<" + shown(element_->name) + " " + std::string(attribute) + "=\"" + shown(value) +
                  "\">; expected " + std::string(expected));
}

Error SsmlBuilder::fail(std::size_t byte, ErrorCode code, const std::string& message) const {
  return error_at(source_, byte, code, message);
}

}  // namespace syrinx::text
