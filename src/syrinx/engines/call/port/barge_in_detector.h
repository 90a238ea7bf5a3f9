// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/engines/call/port/port_values.h"
#include "syrinx/stages/enhance/vad/voice_activity.h"

namespace syrinx::call {

// Mean squares of a hop of 10 ms.
struct HopPower {
  double heard = 0.0;  // What came,
  double clean = 0.0;  // what the canceller left of it,
  double said = 0.0;   // and what was said ourselves.
};

// Whether the other side speaks, every 10 ms, in what an echo canceller left: what the detector of
// speech takes for it, unless nearly all that was heard was echo, or may have been while the
// canceller does not know the way yet.
class BargeInDetector {
 public:
  // Errors: kInvalidArgument, with the option.
  static Result<BargeInDetector> create(int sample_rate_hz, const BargeInOptions& options);

  // A hop after the canceller. `canceller_knows`: that it has found the echo's way, or had time to.
  void take(std::span<const float> hop, const HopPower& power,
            bool canceller_knows) noexcept SYRINX_REALTIME;
  bool speech() const noexcept { return speech_; }
  // Since so many hops, the last one included; of the speech that is there.
  std::size_t speech_hops() const noexcept { return hops_since_; }

 private:
  static constexpr std::size_t kEchoHops = 75;  // How late an echo may come: 750 ms.

  BargeInDetector(enhance::VoiceActivityDetector detector, const BargeInOptions& options);
  bool from_near(const HopPower& power, bool canceller_knows) noexcept;
  void decide(bool near_speech) noexcept;

  enhance::VoiceActivityDetector detector_;
  double threshold_;
  int least_hops_;
  int hang_over_hops_;
  std::array<double, kEchoHops> said_{};  // The last hops'.
  std::size_t said_at_ = 0;
  double heard_power_ = 0.0;  // Smoothed over some hops, as is
  double clean_power_ = 0.0;
  int run_ = 0;         // Hops of speech, less those between them.
  int quiet_hops_ = 0;  // Since the last hop of speech.
  bool speech_ = false;
  std::size_t hops_since_ = 0;
};

}  // namespace syrinx::call
