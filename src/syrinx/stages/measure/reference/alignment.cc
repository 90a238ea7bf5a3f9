// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/reference/alignment.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "syrinx/stages/measure/reference/cross_correlation.h"
#include "syrinx/stages/measure/reference/pair_check.h"

namespace syrinx::measure {
namespace {

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
  SYRINX_ASSIGN(auto correlation, SegmentedCorrelation::create(reference, degraded, max_lag));
  const auto sharp = at_delay(reference, degraded, correlation.sharpest_lag());
  const auto plain = at_delay(reference, degraded, correlation.strongest_lag());
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
