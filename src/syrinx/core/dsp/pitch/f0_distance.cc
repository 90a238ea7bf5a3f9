// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/dsp/pitch/f0_distance.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace syrinx::dsp {
namespace {

struct VoicedPair {
  double reference_hz;
  double track_hz;
  double cents() const { return 1200.0 * std::log2(track_hz / reference_hz); }
  bool gross() const { return std::abs(track_hz / reference_hz - 1.0) > 0.2; }
};

Result<void> check(const F0Track& track, std::string_view role) {
  if (track.hz.empty())
    return make_error(ErrorCode::kInvalidArgument, "F0 comparison: the ", role, " has no frames");
  const bool timed = std::isfinite(track.first_s) && std::isfinite(track.hop_s) &&
                     (track.hop_s > 0.0 || track.frames() == 1);
  if (!timed)
    return make_error(ErrorCode::kInvalidArgument, "F0 comparison: the ", role, " starts at ",
                      track.first_s, " s with a hop of ", track.hop_s,
                      " s; give a finite start and a hop above 0");
  for (const double hz : track.hz) {
    if (!(std::isfinite(hz) && hz >= 0.0))
      return make_error(ErrorCode::kInvalidArgument, "F0 comparison: the ", role, " has ", hz,
                        " Hz in it; give 0 where there is no pitch, and finite values above");
  }
  return {};
}

// The track's frame nearest in time, if it reaches there.
std::optional<std::size_t> nearest(const F0Track& track, double time_s) {
  const double at = track.hop_s > 0.0 ? std::round((time_s - track.first_s) / track.hop_s) : 0.0;
  if (!(at >= 0.0 && at < static_cast<double>(track.frames()))) return std::nullopt;
  return static_cast<std::size_t>(at);
}

double root_mean_square(const std::vector<double>& values) {
  double squares = 0.0;
  for (const double v : values) squares += v * v;
  return std::sqrt(squares / static_cast<double>(values.size()));
}

// Of the logarithms: musical distance, not Hz.
std::optional<double> correlation_of(const std::vector<VoicedPair>& pairs) {
  constexpr double kLeastSpread = 0.01 * 0.01;  // Octaves: 12 cents of standard deviation.
  if (pairs.size() < 3) return std::nullopt;
  const auto n = static_cast<double>(pairs.size());
  double x = 0.0, y = 0.0, xx = 0.0, yy = 0.0, xy = 0.0;
  for (const VoicedPair& pair : pairs) {
    const double a = std::log2(pair.reference_hz / pairs.front().reference_hz);
    const double b = std::log2(pair.track_hz / pairs.front().track_hz);
    x += a / n;
    y += b / n;
    xx += a * a / n;
    yy += b * b / n;
    xy += a * b / n;
  }
  const double spread = (xx - x * x) * (yy - y * y);
  if (!(xx - x * x > kLeastSpread && yy - y * y > kLeastSpread)) return std::nullopt;
  return std::clamp((xy - x * y) / std::sqrt(spread), -1.0, 1.0);
}

void measure_voiced(const std::vector<VoicedPair>& pairs, F0Distance& found) {
  std::vector<double> hz, cents, fine;
  for (const VoicedPair& pair : pairs) {
    hz.push_back(pair.track_hz - pair.reference_hz);
    cents.push_back(pair.cents());
    if (!pair.gross()) fine.push_back(std::abs(pair.cents()));
  }
  found.rmse_hz = root_mean_square(hz);
  found.rmse_cents = root_mean_square(cents);
  found.gross_error =
      static_cast<double>(pairs.size() - fine.size()) / static_cast<double>(pairs.size());
  found.correlation = correlation_of(pairs);
  if (fine.empty()) return;
  found.fine_rmse_cents = root_mean_square(fine);
  std::sort(fine.begin(), fine.end());
  found.fine_median_cents = fine[fine.size() / 2];
}

}  // namespace

Result<F0Distance> compare_f0(const F0Track& reference, const F0Track& track) {
  SYRINX_TRY(check(reference, "reference"));
  SYRINX_TRY(check(track, "track"));
  F0Distance found;
  std::size_t disagreements = 0;
  std::vector<VoicedPair> pairs;
  for (std::size_t i = 0; i < reference.frames(); ++i) {
    const auto at = nearest(track, reference.time_s(i));
    if (!at) continue;
    ++found.compared;
    const VoicedPair pair{reference.hz[i], track.hz[*at]};
    if ((pair.reference_hz > 0.0) != (pair.track_hz > 0.0)) ++disagreements;
    if (pair.reference_hz > 0.0 && pair.track_hz > 0.0) pairs.push_back(pair);
  }
  if (found.compared == 0) return found;
  found.voicing_error = static_cast<double>(disagreements) / static_cast<double>(found.compared);
  found.both_voiced = pairs.size();
  if (!pairs.empty()) measure_voiced(pairs, found);
  return found;
}

}  // namespace syrinx::dsp
