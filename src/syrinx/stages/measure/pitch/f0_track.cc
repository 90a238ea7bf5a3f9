// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/pitch/f0_track.h"

#include <algorithm>
#include <cmath>

namespace syrinx::measure {

Result<void> validate(std::string_view what, const F0Options& options, int sample_rate_hz) {
  constexpr double kLeastHz = 20.0;
  const double most_hz = std::min(2'000.0, sample_rate_hz / 4.0);
  if (!(options.min_hz >= kLeastHz && options.min_hz < options.max_hz && options.max_hz <= most_hz))
    return make_error(ErrorCode::kInvalidArgument, what, ": F0 from ", options.min_hz, " to ",
                      options.max_hz, " Hz was asked for, but at ", sample_rate_hz,
                      " Hz it must lie within ", kLeastHz, " to ", most_hz, " Hz");
  if (!(options.hop_s >= 0.001 && options.hop_s <= 1.0))
    return make_error(ErrorCode::kInvalidArgument, what, ": a hop of ", options.hop_s,
                      " s was given, but it must be 0.001 to 1");
  return {};
}

F0Error compare_f0(const F0Track& track, const F0Track& reference) {
  F0Error error;
  std::size_t disagreements = 0;
  std::size_t gross = 0;
  std::vector<double> cents;
  for (std::size_t i = 0; i < reference.frames(); ++i) {
    const double at = std::round((reference.time_s(i) - track.first_s) / track.hop_s);
    if (!(at >= 0.0 && at < static_cast<double>(track.frames()))) continue;
    const double ours = track.hz[static_cast<std::size_t>(at)];
    const double theirs = reference.hz[i];
    ++error.compared;
    if ((ours > 0.0) != (theirs > 0.0)) ++disagreements;
    if (!(ours > 0.0 && theirs > 0.0)) continue;
    ++error.both_voiced;
    if (std::abs(ours / theirs - 1.0) > 0.2) {
      ++gross;
    } else {
      cents.push_back(std::abs(1200.0 * std::log2(ours / theirs)));
    }
  }
  const auto share = [](std::size_t part, std::size_t of) {
    return of == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(of);
  };
  error.voicing_error = share(disagreements, error.compared);
  error.gross_error = share(gross, error.both_voiced);
  if (cents.empty()) return error;
  double squares = 0.0;
  for (const double v : cents) squares += v * v;
  error.rms_error_cents = std::sqrt(squares / static_cast<double>(cents.size()));
  std::sort(cents.begin(), cents.end());
  error.median_error_cents = cents[cents.size() / 2];
  return error;
}

}  // namespace syrinx::measure
