// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "syrinx/core/nn/weights/weight_file.h"
#include "syrinx/stages/vocoder/model_kind.h"
#include "syrinx/stages/vocoder/vocoder.h"
#include "syrinx/stages/vocoder/waveglow/spectral_denoiser.h"
#include "syrinx/stages/vocoder/waveglow/waveglow_network.h"

namespace syrinx::vocoder {

// WaveGlow, in whole utterances or as a stream. Draws the last flow's channels, one after the other
// over all rows, then those of each early output when their turn comes; all times sigma.
class WaveGlowModel final : public VocoderModel {
 public:
  // Errors: those of WaveGlowNetwork::build; kUnsupported for a mel whose hop is not 256;
  // kNotFound, kCorruptData naming a tensor that is missing, of another shape or not finite.
  static Result<std::unique_ptr<VocoderModel>> load(const nn::WeightFile& file,
                                                    const ModelKind& kind,
                                                    const VocoderOptions& options);
  static Result<std::unique_ptr<VocoderModel>> create(WaveGlowNetwork network, const MelSpec& mel);

  const VocoderInfo& info() const noexcept override { return info_; }
  bool makes_wholes() const noexcept override { return true; }
  Result<std::unique_ptr<VocoderStream>> open_stream(std::size_t max_block_frames) const override;
  Result<std::unique_ptr<VocoderStream>> open_stream_from_noise(
      std::size_t max_block_frames, const StreamOptions& options) const override;
  Result<AudioBuffer> synthesise(MelView mel, const SynthesisOptions& options) const override;

 private:
  WaveGlowModel(WaveGlowNetwork network, const MelSpec& mel);
  std::vector<std::byte> upsampled(const Mel& mel, ThreadPool* pool) const;
  Result<AudioBuffer> infer(const Mel& mel, const SynthesisOptions& options) const;
  Result<const SpectralDenoiser*> denoiser(ThreadPool* pool) const;

  WaveGlowNetwork network_;
  VocoderInfo info_;
  mutable std::mutex denoiser_mutex_;
  mutable std::optional<SpectralDenoiser> denoiser_;  // Made when it is first wanted.
};

}  // namespace syrinx::vocoder
