// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/party_sound.h"

#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/io/audio_file.h"

namespace syrinx::call {

namespace {

Result<AudioBuffer> sound_of(const Party& party) {
  if (!party.spoken.empty()) return party.spoken;
  if (!party.says.empty())
    return make_error(ErrorCode::kInvalidArgument, "what ", party.name,
                      " says is a text that nobody has spoken; set Party::spoken");
  SYRINX_ASSIGN(AudioBuffer sound, io::read_audio(party.sound));
  if (sound.empty())
    return make_error(ErrorCode::kInvalidArgument, "'", party.sound.string(),
                      "' has no sound in it");
  return sound;
}

}  // namespace

Result<AudioBuffer> read_party_sound(const Party& party, int sample_rate_hz) {
  SYRINX_ASSIGN(const AudioBuffer sound, sound_of(party));
  AudioBuffer mono(1, sound.frames(), sound.sample_rate_hz());
  const float share = 1.0f / static_cast<float>(sound.channels());
  for (std::size_t c = 0; c < sound.channels(); ++c)
    for (std::size_t i = 0; i < sound.frames(); ++i)
      mono.channel(0)[i] += share * sound.channel(c)[i];
  return dsp::resample(mono, sample_rate_hz);
}

}  // namespace syrinx::call
