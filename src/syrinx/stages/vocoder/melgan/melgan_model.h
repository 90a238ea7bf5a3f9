// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "syrinx/core/nn/weights/weight_file.h"
#include "syrinx/stages/vocoder/melgan/melgan_generator.h"
#include "syrinx/stages/vocoder/model_kind.h"
#include "syrinx/stages/vocoder/vocoder.h"

namespace syrinx::vocoder {

// A MelGAN of any of the three codes that MelganLayout names, or a multi-band one.
class MelganModel final : public VocoderModel {
 public:
  // Errors: as validate_melgan(); kNotFound, kCorruptData naming a tensor that is missing, of
  // another shape or not finite.
  static Result<std::unique_ptr<VocoderModel>> load(const nn::WeightFile& file,
                                                    const ModelKind& kind,
                                                    const VocoderOptions& options);

  const VocoderInfo& info() const noexcept override { return info_; }
  Result<std::unique_ptr<VocoderStream>> open_stream(std::size_t max_block_frames) const override;

 private:
  MelganModel(MelganGenerator generator, nn::Precision precision);

  MelganGenerator generator_;
  VocoderInfo info_;
};

}  // namespace syrinx::vocoder
