// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/port/barge_in_detector.h"

#include <algorithm>
#include <bit>
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
constexpr double kOverEcho = 6.0;        // 8 dB over the loudest echo of late is somebody.
constexpr double kEchoMemory = 0.999;    // Per hop of 10 ms: ten seconds.
constexpr int kLearningHops = 100;       // Of speech, after which the loudest echo is known.
constexpr std::uint32_t kVoicedBits = 0x7FFF;  // Of the last 150 ms
constexpr int kVoicedHops = 3;                 // so many are voiced, or it is noise.
constexpr int kPauseCosts = 2;                 // Hops of a run that one without speech takes.

int hops_of(double ms) noexcept { return static_cast<int>(std::lround(ms / kHopMs)); }

}  // namespace

Result<BargeInDetector> BargeInDetector::create(int sample_rate_hz, const BargeInOptions& options) {
  if (!(options.least_speech_ms >= 20.0 && options.least_speech_ms <= 1'000.0))
    return make_error(ErrorCode::kInvalidArgument,
                      "an interruption is speech of 20 to 1000 ms, not ", options.least_speech_ms);
  enhance::VoiceActivityOptions activity;
  activity.threshold = options.threshold;
  activity.hang_over_ms = options.hang_over_ms;
  SYRINX_ASSIGN(auto in_heard, enhance::VoiceActivityDetector::create(sample_rate_hz, activity));
  SYRINX_ASSIGN(auto in_clean, enhance::VoiceActivityDetector::create(sample_rate_hz, activity));
  return BargeInDetector(std::move(in_heard), std::move(in_clean), options);
}

BargeInDetector::BargeInDetector(enhance::VoiceActivityDetector in_heard,
                                 enhance::VoiceActivityDetector in_clean,
                                 const BargeInOptions& options)
    : in_heard_(std::move(in_heard)),
      in_clean_(std::move(in_clean)),
      heard_voicing_(in_heard_.sample_rate_hz()),
      clean_voicing_(in_heard_.sample_rate_hz()),
      threshold_(options.threshold),
      least_hops_(hops_of(options.least_speech_ms)),
      hang_over_hops_(hops_of(options.hang_over_ms)) {}

void BargeInDetector::follow(const HopPower& power) noexcept {
  said_[said_at_] = power.said;
  said_at_ = (said_at_ + 1) % kEchoHops;
  loudest_said_ = *std::max_element(said_.begin(), said_.end());
  heard_power_ += (1.0 - kSmoothing) * (power.heard - heard_power_);
  clean_power_ += (1.0 - kSmoothing) * (power.clean - clean_power_);
}

// What was heard a while ago was echo or noise if nobody has been found to speak since.
void BargeInDetector::learn_echo() noexcept {
  const double ratio = ratios_[ratio_at_];
  ratios_[ratio_at_] = loudest_said_ > kAudibleSaid ? heard_power_ / loudest_said_ : 0.0;
  ratio_at_ = (ratio_at_ + 1) % kWaitHops;
  if (speech_) ratios_.fill(0.0);
  if (ratio <= 0.0 || speech_) return;
  echo_ratio_ = std::max(ratio, kEchoMemory * echo_ratio_);
  learnt_hops_ = std::min(learnt_hops_ + 1, kLearningHops);
}

bool BargeInDetector::louder_than_echo() const noexcept {
  if (heard_power_ < kLeastPower) return false;
  if (loudest_said_ < kAudibleSaid) return true;
  return learnt_hops_ == kLearningHops && heard_power_ > kOverEcho * echo_ratio_ * loudest_said_;
}

bool BargeInDetector::left_by_canceller(bool canceller_knows) const noexcept {
  if (clean_power_ < kLeastPower) return false;
  if (loudest_said_ < kAudibleSaid) return true;
  if (!canceller_knows && heard_power_ < kLouderThanSaid * loudest_said_) return false;
  return clean_power_ > kNearShare * heard_power_;
}

void BargeInDetector::decide(bool near_speech, bool near_voiced) noexcept {
  voiced_ = voiced_ << 1 | (near_voiced ? 1U : 0U);
  quiet_hops_ = near_speech ? 0 : quiet_hops_ + 1;
  run_ = near_speech ? run_ + 1 : std::max(0, run_ - kPauseCosts);
  hops_since_ = speech_ || run_ > 0 ? hops_since_ + 1 : 0;
  if (!speech_ && run_ >= least_hops_ && std::popcount(voiced_ & kVoicedBits) >= kVoicedHops) {
    speech_ = true;
  } else if (speech_ && quiet_hops_ > hang_over_hops_) {
    speech_ = false;
    run_ = 0;
    hops_since_ = 0;
  }
}

void BargeInDetector::take(std::span<const float> heard, std::span<const float> clean,
                           const HopPower& power, bool canceller_knows) noexcept {
  const int rate_hz = in_heard_.sample_rate_hz();
  const bool heard_speech = in_heard_.process({heard, rate_hz}) > threshold_;
  const bool clean_speech = in_clean_.process({clean, rate_hz}) > threshold_;
  follow(power);
  const bool believe_heard = louder_than_echo();
  const bool believe_clean = left_by_canceller(canceller_knows);
  const bool heard_voiced = heard_voicing_.take(heard);
  const bool clean_voiced = clean_voicing_.take(clean);
  decide((heard_speech && believe_heard) || (clean_speech && believe_clean),
         (heard_voiced && believe_heard) || (clean_voiced && believe_clean));
  learn_echo();
}

}  // namespace syrinx::call
