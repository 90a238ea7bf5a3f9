// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/mel.h"

// Mels come as bare numbers. One that was made for another model sounds like noise: so the numbers
// are looked at before they are believed.
namespace syrinx::vocoder {

// What the numbers of a mel mean.
enum class MelUnit {
  kNatural,   // ln of the amplitude: HiFi-GAN, WaveGlow, Vocos, BigVGAN, Tacotron 2 (NVIDIA).
  kLog10,     // log10 of the amplitude: MelGAN, Parallel WaveGAN, ESPnet.
  kDecibel,   // 20 log10 of the amplitude.
  kUnit,      // (20 log10 - 20 + 100) / 100 in [0, 1]: DiffWave, WaveRNN.
  kTacotron,  // The same in [-4, 4]: Tacotron of r9y9 and Rayhane Mamah.
  kLinear     // Amplitudes.
};

std::string_view to_string(MelUnit unit) noexcept;  // As parse_mel_unit() reads it: "natural".
// Errors: kInvalidArgument naming all that there are.
Result<MelUnit> parse_mel_unit(std::string_view name);

// What the numbers of a mel of this spec mean.
MelUnit unit_of(const MelSpec& spec) noexcept;

// Whether the values lie about 0 with a deviation of about 1, as those of a mel do whose every band
// has its mean taken away and is divided by its standard deviation; logarithms of speech lie lower.
bool looks_normalised(std::span<const float> values);

// What the numbers look like.
struct MelLook {
  MelUnit unit = MelUnit::kNatural;
  // Louder than triangles of unit area let speech be: made with triangles of unit height (HTK).
  bool unit_height = false;
  std::string why;  // A sentence: what was seen.
};

// Guesses from the range and the spread of the values; those that are not finite are passed over.
// `expected` is what they are taken for where they could be that as well. Pre: not empty.
MelLook look_at_mel(std::span<const float> values, MelUnit expected = MelUnit::kNatural);

// The mel in the unit that `to` means, from numbers that mean `unit`, clamped as `to` clamps.
float convert_mel_value(float value, MelUnit unit, const MelSpec& to) noexcept;

// A mel of other triangles as `to` would have seen the same sound: the smoothest non-negative
// spectrum that explains each frame of `from` (multiplicative updates, Lee & Seung 2001), through
// the filters of `to`. Close, not equal: bands narrower than the others' cannot be told apart.
// Errors: kUnsupported when rate, hop or FFT size differ, since frames then stand elsewhere; as
// validate(to).
Result<Mel> convert_mel(const Mel& from, const MelSpec& to);

// The conventions of dsp/mel_analysis.h by name: hifigan, hifigan-nyquist, diffwave, vocos,
// bigvgan, melgan, parallel-wavegan. Errors: kInvalidArgument naming all that there are.
Result<MelSpec> mel_spec_by_name(std::string_view name);

}  // namespace syrinx::vocoder
