// SPDX-License-Identifier: Apache-2.0
#include "conversion/judging.h"

#include <cmath>
#include <cstdio>

#include "syrinx/stages/voice/voice_settings.h"

namespace syrinx::bench {

namespace {

nlohmann::json rate_of(const measure::WordErrors& words) {
  return words.words > 0 ? nlohmann::json(words.rate()) : nlohmann::json();
}

}  // namespace

void Sheet::add(const conversion::ConversionQuality& quality, const Job& job) {
  using measure::QualityAspect;
  ++sounds;
  const auto frames = static_cast<double>(quality.voiced_frames);
  const double rough = quality.f0_gross_share.value_or(1.0) * frames;
  voiced += frames;
  gross += rough;
  const double asked = voice::ratio_of_semitones(job.semitones);
  f0_level += frames * (quality.f0_ratio.value_or(asked) / asked - 1.0);
  f0_squares += std::pow(quality.f0_error_rms.value_or(0.0), 2.0) * (frames - rough);
  worst_duration = std::max(worst_duration, std::abs(quality.duration_error));
  for (std::size_t i = 0; i < 3; ++i)
    formant_error[i] += quality.formant_ratios[i].value_or(1.0) / job.formant_ratio - 1.0;
  artifact_share += quality.measured[QualityAspect::kArtifactShare].value_or(0.0);
  const auto heard = quality.measured[QualityAspect::kPredictedMos];
  if (!heard) return;
  ++with_mos;
  mos += *heard;
}

nlohmann::json Sheet::to_json() const {
  const double n = static_cast<double>(std::max<std::size_t>(1, sounds));
  const double m = static_cast<double>(std::max<std::size_t>(1, with_mos));
  nlohmann::json formants = nlohmann::json::array();
  for (const double error : formant_error) formants.push_back(error / n);
  return {{"sounds", sounds},
          {"f0_error_rms", std::sqrt(f0_squares / std::max(1.0, voiced - gross))},
          {"f0_level_error", f0_level / std::max(1.0, voiced)},
          {"f0_gross_share", gross / std::max(1.0, voiced)},
          {"worst_duration_error", worst_duration},
          {"formant_errors", formants},
          {"artifact_share", artifact_share / n},
          {"predicted_mos", with_mos > 0 ? nlohmann::json(mos / m) : nlohmann::json()},
          {"word_error_rate", rate_of(words)},
          {"word_error_rate_told", rate_of(told_words)}};
}

std::string header_row() {
  return "  F0 rms %  gross %  length %    F1 %    F2 %    F3 %  artif. %    MOS   WER %  told %";
}

std::string Sheet::row() const {
  const double n = static_cast<double>(std::max<std::size_t>(1, sounds));
  char mos_text[16] = "     -";
  if (with_mos > 0)
    std::snprintf(mos_text, sizeof mos_text, "%6.2f", mos / static_cast<double>(with_mos));
  char text[160];
  std::snprintf(text, sizeof text, "  %8.2f %8.2f %9.3f %7.1f %7.1f %7.1f %9.2f %s %7.1f",
                100.0 * std::sqrt(f0_squares / std::max(1.0, voiced - gross)),
                100.0 * gross / std::max(1.0, voiced), 100.0 * worst_duration,
                100.0 * formant_error[0] / n, 100.0 * formant_error[1] / n,
                100.0 * formant_error[2] / n, 100.0 * artifact_share / n, mos_text,
                100.0 * words.rate());
  if (told_words.words == 0) return text;
  char told[16];
  std::snprintf(told, sizeof told, " %7.1f", 100.0 * told_words.rate());
  return std::string(text) + told;
}

}  // namespace syrinx::bench
