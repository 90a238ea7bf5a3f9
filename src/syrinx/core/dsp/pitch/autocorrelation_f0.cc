// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/dsp/pitch/autocorrelation_f0.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>

#include "syrinx/core/dsp/fft.h"
#include "syrinx/core/dsp/pitch/pitch_frames.h"
#include "syrinx/core/dsp/pitch/pitch_path.h"
#include "syrinx/core/dsp/pitch/sinc_peak.h"

namespace syrinx::dsp {
namespace {

constexpr double kPeriodsPerWindow = 3.0;
constexpr std::size_t kCandidates = 15;  // The first is unvoiced.

struct Frame {
  std::vector<PitchCandidate> candidates;
  double amplitude = 0.0;  // Relative to the loudest.
};

// One frame's normalised autocorrelation.
class Autocorrelation {
 public:
  static Result<Autocorrelation> create(std::size_t window_samples) {
    SYRINX_ASSIGN(auto fft, RealFft::create(std::bit_ceil(2 * window_samples)));
    return Autocorrelation(window_samples, std::move(fft));
  }

  // Lags 0 to half the window. Valid until the next call.
  std::span<const double> of(std::span<const float> frame) {
    correlate(frame);
    const double power = static_cast<double>(lags_[0]);
    for (std::size_t lag = 0; lag < result_.size(); ++lag) {
      const double raw = power > 0.0 ? static_cast<double>(lags_[lag]) / power : 0.0;
      result_[lag] = raw / window_lags_[lag];
    }
    return result_;
  }
  std::span<const double> window() const { return window_; }

 private:
  Autocorrelation(std::size_t window_samples, RealFft fft)
      : fft_(std::move(fft)),
        time_(fft_.size()),
        lags_(fft_.size()),
        spectrum_(fft_.bins()),
        result_(window_samples / 2 + 1) {
    const double step = 2.0 * std::numbers::pi / static_cast<double>(window_samples + 1);
    for (std::size_t i = 1; i <= window_samples; ++i) {
      window_.push_back(0.5 - 0.5 * std::cos(step * static_cast<double>(i)));
    }
    const std::vector<float> window(window_.begin(), window_.end());
    correlate(window);
    for (std::size_t lag = 0; lag < result_.size(); ++lag) {
      window_lags_.push_back(static_cast<double>(lags_[lag]) / static_cast<double>(lags_[0]));
    }
  }

  void correlate(std::span<const float> frame) {
    std::fill(time_.begin(), time_.end(), 0.0f);
    std::copy(frame.begin(), frame.end(), time_.begin());
    fft_.forward(time_, spectrum_);
    for (auto& bin : spectrum_) bin = {std::norm(bin), 0.0f};
    fft_.inverse(spectrum_, lags_);
  }

  RealFft fft_;
  std::vector<float> time_;
  std::vector<float> lags_;
  std::vector<std::complex<float>> spectrum_;
  std::vector<double> window_;
  std::vector<double> window_lags_;
  std::vector<double> result_;
};

class FrameAnalysis {
 public:
  FrameAnalysis(const PitchSound& sound, const F0Options& options, Autocorrelation correlation)
      : sound_(sound),
        options_(options),
        correlation_(std::move(correlation)),
        half_(correlation_.window().size() / 2),
        period_(static_cast<std::size_t>(sound.sample_rate_hz / options.min_hz)),
        around_(2 * (half_ + period_)),
        windowed_(2 * half_) {
    double sum = 0.0;
    for (const float v : sound.samples) sum += static_cast<double>(v);
    const double mean = sum / static_cast<double>(sound.samples.size());
    for (const float v : sound.samples) {
      loudest_ = std::max(loudest_, std::abs(static_cast<double>(v) - mean));
    }
  }

  Frame at(double centre_s) {
    const double peak = cut(centre_s);
    Frame frame;
    frame.amplitude = loudest_ > 0.0 ? std::min(peak / loudest_, 1.0) : 0.0;
    frame.candidates.push_back({});
    if (peak > 0.0) add_peaks(correlation_.of(windowed_), frame.candidates);
    return frame;
  }

 private:
  // Takes the windowed samples around a time less their local mean, and returns the
  // largest windowed magnitude within half a period of the middle.
  double cut(double centre_s) {
    sound_.copy_around(centre_s, around_);
    double sum = 0.0;
    for (const float v : around_) sum += static_cast<double>(v);
    const double mean = sum / static_cast<double>(around_.size());
    double peak = 0.0;
    for (std::size_t i = 0; i < windowed_.size(); ++i) {
      const double v = static_cast<double>(around_[period_ + i]) - mean;
      const std::size_t away = i > half_ ? i - half_ : half_ - i;
      const double windowed = v * correlation_.window()[i];
      if (away <= period_ / 2) peak = std::max(peak, std::abs(windowed));
      windowed_[i] = static_cast<float>(windowed);
    }
    return peak;
  }

  void add_peaks(std::span<const double> r, std::vector<PitchCandidate>& candidates) const {
    const double rate_hz = sound_.sample_rate_hz;
    const std::size_t last = std::min(r.size() - 2, 2 * half_ / 3 + 2);
    for (std::size_t lag = 2; lag < last; ++lag) {
      if (!(r[lag] > 0.5 * costs_.voicing && r[lag] > r[lag - 1] && r[lag] >= r[lag + 1])) continue;
      const auto peak = sinc_peak(r, lag);
      const double hz = rate_hz / peak.at;
      const double strength = peak.value > 1.0 ? 1.0 / peak.value : peak.value;
      keep({hz, strength}, candidates);
    }
  }

  void keep(const PitchCandidate& candidate, std::vector<PitchCandidate>& candidates) const {
    if (candidate.hz < options_.min_hz || candidate.hz > options_.max_hz) return;
    if (candidates.size() < kCandidates) return candidates.push_back(candidate);
    const auto rank = [this](const PitchCandidate& c) {
      return costs_.voiced_strength(c, options_.max_hz);
    };
    const auto weakest = std::min_element(
        candidates.begin() + 1, candidates.end(),
        [&](const PitchCandidate& a, const PitchCandidate& b) { return rank(a) < rank(b); });
    if (rank(candidate) > rank(*weakest)) *weakest = candidate;
  }

  const PitchSound& sound_;
  const F0Options& options_;
  PathCosts costs_;
  Autocorrelation correlation_;
  std::size_t half_;
  std::size_t period_;
  std::vector<float> around_;
  std::vector<float> windowed_;
  double loudest_ = 0.0;
};

// Which candidate of each frame lies on the best path.
std::vector<std::size_t> best_path(const std::vector<Frame>& frames, const F0Options& options) {
  const PathCosts costs = PathCosts{}.at_hop(options.hop_s);
  std::vector<std::vector<std::size_t>> from(frames.size());
  std::vector<double> score;
  for (std::size_t t = 0; t < frames.size(); ++t) {
    std::vector<double> next;
    for (const auto& candidate : frames[t].candidates) {
      double best = t == 0 ? 0.0 : -std::numeric_limits<double>::infinity();
      std::size_t origin = 0;
      for (std::size_t j = 0; t > 0 && j < score.size(); ++j) {
        const double sum = score[j] - costs.step(frames[t - 1].candidates[j].hz, candidate.hz);
        if (sum <= best) continue;
        best = sum;
        origin = j;
      }
      from[t].push_back(origin);
      next.push_back(best + (candidate.hz > 0.0 ? costs.voiced_strength(candidate, options.max_hz)
                                                : costs.unvoiced_strength(frames[t].amplitude)));
    }
    score = std::move(next);
  }
  std::vector<std::size_t> path(frames.size());
  path.back() =
      static_cast<std::size_t>(std::max_element(score.begin(), score.end()) - score.begin());
  for (std::size_t t = frames.size() - 1; t > 0; --t) path[t - 1] = from[t][path[t]];
  return path;
}

}  // namespace

Result<F0Track> autocorrelation_f0(AudioView audio, const F0Options& options) {
  SYRINX_ASSIGN(const auto sound, pitch_sound("autocorrelation F0", audio));
  SYRINX_TRY(validate("autocorrelation F0", options, sound.sample_rate_hz));
  const double window_s = kPeriodsPerWindow / options.min_hz;
  const auto half = static_cast<std::size_t>(window_s * sound.sample_rate_hz / 2.0) - 1;
  SYRINX_ASSIGN(auto correlation, Autocorrelation::create(2 * half));
  FrameAnalysis analysis(sound, options, std::move(correlation));
  const auto plan = plan_frames(sound.duration_s(), window_s, options.hop_s);
  std::vector<Frame> frames;
  for (std::size_t t = 0; t < plan.frames; ++t) frames.push_back(analysis.at(plan.time_s(t)));
  const auto path = best_path(frames, options);
  F0Track track{plan.first_s, plan.hop_s, {}, {}};
  for (std::size_t t = 0; t < frames.size(); ++t) {
    const auto& chosen = frames[t].candidates[path[t]];
    track.hz.push_back(chosen.hz);
    track.voicing.push_back(std::clamp(chosen.strength, 0.0, 1.0));
  }
  return track;
}

}  // namespace syrinx::dsp
