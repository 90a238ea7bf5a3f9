// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/port/barge_in_detector.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace syrinx::call {
namespace {

constexpr double kHopMs = 10.0;
constexpr double kSmoothing = 0.6;       // Of the powers, per hop: the canceller is 16 ms late.
constexpr double kAudibleSaid = 1e-7;    // -70 dBFS: nobody hears an echo of less.
constexpr double kNearShare = 0.1;       // What a near end leaves of the sound; of echo, less does.
constexpr double kLouderThanSaid = 0.5;  // -3 dB: an echo is no louder.
constexpr double kLeastPower = 1e-6;     // -60 dBFS: who is softer does not interrupt.
constexpr int kPauseCosts = 2;           // Hops of a run that one without speech takes.

int hops_of(double ms) noexcept { return static_cast<int>(std::lround(ms / kHopMs)); }

}  // namespace

Result<BargeInDetector> BargeInDetector::create(int sample_rate_hz, const BargeInOptions& options) {
  if (!(options.least_speech_ms >= 20.0 && options.least_speech_ms <= 1'000.0))
    return make_error(ErrorCode::kInvalidArgument,
                      "an interruption is speech of 20 to 1000 ms, not ", options.least_speech_ms);
  enhance::VoiceActivityOptions activity;
  activity.threshold = options.threshold;
  activity.hang_over_ms = options.hang_over_ms;
  SYRINX_ASSIGN(auto detector, enhance::VoiceActivityDetector::create(sample_rate_hz, activity));
  return BargeInDetector(std::move(detector), options);
}

BargeInDetector::BargeInDetector(enhance::VoiceActivityDetector detector,
                                 const BargeInOptions& options)
    : detector_(std::move(detector)),
      threshold_(options.threshold),
      least_hops_(hops_of(options.least_speech_ms)),
      hang_over_hops_(hops_of(options.hang_over_ms)) {}

// Whether what is left is of somebody there, and not of an echo.
bool BargeInDetector::from_near(const HopPower& power, bool canceller_knows) noexcept {
  said_[said_at_] = power.said;
  said_at_ = (said_at_ + 1) % kEchoHops;
  heard_power_ += (1.0 - kSmoothing) * (power.heard - heard_power_);
  clean_power_ += (1.0 - kSmoothing) * (power.clean - clean_power_);
  if (clean_power_ < kLeastPower) return false;
  const double said = *std::max_element(said_.begin(), said_.end());
  if (said < kAudibleSaid) return true;
  if (!canceller_knows && heard_power_ < kLouderThanSaid * said) return false;
  return clean_power_ > kNearShare * heard_power_;
}

void BargeInDetector::decide(bool near_speech) noexcept {
  quiet_hops_ = near_speech ? 0 : quiet_hops_ + 1;
  run_ = near_speech ? run_ + 1 : std::max(0, run_ - kPauseCosts);
  hops_since_ = speech_ || run_ > 0 ? hops_since_ + 1 : 0;
  if (!speech_ && run_ >= least_hops_) {
    speech_ = true;
  } else if (speech_ && quiet_hops_ > hang_over_hops_) {
    speech_ = false;
    run_ = 0;
    hops_since_ = 0;
  }
}

void BargeInDetector::take(std::span<const float> hop, const HopPower& power,
                           bool canceller_knows) noexcept {
  const double score = detector_.process({hop, detector_.sample_rate_hz()});
  const bool near = from_near(power, canceller_knows);
  decide(near && score > threshold_);
}

}  // namespace syrinx::call
