// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/vocoder/diffusion/noise_schedule.h"
#include "syrinx/stages/vocoder/noise_source.h"

// From noise to a signal, step by step, by a model that tells the noise in what it is shown. Pure:
// they know nothing of the model but that.
namespace syrinx::vocoder {

// Writes the noise that is in `x`, of which `alpha_bar` is signal, to `noise`.
using PredictNoise =
    std::function<Result<void>(std::span<const float> x, double alpha_bar, std::span<float> noise)>;

enum class Sampler {
  // Ho et al. 2020, algorithm 2, with the posterior's variance: every step adds fresh noise.
  kDdpm,
  // Song, Meng & Ermon 2021, equation 12: `eta` 0 adds none, 1 as much as kDdpm. On a respaced
  // schedule the fast one.
  kDdim,
  // Lu et al. 2022, "DPM-Solver++", algorithm 2 (2M): second order by the step before. No noise.
  kDpmSolver,
  // The same equation in steps of its own choice: one of second order by its middle is held against
  // the one of first order in it, and taken or halved by how far they lie apart (Lu et al. 2022,
  // "DPM-Solver", appendix C). Stops early when the signal it predicts no longer changes. Takes
  // from the schedule only its two ends.
  kAdaptive
};

struct SamplingPlan {
  Sampler sampler = Sampler::kDdpm;
  NoiseSchedule schedule = linear_schedule(50, 1e-4, 0.05).value();
  double eta = 0;              // Of kDdim, in [0, 1].
  std::optional<float> clamp;  // What x is kept within after every step: DiffWave's 1.
  // Of kAdaptive: how far the two solutions may lie apart a step, as a share of the signal's RMS;
  // by how little the predicted signal must change for it to stop; and how often it may ask.
  double tolerance = 0.05;
  double converged = 0;
  std::size_t max_predictions = 1'000;
};

// One step of a sampler that needs nothing but the step's own signal, noise and fresh noise: x
// becomes keep x + predicted e + fresh z, then clamped.
struct SamplingStep {
  double alpha_bar = 1;  // What the model is asked at.
  float keep = 1;
  float predicted = 0;
  float fresh = 0;  // 0 where the step draws none.
  std::optional<float> clamp;

  // All of one length; `z` may be empty where fresh is 0.
  void apply(std::span<float> x, std::span<const float> e, std::span<const float> z) const noexcept;
};
// The steps of kDdpm or kDdim. Errors: kInvalidArgument (eta); kUnsupported for the others, whose
// steps depend on more.
Result<std::vector<SamplingStep>> sampling_steps(const SamplingPlan& plan);

// How a run went.
struct SamplingReport {
  std::size_t predictions = 0;  // Times that the model was asked.
  bool converged = false;       // kAdaptive stopped before the last level.
};

// Turns `x`, noise to begin with, into a signal. Draws from `noise` only what a step adds: x.size()
// numbers a step, for kDdpm in every step but the last. `progress` gets the share that is done.
// Errors: kInvalidArgument (eta, tolerance); kLimitExceeded (max_predictions used up); kCancelled;
// those of the model and the noise; `x` is then in between.
Result<SamplingReport> sample(const PredictNoise& predict, const SamplingPlan& plan,
                              NoiseSource& noise, std::span<float> x, std::stop_token stop = {},
                              const std::function<void(double)>& progress = {});

}  // namespace syrinx::vocoder
