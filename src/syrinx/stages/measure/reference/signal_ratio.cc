// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/reference/signal_ratio.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "syrinx/core/dsp/window.h"
#include "syrinx/stages/measure/reference/pair_check.h"

namespace syrinx::measure {
namespace {

constexpr double kFrameS = 0.032;
constexpr double kHopS = 0.016;
constexpr double kLowestFrameDb = -10.0;
constexpr double kHighestFrameDb = 35.0;

struct Means {
  double reference = 0.0;
  double degraded = 0.0;
};

double mean_of(std::span<const float> samples) {
  double sum = 0.0;
  for (const float sample : samples) sum += sample;
  return sum / static_cast<double>(samples.size());
}

// Hands visit(r, d) each pair of samples, without the channels' means if these are to be left out.
template <class Visit>
void for_each_pair(AudioView reference, AudioView degraded, bool remove_means, Visit visit) {
  for (std::size_t c = 0; c < reference.channels(); ++c) {
    const auto ref = reference.channel(c);
    const auto deg = degraded.channel(c);
    const Means means = remove_means ? Means{mean_of(ref), mean_of(deg)} : Means{};
    for (std::size_t n = 0; n < ref.size(); ++n)
      visit(ref[n] - means.reference, deg[n] - means.degraded);
  }
}

double ratio_db(double signal, double rest) {
  if (rest <= 0.0) return signal > 0.0 ? kMaxRatioDb : -kMaxRatioDb;
  if (signal <= 0.0) return -kMaxRatioDb;
  return std::clamp(10.0 * std::log10(signal / rest), -kMaxRatioDb, kMaxRatioDb);
}

Error silent_reference(const char* measure) {
  return make_error(ErrorCode::kInvalidArgument, measure,
                    ": the reference is silent or constant, so there is no ratio to it");
}

// Of one frame; nothing where the reference is silent.
struct FrameEnergies {
  double reference = 0.0;
  double rest = 0.0;
};

FrameEnergies frame_energies(std::span<const float> reference, std::span<const float> degraded,
                             std::span<const float> window) {
  FrameEnergies sum;
  for (std::size_t n = 0; n < reference.size(); ++n) {
    const double r = reference[n] * window[n];
    const double rest = (degraded[n] - static_cast<double>(reference[n])) * window[n];
    sum.reference += r * r;
    sum.rest += rest * rest;
  }
  return sum;
}

Result<double> segmental_of_channel(std::span<const float> reference,
                                    std::span<const float> degraded, int sample_rate_hz) {
  const auto wanted = static_cast<std::size_t>(std::lround(kFrameS * sample_rate_hz));
  const std::size_t frame = std::min(wanted, reference.size());
  const auto hop = static_cast<std::size_t>(std::lround(kHopS * sample_rate_hz));
  const auto shape = frame == wanted ? dsp::WindowShape::kHann : dsp::WindowShape::kRectangular;
  const auto window = dsp::make_window(shape, frame);
  double sum = 0.0;
  std::size_t frames = 0;
  for (std::size_t begin = 0; begin + frame <= reference.size(); begin += hop) {
    const auto e =
        frame_energies(reference.subspan(begin, frame), degraded.subspan(begin, frame), window);
    if (e.reference <= 0.0) continue;
    sum += std::clamp(ratio_db(e.reference, e.rest), kLowestFrameDb, kHighestFrameDb);
    ++frames;
  }
  if (frames == 0) return silent_reference("segmental SNR");
  return sum / static_cast<double>(frames);
}

}  // namespace

Result<double> snr_db(AudioView reference, AudioView degraded) {
  SYRINX_TRY(check_pair(reference, degraded, "SNR"));
  double signal = 0.0;
  double rest = 0.0;
  for_each_pair(reference, degraded, false, [&](double r, double d) {
    signal += r * r;
    rest += (d - r) * (d - r);
  });
  if (signal <= 0.0) return silent_reference("SNR");
  return ratio_db(signal, rest);
}

Result<double> si_sdr_db(AudioView reference, AudioView degraded) {
  SYRINX_TRY(check_pair(reference, degraded, "SI-SDR"));
  double signal = 0.0;
  double cross = 0.0;
  for_each_pair(reference, degraded, true, [&](double r, double d) {
    signal += r * r;
    cross += r * d;
  });
  if (signal <= 0.0) return silent_reference("SI-SDR");
  // The rest is summed sample by sample: expanding the square would lose it where it is small.
  const double scale = cross / signal;
  double rest = 0.0;
  for_each_pair(reference, degraded, true,
                [&](double r, double d) { rest += (d - scale * r) * (d - scale * r); });
  return ratio_db(scale * scale * signal, rest);
}

Result<double> segmental_snr_db(AudioView reference, AudioView degraded) {
  SYRINX_TRY(check_pair(reference, degraded, "segmental SNR"));
  return mean_over_channels(reference, degraded, [&](auto ref, auto deg) {
    return segmental_of_channel(ref, deg, reference.sample_rate_hz());
  });
}

}  // namespace syrinx::measure
