// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/engines/call/conference/conference_values.h"

namespace syrinx::call {

// Which of those who speak are mixed, and who holds the floor. Legs are known by their places,
// 0 to legs - 1. One thread; memory is taken once.
class Talkers {
 public:
  static constexpr std::size_t kNobody = static_cast<std::size_t>(-1);

  // What is known of a leg in this tick.
  struct Candidate {
    bool speaking = false;
    double level_db = -100.0;
    int spoken_ms = 0;
  };

  Talkers(const ConferenceOptions& options);

  // One tick's choice. Pre: candidates.size() <= max_legs.
  void choose(std::span<const Candidate> candidates) noexcept SYRINX_REALTIME;
  bool talks(std::size_t leg) const noexcept { return legs_[leg].talks; }
  std::size_t speaker() const noexcept { return speaker_; }
  std::size_t count() const noexcept { return count_; }
  // The leg's place is another's from now on.
  void forget(std::size_t leg) noexcept SYRINX_REALTIME;

 private:
  struct Leg {
    bool talks = false;
    int talked_ms = 0;
  };
  void drop_silent(std::span<const Candidate> candidates) noexcept;
  void fill(std::span<const Candidate> candidates) noexcept;
  void replace_quietest(std::span<const Candidate> candidates) noexcept;
  void choose_speaker(std::span<const Candidate> candidates) noexcept;
  std::size_t loudest_waiting(std::span<const Candidate> candidates) const noexcept;

  ConferenceOptions options_;
  std::vector<Leg> legs_;
  std::size_t count_ = 0;
  std::size_t speaker_ = kNobody;
  int speaker_ms_ = 0;  // For how long the floor has been held.
  int silent_ms_ = 0;   // For how long its holder has not spoken.
};

}  // namespace syrinx::call
