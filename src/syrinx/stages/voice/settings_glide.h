// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/core/base/realtime.h"
#include "syrinx/stages/voice/voice_settings.h"

namespace syrinx::voice {

// Settings on their way to what was asked for: a straight line, ratios in octaves, over kSteps
// steps of 1 ms.
class SettingsGlide {
 public:
  static constexpr int kSteps = 30;

  explicit SettingsGlide(const VoiceSettings& settings) noexcept
      : from_(settings), now_(settings), target_(settings) {}

  const VoiceSettings& now() const noexcept { return now_; }
  const VoiceSettings& target() const noexcept { return target_; }
  void aim(const VoiceSettings& target) noexcept SYRINX_REALTIME;
  void finish() noexcept SYRINX_REALTIME;
  // A step further; whether anything changed.
  bool step() noexcept SYRINX_REALTIME;

 private:
  VoiceSettings from_;
  VoiceSettings now_;
  VoiceSettings target_;
  int left_ = 0;
};

}  // namespace syrinx::voice
