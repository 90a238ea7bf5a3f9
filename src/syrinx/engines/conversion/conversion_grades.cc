// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/conversion_grades.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <vector>

#include "syrinx/core/dsp/fft.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/dsp/window.h"

namespace syrinx::conversion {
namespace {

constexpr int kRateHz = 16'000;
constexpr std::size_t kFrameSamples = 512;
constexpr double kHopS = 0.0128;
constexpr std::size_t kBands = 15;
constexpr double kLowestBandHz = 150.0;
constexpr double kLeastHalfWidthHz = 300.0;
constexpr std::size_t kSegmentFrames = 30;  // 384 ms.
constexpr std::size_t kSegmentHop = 10;
constexpr double kLoudnessExponent = 0.3;  // Of power (Stevens 1957).
constexpr double kRangeDb = 40.0;

using Bands = std::array<double, kBands>;

// The loudness in the bands of a frame around any moment. One thread.
class BandLevels {
 public:
  static Result<BandLevels> create(AudioView audio, double frequency_ratio) {
    SYRINX_ASSIGN(auto sound, dsp::resample(audio, kRateHz));
    SYRINX_ASSIGN(auto fft, dsp::RealFft::create(kFrameSamples));
    return BandLevels(std::move(sound), std::move(fft), frequency_ratio);
  }
  double duration_s() const noexcept { return sound_.duration_s(); }

  Bands at(double time_s, double& power) {
    const auto samples = sound_.channel(0);
    const auto first = static_cast<std::ptrdiff_t>(std::lround(time_s * kRateHz)) -
                       static_cast<std::ptrdiff_t>(kFrameSamples / 2);
    for (std::size_t i = 0; i < kFrameSamples; ++i) {
      const auto place = first + static_cast<std::ptrdiff_t>(i);
      const bool inside = place >= 0 && place < static_cast<std::ptrdiff_t>(samples.size());
      const float sample = inside ? samples[static_cast<std::size_t>(place)] : 0.0f;
      time_[i] = std::isfinite(sample) ? sample * window_[i] : 0.0f;
    }
    fft_.forward(time_, bins_);
    Bands bands{};
    power = 0.0;
    for (std::size_t b = 0; b < kBands; ++b) bands[b] = loudness_of(b);
    for (const auto& bin : bins_) power += static_cast<double>(std::norm(bin));
    return bands;
  }

 private:
  BandLevels(AudioBuffer sound, dsp::RealFft fft, double ratio)
      : sound_(std::move(sound)),
        fft_(std::move(fft)),
        ratio_(ratio),
        window_(dsp::make_window(dsp::WindowShape::kHann, kFrameSamples)),
        time_(kFrameSamples),
        bins_(kFrameSamples / 2 + 1) {}

  double loudness_of(std::size_t band) const {
    const double hz = kLowestBandHz * std::exp2(static_cast<double>(band) / 3.0);
    const double half = std::max(kLeastHalfWidthHz, hz * (std::exp2(1.0 / 6.0) - 1.0));
    const double bin_hz = static_cast<double>(kRateHz) / kFrameSamples;
    const auto bin = [&](double at_hz) {
      return static_cast<std::size_t>(
          std::clamp(std::round(ratio_ * at_hz / bin_hz), 1.0, static_cast<double>(bins_.size())));
    };
    double power = 0.0;
    for (std::size_t k = bin(hz - half); k < bin(hz + half); ++k)
      power += static_cast<double>(std::norm(bins_[k]));
    return std::pow(power, kLoudnessExponent);
  }

  AudioBuffer sound_;
  dsp::RealFft fft_;
  double ratio_;
  std::vector<float> window_;
  std::vector<float> time_;
  std::vector<std::complex<float>> bins_;
};

struct FramePair {
  Bands source;
  Bands result;
};

// Moments of the source that are loud enough, beside those of the result.
std::vector<FramePair> loud_pairs(BandLevels& source, BandLevels& result, double speed) {
  std::vector<FramePair> pairs;
  std::vector<double> powers;
  double most = 0.0;
  const auto frames = static_cast<std::size_t>(source.duration_s() / kHopS);
  for (std::size_t i = 0; i < frames; ++i) {
    const double at_s = static_cast<double>(i) * kHopS;
    double power = 0.0;
    double ignored = 0.0;
    const Bands before = source.at(at_s, power);
    pairs.push_back({before, result.at(at_s / speed, ignored)});
    powers.push_back(power);
    most = std::max(most, power);
  }
  const double least = most * std::pow(10.0, -kRangeDb / 10.0);
  std::vector<FramePair> loud;
  for (std::size_t i = 0; i < pairs.size(); ++i)
    if (powers[i] > least) loud.push_back(pairs[i]);
  return loud;
}

// Of one band over a segment; nothing where the source's does not move.
std::optional<double> correlation(std::span<const FramePair> segment, std::size_t band) {
  const auto count = static_cast<double>(segment.size());
  double sum_a = 0.0, sum_b = 0.0, aa = 0.0, bb = 0.0, ab = 0.0;
  for (const FramePair& pair : segment) {
    const double a = pair.source[band];
    const double b = pair.result[band];
    sum_a += a, sum_b += b, aa += a * a, bb += b * b, ab += a * b;
  }
  const double var_a = aa - sum_a * sum_a / count;
  const double var_b = bb - sum_b * sum_b / count;
  if (!(var_a > 1e-9 * aa)) return std::nullopt;
  if (!(var_b > 1e-9 * bb)) return 0.0;
  return (ab - sum_a * sum_b / count) / std::sqrt(var_a * var_b);
}

}  // namespace

std::optional<bool> Grade::met() const noexcept {
  if (!value) return std::nullopt;
  return low_is_good ? *value < target : *value >= target;
}

std::array<const Grade*, kGrades> all_of(const ConversionGrades& grades) noexcept {
  return {&grades.similarity, &grades.preservation, &grades.predicted_mos, &grades.artifact_share};
}

ConversionGrades grades_of(const ConversionQuality& quality, std::optional<double> similarity) {
  using measure::QualityAspect;
  ConversionGrades grades;
  grades.similarity.value = similarity ? similarity : quality.way_gone;
  if (quality.envelope_agreement) {
    const double words = std::clamp(*quality.envelope_agreement, 0.0, 1.0);
    const double melody = std::clamp(quality.melody_agreement.value_or(words), 0.0, 1.0);
    grades.preservation.value = 0.5 * (words + melody);
  }
  grades.predicted_mos.value = quality.measured[QualityAspect::kPredictedMos];
  grades.artifact_share.value = quality.measured[QualityAspect::kArtifactShare];
  return grades;
}

double shortfall(const ConversionGrades& grades) noexcept {
  double sum = 0.0;
  for (const Grade* grade : all_of(grades)) {
    if (!grade->value || *grade->met()) continue;
    const double weight = grade == &grades.predicted_mos ? 1.0 / 3.0 : 1.0;
    sum += weight * std::abs(*grade->value - grade->target);
  }
  return sum;
}

double way_gone(double ratio, double asked_ratio, double reach_semitones) noexcept {
  const double off = 12.0 * std::abs(std::log2(ratio / asked_ratio));
  const double reach = std::max(reach_semitones, 12.0 * std::abs(std::log2(asked_ratio)));
  return std::clamp(1.0 - off / reach, 0.0, 1.0);
}

Result<std::optional<double>> envelope_agreement(AudioView source, AudioView result, double speed,
                                                 double formant_ratio) {
  if (source.empty() || result.empty() || !(speed > 0.0) || !(formant_ratio > 0.0))
    return make_error(ErrorCode::kInvalidArgument,
                      "envelopes are compared of two sounds, at a speed and a formant ratio above "
                      "0; given were ",
                      source.frames(), " and ", result.frames(), " frames, speed ", speed,
                      " and ratio ", formant_ratio);
  SYRINX_ASSIGN(auto before,
                BandLevels::create(AudioView(source.channel(0), source.sample_rate_hz()), 1.0));
  SYRINX_ASSIGN(
      auto after,
      BandLevels::create(AudioView(result.channel(0), result.sample_rate_hz()), formant_ratio));
  const auto pairs = loud_pairs(before, after, speed);
  double sum = 0.0;
  double count = 0.0;
  for (std::size_t at = 0; at + kSegmentFrames <= pairs.size(); at += kSegmentHop) {
    const auto segment = std::span(pairs).subspan(at, kSegmentFrames);
    for (std::size_t b = 0; b < kBands; ++b) {
      const auto one = correlation(segment, b);
      if (!one) continue;
      sum += *one;
      count += 1.0;
    }
  }
  if (count == 0.0) return std::optional<double>();
  return std::optional<double>(std::max(0.0, sum / count));
}

}  // namespace syrinx::conversion
