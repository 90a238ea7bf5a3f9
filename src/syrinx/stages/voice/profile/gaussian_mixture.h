// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/stages/voice/profile/mel_cepstra.h"

namespace syrinx::voice {

// How cepstra lie: a sum of Gaussians with diagonal covariances, by maximum likelihood. c0, the
// level, is left out. Immutable once fitted; any thread.
class GaussianMixture {
 public:
  struct Part {
    double weight = 0.0;
    Cepstrum mean{};
    Cepstrum variance{};
  };

  // As many parts as asked for, fewer where there are not eight cepstra for each; none for none.
  // They begin at cepstra far from one another (Gonzalez 1985) and are moved by `rounds` of
  // expectation and maximisation (Dempster, Laird and Rubin 1977). The same data gives the same
  // mixture.
  static GaussianMixture fit(std::span<const Cepstrum> data, std::size_t parts, int rounds = 20);

  // The same parts, with their means moved to where other data has them: the fewer cepstra a part
  // sees beside `relevance`, the less (maximum a posteriori; Gauvain and Lee 1994).
  GaussianMixture adapted(std::span<const Cepstrum> data, double relevance = 8.0) const;

  std::span<const Part> parts() const& noexcept { return parts_; }
  std::span<const Part> parts() && = delete;  // They would not outlive it.
  // How likely each part is to have made a cepstrum. Pre: out.size() == parts().size() > 0.
  void shares(const Cepstrum& cepstrum, std::span<float> out) const noexcept SYRINX_REALTIME;
  // The mean natural logarithm of the density.
  double mean_log_likelihood(std::span<const Cepstrum> data) const;

 private:
  void begin(std::span<const Cepstrum> data, std::size_t parts);
  void move(std::span<const Cepstrum> data, double floor);
  void finish();
  double log_shares(const Cepstrum& cepstrum, std::span<float> out) const noexcept SYRINX_REALTIME;

  std::vector<Part> parts_;
  std::vector<float> offsets_;       // The logarithm of a part's density at its mean, weighted.
  std::vector<Cepstrum> precision_;  // Halves over variances.
};

}  // namespace syrinx::voice
