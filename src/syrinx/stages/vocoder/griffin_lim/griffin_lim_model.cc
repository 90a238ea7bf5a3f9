// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/griffin_lim/griffin_lim_model.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <utility>

#include "syrinx/stages/vocoder/whole_mel.h"

namespace syrinx::vocoder {

GriffinLimModel::GriffinLimModel(MelInversion inversion, const MelSpec& mel,
                                 const GriffinLimOptions& options)
    : inversion_(std::move(inversion)), options_(options) {
  info_.family = "Griffin-Lim";
  info_.precision = "float32";
  info_.mel = mel;
}

Result<std::unique_ptr<VocoderModel>> GriffinLimModel::create(const MelSpec& mel,
                                                              const GriffinLimOptions& options) {
  SYRINX_TRY(validate(mel));
  if (options.rounds > 10'000 || !(options.momentum >= 0 && options.momentum < 1))
    return make_error(ErrorCode::kInvalidArgument, "Griffin-Lim of ", options.rounds,
                      " rounds with a momentum of ", options.momentum,
                      ": at most 10000, and in [0, 1)");
  SYRINX_ASSIGN(auto inversion, MelInversion::create(mel));
  return std::unique_ptr<VocoderModel>(new GriffinLimModel(std::move(inversion), mel, options));
}

Result<std::unique_ptr<VocoderStream>> GriffinLimModel::open_stream(std::size_t) const {
  return make_error(ErrorCode::kUnsupported,
                    "Griffin-Lim goes over an utterance as a whole, many times: it cannot stream");
}

Result<AudioBuffer> GriffinLimModel::synthesise(MelView mel,
                                                const SynthesisOptions& options) const {
  SYRINX_ASSIGN(const Mel own, take_mel(mel, info_.mel, options));
  const std::size_t bins = inversion_.bins();
  std::vector<float> magnitudes(own.frames() * bins), phases(magnitudes.size());
  const auto invert = [&](std::size_t i) {
    inversion_.apply(own.frame(i), std::span(magnitudes).subspan(i * bins, bins));
  };
  if (options.pool != nullptr) {
    options.pool->parallel_for(own.frames(), invert);
  } else {
    for (std::size_t i = 0; i < own.frames(); ++i) invert(i);
  }
  SeededNoise seeded(0);
  NoiseSource& noise = options.noise != nullptr ? *options.noise : seeded;
  SYRINX_TRY(noise.draw(phases));
  // A normal number's place in its distribution is even: so are the angles.
  for (float& v : phases)
    v = static_cast<float>(std::numbers::pi * std::erf(double{v} / std::numbers::sqrt2));
  const auto on_round = [&](double share) {
    report(options, share);
    return !options.stop.stop_requested();
  };
  SYRINX_ASSIGN(const auto signal, griffin_lim(magnitudes, phases, info_.mel, options_, on_round));
  // The first frame begins in what the analysis put before the signal.
  const MelSpec& spec = info_.mel;
  const std::size_t before = spec.padding == MelPadding::kReflectSame
                                 ? (spec.fft_size - std::min(spec.fft_size, spec.hop_samples)) / 2
                                 : spec.fft_size / 2;
  AudioBuffer audio(1, own.frames() * spec.hop_samples, spec.sample_rate_hz);
  const std::span<float> out = audio.channel(0);
  std::fill(out.begin(), out.end(), 0.0F);
  std::copy_n(signal.begin() + static_cast<std::ptrdiff_t>(before),
              std::min(out.size(), signal.size() - before), out.begin());
  return audio;
}

// Magnitudes and phases, the complex spectra and those of the round before; the mel; the signal and
// its weights, and the sound.
std::size_t GriffinLimModel::synthesis_bytes(std::size_t frames, std::size_t) const noexcept {
  const std::size_t each_frame =
      inversion_.bins() * (2 * sizeof(float) + 2 * sizeof(std::complex<float>)) +
      info_.mel.bands * sizeof(float);
  const std::size_t samples = frames * info_.mel.hop_samples + info_.mel.fft_size;
  return frames * each_frame + 3 * samples * sizeof(float);
}

}  // namespace syrinx::vocoder
