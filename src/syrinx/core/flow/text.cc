// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/flow/text.h"

#include <algorithm>

#include "syrinx/core/base/check.h"

namespace syrinx {

MappedText::MappedText(std::string_view verbatim, std::size_t source_begin) {
  append_verbatim(verbatim, source_begin);
}

// Takes `from` into what this was made of.
void MappedText::widen(SourceSpan from) {
  const bool first = source_.size() == 0 && text_.empty();
  const bool continues =
      !text_.empty() && from.end == source_.end && from == origin_of(text_.size() - 1);
  SYRINX_CHECK(from.begin <= from.end && (first || continues || from.begin >= source_.end),
               "mapped text must be appended in source order");
  if (first) source_.begin = from.begin;
  source_.end = from.end;
}

void MappedText::append(std::string_view made, SourceSpan from) {
  const bool again = !text_.empty() && from == origin_of(text_.size() - 1);
  if (made.size() == 1 && from.size() == 1 && !again) return append_verbatim(made, from.begin);
  widen(from);
  if (made.empty()) return;
  runs_.push_back({text_.size(), from, false});
  text_ += made;
}

void MappedText::append_verbatim(std::string_view bytes, std::size_t source_begin) {
  const SourceSpan from{source_begin, source_begin + bytes.size()};
  widen(from);
  if (bytes.empty()) return;
  if (!runs_.empty() && runs_.back().verbatim && runs_.back().from.end == from.begin) {
    runs_.back().from.end = from.end;
  } else {
    runs_.push_back({text_.size(), from, true});
  }
  text_ += bytes;
}

void MappedText::append(const MappedText& more) {
  widen(more.source_);
  for (const Run& run : more.runs_) {
    runs_.push_back({text_.size() + run.begin, run.from, run.verbatim});
  }
  text_ += more.text_;
}

std::size_t MappedText::run_at(std::size_t byte) const {
  const auto after =
      std::upper_bound(runs_.begin(), runs_.end(), byte,
                       [](std::size_t at, const Run& run) noexcept { return at < run.begin; });
  return static_cast<std::size_t>(after - runs_.begin()) - 1;
}

std::size_t MappedText::run_end(std::size_t run) const noexcept {
  return run + 1 < runs_.size() ? runs_[run + 1].begin : text_.size();
}

SourceSpan MappedText::origin_of(std::size_t byte) const {
  const Run& run = runs_[run_at(byte)];
  if (!run.verbatim) return run.from;
  const std::size_t at = run.from.begin + (byte - run.begin);
  return {at, at + 1};
}

SourceSpan MappedText::source_of(std::size_t begin, std::size_t end) const {
  SYRINX_CHECK(begin <= end && end <= text_.size(), "range past the mapped text");
  if (begin == end) {
    const std::size_t at = begin < text_.size() ? origin_of(begin).begin : source_.end;
    return {at, at};
  }
  return {origin_of(begin).begin, origin_of(end - 1).end};
}

MappedText MappedText::slice(std::size_t begin, std::size_t end) const {
  SYRINX_CHECK(begin <= end && end <= text_.size(), "range past the mapped text");
  MappedText part;
  part.source_ = source_of(begin, end);
  part.text_ = text_.substr(begin, end - begin);
  if (begin == end) return part;
  for (std::size_t i = run_at(begin); i < runs_.size() && runs_[i].begin < end; ++i) {
    Run run = runs_[i];
    const std::size_t from = std::max(run.begin, begin);
    const std::size_t to = std::min(run_end(i), end);
    if (run.verbatim) {
      const std::size_t first = run.from.begin + (from - run.begin);
      run.from = {first, first + (to - from)};
    }
    run.begin = from - begin;
    part.runs_.push_back(run);
  }
  return part;
}

}  // namespace syrinx
