// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/conference/talkers.h"

#include <algorithm>

namespace syrinx::call {
namespace {

constexpr int kFloorIsFreeMs = 1'000;  // After so much silence of its holder nobody has it.

}  // namespace

Talkers::Talkers(const ConferenceOptions& options) : options_(options), legs_(options.max_legs) {}

void Talkers::choose(std::span<const Candidate> candidates) noexcept {
  drop_silent(candidates);
  fill(candidates);
  replace_quietest(candidates);
  for (Leg& leg : legs_)
    if (leg.talks) leg.talked_ms += options_.tick_ms;
  choose_speaker(candidates);
}

void Talkers::drop_silent(std::span<const Candidate> candidates) noexcept {
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (!legs_[i].talks || candidates[i].speaking) continue;
    legs_[i].talks = false;
    --count_;
  }
}

std::size_t Talkers::loudest_waiting(std::span<const Candidate> candidates) const noexcept {
  std::size_t best = kNobody;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (!candidates[i].speaking || legs_[i].talks) continue;
    if (best == kNobody || candidates[i].level_db > candidates[best].level_db) best = i;
  }
  return best;
}

void Talkers::fill(std::span<const Candidate> candidates) noexcept {
  while (count_ < options_.talkers) {
    const std::size_t next = loudest_waiting(candidates);
    if (next == kNobody) return;
    legs_[next] = {true, 0};
    ++count_;
  }
}

void Talkers::replace_quietest(std::span<const Candidate> candidates) noexcept {
  const std::size_t next = count_ < options_.talkers ? kNobody : loudest_waiting(candidates);
  if (next == kNobody) return;
  std::size_t quietest = kNobody;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (!legs_[i].talks || legs_[i].talked_ms < options_.hold_ms) continue;
    if (quietest == kNobody || candidates[i].level_db < candidates[quietest].level_db) quietest = i;
  }
  if (quietest == kNobody ||
      candidates[next].level_db < candidates[quietest].level_db + options_.takeover_db)
    return;
  legs_[quietest].talks = false;
  legs_[next] = {true, 0};
}

void Talkers::choose_speaker(std::span<const Candidate> candidates) noexcept {
  const bool held = speaker_ != kNobody && speaker_ < candidates.size();
  const bool speaks = held && legs_[speaker_].talks;
  silent_ms_ = speaks ? 0 : silent_ms_ + options_.tick_ms;
  speaker_ms_ += options_.tick_ms;
  std::size_t best = kNobody;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (!legs_[i].talks || i == speaker_ || candidates[i].spoken_ms < options_.speaker_onset_ms)
      continue;
    if (best == kNobody || candidates[i].level_db > candidates[best].level_db) best = i;
  }
  const bool louder =
      best != kNobody && held &&
      candidates[best].level_db >= candidates[speaker_].level_db + options_.takeover_db;
  const bool takes = best != kNobody && (!speaks || (louder && speaker_ms_ >= options_.hold_ms));
  if (takes) {
    speaker_ = best;
    speaker_ms_ = 0;
    silent_ms_ = 0;
  } else if (held && silent_ms_ >= kFloorIsFreeMs) {
    speaker_ = kNobody;
  }
}

void Talkers::forget(std::size_t leg) noexcept {
  if (legs_[leg].talks) --count_;
  legs_[leg] = {};
  if (speaker_ == leg) speaker_ = kNobody;
}

}  // namespace syrinx::call
