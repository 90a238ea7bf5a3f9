// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stop_token>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/stream.h"
#include "syrinx/stages/acoustic/speech_model.h"

// What becomes of the sound of an utterance before it stands in a sentence: its edges, its volume,
// its parts. Private to the folder.
namespace syrinx::tts {

// Multiplies in place, holds what exceeds full scale, and returns how many samples that were.
std::uint64_t apply_volume(MutableAudioView audio, double volume_db);

// Silence at an edge where speech goes on, but for a breath of 30 ms, in seconds.
double silence_before(const acoustic::Utterance& spoken);
double silence_after(const acoustic::Utterance& spoken);
// How much of an end of the sound is below hearing beside its loudest sample (50 dB), but for the
// breath that a join keeps. `step` 1 counts from the front, -1 from the back.
double quiet_edge_s(const AudioBuffer& audio, int step);

// The frames of an utterance that are kept.
struct Kept {
  std::size_t begin = 0;
  std::size_t end = 0;
};
Kept kept_of(std::size_t frames, double rate, double before_s, double after_s);
// Times as they are within what is kept.
void move_times(acoustic::Utterance& spoken, Kept kept, double rate);
// Takes so much off both edges, with its times.
void trim(acoustic::Utterance& spoken, double before_s, double after_s);

// Both ends rise from and fall to nothing within 5 ms, so that no join clicks.
void fade_edges(AudioBuffer& audio);

// Sound that a voice is still making, of which some is passed over.
struct SoundToCome {
  std::unique_ptr<AudioSource> source;
  std::size_t skip = 0;  // Samples before the first that is heard.
  std::size_t left = 0;  // That are heard.
  double volume_db = 0;
};
// The next samples of it; false, and none, at its end. Errors: the voice's; kInternal when it made
// less than it said.
Result<bool> take_sound(SoundToCome& sound, AudioBuffer& block, const std::stop_token& stop);

}  // namespace syrinx::tts
