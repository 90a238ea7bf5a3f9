// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <vector>

#include "syrinx/engines/conversion/conversion_grades.h"
#include "syrinx/engines/conversion/conversion_quality.h"
#include "syrinx/engines/conversion/conversion_stream.h"
#include "syrinx/engines/conversion/improve/improve.h"
#include "syrinx/engines/conversion/page/conversion_page.h"
#include "syrinx/engines/conversion/style/prosody.h"

// What `syrinx convert` reports, as JSON and as rows of its page.
namespace syrinx::cli {

nlohmann::json settings_json(const voice::VoiceSettings& settings);
nlohmann::json f0_json(const conversion::F0Summary& f0);
// With "grades": of each measure its value, its target and whether that is met; null for what was
// not measured.
nlohmann::json quality_json(const conversion::ConversionQuality& quality,
                            const conversion::ConversionGrades& grades);
nlohmann::json grades_json(const conversion::ConversionGrades& grades);
nlohmann::json improved_json(const conversion::Improved& improved);
nlohmann::json prosody_json(const conversion::Prosody& prosody);
nlohmann::json consistency_json(const conversion::StyleConsistency& consistency);

// Settings that change something, in words.
std::vector<conversion::PageFact> asked_facts(const voice::VoiceSettings& settings, double speed);
std::vector<conversion::PageFact> measured_facts(const conversion::ConversionQuality& quality);

}  // namespace syrinx::cli
