// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/improve/repairs.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <vector>

#include "syrinx/core/dsp/stft.h"
#include "syrinx/stages/measure/pitch/formants.h"

namespace syrinx::conversion {
namespace {

using measure::Artifact;
using measure::ArtifactKind;

struct Stretch {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// The places of the artifacts of some kinds, widened to both sides and merged.
template <class IsOfKind>
std::vector<Stretch> places(std::span<const Artifact> artifacts, double widen_s, int rate_hz,
                            std::size_t frames, IsOfKind is_of_kind) {
  std::vector<Stretch> found;
  const auto frame = [&](double at_s) {
    return static_cast<std::size_t>(
        std::clamp(std::round(at_s * rate_hz), 0.0, static_cast<double>(frames)));
  };
  for (const Artifact& artifact : artifacts)
    if (is_of_kind(artifact.kind))
      found.push_back({frame(artifact.begin_s - widen_s), frame(artifact.end_s + widen_s)});
  std::sort(found.begin(), found.end(),
            [](const Stretch& a, const Stretch& b) { return a.begin < b.begin; });
  std::vector<Stretch> merged;
  for (const Stretch& one : found) {
    if (!merged.empty() && one.begin <= merged.back().end) {
      merged.back().end = std::max(merged.back().end, one.end);
    } else if (one.end > one.begin) {
      merged.push_back(one);
    }
  }
  return merged;
}

// --- clicks ---

constexpr double kClickWidenS = 0.005;
constexpr double kContextS = 0.02;
constexpr double kStandsOut = 8.0;      // Over the median error,
constexpr double kBeyondPulses = 1.25;  // and over the strongest around it.
constexpr double kMostMendedS = 0.004;
constexpr std::size_t kGuardSamples = 3;
constexpr int kPasses = 3;

std::vector<double> prediction_error(std::span<const double> x, std::span<const double> a) {
  std::vector<double> error(x.size());
  for (std::size_t n = a.size(); n < x.size(); ++n) {
    double predicted = 0.0;
    for (std::size_t k = 0; k < a.size(); ++k) predicted += a[k] * x[n - 1 - k];
    error[n] = std::abs(x[n] - predicted);
  }
  return error;
}

// The samples of [begin, end) whose error stands out from the middle of all and from the strongest
// outside, which in a voice is a glottal pulse; with a few around them.
std::vector<std::size_t> outliers(std::span<const double> error, std::size_t begin,
                                  std::size_t end) {
  std::vector<double> sorted(error.begin(), error.end());
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  const auto strongest = [&](std::size_t from, std::size_t to) {
    return *std::max_element(error.begin() + static_cast<std::ptrdiff_t>(from),
                             error.begin() + static_cast<std::ptrdiff_t>(to));
  };
  const double outside = std::max(strongest(0, begin), strongest(end, error.size()));
  const double most = std::max(kStandsOut * *middle, kBeyondPulses * outside);
  std::vector<bool> out(error.size());
  for (std::size_t n = begin; n < end; ++n) {
    if (error[n] <= most) continue;
    const std::size_t first = n > begin + kGuardSamples ? n - kGuardSamples : begin;
    for (std::size_t i = first; i < std::min(end, n + kGuardSamples + 1); ++i) out[i] = true;
  }
  std::vector<std::size_t> found;
  for (std::size_t n = begin; n < end; ++n)
    if (out[n]) found.push_back(n);
  return found;
}

// Solves m x = y by Cholesky, in place; false where m is not positive. m is row by row.
bool solve(std::vector<double>& m, std::vector<double>& y) {
  const std::size_t n = y.size();
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t i = j; i < n; ++i) {
      double sum = m[i * n + j];
      for (std::size_t k = 0; k < j; ++k) sum -= m[i * n + k] * m[j * n + k];
      if (i == j && !(sum > 0.0)) return false;
      m[i * n + j] = i == j ? std::sqrt(sum) : sum / m[j * n + j];
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < i; ++k) y[i] -= m[i * n + k] * y[k];
    y[i] /= m[i * n + i];
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) y[i] -= m[k * n + i] * y[k];
    y[i] /= m[i * n + i];
  }
  return true;
}

// Puts the unknown samples where the prediction error of all is least. Pre: they lie at least
// a.size() from both ends.
bool interpolate(std::vector<double>& x, const std::vector<std::size_t>& unknown,
                 std::span<const double> a) {
  std::vector<double> filter = {1.0};
  for (const double one : a) filter.push_back(-one);
  const std::size_t order = a.size();
  std::vector<double> b(order + 1);
  for (std::size_t lag = 0; lag <= order; ++lag)
    for (std::size_t k = 0; k + lag <= order; ++k) b[lag] += filter[k] * filter[k + lag];
  for (const std::size_t n : unknown) x[n] = 0.0;
  const std::size_t count = unknown.size();
  std::vector<double> m(count * count);
  std::vector<double> y(count);
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j < count; ++j) {
      const std::size_t lag =
          unknown[i] > unknown[j] ? unknown[i] - unknown[j] : unknown[j] - unknown[i];
      if (lag <= order) m[i * count + j] = b[lag];
    }
    m[i * count + i] += 1e-9 * b[0];
    for (std::size_t lag = 0; lag <= order; ++lag) {
      y[i] -= b[lag] * x[unknown[i] + lag];
      if (lag > 0) y[i] -= b[lag] * x[unknown[i] - lag];
    }
  }
  if (!solve(m, y)) return false;
  for (std::size_t i = 0; i < count; ++i) x[unknown[i]] = y[i];
  return true;
}

// The samples replaced in one place of one channel.
std::size_t mend(std::span<float> samples, const Stretch& place, int rate_hz) {
  const std::size_t order = rate_hz > 24'000 ? 32 : 24;
  const std::size_t around =
      order + static_cast<std::size_t>(kContextS * static_cast<double>(rate_hz));
  if (place.begin < around || place.end + around > samples.size()) return 0;
  const auto part = samples.subspan(place.begin - around, place.end - place.begin + 2 * around);
  std::vector<double> x(part.begin(), part.end());
  auto a = measure::burg_prediction(x, order);
  const auto unknown = outliers(prediction_error(x, a), around, x.size() - around);
  const auto most = static_cast<std::size_t>(kMostMendedS * rate_hz);
  if (unknown.empty() || unknown.size() > most) return 0;
  for (int pass = 0; pass < kPasses; ++pass) {
    if (!interpolate(x, unknown, a)) return 0;
    a = measure::burg_prediction(x, order);
  }
  for (const std::size_t n : unknown) {
    if (!std::isfinite(x[n])) return 0;
  }
  for (const std::size_t n : unknown) part[n] = static_cast<float>(x[n]);
  return unknown.size();
}

// --- spectra ---

constexpr double kFrameS = 0.02;
constexpr double kSmoothWidenS = 0.03;
constexpr double kFadeS = 0.02;
constexpr std::size_t kReach = 5;  // Frames of 5 ms to either side.
constexpr std::size_t kBands = 24;
constexpr double kMostDb = 12.0;

using BandLevels = std::array<double, kBands>;

bool leaps_or_rings(ArtifactKind kind) {
  switch (kind) {
    case ArtifactKind::kSpectralJump:
    case ArtifactKind::kFormantJump:
    case ArtifactKind::kEnergySpike:
    case ArtifactKind::kMetallic:
    case ArtifactKind::kInterharmonic:
    case ArtifactKind::kPhaseSmear:
      return true;
    default:
      return false;
  }
}

double mel_of(double hz) { return 2'595.0 * std::log10(1.0 + hz / 700.0); }

// Where a bin stands between the middles of the bands, in bands.
double band_place(std::size_t bin, std::size_t bins, int rate_hz) {
  const double top_hz = 0.5 * rate_hz;
  const double hz = top_hz * static_cast<double>(bin) / static_cast<double>(bins - 1);
  return std::clamp(kBands * mel_of(hz) / mel_of(top_hz) - 0.5, 0.0, kBands - 1.0);
}

BandLevels levels_of(std::span<const std::complex<float>> frame, std::span<const double> at) {
  BandLevels levels{};
  for (std::size_t k = 0; k < frame.size(); ++k)
    levels[static_cast<std::size_t>(std::lround(at[k]))] +=
        static_cast<double>(std::norm(frame[k]));
  for (double& level : levels) level = 10.0 * std::log10(level + 1e-12);
  return levels;
}

double median_around(const std::vector<BandLevels>& levels, std::size_t frame, std::size_t band) {
  std::vector<double> near;
  const std::size_t first = frame > kReach ? frame - kReach : 0;
  for (std::size_t i = first; i < std::min(levels.size(), frame + kReach + 1); ++i)
    near.push_back(levels[i][band]);
  const auto middle = near.begin() + static_cast<std::ptrdiff_t>(near.size() / 2);
  std::nth_element(near.begin(), middle, near.end());
  return *middle;
}

void shape_frame(std::span<std::complex<float>> frame, std::span<const double> at,
                 const BandLevels& change_db) {
  for (std::size_t k = 0; k < frame.size(); ++k) {
    const auto band = static_cast<std::size_t>(at[k]);
    const double part = at[k] - static_cast<double>(band);
    const double next = change_db[std::min(band + 1, kBands - 1)];
    const double db = change_db[band] + part * (next - change_db[band]);
    frame[k] *= static_cast<float>(std::pow(10.0, db / 20.0));
  }
}

// One where the place itself lies, fading out around it.
double weight_at(double sample, const Stretch& place, double fade) {
  const double before = static_cast<double>(place.begin) - sample;
  const double after = sample - static_cast<double>(place.end);
  return std::clamp(1.0 - std::max({before, after, 0.0}) / fade, 0.0, 1.0);
}

Result<std::size_t> smooth(std::span<float> samples, const Stretch& place, int rate_hz) {
  dsp::StftSpec spec;
  spec.hop_samples = std::max<std::size_t>(1, static_cast<std::size_t>(kFrameS * rate_hz / 4.0));
  spec.fft_size = 4 * spec.hop_samples;
  spec.window_samples = spec.fft_size;
  const std::size_t around = (2 * kReach + 8) * spec.hop_samples;
  const std::size_t begin = place.begin > around ? place.begin - around : 0;
  const std::size_t end = std::min(samples.size(), place.end + around);
  const auto part = samples.subspan(begin, end - begin);
  SYRINX_ASSIGN(auto frames, dsp::stft(part, spec));
  std::vector<double> at(frames.bins);
  for (std::size_t k = 0; k < at.size(); ++k) at[k] = band_place(k, at.size(), rate_hz);
  std::vector<BandLevels> levels;
  for (std::size_t i = 0; i < frames.frames(); ++i)
    levels.push_back(levels_of(frames.frame(i), at));
  const double fade = kFadeS * rate_hz;
  std::size_t changed = 0;
  for (std::size_t i = 0; i < frames.frames(); ++i) {
    const double middle = static_cast<double>(begin + (i + 1) * spec.hop_samples) -
                          0.5 * static_cast<double>(spec.fft_size);
    const double weight = weight_at(middle, place, fade);
    if (weight == 0.0) continue;
    BandLevels change{};
    for (std::size_t b = 0; b < kBands; ++b)
      change[b] =
          weight * std::clamp(median_around(levels, i, b) - levels[i][b], -kMostDb, kMostDb);
    shape_frame(frames.frame(i), at, change);
    ++changed;
  }
  SYRINX_ASSIGN(const auto smoothed, dsp::istft(frames));
  const double reach = fade + 0.5 * static_cast<double>(spec.fft_size);
  for (std::size_t i = 0; i < part.size(); ++i) {
    const auto weight = static_cast<float>(weight_at(static_cast<double>(begin + i), place, reach));
    if (weight > 0.0f) part[i] += std::min(1.0f, 2.0f * weight) * (smoothed[i] - part[i]);
  }
  return changed;
}

}  // namespace

std::size_t mend_clicks(MutableAudioView audio, std::span<const Artifact> artifacts) {
  const auto found = places(
      artifacts, kClickWidenS, audio.sample_rate_hz(), audio.frames(), [](ArtifactKind kind) {
        return kind == ArtifactKind::kClick || kind == ArtifactKind::kDiscontinuity;
      });
  std::size_t mended = 0;
  for (std::size_t c = 0; c < audio.channels(); ++c)
    for (const Stretch& place : found)
      mended += mend(audio.channel(c), place, audio.sample_rate_hz());
  return mended;
}

Result<std::size_t> smooth_spectra(MutableAudioView audio, std::span<const Artifact> artifacts) {
  const auto found =
      places(artifacts, kSmoothWidenS, audio.sample_rate_hz(), audio.frames(), leaps_or_rings);
  std::size_t changed = 0;
  for (std::size_t c = 0; c < audio.channels(); ++c) {
    for (const Stretch& place : found) {
      SYRINX_ASSIGN(const std::size_t frames,
                    smooth(audio.channel(c), place, audio.sample_rate_hz()));
      changed += frames;
    }
  }
  return changed;
}

}  // namespace syrinx::conversion
