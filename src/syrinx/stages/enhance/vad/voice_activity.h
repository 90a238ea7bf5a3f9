// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

// Whether somebody speaks, every 10 ms.
namespace syrinx::enhance {

struct VoiceActivityOptions {
  double threshold = 0.5;         // Of the score, above which it is speech: 0 to 1.
  double hang_over_ms = 100.0;    // That speech goes on after the score fell.
  double least_speech_ms = 30.0;  // That the score must stay above before it is speech.
};

// One mono stream, one thread. An ensemble of what tells speech from noise in the short-time
// spectrum: likelihood ratio over a tracked noise floor (Sohn, Kim and Sung, IEEE Signal Processing
// Letters 6, 1999), periodicity, and how the level moves. Real-time safe.
class VoiceActivityDetector {
 public:
  // Errors: kInvalidArgument for a rate below 8,000 or above 48,000, or no multiple of 100, and for
  // options out of range.
  static Result<VoiceActivityDetector> create(int sample_rate_hz,
                                              VoiceActivityOptions options = {});
  VoiceActivityDetector(VoiceActivityDetector&&) noexcept;
  VoiceActivityDetector& operator=(VoiceActivityDetector&&) noexcept;
  ~VoiceActivityDetector();

  int sample_rate_hz() const noexcept;
  std::size_t hop_frames() const noexcept;  // 10 ms.

  // Takes one hop; gives how sure it is that this is speech, 0 to 1. A hop with a number that is
  // not finite counts as silence. Pre: mono, at this rate, hop_frames().
  float process(AudioView mono) noexcept SYRINX_REALTIME;
  // By threshold, onset and hang-over, after the last hop.
  bool speech() const noexcept;
  void reset() noexcept SYRINX_REALTIME;

 private:
  struct State;
  explicit VoiceActivityDetector(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

struct SpeechSegment {
  double begin_s = 0.0;
  double end_s = 0.0;
};

// The stretches of speech in a whole recording; channels are mixed. Errors: as create().
Result<std::vector<SpeechSegment>> find_speech(AudioView audio, VoiceActivityOptions options = {});

}  // namespace syrinx::enhance
