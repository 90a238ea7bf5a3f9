// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/settings_glide.h"

#include <cmath>

namespace syrinx::voice {
namespace {

double between(double from, double to, double share) noexcept { return from + share * (to - from); }
double ratio_between(double from, double to, double share) noexcept {
  return from == to ? to : from * std::pow(to / from, share);
}

}  // namespace

void SettingsGlide::aim(const VoiceSettings& target) noexcept {
  if (target == target_) return;
  from_ = now_;
  target_ = target;
  left_ = kSteps;
}

void SettingsGlide::finish() noexcept {
  now_ = from_ = target_;
  left_ = 0;
}

bool SettingsGlide::step() noexcept {
  if (left_ == 0) return false;
  if (--left_ == 0) {
    finish();
    return true;
  }
  const double share = 1.0 - static_cast<double>(left_) / kSteps;
  const auto glide = [&](double VoiceSettings::*value) {
    now_.*value = between(from_.*value, target_.*value, share);
  };
  now_.pitch_ratio = ratio_between(from_.pitch_ratio, target_.pitch_ratio, share);
  now_.formant_ratio = ratio_between(from_.formant_ratio, target_.formant_ratio, share);
  for (const auto value :
       {&VoiceSettings::intonation, &VoiceSettings::tilt_db_per_octave, &VoiceSettings::breathiness,
        &VoiceSettings::roughness, &VoiceSettings::aspiration, &VoiceSettings::whisper,
        &VoiceSettings::tremor_semitones, &VoiceSettings::tremor_hz})
    glide(value);
  return true;
}

}  // namespace syrinx::voice
