// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/call/call_sound.h"

#include <algorithm>
#include <cmath>

#include "syrinx/stages/measure/level/active_speech_level.h"
#include "syrinx/stages/measure/reference/pesq.h"

namespace syrinx::measure {
namespace {

constexpr double kLeastActivity = 0.05;
constexpr double kComparedS = 40.0;
constexpr double kLeastComparedS = 1.0;
constexpr double kMarginS = 0.5;  // What lies behind when the reference is over.

}  // namespace

std::optional<double> speech_dbov(AudioView mono) {
  const auto level = measure_active_speech_level(mono);
  if (!level || level->activity < kLeastActivity || !std::isfinite(level->active_dbfs))
    return std::nullopt;
  return level->active_dbfs;
}

std::vector<double> level_each_second(AudioView mono) {
  std::vector<double> levels;
  const auto second = static_cast<std::size_t>(mono.sample_rate_hz());
  for (std::size_t at = 0; at < mono.frames(); at += second) {
    const auto piece = mono.channel(0).subspan(at, std::min(second, mono.frames() - at));
    double sum = 0.0;
    for (const float x : piece) sum += std::isfinite(x) ? static_cast<double>(x) * x : 0.0;
    levels.push_back(10.0 * std::log10(sum / static_cast<double>(piece.size()) + 1e-10));
  }
  return levels;
}

std::optional<double> pesq_of_beginning(AudioView reference, AudioView degraded, double skew_ppm) {
  const double rate_hz = reference.sample_rate_hz();
  const double degraded_s = degraded.duration_s() / (1.0 + skew_ppm * 1e-6);
  const double compared_s = std::min({kComparedS, reference.duration_s(), degraded_s});
  if (!(compared_s >= kLeastComparedS)) return std::nullopt;
  const auto compared = static_cast<std::size_t>(compared_s * rate_hz);
  const auto stretched =
      static_cast<std::size_t>((compared_s * (1.0 + skew_ppm * 1e-6) + kMarginS) * rate_hz);
  const auto score =
      pesq(reference.slice(0, compared), degraded.slice(0, std::min(stretched, degraded.frames())),
           PesqBand::kNarrow);
  if (!score) return std::nullopt;  // Silence has no score.
  return score->mos_lqo;
}

}  // namespace syrinx::measure
