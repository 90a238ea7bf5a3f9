// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/voice/voice_settings.h"

namespace syrinx::conversion {

// What a voice is to become, and what is asked for besides, which is multiplied or added to it.
struct LiveTarget {
  std::string to;                 // "female", "male", "child", "senior"; "" for none.
  std::optional<double> age;      // Instead of `to`.
  voice::VoiceSettings settings;  // On top.
  bool empty() const noexcept { return to.empty() && !age; }
};

// What the target asks for of a voice with this median F0. Errors: as voice::settings_to.
Result<voice::VoiceSettings> settings_for(const LiveTarget& target, double source_f0_hz);

// Listens to a voice until its F0 is known. Not real-time: beside the sound.
class TargetFinder {
 public:
  explicit TargetFinder(LiveTarget target) : target_(std::move(target)) {}

  // One reading of F0, 0 for none; some 20 a second. Gives settings once, when enough has been
  // heard (two seconds of voice); nothing where the target does not go with what was heard.
  std::optional<voice::VoiceSettings> hear(double f0_hz);
  // The median of what was heard, when found; else 0.
  double source_f0_hz() const noexcept { return found_hz_; }

 private:
  LiveTarget target_;
  std::vector<double> heard_hz_;
  double found_hz_ = 0.0;
};

}  // namespace syrinx::conversion
