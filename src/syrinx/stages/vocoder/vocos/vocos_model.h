// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "syrinx/core/nn/weights/weight_file.h"
#include "syrinx/stages/vocoder/model_kind.h"
#include "syrinx/stages/vocoder/vocoder.h"
#include "syrinx/stages/vocoder/vocos/vocos_network.h"

namespace syrinx::vocoder {

// Vocos over mels, of any size.
class VocosModel final : public VocoderModel {
 public:
  // Errors: as validate(config); kNotFound, kCorruptData naming a tensor that is missing, of
  // another shape or not finite.
  static Result<std::unique_ptr<VocoderModel>> load(const nn::WeightFile& file,
                                                    const ModelKind& kind,
                                                    const VocoderOptions& options);

  const VocoderInfo& info() const noexcept override { return info_; }
  Result<std::unique_ptr<VocoderStream>> open_stream(std::size_t max_block_frames) const override;

 private:
  VocosModel(VocosNetwork network, const ModelKind& kind, nn::Precision precision);

  VocosNetwork network_;
  VocoderInfo info_;
};

}  // namespace syrinx::vocoder
