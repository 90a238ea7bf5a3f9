// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/lexicon/lexicon_stack.h"

#include <utility>

#include "syrinx/core/base/limits.h"

namespace syrinx::text {

std::string LexiconAnswer::decided_by() const {
  return lexicon->name() + ":" + std::to_string(reading.line);
}

std::optional<LexiconAnswer> find_in(const LexiconList& lexicons, std::string_view spelling,
                                     const LexiconQuery& query) {
  for (const auto& lexicon : lexicons) {
    if (auto reading = lexicon->find_any_case(spelling, query)) {
      return LexiconAnswer{std::move(*reading), lexicon};
    }
  }
  return std::nullopt;
}

LexiconStack::Stamp LexiconStack::stamp_of(const std::filesystem::path& path) {
  std::error_code error;
  Stamp stamp;
  stamp.time = std::filesystem::last_write_time(path, error);
  if (!error) stamp.size = std::filesystem::file_size(path, error);
  return error ? Stamp{} : Stamp{stamp.time, stamp.size, true};
}

Result<std::unique_ptr<LexiconStack>> LexiconStack::open(std::vector<LexiconSource> sources) {
  if (sources.size() > limits::kMaxLexicons) {
    return make_error(ErrorCode::kLimitExceeded, sources.size(), " lexicons were given; at most ",
                      limits::kMaxLexicons, " are asked");
  }
  std::unique_ptr<LexiconStack> stack(new LexiconStack(std::move(sources)));
  for (const LexiconSource& source : stack->sources_) {
    stack->stamps_.push_back(
        stamp_of(source.path));  // First: what changes meanwhile is seen later.
    SYRINX_ASSIGN(Lexicon lexicon, Lexicon::load(source.path, source.format));
    stack->lexicons_.push_back(std::make_shared<const Lexicon>(std::move(lexicon)));
  }
  return stack;
}

LexiconList LexiconStack::snapshot() const {
  const std::lock_guard lock(swap_);
  return lexicons_;
}

void LexiconStack::put(std::size_t index, Lexicon lexicon) {
  auto made = std::make_shared<const Lexicon>(std::move(lexicon));
  const std::lock_guard lock(swap_);
  lexicons_[index].swap(made);
}

Result<bool> LexiconStack::reload_changed() {
  const std::lock_guard lock(reload_);
  std::optional<Error> first_error;
  bool has_changed = false;
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    const Stamp now = stamp_of(sources_[i].path);
    if (now == stamps_[i]) continue;
    stamps_[i] = now;
    auto lexicon = Lexicon::load(sources_[i].path, sources_[i].format);
    if (lexicon) {
      put(i, std::move(lexicon).value());
      has_changed = true;
    } else if (!first_error) {
      first_error = lexicon.error();
    }
  }
  if (first_error) return *first_error;
  return has_changed;
}

}  // namespace syrinx::text
