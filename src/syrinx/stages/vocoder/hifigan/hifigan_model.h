// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "syrinx/core/nn/rows/packed_conv.h"
#include "syrinx/core/nn/weights/weight_file.h"
#include "syrinx/stages/vocoder/hifigan/hifigan_config.h"
#include "syrinx/stages/vocoder/hifigan/hifigan_generator.h"
#include "syrinx/stages/vocoder/model_kind.h"
#include "syrinx/stages/vocoder/vocoder.h"

namespace syrinx::vocoder {

// The generator's shape as identify_model() tells it. Errors: as validate().
Result<HifiganConfig> hifigan_config(const ModelKind& kind);

// HiFi-GAN V1, V2, V3 or any other of the family.
class HifiganModel final : public VocoderModel {
 public:
  // Errors: as validate(config); kNotFound, kCorruptData naming a tensor that is missing, of
  // another shape or not finite.
  static Result<std::unique_ptr<VocoderModel>> load(const nn::WeightFile& file,
                                                    const ModelKind& kind,
                                                    const VocoderOptions& options);

  const VocoderInfo& info() const noexcept override { return info_; }
  Result<std::unique_ptr<VocoderStream>> open_stream(std::size_t max_block_frames) const override;

 private:
  explicit HifiganModel(HifiganGenerator generator, nn::Precision precision);

  HifiganGenerator generator_;
  VocoderInfo info_;
};

}  // namespace syrinx::vocoder
