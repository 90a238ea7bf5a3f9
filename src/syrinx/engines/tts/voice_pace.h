// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <stop_token>

#include "syrinx/core/base/result.h"
#include "syrinx/engines/tts/speech_stream.h"

// How fast voices talk by themselves, so that those of one book can keep one pace.
namespace syrinx::tts {

// How long the voice takes for sentences that are the same for all voices of its language (the
// English ones are of the Harvard sentences, IEEE 1969): from each one's first word to its last, in
// seconds, what the user's own settings make of the voice left out. The voice speaks at the rate of
// its stream. Pre: it was made by SpeechStream::for_sentences(). Nothing for a language that there
// are no such sentences of. Errors: those of SpeechStream::say().
Result<std::optional<double>> measure_pace_s(SpeechStream& voice, const std::stop_token& stop);

// What a voice's rate is multiplied by so that it talks as fast as the narrator, by what
// measure_pace_s() gives for both: to the hundredth, and within kMinPaceFactor and kMaxPaceFactor,
// as who talks much slower than others is meant to.
double pace_factor(double voice_s, double narrator_s) noexcept;
inline constexpr double kMinPaceFactor = 0.75;
inline constexpr double kMaxPaceFactor = 1.35;

}  // namespace syrinx::tts
