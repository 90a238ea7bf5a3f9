// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "syrinx/stages/measure/quality/quality_targets.h"
#include "syrinx/stages/measure/report/sound_report.h"

namespace syrinx::json {

// {"sample_rate_hz", "channels", "duration_s", "missing": [{name, reason}], group: {name: {value,
// unit}}, "artifacts": {"found": ..., "list": [...]}}; null for a value that does not exist.
// "quality" is the verdict by the quality targets: {verdict, aspects: {name: {value, verdict}}}.
nlohmann::json report_json(const measure::SoundReport& report);

// A kind of artifact as its detector is called: "loudness_jump".
std::string artifact_name(measure::ArtifactKind kind);

// "good", "warning", "failure" or "unknown".
std::string_view verdict_name(measure::QualityVerdict verdict);

// What the quality targets make of it.
measure::QualityState quality_of(const measure::SoundReport& report);

}  // namespace syrinx::json
