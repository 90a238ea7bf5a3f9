// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "syrinx/core/nn/weights/weight_file.h"
#include "syrinx/stages/vocoder/bigvgan/bigvgan_generator.h"
#include "syrinx/stages/vocoder/model_kind.h"
#include "syrinx/stages/vocoder/vocoder.h"

namespace syrinx::vocoder {

// BigVGAN of any size, versions 1 and 2.
class BigVganModel final : public VocoderModel {
 public:
  // Errors: as validate_bigvgan(); kNotFound, kCorruptData naming a tensor that is missing, of
  // another shape or not finite; kUnsupported for another filter than the published one.
  static Result<std::unique_ptr<VocoderModel>> load(const nn::WeightFile& file,
                                                    const ModelKind& kind,
                                                    const VocoderOptions& options);

  const VocoderInfo& info() const noexcept override { return info_; }
  Result<std::unique_ptr<VocoderStream>> open_stream(std::size_t max_block_frames) const override;

 private:
  BigVganModel(BigVganGenerator generator, const ModelKind& kind);

  BigVganGenerator generator_;
  VocoderInfo info_;
};

}  // namespace syrinx::vocoder
