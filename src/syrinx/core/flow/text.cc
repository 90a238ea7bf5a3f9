// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/flow/text.h"

#include "syrinx/core/base/check.h"

namespace syrinx {

MappedText::MappedText(std::string_view verbatim, std::size_t source_begin)
    : text_(verbatim), source_{source_begin, source_begin + verbatim.size()} {
  origins_.reserve(verbatim.size());
  for (std::size_t i = 0; i < verbatim.size(); ++i) {
    origins_.push_back({source_begin + i, source_begin + i + 1});
  }
}

void MappedText::append(std::string_view made, SourceSpan from) {
  const bool first = source_.size() == 0 && text_.empty();
  const bool continues = !origins_.empty() && from == origins_.back() && from.end == source_.end;
  SYRINX_CHECK(from.begin <= from.end && (first || continues || from.begin >= source_.end),
               "mapped text must be appended in source order");
  if (first) source_.begin = from.begin;
  source_.end = from.end;
  text_ += made;
  origins_.insert(origins_.end(), made.size(), from);
}

SourceSpan MappedText::source_of(std::size_t begin, std::size_t end) const {
  SYRINX_CHECK(begin <= end && end <= text_.size(), "range past the mapped text");
  if (begin == end) {
    const std::size_t at = begin < origins_.size() ? origins_[begin].begin : source_.end;
    return {at, at};
  }
  return {origins_[begin].begin, origins_[end - 1].end};
}

}  // namespace syrinx
