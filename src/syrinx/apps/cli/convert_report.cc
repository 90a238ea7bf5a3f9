// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/convert_report.h"

#include <cstdio>
#include <string>

#include "syrinx/apps/cli/optional_json.h"
#include "syrinx/apps/json/report_json.h"

namespace syrinx::cli {
namespace {

using nlohmann::json;

std::string words(double value, const char* format) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

}  // namespace

json settings_json(const voice::VoiceSettings& settings) {
  return {{"pitch_ratio", settings.pitch_ratio},
          {"pitch_semitones", voice::semitones_of_ratio(settings.pitch_ratio)},
          {"formant_ratio", settings.formant_ratio},
          {"intonation", settings.intonation},
          {"tilt_db_per_octave", settings.tilt_db_per_octave},
          {"breathiness", settings.breathiness},
          {"roughness", settings.roughness},
          {"aspiration", settings.aspiration},
          {"whisper", settings.whisper},
          {"tremor_semitones", settings.tremor_semitones},
          {"tremor_hz", settings.tremor_hz}};
}

json f0_json(const conversion::F0Summary& f0) {
  return {{"median_hz", f0.median_hz},
          {"low_hz", f0.low_hz},
          {"high_hz", f0.high_hz},
          {"voiced_share", f0.voiced_share}};
}

json quality_json(const conversion::ConversionQuality& quality,
                  const conversion::ConversionGrades& grades) {
  using measure::QualityAspect;
  json formants = json::array();
  for (const auto& ratio : quality.formant_ratios) formants.push_back(value_or_null(ratio));
  return {{"duration_error", quality.duration_error},
          {"voiced_frames", quality.voiced_frames},
          {"f0_ratio", value_or_null(quality.f0_ratio)},
          {"f0_error_rms", value_or_null(quality.f0_error_rms)},
          {"f0_gross_share", value_or_null(quality.f0_gross_share)},
          {"formant_ratios", formants},
          {"artifact_share", value_or_null(quality.measured[QualityAspect::kArtifactShare])},
          {"source_artifact_share", value_or_null(quality.source_artifact_share)},
          {"predicted_mos", value_or_null(quality.measured[QualityAspect::kPredictedMos])},
          {"source_mos", value_or_null(quality.source_mos)},
          {"melody_agreement", value_or_null(quality.melody_agreement)},
          {"envelope_agreement", value_or_null(quality.envelope_agreement)},
          {"grades", grades_json(grades)},
          {"verdict", syrinx::json::verdict_name(quality.verdict.verdict)},
          {"missing", quality.missing}};
}

json grades_json(const conversion::ConversionGrades& grades) {
  json list = json::object();
  for (std::size_t i = 0; i < conversion::kGrades; ++i) {
    const conversion::Grade& grade = *conversion::all_of(grades)[i];
    const auto met = grade.met();
    list[std::string(conversion::kGradeNames[i])] = {
        {"value", value_or_null(grade.value)},
        {grade.low_is_good ? "below" : "at_least", grade.target},
        {"met", met ? json(*met) : json()}};
  }
  return list;
}

json improved_json(const conversion::Improved& improved) {
  json tries = json::array();
  for (const conversion::Try& one : improved.tries)
    tries.push_back({{"name", one.name},
                     {"amount", one.making.amount},
                     {"thorough", one.making.thorough},
                     {"mend_clicks", one.making.mend_clicks},
                     {"smooth_spectra", one.making.smooth_spectra},
                     {"grades", grades_json(one.grades)},
                     {"missing", one.shortfall},
                     {"kept", one.kept},
                     {"reason", one.reason}});
  json loudness = nullptr;
  if (improved.loudness)
    loudness = {{"level_db", improved.loudness->level_db},
                {"tilt_db_per_octave", improved.loudness->tilt_db_per_octave},
                {"distance_before", improved.loudness->distance_before},
                {"distance", improved.loudness->distance_after},
                {"steps", improved.loudness->steps}};
  return {{"tries", tries},
          {"loudness", loudness},
          {"missing_before", improved.tries.front().shortfall},
          {"missing", conversion::shortfall(improved.grades)},
          {"ended", improved.ended}};
}

json prosody_json(const conversion::Prosody& prosody) {
  return {{"seconds", prosody.seconds},
          {"voiced_s", prosody.voiced_s},
          {"f0_median_hz", prosody.f0_median_hz},
          {"f0_range_semitones", prosody.f0_range_semitones},
          {"syllables_per_s", prosody.syllables_per_s},
          {"pause_share", prosody.pause_share},
          {"level_db", prosody.level_db},
          {"dynamics_db", prosody.dynamics_db},
          {"tilt_db", prosody.tilt_db}};
}

json consistency_json(const conversion::StyleConsistency& consistency) {
  json deviations = json::array();
  for (const conversion::StyleDeviation& one : consistency.deviations)
    deviations.push_back({{"begin_s", one.begin_s},
                          {"end_s", one.end_s},
                          {"what", one.what},
                          {"value", one.value},
                          {"usual", one.usual},
                          {"unit", one.unit},
                          {"deviations", one.deviations}});
  return {{"stretch_s", consistency.stretch_s},
          {"stretches", consistency.stretches},
          {"deviations", deviations}};
}

std::vector<conversion::PageFact> asked_facts(const voice::VoiceSettings& settings, double speed) {
  std::vector<conversion::PageFact> facts;
  const voice::VoiceSettings same;
  const auto add = [&](const char* name, double value, double unchanged, const char* format) {
    if (value != unchanged) facts.push_back({name, words(value, format)});
  };
  add("Pitch", voice::semitones_of_ratio(settings.pitch_ratio), 0.0, "%+.2f semitones");
  add("Formants", settings.formant_ratio, same.formant_ratio, "times %.3f");
  add("Speed", speed, 1.0, "times %.3f");
  add("Melody", settings.intonation, same.intonation, "times %.2f");
  add("Tilt", settings.tilt_db_per_octave, same.tilt_db_per_octave, "%+.1f dB per octave");
  add("Breathiness", settings.breathiness, same.breathiness, "%.2f of 1");
  add("Roughness", settings.roughness, same.roughness, "%.2f of 1");
  add("Aspiration", settings.aspiration, same.aspiration, "%.2f of 1");
  add("Whisper", settings.whisper, same.whisper, "%.2f of 1");
  add("Tremor", settings.tremor_semitones, same.tremor_semitones, "%.2f semitones");
  return facts;
}

std::vector<conversion::PageFact> measured_facts(const conversion::ConversionQuality& quality) {
  std::vector<conversion::PageFact> facts;
  const auto add = [&](const char* name, const std::optional<double>& value, const char* format) {
    if (value) facts.push_back({name, words(*value, format)});
  };
  if (quality.f0_ratio)
    add("Pitch", voice::semitones_of_ratio(*quality.f0_ratio), "%+.2f semitones");
  add("Error of pitch (RMS)", quality.f0_error_rms, "%.4f of it");
  add("First formant", quality.formant_ratios[0], "times %.3f");
  add("Second formant", quality.formant_ratios[1], "times %.3f");
  add("Third formant", quality.formant_ratios[2], "times %.3f");
  add("Agreement of melody", quality.melody_agreement, "%.3f of 1");
  add("Agreement of envelopes", quality.envelope_agreement, "%.3f of 1");
  add("Source: predicted MOS", quality.source_mos, "%.2f");
  add("Source: share of artifacts", quality.source_artifact_share, "%.3f");
  return facts;
}

}  // namespace syrinx::cli
