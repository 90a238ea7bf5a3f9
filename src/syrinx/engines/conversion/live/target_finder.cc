// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/live/target_finder.h"

#include <algorithm>
#include <utility>

#include "syrinx/stages/voice/voice_targets.h"

namespace syrinx::conversion {
namespace {

constexpr std::size_t kEnoughReadings = 40;

}  // namespace

Result<voice::VoiceSettings> settings_for(const LiveTarget& target, double source_f0_hz) {
  if (target.empty()) return target.settings;
  SYRINX_ASSIGN(voice::VoiceSettings found, target.age
                                                ? voice::settings_to_age(*target.age, source_f0_hz)
                                                : voice::settings_to(target.to, source_f0_hz));
  const voice::VoiceSettings& more = target.settings;
  found.pitch_ratio *= more.pitch_ratio;
  found.formant_ratio *= more.formant_ratio;
  found.intonation *= more.intonation;
  found.tilt_db_per_octave += more.tilt_db_per_octave;
  found.breathiness = std::max(found.breathiness, more.breathiness);
  found.roughness = std::max(found.roughness, more.roughness);
  found.aspiration = more.aspiration;
  found.whisper = std::max(found.whisper, more.whisper);
  if (more.tremor_semitones > 0.0) {
    found.tremor_semitones = more.tremor_semitones;
    found.tremor_hz = more.tremor_hz;
  }
  return voice::limited(found);
}

std::optional<voice::VoiceSettings> TargetFinder::hear(double f0_hz) {
  if (target_.empty() || found_hz_ > 0.0 || !(f0_hz > 0.0)) return std::nullopt;
  heard_hz_.push_back(f0_hz);
  if (heard_hz_.size() < kEnoughReadings) return std::nullopt;
  const auto middle = heard_hz_.begin() + static_cast<std::ptrdiff_t>(heard_hz_.size() / 2);
  std::nth_element(heard_hz_.begin(), middle, heard_hz_.end());
  found_hz_ = *middle;
  auto settings = settings_for(target_, found_hz_);
  if (!settings) return std::nullopt;
  return *settings;
}

}  // namespace syrinx::conversion
