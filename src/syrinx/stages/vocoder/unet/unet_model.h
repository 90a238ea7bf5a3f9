// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "syrinx/core/nn/weights/weight_file.h"
#include "syrinx/stages/vocoder/diffusion/sampler.h"
#include "syrinx/stages/vocoder/model_kind.h"
#include "syrinx/stages/vocoder/unet/unet_network.h"
#include "syrinx/stages/vocoder/vocoder.h"

namespace syrinx::vocoder {

// The U-Net diffusion vocoder in whole utterances: trained on 1,000 even steps from 1e-4 to 0.02,
// by default run in 20 steps of DPM-Solver++. Draws the utterance's samples first, then what the
// sampler draws.
class UnetModel final : public VocoderModel {
 public:
  // The widths and strides are told by the tensors' shapes. Errors: those of UnetNetwork::build;
  // kUnsupported for a mel of another hop; kNotFound, kCorruptData naming a tensor that is missing,
  // of another shape or not finite.
  static Result<std::unique_ptr<VocoderModel>> load(const nn::WeightFile& file,
                                                    const ModelKind& kind,
                                                    const VocoderOptions& options);
  static Result<std::unique_ptr<VocoderModel>> create(UnetNetwork network, const MelSpec& mel);

  const VocoderInfo& info() const noexcept override { return info_; }
  bool streams() const noexcept override { return false; }
  Result<std::unique_ptr<VocoderStream>> open_stream(std::size_t) const override;
  Result<AudioBuffer> synthesise(MelView mel, const SynthesisOptions& options) const override;
  std::size_t synthesis_bytes(std::size_t frames, std::size_t threads) const noexcept override;

 private:
  UnetModel(UnetNetwork network, const MelSpec& mel);

  UnetNetwork network_;
  VocoderInfo info_;
};

NoiseSchedule unet_training_schedule();
SamplingPlan unet_plan();

// The config that a file's tensors have. Errors: kNotFound naming the first that is missing.
Result<UnetConfig> unet_config(const nn::WeightFile& file, const std::string& prefix);

}  // namespace syrinx::vocoder
