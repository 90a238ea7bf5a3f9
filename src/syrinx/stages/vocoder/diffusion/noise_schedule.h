// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/result.h"

// How much noise a diffusion model's signal holds at each step (Ho, Jain & Abbeel 2020, "Denoising
// diffusion probabilistic models", section 2): x_t = sqrt(a_t) x_0 + sqrt(1 - a_t) noise, where
// a_t, "alpha bar", is the product of 1 - beta over the steps up to t.
namespace syrinx::vocoder {

class NoiseSchedule {
 public:
  // Betas in the order in which noise is added, each in (0, 1). Errors: kInvalidArgument naming the
  // step; kLimitExceeded above limits::kMaxDiffusionSteps.
  static Result<NoiseSchedule> from_betas(std::vector<double> betas);
  // Alpha bars that fall from below 1 to above 0: what remains of the signal after each step.
  // Errors: as from_betas().
  static Result<NoiseSchedule> from_alpha_bars(std::span<const double> alpha_bars);

  std::size_t steps() const noexcept { return betas_.size(); }
  double beta(std::size_t step) const noexcept { return betas_[step]; }
  double alpha_bar(std::size_t step) const noexcept { return alpha_bars_[step]; }
  std::span<const double> betas() const noexcept { return betas_; }
  std::span<const double> alpha_bars() const noexcept { return alpha_bars_; }
  // Half the logarithm of signal over noise power: what DPM-Solver calls lambda.
  double log_snr(std::size_t step) const noexcept;

  // The fractional step at which this schedule leaves `alpha_bar` of the signal, linear in its root
  // between steps (DiffWave's alignment of a short schedule, Kong et al. 2021, appendix B); the
  // first or last step outside of the schedule.
  double step_at(double alpha_bar) const noexcept;

 private:
  NoiseSchedule() = default;
  std::vector<double> betas_;
  std::vector<double> alpha_bars_;
};

// Each of `steps` betas; errors as NoiseSchedule::from_betas().
// Evenly from `first` to `last` (Ho et al. 2020; DiffWave trains on 1e-4 to 0.05 in 50).
Result<NoiseSchedule> linear_schedule(std::size_t steps, double first, double last);
// Even in the root, so slower at first (the "scaled linear" of latent diffusion).
Result<NoiseSchedule> quadratic_schedule(std::size_t steps, double first, double last);
// Along the logistic curve from -6 to 6 between `first` and `last`.
Result<NoiseSchedule> sigmoid_schedule(std::size_t steps, double first, double last);
// Alpha bar falls as cos^2 ((t + s) / (1 + s) pi / 2), t in [0, 1], betas at most 0.999 (Nichol and
// Dhariwal 2021, equation 17; s = 0.008 there).
Result<NoiseSchedule> cosine_schedule(std::size_t steps, double offset = 0.008);

enum class StepSpacing { kEven, kQuadratic, kLogSnr };
// `count` of a schedule's steps, its last always and its first where count > 1, for a sampler that
// takes fewer. kEven and kQuadratic are even in the number of the step and its root (Song, Meng &
// Ermon 2021, appendix D.3); kLogSnr, even in the logarithm of signal over noise, may fall between
// steps. Errors: kInvalidArgument unless 1 <= count <= steps.
Result<NoiseSchedule> respace(const NoiseSchedule& schedule, std::size_t count,
                              StepSpacing spacing);

}  // namespace syrinx::vocoder
