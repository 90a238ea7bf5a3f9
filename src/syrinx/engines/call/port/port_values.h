// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "syrinx/stages/enhance/echo/echo_canceller.h"

// What goes into a speech port and what comes out of it, beside the sound.
namespace syrinx::call {

// Something that is said in one go, of however many sentences; never given twice. 0: none.
using UtteranceId = std::uint32_t;

// When the other side interrupts.
struct BargeInOptions {
  bool detect = true;
  bool stops = true;  // Stops what is said, as SpeechPort::stop() does, at once.
  // Speech of the other side for so long is an interruption: 20 to 1000. It is found 30 to 100 ms
  // after that: the spectrum, the canceller and the voice in it need their time.
  double least_speech_ms = 50.0;
  double threshold = 0.5;       // Of the score of enhance::VoiceActivityDetector: 0 to 1.
  double hang_over_ms = 300.0;  // Without speech before the next one can begin: 0 to 10000.
};

struct SpeechPortOptions {
  int sample_rate_hz = 16'000;  // Of the leg: its session's.
  int listen_rate_hz = 0;       // Of what listen() gives, 8000 to 48000 in hundreds; 0: the leg's.
  double speech_s = 10.0;       // Of speech that may wait to be said: 0.1 to 120.
  double listen_s = 2.0;        // Of heard sound that may wait for listen(): 0.1 to 120.
  bool cancel_echo = true;      // Off: what is heard passes as it is.
  enhance::EchoOptions echo;
  BargeInOptions barge_in;
};

// Samples are those of the leg's rate, counted from the first exchange on; what an exchange gives
// to be said comes after what it was given to hear.
struct PortEvent {
  enum class Kind : std::uint8_t {
    kBegan,        // The first sample of `utterance` is said.
    kFinished,     // It was said to its end.
    kStopped,      // It was cut off, or nothing of it was said: `said_samples` were.
    kSpeechBegan,  // The other side speaks, since about `since_sample`,
    kSpeechEnded,  // and no more.
    kBargeIn,      // It began to while `utterance` was said; comes beside kSpeechBegan.
  };
  Kind kind = Kind::kBegan;
  UtteranceId utterance = 0;
  std::uint64_t at_sample = 0;
  std::uint64_t since_sample = 0;
  std::uint64_t said_samples = 0;  // Of `utterance`, the 5 ms of its fading included.
};
const char* name_of(PortEvent::Kind kind) noexcept;

// How much of the last utterance that was begun to be said has been.
struct Said {
  UtteranceId utterance = 0;
  std::uint32_t samples = 0;
};

struct SpeechPortStatistics {
  std::uint64_t samples = 0;          // Of the leg's time.
  std::uint64_t said_samples = 0;     // Of all utterances,
  std::uint64_t dropped_samples = 0;  // that were written and never said,
  std::uint64_t starved = 0;          // and times that one broke off for want of samples.
  std::uint64_t unheard_samples = 0;  // That listen() lost, for want of room; of its rate.
  std::uint64_t speech_begins = 0;    // Of the other side,
  std::uint64_t barge_ins = 0;        // and of them while something was said.
  std::uint64_t events_dropped = 0;
  enhance::EchoStatistics echo;
};

}  // namespace syrinx::call
