// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/voice_settings.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace syrinx::voice {
namespace {

struct Field {
  std::string_view name;
  double VoiceSettings::*value;
  double least;
  double most;
};

constexpr std::array kFields = {
    Field{"pitch ratio", &VoiceSettings::pitch_ratio, kLeastPitchRatio, kMostPitchRatio},
    Field{"formant ratio", &VoiceSettings::formant_ratio, kLeastFormantRatio, kMostFormantRatio},
    Field{"intonation", &VoiceSettings::intonation, 0.0, kMostIntonation},
    Field{"tilt in dB per octave", &VoiceSettings::tilt_db_per_octave, -kMostTiltDbPerOctave,
          kMostTiltDbPerOctave},
    Field{"breathiness", &VoiceSettings::breathiness, 0.0, 1.0},
    Field{"roughness", &VoiceSettings::roughness, 0.0, 1.0},
    Field{"aspiration", &VoiceSettings::aspiration, 0.0, 1.0},
    Field{"whisper", &VoiceSettings::whisper, 0.0, 1.0},
    Field{"tremor in semitones", &VoiceSettings::tremor_semitones, 0.0, kMostTremorSemitones},
    Field{"tremor in Hz", &VoiceSettings::tremor_hz, kLeastTremorHz, kMostTremorHz},
};

}  // namespace

double ratio_of_semitones(double semitones) noexcept { return std::exp2(semitones / 12.0); }
double semitones_of_ratio(double ratio) noexcept { return 12.0 * std::log2(ratio); }

Result<void> validate(const VoiceSettings& settings) {
  for (const Field& field : kFields) {
    const double value = settings.*field.value;
    if (!(value >= field.least && value <= field.most))
      return make_error(ErrorCode::kInvalidArgument, "voice: the ", field.name, " is ", value,
                        "; give ", field.least, " to ", field.most);
  }
  return {};
}

VoiceSettings limited(const VoiceSettings& settings) noexcept {
  VoiceSettings within;
  for (const Field& field : kFields) {
    const double value = settings.*field.value;
    if (std::isfinite(value)) within.*field.value = std::clamp(value, field.least, field.most);
  }
  return within;
}

}  // namespace syrinx::voice
