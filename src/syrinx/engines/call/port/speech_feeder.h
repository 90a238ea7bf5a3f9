// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <stop_token>

#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/flow/stream.h"
#include "syrinx/engines/call/port/speech_port.h"

namespace syrinx::call {

// What became of a source that was said.
struct Fed {
  UtteranceId utterance = 0;
  std::uint64_t samples = 0;  // That were written, at the port's rate.
  bool stopped = false;       // The utterance was; the source was not read any further.
};

// Says a source (a tts::SpeechStream's sound, a file) through a port as one utterance: mixes its
// channels, brings it to the port's rate, and waits where there is no room. The port's writing
// thread while it is in one of its calls.
class SpeechFeeder {
 public:
  explicit SpeechFeeder(SpeechPort& port) noexcept : port_(port) {}

  // Returns when all was written, which may be before it is said, or soon after the utterance was
  // stopped. Errors: those of the source, of SpeechPort::begin() and of dsp::Resampler;
  // kCancelled. After an error the utterance ends with what was written.
  Result<Fed> say(AudioSource& source, const std::stop_token& stop = {});

 private:
  Result<void> pump(AudioSource& source, dsp::Resampler& resampler, Fed& fed,
                    const std::stop_token& stop);
  Result<void> convert(AudioView block, dsp::Resampler& resampler, Fed& fed,
                       const std::stop_token& stop);
  Result<void> write(std::span<const float> samples, Fed& fed, const std::stop_token& stop);

  SpeechPort& port_;
};

}  // namespace syrinx::call
