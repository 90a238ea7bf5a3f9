// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/live_report.h"

#include <algorithm>
#include <cstdio>

namespace syrinx::cli {
namespace {

using nlohmann::json;

constexpr std::size_t kBarColumns = 10;
constexpr double kBarFloorDb = -60.0;

std::string bar(double db) {
  const double share = std::clamp(1.0 - db / kBarFloorDb, 0.0, 1.0);
  std::string text(kBarColumns, ' ');
  std::fill_n(text.begin(), static_cast<std::size_t>(share * kBarColumns + 0.5), '=');
  char level[16];
  std::snprintf(level, sizeof level, "] %4.0f dB", std::max(db, -99.0));
  return "[" + text + level;
}

}  // namespace

json to_json(const conversion::LiveSnapshot& shot) {
  return {{"level", conversion::to_string(shot.level)},
          {"bypassed", shot.bypassed},
          {"load", shot.load},
          {"latency", {{"algorithm_ms", shot.algorithm_ms}, {"with_queues_ms", shot.latency_ms}}},
          {"frames", shot.frames},
          {"glitches", shot.glitches()},
          {"underruns", shot.underruns},
          {"underrun_frames", shot.underrun_frames},
          {"overruns", shot.overruns},
          {"overrun_frames", shot.overrun_frames},
          {"caught_up_frames", shot.caught_up_frames},
          {"late_blocks", shot.late_blocks},
          {"step_downs", shot.step_downs},
          {"step_ups", shot.step_ups},
          {"bad_samples", shot.bad_samples}};
}

json to_json(const std::vector<LiveStep>& steps) {
  json list = json::array();
  for (const LiveStep& step : steps)
    list.push_back({{"time_s", step.time_s}, {"level", conversion::to_string(step.level)}});
  return list;
}

std::string meter_line(const conversion::LiveSnapshot& shot) {
  char figures[160];
  std::snprintf(figures, sizeof figures, "  %3.0f ms  load %3.0f %%  %s%s%s  gaps %llu",
                shot.latency_ms, 100.0 * shot.load, conversion::to_string(shot.level),
                shot.bypassed ? ", bypassed" : "", shot.monitoring ? ", monitor" : "",
                static_cast<unsigned long long>(shot.glitches()));
  return "in " + bar(shot.input_db) + "  out " + bar(shot.output_db) + figures;
}

std::string summary(const conversion::LiveSnapshot& shot, int sample_rate_hz) {
  char text[320];
  std::snprintf(text, sizeof text,
                "%.1f s converted; delay %.1f ms (%.1f ms of it the voice's own), load %.0f %%, "
                "level %s\n"
                "gaps %llu (%.1f ms), input lost %llu times (%.1f ms), stepped down %llu and up "
                "%llu times",
                static_cast<double>(shot.frames) / sample_rate_hz, shot.latency_ms,
                shot.algorithm_ms, 100.0 * shot.load, conversion::to_string(shot.level),
                static_cast<unsigned long long>(shot.underruns),
                1e3 * static_cast<double>(shot.underrun_frames) / sample_rate_hz,
                static_cast<unsigned long long>(shot.overruns),
                1e3 * static_cast<double>(shot.overrun_frames) / sample_rate_hz,
                static_cast<unsigned long long>(shot.step_downs),
                static_cast<unsigned long long>(shot.step_ups));
  return text;
}

}  // namespace syrinx::cli
