// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/stages/voice/profile/voice_profile.h"

namespace syrinx::voice {

// Says what the target's voice did where the source's does this: the mean of the exemplars nearest
// to a normalised cepstrum, near also to what was said before, so that the choice does not jump
// (after the exemplar system of Wu and others, Voice Conversion Challenge 2016). One stream.
class ExemplarMap {
 public:
  // Keeps the target's exemplars, each term less its mean and over its deviation.
  explicit ExemplarMap(const VoiceProfile& target);

  bool empty() const noexcept { return exemplars_.empty(); }
  std::span<const Cepstrum> exemplars() const noexcept { return exemplars_; }  // Normalised.
  // Both normalised by their own voice's statistics. c0 is not looked at. Pre: not empty().
  Cepstrum answer(const Cepstrum& normal) noexcept SYRINX_REALTIME;
  void reset() noexcept SYRINX_REALTIME { has_former_ = false; }

 private:
  static constexpr std::size_t kNearest = 6;

  std::vector<Cepstrum> exemplars_;
  Cepstrum former_{};
  bool has_former_ = false;
};

}  // namespace syrinx::voice
