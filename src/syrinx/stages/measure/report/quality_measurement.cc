// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "syrinx/stages/measure/report/groups.h"
#include "syrinx/stages/measure/report/sound_report.h"

namespace syrinx::measure {
namespace {

std::optional<double> figure(const SoundReport& report, std::string_view group,
                             std::string_view name) {
  for (const Figure& f : report.figures) {
    if (f.group == group && f.name == name && std::isfinite(f.value)) return f.value;
  }
  return std::nullopt;
}

// The share of time that any of them covers, however they overlap. Pre: in order of begin_s.
double covered_share(const std::vector<Artifact>& artifacts, double duration_s) {
  double covered_s = 0.0;
  double reached_s = 0.0;
  for (const Artifact& artifact : artifacts) {
    const double end_s = std::min(artifact.end_s, duration_s);
    covered_s += std::max(0.0, end_s - std::max(artifact.begin_s, reached_s));
    reached_s = std::max(reached_s, end_s);
  }
  return duration_s > 0.0 ? std::clamp(covered_s / duration_s, 0.0, 1.0) : 0.0;
}

}  // namespace

void report_quality(SoundReport& report) {
  QualityMeasurement& quality = report.quality;
  quality = {};
  quality[QualityAspect::kPredictedMos] = figure(report, "opinion", "dnsmos_overall");
  if (figure(report, "artifacts", "found"))
    quality[QualityAspect::kArtifactShare] =
        covered_share(report.artifacts, static_cast<double>(report.frames) / report.sample_rate_hz);
  const auto words = figure(report, "reference", "stoi");
  const auto melody = figure(report, "reference", "f0_correlation");
  if (!words) return;
  const double mean = melody ? 0.5 * (*words + std::max(0.0, *melody)) : *words;
  quality[QualityAspect::kSourcePreservation] = std::clamp(mean, 0.0, 1.0);
}

}  // namespace syrinx::measure
