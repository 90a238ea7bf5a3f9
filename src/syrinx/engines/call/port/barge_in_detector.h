// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/engines/call/port/port_values.h"
#include "syrinx/engines/call/port/voicing.h"
#include "syrinx/stages/enhance/vad/voice_activity.h"

namespace syrinx::call {

// Mean squares of a hop of 10 ms.
struct HopPower {
  double heard = 0.0;  // What came,
  double clean = 0.0;  // what the canceller left of it, a little later,
  double said = 0.0;   // and what was said ourselves.
};

// Whether the other side speaks, every 10 ms. Two detectors of speech look, one at what was heard
// and one at what an echo canceller left of it. The first is believed where what is heard is much
// louder than any echo of late was, beside what was said; the other one where the canceller left
// much of what was heard, or, while it does not know the way, where that was louder than what was
// said. Some of it must be voiced: noise and clicks are not.
class BargeInDetector {
 public:
  // Errors: kInvalidArgument, with the option.
  static Result<BargeInDetector> create(int sample_rate_hz, const BargeInOptions& options);

  // A hop before and after the canceller. `canceller_knows`: that it has found the echo's way, or
  // had time to.
  void take(std::span<const float> heard, std::span<const float> clean, const HopPower& power,
            bool canceller_knows) noexcept SYRINX_REALTIME;
  bool speech() const noexcept { return speech_; }
  // Since so many hops, the last one included; of the speech that is there.
  std::size_t speech_hops() const noexcept { return hops_since_; }

 private:
  static constexpr std::size_t kEchoHops = 75;  // How late an echo may come: 750 ms.
  static constexpr std::size_t kWaitHops = 25;  // Before a hop counts as echo: 250 ms.

  BargeInDetector(enhance::VoiceActivityDetector in_heard, enhance::VoiceActivityDetector in_clean,
                  const BargeInOptions& options);
  void follow(const HopPower& power) noexcept;
  void learn_echo() noexcept;
  bool louder_than_echo() const noexcept;
  bool left_by_canceller(bool canceller_knows) const noexcept;
  void decide(bool near_speech, bool near_voiced) noexcept;

  enhance::VoiceActivityDetector in_heard_;
  enhance::VoiceActivityDetector in_clean_;
  Voicing heard_voicing_;
  Voicing clean_voicing_;
  double threshold_;
  int least_hops_;
  int hang_over_hops_;
  std::array<double, kEchoHops> said_{};  // The last hops'.
  std::size_t said_at_ = 0;
  double loudest_said_ = 0.0;  // Of them.
  double heard_power_ = 0.0;   // Smoothed over some hops, as is
  double clean_power_ = 0.0;
  std::array<double, kWaitHops> ratios_{};  // Of heard to the loudest said; 0: nothing was.
  std::size_t ratio_at_ = 0;
  double echo_ratio_ = 0.0;   // The most of them of late.
  int learnt_hops_ = 0;       // That it was found in.
  int run_ = 0;               // Hops of speech, less those between them.
  std::uint32_t voiced_ = 0;  // A bit for each of the last hops.
  int quiet_hops_ = 0;        // Since the last hop of speech.
  bool speech_ = false;
  std::size_t hops_since_ = 0;
};

}  // namespace syrinx::call
