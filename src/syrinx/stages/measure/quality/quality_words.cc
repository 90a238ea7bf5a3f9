// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdio>

#include "syrinx/stages/measure/quality/quality_targets.h"

namespace syrinx::measure {
namespace {

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

std::string_view word_of(QualityVerdict verdict) noexcept {
  switch (verdict) {
    case QualityVerdict::kFailure:
      return "fails";
    case QualityVerdict::kWarning:
      return "gives a warning";
    case QualityVerdict::kGood:
      return "is good";
    case QualityVerdict::kUnknown:
      break;
  }
  return "is unknown";
}

std::string sentence_of(QualityAspect aspect, const AspectState& state) {
  std::string text = std::string(name_of(aspect)) + " " + std::string(word_of(state.verdict));
  if (!state.latest) return text;
  text += " at " + number(*state.latest);
  if (!state.trend || *state.trend == 0.0) return text;
  text += *state.trend > 0.0 ? ", rising by " : ", falling by ";
  text += number(std::abs(*state.trend)) + " a measurement";
  if (state.measurements_to_failure && state.verdict == QualityVerdict::kWarning)
    text += " and failing in " + number(std::ceil(*state.measurements_to_failure));
  return text;
}

}  // namespace

std::string_view name_of(QualityAspect aspect) noexcept {
  switch (aspect) {
    case QualityAspect::kTargetSimilarity:
      return "target similarity";
    case QualityAspect::kSourcePreservation:
      return "source preservation";
    case QualityAspect::kPredictedMos:
      return "predicted MOS";
    case QualityAspect::kArtifactShare:
      break;
  }
  return "artifact share";
}

std::string describe(const QualityState& state) {
  std::string text;
  for (const auto verdict : {QualityVerdict::kFailure, QualityVerdict::kWarning,
                             QualityVerdict::kGood, QualityVerdict::kUnknown}) {
    for (std::size_t i = 0; i < kQualityAspects; ++i) {
      if (state.aspects[i].verdict != verdict) continue;
      if (!text.empty()) text += "; ";
      text += sentence_of(static_cast<QualityAspect>(i), state.aspects[i]);
    }
  }
  return text + ".";
}

}  // namespace syrinx::measure
