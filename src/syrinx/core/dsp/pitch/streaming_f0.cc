// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/dsp/pitch/streaming_f0.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "syrinx/core/base/limits.h"

namespace syrinx::dsp {
namespace {

constexpr double kPeriodsPerWindow = 2.5;
constexpr double kForgetS = 20.0;     // In which the loudest power falls to 1/e.
constexpr double kLeastPeak = 0.25;   // A weaker repetition is no candidate.
constexpr double kOctaveCost = 0.03;  // Over two or three periods only, octaves tempt more.

// The difference at the bottom of the parabola around `lag`: a period that ends between two samples
// is no worse than twice that period, which may end on one.
double trough_at(std::span<const float> difference, std::size_t lag, double sharp) noexcept {
  const double slope =
      static_cast<double>(difference[lag + 1]) - static_cast<double>(difference[lag - 1]);
  const double move = sharp - static_cast<double>(lag);
  return std::max(0.0, static_cast<double>(difference[lag]) + 0.25 * slope * move);
}

}  // namespace

Result<StreamingF0> StreamingF0::create(int sample_rate_hz, const F0Options& options) {
  if (sample_rate_hz < limits::kMinSampleRateHz || sample_rate_hz > limits::kMaxSampleRateHz)
    return make_error(ErrorCode::kInvalidArgument, "streaming F0: the sample rate is ",
                      sample_rate_hz, " Hz but must be ", limits::kMinSampleRateHz, " to ",
                      limits::kMaxSampleRateHz);
  SYRINX_TRY(validate("streaming F0", options, sample_rate_hz));
  const double longest = sample_rate_hz / options.min_hz;
  SYRINX_ASSIGN(auto lags,
                LagDifference::create(static_cast<std::size_t>(kPeriodsPerWindow * longest),
                                      static_cast<std::size_t>(longest) + 2));
  return StreamingF0(sample_rate_hz, options, std::move(lags));
}

StreamingF0::StreamingF0(int sample_rate_hz, const F0Options& options, LagDifference lags)
    : sample_rate_hz_(sample_rate_hz),
      options_(options),
      hop_samples_(
          static_cast<std::size_t>(std::max(1LL, std::llround(options.hop_s * sample_rate_hz)))),
      lags_(std::move(lags)),
      ring_(lags_.frame_samples()),
      frame_(lags_.frame_samples()) {
  PathCosts costs;
  costs.octave = kOctaveCost;
  costs_ = costs.at_hop(options.hop_s);
}

void StreamingF0::reset() noexcept {
  std::fill(ring_.begin(), ring_.end(), 0.0f);
  samples_ = 0;
  loudest_power_ = 0.0;
  formers_ = 0;
}

bool StreamingF0::take(float sample) noexcept {
  ring_[samples_ % ring_.size()] = std::isfinite(sample) ? sample : 0.0f;
  ++samples_;
  return samples_ >= ring_.size() && (samples_ - ring_.size()) % hop_samples_ == 0;
}

F0Frame StreamingF0::analyse() noexcept {
  const auto oldest = static_cast<std::ptrdiff_t>(samples_ % ring_.size());
  std::rotate_copy(ring_.begin(), ring_.begin() + oldest, ring_.end(), frame_.begin());
  // A constant under the sound would repeat itself at every lag (as in Boersma 1993).
  const float mean =
      std::accumulate(frame_.begin(), frame_.end(), 0.0f) / static_cast<float>(frame_.size());
  for (float& sample : frame_) sample -= mean;
  const auto difference = lags_.of(frame_);
  const double hop_s = static_cast<double>(hop_samples_) / sample_rate_hz_;
  loudest_power_ = std::max(loudest_power_ * (1.0 - hop_s / kForgetS), lags_.power());
  find_candidates(difference);
  const double amplitude = loudest_power_ > 0.0 ? std::sqrt(lags_.power() / loudest_power_) : 0.0;
  const State& best = step_path(amplitude);
  const double middle = static_cast<double>(samples_) - 0.5 * static_cast<double>(ring_.size());
  return {middle / sample_rate_hz_, best.candidate.hz,
          best.candidate.hz > 0.0 ? best.candidate.strength : 0.0};
}

void StreamingF0::find_candidates(std::span<const float> difference) noexcept {
  states_[0] = {};
  found_ = 1;
  const auto first =
      std::max<std::size_t>(2, static_cast<std::size_t>(sample_rate_hz_ / options_.max_hz));
  for (std::size_t lag = first; lag + 1 < difference.size(); ++lag) {
    if (!(difference[lag] < difference[lag - 1] && difference[lag] <= difference[lag + 1])) {
      continue;
    }
    const double sharp = sharpened_lag(difference, lag);
    const double strength = 1.0 - trough_at(difference, lag, sharp);
    const double hz = sample_rate_hz_ / sharp;
    if (strength < kLeastPeak || hz < options_.min_hz || hz > options_.max_hz) continue;
    add_candidate({hz, strength});
  }
}

// Keeps the strongest.
void StreamingF0::add_candidate(const PitchCandidate& candidate) noexcept {
  if (found_ < kCandidates) {
    states_[found_++].candidate = candidate;
    return;
  }
  State* weakest = &states_[1];
  for (State& state : states_) {
    const bool weaker = costs_.voiced_strength(state.candidate, options_.max_hz) <
                        costs_.voiced_strength(weakest->candidate, options_.max_hz);
    if (state.candidate.hz > 0.0 && weaker) weakest = &state;
  }
  if (costs_.voiced_strength(candidate, options_.max_hz) >
      costs_.voiced_strength(weakest->candidate, options_.max_hz)) {
    weakest->candidate = candidate;
  }
}

const StreamingF0::State& StreamingF0::step_path(double amplitude) noexcept {
  for (std::size_t i = 0; i < found_; ++i) {
    State& state = states_[i];
    double before = formers_ == 0 ? 0.0 : -1e30;
    for (std::size_t j = 0; j < formers_; ++j) {
      const double step = costs_.step(former_[j].candidate.hz, state.candidate.hz);
      before = std::max(before, former_[j].score - step);
    }
    state.score = before + (i == 0 ? costs_.unvoiced_strength(amplitude)
                                   : costs_.voiced_strength(state.candidate, options_.max_hz));
  }
  const auto best =
      std::max_element(states_.begin(), states_.begin() + static_cast<std::ptrdiff_t>(found_),
                       [](const State& a, const State& b) { return a.score < b.score; });
  const double top = best->score;
  const auto at = static_cast<std::size_t>(best - states_.begin());
  for (std::size_t i = 0; i < found_; ++i) states_[i].score -= top;  // Or it would grow for ever.
  former_ = states_;
  formers_ = found_;
  return former_[at];
}

}  // namespace syrinx::dsp
