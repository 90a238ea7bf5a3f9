// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/reference/pesq_ear_model.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <utility>
#include <vector>

#include "syrinx/core/dsp/fft.h"
#include "syrinx/core/dsp/window.h"
#include "syrinx/stages/measure/reference/cross_correlation.h"

namespace syrinx::measure {
namespace {

constexpr double kAudibleFactor = 100.0;  // Over the threshold: 20 dB.
constexpr double kSilentFramePower = 1e7;
constexpr double kZwickerPower = 0.23;
constexpr double kLoudnessScale = 0.1866055;  // Sone.
constexpr double kBadFrame = 30.0;            // Disturbance above which a delay may be wrong.
constexpr std::size_t kSmearFrames = 2;
constexpr std::size_t kLeastBadFrames = 5;
constexpr std::size_t kBadSearchFrames = 4;  // The delay of a bad interval is sought within these.
constexpr double kLeastBadCorrelation = 0.5;
constexpr double kHighestDisturbance = 45.0;
constexpr double kSilenceOfFiveSamples = 500.0;
constexpr std::size_t kSecondFrames = 20;  // A split second: 320 ms.

// Turns frames of sound into power per Bark band.
class BarkAnalyser {
 public:
  static Result<BarkAnalyser> create(const PesqParameters& parameters) {
    SYRINX_ASSIGN(auto fft, dsp::RealFft::create(parameters.frame_samples));
    return BarkAnalyser(parameters, std::move(fft));
  }

  // The frame that starts at `begin`; silence lies around the signal.
  void analyse(std::span<const float> signal, std::ptrdiff_t begin, std::span<double> powers) {
    for (std::size_t n = 0; n < time_.size(); ++n) {
      const auto at = begin + static_cast<std::ptrdiff_t>(n);
      const bool inside = at >= 0 && at < std::ssize(signal);
      time_[n] = inside ? signal[static_cast<std::size_t>(at)] * window_[n] : 0.0f;
    }
    fft_.forward(time_, spectrum_);
    spectrum_[0] = 0.0f;
    std::size_t bin = 0;
    for (std::size_t b = 0; b < powers.size(); ++b) {
      double sum = 0.0;
      for (int i = 0; i < bands_[b].fft_bins; ++i)
        sum += static_cast<double>(std::norm(spectrum_[bin++]));
      powers[b] = sum * bands_[b].density * scale_;
    }
  }

 private:
  BarkAnalyser(const PesqParameters& parameters, dsp::RealFft fft)
      : bands_(parameters.bands),
        scale_(parameters.power_scale),
        fft_(std::move(fft)),
        window_(dsp::make_window(dsp::WindowShape::kHann, fft_.size())),
        time_(fft_.size()),
        spectrum_(fft_.bins()) {}

  std::span<const PesqBarkBand> bands_;
  double scale_;
  dsp::RealFft fft_;
  std::vector<float> window_;
  std::vector<float> time_;
  std::vector<std::complex<float>> spectrum_;
};

// Power per Bark band of all frames.
class Powers {
 public:
  Powers(std::size_t frames, std::size_t bands) : bands_(bands), values_(frames * bands) {}
  std::span<double> frame(std::size_t index) {
    return std::span(values_).subspan(index * bands_, bands_);
  }
  std::span<const double> frame(std::size_t index) const {
    return std::span(values_).subspan(index * bands_, bands_);
  }

 private:
  std::size_t bands_;
  std::vector<double> values_;
};

using Bands = std::span<const PesqBarkBand>;

// The first band is below hearing and never counted.
double audible_power(std::span<const double> powers, Bands bands, double factor) {
  double sum = 0.0;
  for (std::size_t b = 1; b < bands.size(); ++b)
    if (powers[b] > factor * bands[b].hearing_threshold) sum += powers[b];
  return sum;
}

// Zwicker's law, steeper below 4 Bark.
double loudness(double power, const PesqBarkBand& band) {
  if (power <= band.hearing_threshold) return 0.0;
  const double steeper = std::min(2.0, 6.0 / (band.centre_bark + 2.0));
  const double exponent = kZwickerPower * (band.centre_bark < 4.0 ? std::pow(steeper, 0.15) : 1.0);
  return kLoudnessScale * std::pow(band.hearing_threshold / 0.5, exponent) *
         (std::pow(0.5 + 0.5 * power / band.hearing_threshold, exponent) - 1.0);
}

// What a difference of loudness is heard as, with a quarter of the smaller one masking it.
double heard_difference(double reference, double degraded) {
  const double dead_zone = 0.25 * std::min(reference, degraded);
  const double difference = degraded - reference;
  if (difference > dead_zone) return difference - dead_zone;
  if (difference < -dead_zone) return difference + dead_zone;
  return 0.0;
}

// Components that were added weigh up to twelve times, those that were left out nothing.
double asymmetry(double reference_power, double degraded_power) {
  const double factor = std::pow((degraded_power + 50.0) / (reference_power + 50.0), 1.2);
  return factor < 3.0 ? 0.0 : std::min(factor, 12.0);
}

// The Lp norm over bands, weighted by their widths.
double over_bands(std::span<const double> values, Bands bands, double p) {
  double sum = 0.0;
  double width = 0.0;
  for (std::size_t b = 1; b < bands.size(); ++b) {
    sum += std::pow(std::abs(values[b]) * bands[b].width_bark, p);
    width += bands[b].width_bark;
  }
  return std::pow(sum / width, 1.0 / p) * width;
}

PesqDisturbance frame_disturbance(std::span<const double> reference,
                                  std::span<const double> degraded, Bands bands) {
  std::vector<double> heard(bands.size());
  for (std::size_t b = 0; b < bands.size(); ++b)
    heard[b] = heard_difference(loudness(reference[b], bands[b]), loudness(degraded[b], bands[b]));
  PesqDisturbance found;
  found.symmetric = over_bands(heard, bands, 2.0);
  for (std::size_t b = 0; b < bands.size(); ++b) heard[b] *= asymmetry(reference[b], degraded[b]);
  found.asymmetric = over_bands(heard, bands, 1.0);
  return found;
}

// How many samples from one end on are silent, so that five in a row stay below the limit.
template <class Iterator>
std::size_t silent_run(Iterator begin, std::size_t size) {
  std::size_t skipped = 0;
  while (skipped + 5 < size) {
    double sum = 0.0;
    for (int i = 0; i < 5; ++i) sum += std::abs(static_cast<double>(begin[i]));
    if (sum >= kSilenceOfFiveSamples) break;
    ++begin;
    ++skipped;
  }
  return skipped;
}

// Splits seconds of 320 ms, half overlapped, by L6, and joins them by L2.
double over_time(std::span<const double> frames, std::span<const double> weights) {
  double sum = 0.0;
  double weight_sum = 0.0;
  for (std::size_t begin = 0; begin < frames.size(); begin += kSecondFrames / 2) {
    double second = 0.0;
    const auto end = std::min(frames.size(), begin + kSecondFrames);
    for (std::size_t i = begin; i < end; ++i) second += std::pow(frames[i], 6.0);
    second = std::pow(second / kSecondFrames, 1.0 / 6.0);
    sum += std::pow(weights[begin] * second, 2.0);
    weight_sum += weights[begin] * weights[begin];
  }
  return std::sqrt(sum / weight_sum);
}

struct FrameRange {
  std::size_t begin;
  std::size_t end;
};

class EarModel {
 public:
  EarModel(std::span<const float> reference, std::span<const float> degraded,
           std::span<const PesqDelay> delays, const PesqParameters& parameters,
           BarkAnalyser analyser)
      : reference_(reference),
        degraded_(degraded),
        delays_(delays),
        bands_(parameters.bands),
        hop_(parameters.frame_samples / 2),
        analyser_(std::move(analyser)),
        first_frame_(silent_run(reference.begin(), reference.size() / 2) / hop_),
        frames_(count_frames()),
        ref_powers_(frames_, bands_.size()),
        deg_powers_(frames_, bands_.size()),
        disturbance_(frames_) {}

  Result<PesqDisturbance> run() {
    analyse();
    compensate_response();
    ref_audible_.resize(frames_);
    for (std::size_t i = 0; i < frames_; ++i)
      ref_audible_[i] = audible_power(ref_powers_.frame(i), bands_, 1.0);
    disturb({0, frames_}, [this](std::size_t i, PesqDisturbance d) { disturbance_[i] = d; });
    skip_jumps();
    SYRINX_TRY(realign_bad_intervals());
    return aggregate();
  }

 private:
  std::size_t count_frames() const {
    const auto silent_end = silent_run(reference_.rbegin(), reference_.size());
    const auto hops = (reference_.size() - silent_end) / hop_;
    return std::max<std::size_t>(hops, first_frame_ + 1);
  }

  void analyse() {
    for (std::size_t i = 0; i < frames_; ++i) {
      const std::size_t begin = i * hop_;
      const auto at = static_cast<std::ptrdiff_t>(begin);
      analyser_.analyse(reference_, at, ref_powers_.frame(i));
      analyser_.analyse(degraded_, at + pesq_delay_at(delays_, begin), deg_powers_.frame(i));
    }
  }

  // The mean power per band over what is heard of the frames in which the reference is not silent.
  std::vector<double> mean_powers(const Powers& powers, const std::vector<bool>& silent) const {
    std::vector<double> mean(bands_.size(), 0.0);
    for (std::size_t i = 0; i < frames_; ++i) {
      if (silent[i]) continue;
      const auto frame = powers.frame(i);
      for (std::size_t b = 0; b < bands_.size(); ++b)
        if (frame[b] > kAudibleFactor * bands_[b].hearing_threshold) mean[b] += frame[b];
    }
    const auto all = static_cast<double>(reference_.size() / hop_ - 1);
    for (double& value : mean) value /= all;
    return mean;
  }

  // Gives the reference the linear frequency response of the degraded signal, within 20 dB: hardly
  // anybody minds it.
  void compensate_response() {
    std::vector<bool> silent(frames_);
    for (std::size_t i = 0; i < frames_; ++i)
      silent[i] = audible_power(ref_powers_.frame(i), bands_, kAudibleFactor) < kSilentFramePower;
    const auto ref = mean_powers(ref_powers_, silent);
    const auto deg = mean_powers(deg_powers_, silent);
    for (std::size_t b = 0; b < bands_.size(); ++b) {
      const double gain = std::clamp((deg[b] + 1'000.0) / (ref[b] + 1'000.0), 0.01, 100.0);
      for (std::size_t i = 0; i < frames_; ++i) ref_powers_.frame(i)[b] *= gain;
    }
  }

  // Follows slow changes of gain, then hands on(frame, disturbance) each frame.
  template <class OnFrame>
  void disturb(FrameRange range, OnFrame on) {
    double last = 1.0;
    for (std::size_t i = range.begin; i < range.end; ++i) {
      const auto deg = deg_powers_.frame(i);
      double gain = (ref_audible_[i] + 5e3) / (audible_power(deg, bands_, 1.0) + 5e3);
      if (i > 0) gain = 0.2 * last + 0.8 * gain;
      last = gain;
      for (double& power : deg) power *= std::clamp(gain, 3e-4, 5.0);
      on(i, frame_disturbance(ref_powers_.frame(i), deg, bands_));
    }
  }

  // Where the degraded signal leaves something out, there is nothing to compare.
  void skip_jumps() {
    for (std::size_t u = 1; u < delays_.size(); ++u) {
      const auto jump = delays_[u].delay - delays_[u - 1].delay;
      const auto hop = static_cast<std::ptrdiff_t>(hop_);
      if (jump >= -hop) continue;
      const auto begin = static_cast<std::ptrdiff_t>(delays_[u].begin);
      const auto first = std::max<std::ptrdiff_t>(0, (begin + delays_[u].delay) / hop);
      const auto last =
          std::min((begin - jump) / hop + 2, static_cast<std::ptrdiff_t>(frames_) - 1);
      for (auto i = first; i < last; ++i) disturbance_[static_cast<std::size_t>(i)] = {};
    }
  }

  // Runs of frames whose disturbance is so large that their delay must be wrong.
  std::vector<FrameRange> bad_intervals() const {
    std::vector<bool> bad(frames_, false);
    for (std::size_t i = 1; i < frames_; ++i) bad[i] = disturbance_[i].symmetric > kBadFrame;
    std::vector<bool> smeared(frames_, false);
    for (std::size_t i = kSmearFrames; i + kSmearFrames + 1 < frames_; ++i) {
      const auto at = bad.begin() + static_cast<std::ptrdiff_t>(i);
      const auto reach = static_cast<std::ptrdiff_t>(kSmearFrames);
      const bool left = std::find(at - reach, at + 1, true) != at + 1;
      const bool right = std::find(at, at + reach + 1, true) != at + reach + 1;
      smeared[i] = left && right;
    }
    std::vector<FrameRange> found;
    for (std::size_t begin = 0; begin < frames_;) {
      std::size_t end = begin;
      while (end < frames_ && smeared[end]) ++end;
      if (end - begin >= kLeastBadFrames && end < frames_) found.push_back({begin, end});
      begin = std::max(end, begin + 1);
    }
    return found;
  }

  // The degraded signal with all delays taken out.
  std::vector<float> undelayed() const {
    std::vector<float> out(degraded_.size());
    for (std::size_t n = 0; n < out.size(); ++n) {
      const auto at = static_cast<std::ptrdiff_t>(n) + pesq_delay_at(delays_, n);
      out[n] = degraded_[clamp_index(at)];
    }
    return out;
  }
  std::size_t clamp_index(std::ptrdiff_t at) const {
    return static_cast<std::size_t>(
        std::clamp<std::ptrdiff_t>(at, 0, static_cast<std::ptrdiff_t>(degraded_.size()) - 1));
  }

  // By how much a bad interval of the undelayed signal is still late; 0 where that is not clear.
  Result<std::ptrdiff_t> remaining_delay(std::span<const float> undelayed, FrameRange range) const {
    const std::size_t reach = kBadSearchFrames * 2 * hop_;
    const std::size_t begin = range.begin * hop_;
    const std::size_t size = (range.end + 2) * hop_ - begin;
    std::vector<float> ref(size + 2 * reach, 0.0f);
    std::vector<float> deg(size + 2 * reach);
    double ref_energy = 0.0;
    double deg_energy = 0.0;
    for (std::size_t n = 0; n < ref.size(); ++n) {
      const auto at = static_cast<std::ptrdiff_t>(begin + n) - static_cast<std::ptrdiff_t>(reach);
      if (n >= reach && n < reach + size) ref[n] = std::abs(reference_[clamp_index(at)]);
      deg[n] = std::abs(undelayed[clamp_index(at)]);
      ref_energy += static_cast<double>(ref[n]) * static_cast<double>(ref[n]);
      deg_energy += static_cast<double>(deg[n]) * static_cast<double>(deg[n]);
    }
    SYRINX_ASSIGN(const auto peak, strongest_lag(ref, deg, reach, reach - 1));
    const double energy = std::sqrt(ref_energy * deg_energy);
    return energy > 0.0 && peak.value >= kLeastBadCorrelation * energy ? peak.lag : 0;
  }

  // Moves bad intervals to where they fit, and keeps what is the less disturbed.
  Result<void> realign_bad_intervals() {
    const auto intervals = bad_intervals();
    if (intervals.empty()) return {};
    const auto straight = undelayed();
    auto moved = straight;
    for (const FrameRange range : intervals) {
      SYRINX_ASSIGN(const auto delay, remaining_delay(straight, range));
      for (std::size_t n = range.begin * hop_; n < std::min((range.end + 2) * hop_, moved.size());
           ++n)
        moved[n] = straight[clamp_index(static_cast<std::ptrdiff_t>(n) + delay)];
    }
    for (const FrameRange range : intervals) {
      for (std::size_t i = range.begin; i < range.end; ++i)
        analyser_.analyse(moved, static_cast<std::ptrdiff_t>(i * hop_), deg_powers_.frame(i));
      disturb(range, [this](std::size_t i, PesqDisturbance d) {
        disturbance_[i].symmetric = std::min(disturbance_[i].symmetric, d.symmetric);
        disturbance_[i].asymmetric = std::min(disturbance_[i].asymmetric, d.asymmetric);
      });
    }
    return {};
  }

  // In recordings of over 16 s the end is remembered better than the beginning.
  double recency(std::size_t frame) const {
    if (frames_ <= 1'000) return 1.0;
    const auto all = static_cast<double>(reference_.size() / hop_) - 21.0;
    const double factor = std::min(0.5, (all - 1'000.0) / 5'500.0);
    return 1.0 - factor + factor * static_cast<double>(frame) / all;
  }

  PesqDisturbance aggregate() const {
    std::vector<double> symmetric;
    std::vector<double> asymmetric;
    std::vector<double> weights;
    for (std::size_t i = first_frame_; i < frames_; ++i) {
      const double energy = std::pow((ref_audible_[i] + 1e5) / 1e7, 0.04);
      symmetric.push_back(std::min(kHighestDisturbance, disturbance_[i].symmetric / energy));
      asymmetric.push_back(std::min(kHighestDisturbance, disturbance_[i].asymmetric / energy));
      weights.push_back(recency(i - first_frame_));
    }
    return {over_time(symmetric, weights), over_time(asymmetric, weights)};
  }

  std::span<const float> reference_;
  std::span<const float> degraded_;
  std::span<const PesqDelay> delays_;
  Bands bands_;
  std::size_t hop_;
  BarkAnalyser analyser_;
  std::size_t first_frame_;
  std::size_t frames_;
  Powers ref_powers_;
  Powers deg_powers_;
  std::vector<double> ref_audible_;
  std::vector<PesqDisturbance> disturbance_;
};

}  // namespace

Result<PesqDisturbance> pesq_disturbance(std::span<const float> reference,
                                         std::span<const float> degraded,
                                         std::span<const PesqDelay> delays,
                                         const PesqParameters& parameters) {
  SYRINX_ASSIGN(auto analyser, BarkAnalyser::create(parameters));
  return EarModel(reference, degraded, delays, parameters, std::move(analyser)).run();
}

}  // namespace syrinx::measure
