// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/stages/voice/profile/gaussian_mixture.h"

namespace syrinx::voice {

// Says what the target's voice does where the source's does this, sound class by sound class,
// without sentences that both have said: a mixture learned from both voices finds classes, and is
// adapted to each (Mouchtaris, Van der Spiegel and Mueller 2006); a cepstrum moves as the means of
// its classes do (Stylianou, Cappe and Moulines 1998). Such means are too near to one another, so
// what comes out is spread to the target's own mean and global variance (Toda, Black and Tokuda
// 2007, as the closed form with which they begin). Immutable; any thread.
class MixtureMap {
 public:
  static constexpr std::size_t kParts = 16;

  MixtureMap() = default;  // Empty.
  // Cepstra of both, each normalised by its own voice's statistics. Empty for fewer than 100 of
  // either.
  MixtureMap(std::span<const Cepstrum> source, std::span<const Cepstrum> target);

  bool empty() const noexcept { return source_.parts().empty(); }
  // Both normalised as above. Pre: not empty().
  Cepstrum answer(const Cepstrum& normal) const noexcept SYRINX_REALTIME;

 private:
  Cepstrum plain(const Cepstrum& normal) const noexcept SYRINX_REALTIME;

  GaussianMixture source_;
  std::vector<Cepstrum> moves_;  // Of each part's mean.
  Cepstrum plain_mean_{};
  Cepstrum spread_{};
  Cepstrum target_mean_{};
};

}  // namespace syrinx::voice
