// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/dsp/pitch/pyin.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "syrinx/core/dsp/pitch/lag_difference.h"
#include "syrinx/core/dsp/pitch/pitch_frames.h"

namespace syrinx::dsp {
namespace {

constexpr double kPeriodsPerWindow = 3.0;
constexpr std::size_t kThresholds = 100;
constexpr double kBetaA = 2.0;  // The paper's distribution of mean 0.1.
constexpr double kBetaB = 18.0;
constexpr double kNoTroughShare = 0.01;  // Of the thresholds that no trough reaches.
constexpr double kBinsPerOctave = 120.0;
constexpr double kMostOctavesPerS = 35.92;
constexpr double kSwitchProbability = 0.01;  // Between voiced and unvoiced, per 10 ms.
constexpr double kSilencePower = 1e-3;       // Of the strongest frame: below, nothing is voiced.

struct Candidate {
  double hz = 0.0;
  double probability = 0.0;
};
using Candidates = std::vector<Candidate>;

// The probability that the threshold lies between i / kThresholds and the next.
std::array<double, kThresholds> threshold_weights() {
  std::array<double, kThresholds> weights{};
  double sum = 0.0;
  for (std::size_t i = 0; i < kThresholds; ++i) {
    const double x = (static_cast<double>(i) + 0.5) / kThresholds;
    weights[i] = std::pow(x, kBetaA - 1.0) * std::pow(1.0 - x, kBetaB - 1.0);
    sum += weights[i];
  }
  for (double& weight : weights) weight /= sum;
  return weights;
}

// YIN's cumulative mean normalised difference, of the difference in place of its own.
std::vector<float> normalised(std::span<const float> difference) {
  std::vector<float> out(difference.size(), 1.0f);
  double sum = 0.0;
  for (std::size_t lag = 1; lag < out.size(); ++lag) {
    sum += static_cast<double>(difference[lag]);
    if (sum > 0.0) {
      out[lag] =
          static_cast<float>(static_cast<double>(difference[lag]) * static_cast<double>(lag) / sum);
    }
  }
  return out;
}

Candidates candidates_of(std::span<const float> difference, double rate_hz,
                         const F0Options& options, const std::array<double, kThresholds>& weights) {
  const auto yin = normalised(difference);
  const auto first = std::max<std::size_t>(2, static_cast<std::size_t>(rate_hz / options.max_hz));
  Candidates found;
  std::vector<double> depths;
  for (std::size_t lag = first; lag + 1 < yin.size(); ++lag) {
    if (!(yin[lag] < yin[lag - 1] && yin[lag] <= yin[lag + 1])) continue;
    const double hz = rate_hz / sharpened_lag(difference, lag);
    if (hz < options.min_hz || hz > options.max_hz) continue;
    found.push_back({hz, 0.0});
    depths.push_back(static_cast<double>(yin[lag]));
  }
  if (found.empty()) return found;
  const auto deepest =
      static_cast<std::size_t>(std::min_element(depths.begin(), depths.end()) - depths.begin());
  for (std::size_t i = 0; i < kThresholds; ++i) {
    const double threshold = (static_cast<double>(i) + 0.5) / kThresholds;
    const auto under = std::find_if(depths.begin(), depths.end(),
                                    [threshold](double depth) { return depth < threshold; });
    if (under == depths.end()) {
      found[deepest].probability += weights[i] * kNoTroughShare;
    } else {
      found[static_cast<std::size_t>(under - depths.begin())].probability += weights[i];
    }
  }
  return found;
}

// The hidden Markov model: states are pitch bins, voiced [0, bins) and unvoiced [bins, 2 bins).
class PitchPath {
 public:
  explicit PitchPath(const F0Options& options)
      : options_(options),
        bins_(
            static_cast<std::size_t>(kBinsPerOctave * std::log2(options.max_hz / options.min_hz)) +
            1) {
    reach_ = std::max<std::size_t>(
        1, static_cast<std::size_t>(kMostOctavesPerS * options.hop_s * kBinsPerOctave));
    reach_ = std::min(reach_, bins_);
    for (std::size_t d = 0; d <= reach_; ++d) {
      const double share = static_cast<double>(reach_ + 1 - d);
      move_.push_back(std::log(share / std::pow(static_cast<double>(reach_ + 1), 2)));
    }
    const double change = std::min(0.5, kSwitchProbability * options.hop_s / 0.01);
    stay_ = std::log(1.0 - change);
    change_ = std::log(change);
  }

  // The most likely state per frame: the bin, or bins() and above for unvoiced.
  std::vector<std::size_t> states_of(const std::vector<Candidates>& frames) {
    std::vector<double> score = observed(frames[0]);
    std::vector<std::vector<std::uint32_t>> from(frames.size());
    for (std::size_t t = 1; t < frames.size(); ++t) {
      from[t].resize(2 * bins_);
      score = advance(score, observed(frames[t]), from[t]);
    }
    std::vector<std::size_t> states(frames.size());
    states.back() =
        static_cast<std::size_t>(std::max_element(score.begin(), score.end()) - score.begin());
    for (std::size_t t = frames.size() - 1; t > 0; --t) states[t - 1] = from[t][states[t]];
    return states;
  }
  std::size_t bins() const { return bins_; }
  std::size_t bin_of(double hz) const {
    const double bin = std::round(kBinsPerOctave * std::log2(hz / options_.min_hz));
    return std::min(static_cast<std::size_t>(std::max(bin, 0.0)), bins_ - 1);
  }

 private:
  std::vector<double> observed(const Candidates& candidates) const {
    constexpr double kNever = 1e-12;
    std::vector<double> probability(2 * bins_, kNever);
    double voiced = 0.0;
    for (const auto& candidate : candidates) {
      probability[bin_of(candidate.hz)] += candidate.probability;
      voiced += candidate.probability;
    }
    const double unvoiced = std::max(1.0 - voiced, kNever) / static_cast<double>(bins_);
    for (std::size_t i = 0; i < bins_; ++i) {
      probability[bins_ + i] = unvoiced;
      probability[i] = std::log(probability[i]);
      probability[bins_ + i] = std::log(probability[bins_ + i]);
    }
    return probability;
  }

  std::vector<double> advance(const std::vector<double>& score, const std::vector<double>& observed,
                              std::vector<std::uint32_t>& from) const {
    std::vector<double> next(2 * bins_);
    for (std::size_t to = 0; to < bins_; ++to) {
      const auto [voiced, voiced_score] = best_near(score, 0, to);
      const auto [unvoiced, unvoiced_score] = best_near(score, bins_, to);
      const bool stay_voiced = voiced_score + stay_ >= unvoiced_score + change_;
      from[to] = static_cast<std::uint32_t>(stay_voiced ? voiced : unvoiced);
      next[to] = observed[to] + (stay_voiced ? voiced_score + stay_ : unvoiced_score + change_);
      const bool fall_silent = voiced_score + change_ > unvoiced_score + stay_;
      from[bins_ + to] = static_cast<std::uint32_t>(fall_silent ? voiced : unvoiced);
      next[bins_ + to] =
          observed[bins_ + to] + (fall_silent ? voiced_score + change_ : unvoiced_score + stay_);
    }
    return next;
  }

  // The best of the states base + [0, bins) from which `to` can be reached, with the move's cost.
  std::pair<std::size_t, double> best_near(const std::vector<double>& score, std::size_t base,
                                           std::size_t to) const {
    const std::size_t low = to > reach_ ? to - reach_ : 0;
    const std::size_t high = std::min(to + reach_, bins_ - 1);
    std::pair<std::size_t, double> best{base + low, -std::numeric_limits<double>::infinity()};
    for (std::size_t i = low; i <= high; ++i) {
      const double sum = score[base + i] + move_[i > to ? i - to : to - i];
      if (sum > best.second) best = {base + i, sum};
    }
    return best;
  }

  const F0Options& options_;
  std::size_t bins_;
  std::size_t reach_ = 0;
  std::vector<double> move_;  // Log probability of moving by so many bins.
  double stay_ = 0.0;
  double change_ = 0.0;
};

// The exact pitch of a bin: that of the frame's candidate nearest to it.
double pitch_near(const Candidates& candidates, std::size_t bin, const PitchPath& path,
                  const F0Options& options) {
  double best_hz = options.min_hz * std::exp2(static_cast<double>(bin) / kBinsPerOctave);
  double least = 3.0;  // Bins; farther off, the frame has no candidate for the path.
  for (const auto& candidate : candidates) {
    const double away =
        std::abs(static_cast<double>(path.bin_of(candidate.hz)) - static_cast<double>(bin));
    if (away >= least) continue;
    least = away;
    best_hz = candidate.hz;
  }
  return best_hz;
}

Result<std::vector<Candidates>> candidates_of_all(const PitchSound& sound, const FramePlan& plan,
                                                  const F0Options& options) {
  const double rate_hz = sound.sample_rate_hz;
  const auto window = static_cast<std::size_t>(kPeriodsPerWindow * rate_hz / options.min_hz);
  const auto max_lag = static_cast<std::size_t>(rate_hz / options.min_hz) + 2;
  SYRINX_ASSIGN(auto lags, LagDifference::create(window, max_lag));
  const auto weights = threshold_weights();
  std::vector<float> frame(window);
  std::vector<Candidates> frames(plan.frames);
  std::vector<double> powers(plan.frames);
  for (std::size_t t = 0; t < plan.frames; ++t) {
    sound.copy_around(plan.time_s(t), frame);
    frames[t] = candidates_of(lags.of(frame), rate_hz, options, weights);
    powers[t] = lags.power();
  }
  const double strongest = *std::max_element(powers.begin(), powers.end());
  for (std::size_t t = 0; t < plan.frames; ++t) {
    if (!(powers[t] > kSilencePower * strongest)) frames[t].clear();
  }
  return frames;
}

}  // namespace

Result<F0Track> pyin_f0(AudioView audio, const F0Options& options) {
  SYRINX_ASSIGN(const auto sound, pitch_sound("pYIN", audio));
  SYRINX_TRY(validate("pYIN", options, sound.sample_rate_hz));
  const auto plan =
      plan_frames(sound.duration_s(), kPeriodsPerWindow / options.min_hz, options.hop_s);
  SYRINX_ASSIGN(const auto frames, candidates_of_all(sound, plan, options));
  PitchPath path(options);
  const auto states = path.states_of(frames);
  F0Track track{plan.first_s, plan.hop_s, {}, {}};
  for (std::size_t t = 0; t < frames.size(); ++t) {
    double voicing = 0.0;
    for (const auto& candidate : frames[t]) voicing += candidate.probability;
    const bool voiced = states[t] < path.bins();
    track.hz.push_back(voiced ? pitch_near(frames[t], states[t], path, options) : 0.0);
    track.voicing.push_back(std::min(voicing, 1.0));
  }
  return track;
}

}  // namespace syrinx::dsp
