// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "syrinx/core/nn/weights/weight_file.h"
#include "syrinx/stages/vocoder/diffusion/sampler.h"
#include "syrinx/stages/vocoder/diffwave/diffwave_network.h"
#include "syrinx/stages/vocoder/model_kind.h"
#include "syrinx/stages/vocoder/vocoder.h"

namespace syrinx::vocoder {

// The noise that the published DiffWave is trained with: 1e-4 to 0.05 in 50 even steps.
NoiseSchedule diffwave_training_schedule();
// The published fast sampler: DDPM in the six steps 1e-4, 1e-3, 0.01, 0.05, 0.2, 0.5, within +-1.
SamplingPlan diffwave_fast_plan();

// DiffWave, in whole utterances or as a stream. Draws the utterance's samples first, then what the
// sampler draws.
class DiffWaveModel final : public VocoderModel {
 public:
  // Errors: those of DiffWaveNetwork::build; kUnsupported for a mel whose hop is not 256;
  // kNotFound, kCorruptData naming a tensor that is missing, of another shape or not finite.
  static Result<std::unique_ptr<VocoderModel>> load(const nn::WeightFile& file,
                                                    const ModelKind& kind,
                                                    const VocoderOptions& options);
  static Result<std::unique_ptr<VocoderModel>> create(DiffWaveNetwork network, const MelSpec& mel);

  const VocoderInfo& info() const noexcept override { return info_; }
  bool makes_wholes() const noexcept override { return true; }
  Result<std::unique_ptr<VocoderStream>> open_stream(std::size_t max_block_frames) const override;
  // Errors: also kUnsupported for a plan whose sampler is neither kDdpm nor kDdim; kLimitExceeded
  // for one of more than kMaxStreamedSteps steps.
  Result<std::unique_ptr<VocoderStream>> open_stream_from_noise(
      std::size_t max_block_frames, const StreamOptions& options) const override;
  static constexpr std::size_t kMaxStreamedSteps = 50;
  Result<AudioBuffer> synthesise(MelView mel, const SynthesisOptions& options) const override;

  // The noise in `x`, hop samples a frame, at a step of the training schedule: what the sampler
  // asks for. Errors: kInvalidArgument for other lengths.
  Result<std::vector<float>> predict(MelView mel, std::span<const float> x, double step,
                                     ThreadPool* pool = nullptr) const;

 private:
  DiffWaveModel(DiffWaveNetwork network, const MelSpec& mel);

  DiffWaveNetwork network_;
  VocoderInfo info_;
};

}  // namespace syrinx::vocoder
