// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/json/report_json.h"

#include <cmath>
#include <string_view>

namespace syrinx::json {
namespace {

nlohmann::json number_or_null(double value) {
  return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr);
}

nlohmann::json quality_json(const measure::SoundReport& report) {
  const measure::QualityState state = quality_of(report);
  nlohmann::json aspects = nlohmann::json::object();
  for (std::size_t i = 0; i < measure::kQualityAspects; ++i) {
    const auto& latest = state.aspects[i].latest;
    aspects[std::string(name_of(static_cast<measure::QualityAspect>(i)))] = {
        {"value", latest ? nlohmann::json(*latest) : nlohmann::json(nullptr)},
        {"verdict", verdict_name(state.aspects[i].verdict)}};
  }
  return {{"verdict", verdict_name(state.verdict)}, {"aspects", aspects}};
}

}  // namespace

std::string_view verdict_name(measure::QualityVerdict verdict) {
  switch (verdict) {
    case measure::QualityVerdict::kGood:
      return "good";
    case measure::QualityVerdict::kWarning:
      return "warning";
    case measure::QualityVerdict::kFailure:
      return "failure";
    case measure::QualityVerdict::kUnknown:
      return "unknown";
  }
  return "unknown";
}

measure::QualityState quality_of(const measure::SoundReport& report) {
  auto targets = measure::QualityTargets::create();  // With its own thresholds it cannot fail.
  targets->add(report.quality);
  return targets->state();
}

std::string artifact_name(measure::ArtifactKind kind) {
  for (const auto& detector : measure::artifact_detectors()) {
    if (detector.kind == kind) return std::string(detector.name);
  }
  return "unknown";
}

nlohmann::json report_json(const measure::SoundReport& report) {
  nlohmann::json missing = nlohmann::json::array();
  for (const auto& one : report.missing)
    missing.push_back({{"name", one.name}, {"reason", one.reason}});
  nlohmann::json document = {
      {"sample_rate_hz", report.sample_rate_hz},
      {"channels", report.channels},
      {"duration_s", static_cast<double>(report.frames) / report.sample_rate_hz},
      {"quality", quality_json(report)},
      {"missing", missing}};
  for (const measure::Figure& figure : report.figures)
    document[figure.group][figure.name] = {{"value", number_or_null(figure.value)},
                                           {"unit", figure.unit}};
  nlohmann::json artifacts = nlohmann::json::array();
  for (const measure::Artifact& artifact : report.artifacts) {
    artifacts.push_back({{"kind", artifact_name(artifact.kind)},
                         {"begin_s", artifact.begin_s},
                         {"end_s", artifact.end_s},
                         {"severity", artifact.severity},
                         {"cause", artifact.cause}});
  }
  document["artifacts"]["list"] = artifacts;
  return document;
}

}  // namespace syrinx::json
