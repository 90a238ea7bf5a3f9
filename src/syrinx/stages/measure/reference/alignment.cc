// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/reference/alignment.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <span>
#include <vector>

#include "syrinx/core/dsp/fft.h"
#include "syrinx/stages/measure/reference/pair_check.h"

namespace syrinx::measure {
namespace {

using Spectrum = std::vector<std::complex<float>>;

// Copies what there is of samples [begin, begin + out.size()); silence lies around the signal.
void copy_padded(std::span<const float> samples, std::ptrdiff_t begin, std::span<float> out) {
  const auto size = std::ssize(samples);
  const auto from = std::clamp<std::ptrdiff_t>(begin, 0, size);
  const auto to = std::clamp<std::ptrdiff_t>(begin + std::ssize(out), from, size);
  std::fill(out.begin(), out.end(), 0.0f);
  if (to > from)
    std::copy(samples.begin() + from, samples.begin() + to, out.begin() + (from - begin));
}

// An FFT that holds one segment of the reference and what it can be found in.
struct Segments {
  std::size_t fft_size;
  std::size_t length;
};

Segments plan_segments(std::size_t max_lag, std::size_t frames) {
  const std::size_t wanted =
      std::max<std::size_t>(256, 2 * max_lag + std::min(frames, 4 * max_lag));
  const std::size_t size = std::min(std::bit_ceil(wanted), std::size_t{1} << 20);
  return {size, size - 2 * max_lag};
}

// The sum over segments of conj(reference) * degraded: the spectrum of their cross-correlation.
// Element k of its inverse belongs to a lag of k - max_lag.
Result<Spectrum> cross_spectrum(std::span<const float> reference, std::span<const float> degraded,
                                std::size_t max_lag, Segments segments, dsp::RealFft& fft) {
  std::vector<float> time(segments.fft_size);
  Spectrum ref(fft.bins());
  Spectrum deg(fft.bins());
  Spectrum sum(fft.bins());
  for (std::size_t begin = 0; begin < reference.size(); begin += segments.length) {
    const auto start = static_cast<std::ptrdiff_t>(begin);
    std::fill(time.begin(), time.end(), 0.0f);
    copy_padded(reference, start, std::span(time).first(segments.length));
    fft.forward(time, ref);
    copy_padded(degraded, start - static_cast<std::ptrdiff_t>(max_lag), time);
    fft.forward(time, deg);
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += std::conj(ref[k]) * deg[k];
  }
  return sum;
}

std::ptrdiff_t peak_lag(const Spectrum& cross, std::size_t max_lag, dsp::RealFft& fft) {
  std::vector<float> correlation(fft.size());
  fft.inverse(cross, correlation);
  const auto end = correlation.begin() + static_cast<std::ptrdiff_t>(2 * max_lag + 1);
  const auto peak = std::max_element(correlation.begin(), end,
                                     [](float a, float b) { return std::abs(a) < std::abs(b); });
  return peak - correlation.begin() - static_cast<std::ptrdiff_t>(max_lag);
}

// Keeps the phase alone. Bins 100 dB below the strongest say nothing and are left out.
Spectrum phase_transform(Spectrum cross) {
  float strongest = 0.0f;
  for (const auto& bin : cross) strongest = std::max(strongest, std::abs(bin));
  for (auto& bin : cross) {
    const float magnitude = std::abs(bin);
    bin = magnitude > strongest * 1e-10f ? bin / magnitude : 0.0f;
  }
  return cross;
}

Alignment at_delay(std::span<const float> reference, std::span<const float> degraded,
                   std::ptrdiff_t delay) {
  Alignment found;
  found.delay_samples = delay;
  found.reference_begin = delay < 0 ? static_cast<std::size_t>(-delay) : 0;
  found.degraded_begin = delay > 0 ? static_cast<std::size_t>(delay) : 0;
  if (found.reference_begin >= reference.size() || found.degraded_begin >= degraded.size())
    return found;
  found.frames =
      std::min(reference.size() - found.reference_begin, degraded.size() - found.degraded_begin);
  double cross = 0.0;
  double ref_energy = 0.0;
  double deg_energy = 0.0;
  for (std::size_t n = 0; n < found.frames; ++n) {
    const double r = reference[found.reference_begin + n];
    const double d = degraded[found.degraded_begin + n];
    cross += r * d;
    ref_energy += r * r;
    deg_energy += d * d;
  }
  const double energy = std::sqrt(ref_energy * deg_energy);
  found.correlation = energy > 0.0 ? cross / energy : 0.0;
  return found;
}

// A short overlap agrees by chance; what counts is how much of the signal agrees.
double agreement(const Alignment& at, std::size_t shorter) {
  return std::abs(at.correlation) *
         std::sqrt(static_cast<double>(at.frames) / static_cast<double>(shorter));
}

bool silent(std::span<const float> samples) {
  return std::all_of(samples.begin(), samples.end(), [](float s) { return s == 0.0f; });
}

Result<Alignment> align_mono(std::span<const float> reference, std::span<const float> degraded,
                             std::size_t max_lag) {
  if (max_lag == 0 || silent(reference) || silent(degraded))
    return at_delay(reference, degraded, 0);
  const Segments segments = plan_segments(max_lag, reference.size());
  SYRINX_ASSIGN(auto fft, dsp::RealFft::create(segments.fft_size));
  SYRINX_ASSIGN(const auto cross, cross_spectrum(reference, degraded, max_lag, segments, fft));
  const auto sharp = at_delay(reference, degraded, peak_lag(phase_transform(cross), max_lag, fft));
  const auto plain = at_delay(reference, degraded, peak_lag(cross, max_lag, fft));
  const std::size_t shorter = std::min(reference.size(), degraded.size());
  const bool fall_back = agreement(plain, shorter) > agreement(sharp, shorter) + 1e-3;
  return fall_back ? plain : sharp;
}

}  // namespace

Result<Alignment> find_alignment(AudioView reference, AudioView degraded, double max_delay_s) {
  SYRINX_TRY(check_comparable(reference, degraded, "alignment"));
  if (!(max_delay_s >= 0.0 && max_delay_s <= kMaxAlignmentDelayS))
    return make_error(ErrorCode::kInvalidArgument, "alignment: a largest delay of ", max_delay_s,
                      " s was asked for, expected 0 to ", kMaxAlignmentDelayS);
  if (reference.sample_rate_hz() > kMaxAlignmentRateHz)
    return make_error(ErrorCode::kUnsupported, "alignment: ", reference.sample_rate_hz(),
                      " Hz is above ", kMaxAlignmentRateHz, " Hz; resample both signals first");
  const auto longest = std::max(reference.frames(), degraded.frames());
  const auto max_lag =
      std::min(longest - 1, static_cast<std::size_t>(max_delay_s * reference.sample_rate_hz()));
  return align_mono(mix_to_mono(reference), mix_to_mono(degraded), max_lag);
}

Result<AlignedPair> align(AudioView reference, AudioView degraded, double max_delay_s) {
  SYRINX_ASSIGN(const Alignment found, find_alignment(reference, degraded, max_delay_s));
  return AlignedPair{reference.slice(found.reference_begin, found.frames),
                     degraded.slice(found.degraded_begin, found.frames), found};
}

}  // namespace syrinx::measure
