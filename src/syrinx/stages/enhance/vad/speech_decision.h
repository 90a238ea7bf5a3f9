// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/enhance/vad/voice_activity.h"

namespace syrinx::enhance {

// kInvalidArgument, with the value, for options out of range.
Result<void> validate(const VoiceActivityOptions& options);

// From scores to speech or none: threshold, onset and hang-over, in whole hops.
class SpeechDecision {
 public:
  SpeechDecision(const VoiceActivityOptions& options, double hop_ms) noexcept
      : threshold_(options.threshold),
        least_hops_(static_cast<int>(std::lround(options.least_speech_ms / hop_ms))),
        hang_over_hops_(static_cast<int>(std::lround(options.hang_over_ms / hop_ms))) {}

  void add(double score) noexcept {
    above_ = score > threshold_ ? above_ + 1 : 0;
    if (above_ > 0 && above_ >= least_hops_) {
      speech_ = true;
      hang_over_ = hang_over_hops_;
    } else if (speech_ && above_ == 0 && hang_over_-- <= 0) {
      speech_ = false;
    }
  }
  bool speech() const noexcept { return speech_; }
  void reset() noexcept {
    above_ = hang_over_ = 0;
    speech_ = false;
  }

 private:
  double threshold_;
  int least_hops_;
  int hang_over_hops_;
  int above_ = 0;      // Hops in a row over the threshold.
  int hang_over_ = 0;  // Hops that speech still goes on.
  bool speech_ = false;
};

}  // namespace syrinx::enhance
