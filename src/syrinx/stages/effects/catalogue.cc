// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/effects/catalogue.h"

#include <algorithm>
#include <string>

#include "syrinx/stages/effects/builtin.h"

namespace syrinx::effects {
namespace {

constexpr std::size_t kBlockFrames = 4'096;

constexpr CatalogueEntry kEntries[] = {
    {"gain", "louder or softer", make_gain},
    {"pan", "left or right, equal power, 0 dB in the middle (stereo)", make_pan},
    {"width", "0 is mono, 1 as it is, 2 twice the side signal (stereo)", make_width},
    {"mid_side", "levels of what the channels share and of what differs (stereo)", make_mid_side},
    {"dc_removal", "first-order high pass below hearing", make_dc_removal},
    {"eq", "eight bands: peaks, shelves, low and high pass, notch; linear phase if wanted",
     make_equaliser},
    {"presence", "a wide bell where consonants are", make_presence},
    {"warmth", "a low shelf and gentle saturation (odd harmonics)", make_warmth},
    {"exciter", "harmonics made of the highs and added to them", make_exciter},
    {"compressor", "softer above a threshold", make_compressor},
    {"limiter", "true peaks never above a ceiling; looks ahead", make_limiter},
    {"expander", "softer below a threshold", make_expander},
    {"gate", "closed below a threshold, with hysteresis and hold", make_gate},
    {"agc", "slowly to a steady level", make_agc},
    {"deesser", "softer highs while they hiss", make_deesser},
    {"delay", "echo with feedback and damping", make_delay},
    {"reverb", "a room: sixteen delays in a loop, with decay and damping", make_reverb},
    {"position", "somewhere about the head, by a spherical head model (stereo)", make_position},
};

}  // namespace

std::span<const CatalogueEntry> catalogue() noexcept { return kEntries; }

Result<std::unique_ptr<Effect>> make_effect(std::string_view name) {
  std::string known;
  for (const CatalogueEntry& entry : kEntries) {
    if (entry.name == name) return entry.make();
    known += (known.empty() ? "" : ", ") + std::string(entry.name);
  }
  return make_error(ErrorCode::kNotFound, "there is no effect '", name, "'; there are ", known);
}

Result<AudioBuffer> apply(Effect& effect, AudioView audio) {
  SYRINX_TRY(effect.prepare({audio.sample_rate_hz(), audio.channels(), kBlockFrames}));
  const std::size_t latency = effect.latency_samples();
  AudioBuffer padded(audio);
  padded.resize(audio.frames() + latency);
  for (std::size_t at = 0; at < padded.frames(); at += kBlockFrames)
    effect.process(padded.view().slice(at, std::min(kBlockFrames, padded.frames() - at)));
  return AudioBuffer(padded.view().slice(latency, audio.frames()));
}

}  // namespace syrinx::effects
