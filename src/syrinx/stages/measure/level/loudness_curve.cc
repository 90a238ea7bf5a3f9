// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/level/loudness_curve.h"

#include <algorithm>
#include <cmath>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/dsp/biquad.h"
#include "syrinx/stages/measure/level/level_view.h"
#include "syrinx/stages/measure/loudness.h"

namespace syrinx::measure {
namespace {

constexpr int kLeastRateHz = 4'000;  // Below, the K-weighting's shelf would pass half the rate.
constexpr int kMomentaryMs = 400;
constexpr int kShortTermMs = 3'000;
constexpr double kAbsoluteGateLufs = -70.0;
constexpr double kRelativeGateLu = -20.0;

double to_lufs(double mean_square) { return -0.691 + power_db(mean_square); }

Result<void> check(AudioView audio, int hop_ms) {
  SYRINX_TRY(check_measurable("loudness curve", audio));
  if (audio.sample_rate_hz() < kLeastRateHz)
    return make_error(ErrorCode::kInvalidArgument, "loudness curve: the sample rate is ",
                      audio.sample_rate_hz(), " Hz but must be at least ", kLeastRateHz);
  if (hop_ms < 10 || hop_ms > kMomentaryMs || kMomentaryMs % hop_ms != 0 ||
      kShortTermMs % hop_ms != 0)
    return make_error(ErrorCode::kInvalidArgument, "loudness curve: a hop of ", hop_ms,
                      " ms was given, but it must be 10 to 400 and divide 400 and 3000");
  return {};
}

// Adds the weighted energy of one channel to the hops. Hop h ends before frame (h+1) rate hop_ms /
// 1000, rounded, so that hops keep time at any rate.
void add_channel(std::span<const float> samples, std::size_t channel, double weight, double hop,
                 dsp::BiquadCascade& filters, std::vector<double>& hops) {
  std::vector<float> filtered(samples.begin(), samples.end());
  for (float& v : filtered) v = std::isfinite(v) ? v : 0.0f;
  filters.process(std::span(filtered), channel);
  std::size_t at = 0;
  for (std::size_t h = 0; h < hops.size(); ++h) {
    const auto end = static_cast<std::size_t>(std::llround(static_cast<double>(h + 1) * hop));
    double sum = 0.0;
    for (; at < end && at < filtered.size(); ++at) {
      sum += static_cast<double>(filtered[at]) * static_cast<double>(filtered[at]);
    }
    hops[h] += weight * sum / hop;
  }
}

Result<std::vector<double>> hop_powers(AudioView audio, double hop) {
  std::vector<double> hops(static_cast<std::size_t>(static_cast<double>(audio.frames()) / hop));
  SYRINX_ASSIGN(auto filters,
                dsp::BiquadCascade::create(k_weighting(audio.sample_rate_hz()), audio.channels()));
  const auto weights = channel_weights(audio.channels());
  for (std::size_t c = 0; c < audio.channels(); ++c) {
    add_channel(audio.channel(c), c, weights[c], hop, filters, hops);
  }
  return hops;
}

// Means over the last `window` hops, summed afresh each time so that no rounding piles up.
std::vector<double> sliding_lufs(const std::vector<double>& hops, std::size_t window) {
  std::vector<double> lufs(hops.size(), to_lufs(0.0));
  for (std::size_t h = window; h <= hops.size(); ++h) {
    double sum = 0.0;
    for (std::size_t i = h - window; i < h; ++i) sum += hops[i];
    lufs[h - 1] = to_lufs(sum / static_cast<double>(window));
  }
  return lufs;
}

double largest(const std::vector<double>& lufs) {
  return lufs.empty() ? to_lufs(0.0) : *std::max_element(lufs.begin(), lufs.end());
}

}  // namespace

Result<LoudnessCurve> measure_loudness_curve(AudioView audio, int hop_ms) {
  SYRINX_TRY(check(audio, hop_ms));
  SYRINX_ASSIGN(const auto hops, hop_powers(audio, audio.sample_rate_hz() * hop_ms / 1000.0));
  LoudnessCurve curve;
  curve.hop_s = hop_ms / 1000.0;
  curve.momentary_lufs = sliding_lufs(hops, static_cast<std::size_t>(kMomentaryMs / hop_ms));
  curve.short_term_lufs = sliding_lufs(hops, static_cast<std::size_t>(kShortTermMs / hop_ms));
  curve.max_momentary_lufs = largest(curve.momentary_lufs);
  curve.max_short_term_lufs = largest(curve.short_term_lufs);
  return curve;
}

LoudnessRange loudness_range(std::span<const double> short_term_lufs) {
  std::vector<double> gated;
  double power = 0.0;
  for (const double lufs : short_term_lufs) {
    if (!(lufs >= kAbsoluteGateLufs) || !std::isfinite(lufs)) continue;
    gated.push_back(lufs);
    power += std::pow(10.0, lufs / 10.0);
  }
  if (gated.empty()) return {0.0, power_db(0.0), power_db(0.0)};
  const double gate = power_db(power / static_cast<double>(gated.size())) + kRelativeGateLu;
  gated.erase(std::remove_if(gated.begin(), gated.end(), [gate](double v) { return v < gate; }),
              gated.end());
  std::sort(gated.begin(), gated.end());
  const auto nearest = [&gated](double share) {  // As Tech 3342's own listing does.
    return gated[static_cast<std::size_t>(share * static_cast<double>(gated.size() - 1) + 0.5)];
  };
  const double low = nearest(0.10);
  const double high = nearest(0.95);
  return {high - low, low, high};
}

Result<LoudnessRange> measure_loudness_range(AudioView audio) {
  SYRINX_ASSIGN(const auto curve, measure_loudness_curve(audio));
  return loudness_range(curve.short_term_lufs);
}

}  // namespace syrinx::measure
