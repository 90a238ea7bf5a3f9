// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/core/flow/phonemes.h"
#include "syrinx/core/flow/spoken.h"
#include "syrinx/core/flow/stream.h"
#include "syrinx/core/flow/text.h"

namespace syrinx::acoustic {

// What there is to know about a voice before it speaks.
struct VoiceInfo {
  std::string name;      // What a user types: "slt".
  std::string engine;    // What makes the sound: "flite".
  std::string language;  // BCP 47: "en-US".
  std::string gender;    // "female", "male" or "".
  std::string description;
  std::string licence;
  int sample_rate_hz = 0;
};

// What a model takes and makes of a plan.
struct VoiceTraits {
  bool pitch = true;             // The plan's pitch is heard; else it is read over.
  bool estimated_times = false;  // Times within the audio are apportioned, not the model's own.
  bool whole_rates = false;      // Its rate is rounded to 1, 2, 3 or 4: an oddity of some exports.
  bool reads_letters = false;    // Takes words as they are written: they need no pronunciation.
  // The espeak-ng voice ("en-us") whose phonemes the model was trained on; empty: none. Words sound
  // best when they come in these; in any other IPA they are understood.
  std::string espeak_voice;
  // The first part of a long sentence is better kept to this, so that it is heard soon. 0: no need.
  std::size_t first_words = 0;
  Prosody prosody;  // The user's own setting for this voice, on which the plan's comes.
};

// A sound that a voice was asked for and does not know, which it left out.
struct UnsaidSymbol {
  std::string symbol;
  SourceSpan source;
};

// One sentence made audible. Times are seconds from the start of `audio`.
struct Utterance {
  AudioBuffer audio;  // Mono at the voice's rate.
  std::vector<TimedWord> words;
  std::vector<TimedPhoneme> phonemes;  // Gap-free from 0 to the end of the audio.
  std::vector<UnsaidSymbol> unsaid;    // In order.
};

// An utterance whose times are known, while its sound may still be in the making.
struct BegunUtterance {
  Utterance utterance;                 // Without audio where `sound` is there.
  std::size_t frames = 0;              // Of all its sound.
  std::unique_ptr<AudioSource> sound;  // That gives them; none where utterance.audio is all of it.
};

// Turns a sentence into sound by one voice. The engine hands it sentences in order and does
// everything else (splitting, streaming, gain, resampling), so that any model fits behind it. One
// instance serves one thread at a time.
class SpeechModel {
 public:
  virtual ~SpeechModel() = default;

  virtual const VoiceInfo& info() const noexcept = 0;
  // How pronunciations must be written for this voice.
  virtual PhonemeSet phoneme_set() const noexcept = 0;
  virtual const VoiceTraits& traits() const noexcept = 0;
  // Speaks the words as they are pronounced, at the plan's rate and pitch; volume is the engine's.
  // A plan with nothing to pronounce gives a short silence without words. Words that share a source
  // are one timed word, whose text is the first of them: the author's own text is the engine's to
  // fill in. The same plan gives the same sound, unless the model draws noise (see VoiceOptions).
  // A stop is heard between parts of the work and, by networks, within it: soon after it, the call
  // is over. Errors: kInvalidArgument for prosody out of range or a word without a pronunciation in
  // phoneme_set(); kLimitExceeded for more than a sentence may have; kCancelled; kInternal when
  // the voice itself fails.
  virtual Result<Utterance> speak(const UtterancePlan& plan, const std::stop_token& stop = {}) = 0;
  // The same, but a voice that makes its sound in parts hands them out as it makes them: the
  // samples of speak(). The voice outlives `sound` and says nothing else while that is not at its
  // end. Errors: those of speak(); of the sound kCancelled and kInternal.
  virtual Result<BegunUtterance> begin(const UtterancePlan& plan,
                                       const std::stop_token& stop = {}) {
    SYRINX_ASSIGN(Utterance whole, speak(plan, stop));
    const std::size_t frames = whole.audio.frames();
    return BegunUtterance{std::move(whole), frames, nullptr};
  }
};

// The range that every model must accept; outside it, kInvalidArgument.
inline constexpr double kMinRate = 0.25;
inline constexpr double kMaxRate = 4.0;
inline constexpr double kMaxPitchSemitones = 12.0;

}  // namespace syrinx::acoustic
