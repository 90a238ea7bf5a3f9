// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/reference/stoi.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <span>
#include <vector>

#include "syrinx/core/dsp/fft.h"
#include "syrinx/stages/measure/reference/octave_resample.h"
#include "syrinx/stages/measure/reference/pair_check.h"

namespace syrinx::measure {
namespace {

constexpr int kRateHz = 10'000;
constexpr std::size_t kFrameSamples = 256;
constexpr std::size_t kHopSamples = 128;
constexpr std::size_t kFftSize = 512;
constexpr std::size_t kBands = 15;
constexpr double kLowestBandHz = 150.0;
constexpr std::size_t kSegmentFrames = 30;  // 384 ms.
constexpr double kDynamicRangeDb = 40.0;
constexpr double kLowestSdrDb = -15.0;
constexpr double kTiny = std::numeric_limits<double>::epsilon();

using Frame = std::array<double, kFrameSamples>;
// The root energies of one frame in the one-third octave bands.
using Bands = std::array<double, kBands>;
// One band over the frames of a segment.
using Row = std::array<double, kSegmentFrames>;
using Segment = std::array<Row, kBands>;

// Hann without its zero ends, as MATLAB's hanning().
Frame hanning() {
  Frame window;
  for (std::size_t n = 0; n < kFrameSamples; ++n)
    window[n] = 0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * static_cast<double>(n + 1) /
                                     (kFrameSamples + 1));
  return window;
}

// The published loops leave out a frame that would end with the last sample.
std::size_t count_frames(std::size_t samples) {
  return samples > kFrameSamples ? (samples - kFrameSamples + kHopSamples - 1) / kHopSamples : 0;
}

std::vector<double> frame_levels_db(std::span<const double> signal, const Frame& window) {
  std::vector<double> levels(count_frames(signal.size()));
  for (std::size_t i = 0; i < levels.size(); ++i) {
    double energy = 0.0;
    for (std::size_t n = 0; n < kFrameSamples; ++n) {
      const double sample = signal[i * kHopSamples + n] * window[n];
      energy += sample * sample;
    }
    levels[i] = 20.0 * std::log10(std::sqrt(energy) + kTiny);
  }
  return levels;
}

std::vector<std::size_t> speech_frames(std::span<const double> reference, const Frame& window) {
  const auto levels = frame_levels_db(reference, window);
  std::vector<std::size_t> speech;
  if (levels.empty()) return speech;
  const double loudest = *std::max_element(levels.begin(), levels.end());
  for (std::size_t i = 0; i < levels.size(); ++i)
    if (levels[i] > loudest - kDynamicRangeDb) speech.push_back(i);
  return speech;
}

// The windowed frames of speech, overlapped and added one after another.
std::vector<double> keep_frames(std::span<const double> signal, std::span<const std::size_t> frames,
                                const Frame& window) {
  if (frames.empty()) return {};
  std::vector<double> kept((frames.size() - 1) * kHopSamples + kFrameSamples);
  for (std::size_t i = 0; i < frames.size(); ++i)
    for (std::size_t n = 0; n < kFrameSamples; ++n)
      kept[i * kHopSamples + n] += signal[frames[i] * kHopSamples + n] * window[n];
  return kept;
}

// The first bin of each band; band b ends before the first bin of b + 1, as the edges coincide.
std::array<std::size_t, kBands + 1> band_edges() {
  std::array<std::size_t, kBands + 1> edges;
  for (std::size_t b = 0; b <= kBands; ++b) {
    const double hz = kLowestBandHz * std::exp2((2.0 * static_cast<double>(b) - 1.0) / 6.0);
    edges[b] = static_cast<std::size_t>(std::lround(hz * kFftSize / kRateHz));
  }
  return edges;
}

Bands band_energies(std::span<const std::complex<float>> spectrum) {
  static const auto edges = band_edges();
  Bands bands;
  for (std::size_t b = 0; b < kBands; ++b) {
    double energy = 0.0;
    for (std::size_t k = edges[b]; k < edges[b + 1]; ++k)
      energy += static_cast<double>(std::norm(spectrum[k]));
    bands[b] = std::sqrt(energy);
  }
  return bands;
}

Result<std::vector<Bands>> band_spectrogram(std::span<const double> signal, const Frame& window) {
  SYRINX_ASSIGN(auto fft, dsp::RealFft::create(kFftSize));
  std::vector<float> time(kFftSize);
  std::vector<std::complex<float>> spectrum(fft.bins());
  std::vector<Bands> bands(count_frames(signal.size()));
  for (std::size_t i = 0; i < bands.size(); ++i) {
    for (std::size_t n = 0; n < kFrameSamples; ++n)
      time[n] = static_cast<float>(signal[i * kHopSamples + n] * window[n]);
    fft.forward(time, spectrum);
    bands[i] = band_energies(spectrum);
  }
  return bands;
}

Segment segment_at(std::span<const Bands> spectrogram, std::size_t first) {
  Segment segment;
  for (std::size_t b = 0; b < kBands; ++b)
    for (std::size_t m = 0; m < kSegmentFrames; ++m) segment[b][m] = spectrogram[first + m][b];
  return segment;
}

double norm(const Row& row) {
  double sum = 0.0;
  for (const double value : row) sum += value * value;
  return std::sqrt(sum);
}

// Removes the mean and scales to length 1; a constant row becomes 0.
void normalise(Row& row) {
  double mean = 0.0;
  for (const double value : row) mean += value;
  mean /= kSegmentFrames;
  for (double& value : row) value -= mean;
  const double scale = 1.0 / (norm(row) + kTiny);
  for (double& value : row) value *= scale;
}

double dot(const Row& a, const Row& b) {
  double sum = 0.0;
  for (std::size_t m = 0; m < kSegmentFrames; ++m) sum += a[m] * b[m];
  return sum;
}

// The mean over bands of the correlation, with the degraded band brought to the level of the
// reference and clipped where it says no more than that speech is masked.
double segment_stoi(Segment reference, Segment degraded) {
  static const double ceiling = 1.0 + std::pow(10.0, -kLowestSdrDb / 20.0);
  double sum = 0.0;
  for (std::size_t b = 0; b < kBands; ++b) {
    const double scale = norm(reference[b]) / (norm(degraded[b]) + kTiny);
    for (std::size_t m = 0; m < kSegmentFrames; ++m)
      degraded[b][m] = std::min(degraded[b][m] * scale, reference[b][m] * ceiling);
    normalise(degraded[b]);
    normalise(reference[b]);
    sum += dot(reference[b], degraded[b]);
  }
  return sum / kBands;
}

void normalise_columns(Segment& segment) {
  for (std::size_t m = 0; m < kSegmentFrames; ++m) {
    double mean = 0.0;
    for (const Row& row : segment) mean += row[m];
    mean /= kBands;
    double energy = 0.0;
    for (Row& row : segment) {
      row[m] -= mean;
      energy += row[m] * row[m];
    }
    const double scale = 1.0 / (std::sqrt(energy) + kTiny);
    for (Row& row : segment) row[m] *= scale;
  }
}

double segment_extended(Segment reference, Segment degraded) {
  for (Row& row : reference) normalise(row);
  for (Row& row : degraded) normalise(row);
  normalise_columns(reference);
  normalise_columns(degraded);
  double sum = 0.0;
  for (std::size_t b = 0; b < kBands; ++b) sum += dot(reference[b], degraded[b]);
  return sum / kSegmentFrames;
}

using SegmentMeasure = double (*)(Segment, Segment);

Result<double> of_channel(std::span<const float> reference, std::span<const float> degraded,
                          int sample_rate_hz, SegmentMeasure measure) {
  static const Frame window = hanning();
  if (std::all_of(reference.begin(), reference.end(), [](float s) { return s == 0.0f; }))
    return make_error(ErrorCode::kInvalidArgument, "STOI: the reference is silent");
  SYRINX_ASSIGN(const auto ref, octave_resample(reference, sample_rate_hz, kRateHz));
  SYRINX_ASSIGN(const auto deg, octave_resample(degraded, sample_rate_hz, kRateHz));
  const auto speech = speech_frames(ref, window);
  SYRINX_ASSIGN(const auto x, band_spectrogram(keep_frames(ref, speech, window), window));
  SYRINX_ASSIGN(const auto y, band_spectrogram(keep_frames(deg, speech, window), window));
  if (x.size() < kSegmentFrames)
    return make_error(ErrorCode::kInvalidArgument, "STOI: ", x.size(),
                      " frames of speech are left without the silence, at least ", kSegmentFrames,
                      " (0.4 s) are needed");
  double sum = 0.0;
  const std::size_t segments = x.size() - kSegmentFrames + 1;
  for (std::size_t i = 0; i < segments; ++i) sum += measure(segment_at(x, i), segment_at(y, i));
  return sum / static_cast<double>(segments);
}

Result<double> of_pair(AudioView reference, AudioView degraded, SegmentMeasure measure) {
  SYRINX_TRY(check_pair(reference, degraded, "STOI"));
  return mean_over_channels(reference, degraded, [&](auto ref, auto deg) {
    return of_channel(ref, deg, reference.sample_rate_hz(), measure);
  });
}

}  // namespace

Result<double> stoi(AudioView reference, AudioView degraded) {
  return of_pair(reference, degraded, segment_stoi);
}

Result<double> extended_stoi(AudioView reference, AudioView degraded) {
  return of_pair(reference, degraded, segment_extended);
}

}  // namespace syrinx::measure
