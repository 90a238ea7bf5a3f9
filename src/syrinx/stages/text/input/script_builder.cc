// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/input/script_builder.h"

#include <algorithm>

#include "syrinx/core/base/check.h"

namespace syrinx::text {
namespace {

bool is_space(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }

}  // namespace

// Source up to `begin` is accounted for: what was passed over is skipped.
void ScriptBuilder::cover(std::size_t begin) {
  SYRINX_CHECK(begin >= covered_, "a script is made in source order");
  if (begin > covered_) skip(covered_, begin, gap_reason_);
}

void ScriptBuilder::skip(std::size_t begin, std::size_t end, std::string reason) {
  cover(begin);
  covered_ = std::max(covered_, end);
  while (begin < end && is_space(source_[begin])) ++begin;
  while (begin < end && is_space(source_[end - 1])) --end;
  if (begin == end) return;
  ScriptItem item;
  item.kind = ScriptItemKind::kSkipped;
  item.source = {begin, end};
  item.name = std::move(reason);
  script_.items.push_back(std::move(item));
  new_item_ = true;
}

// The item that text is added to: the last one where it is of the same style.
ScriptItem& ScriptBuilder::text_item() {
  ended_.reset();
  if (new_item_ || script_.items.empty() || script_.items.back().kind != ScriptItemKind::kText) {
    ScriptItem item;
    item.style = style_;
    item.pronunciation = pronunciation_;
    item.source = {covered_, covered_};
    script_.items.push_back(std::move(item));
    new_item_ = false;
  }
  return script_.items.back();
}

void ScriptBuilder::say(std::size_t begin, std::size_t end) {
  if (begin == end) return;
  cover(begin);
  ScriptItem& item = text_item();
  item.text.append_verbatim(source_.substr(begin, end - begin), begin);
  covered_ = item.source.end = end;
}

void ScriptBuilder::say_instead(std::string_view made, std::size_t begin, std::size_t end) {
  cover(begin);
  ScriptItem& item = text_item();
  item.text.append(made, {begin, end});
  covered_ = item.source.end = end;
}

void ScriptBuilder::say_space() { say_instead(" ", covered_, covered_); }
void ScriptBuilder::say_comma() { say_instead(", ", covered_, covered_); }

// One end after what was said, the stronger of those that were asked for; none before anything was.
void ScriptBuilder::end(ScriptItemKind kind) {
  new_item_ = true;
  if (ended_) {
    if (*ended_ < script_.items.size() && kind == ScriptItemKind::kParagraphEnd)
      script_.items[*ended_].kind = kind;
    return;
  }
  ended_ = script_.items.size();
  ScriptItem item;
  item.kind = kind;
  item.source = {covered_, covered_};
  script_.items.push_back(std::move(item));
}

void ScriptBuilder::pronounce(std::optional<Pronunciation> as) {
  pronunciation_ = std::move(as);
  new_item_ = true;
}

Script ScriptBuilder::finish() {
  cover(source_.size());
  return std::move(script_);
}

}  // namespace syrinx::text
