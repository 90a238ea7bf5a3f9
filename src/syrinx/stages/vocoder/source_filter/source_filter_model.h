// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "syrinx/core/nn/weights/weight_file.h"
#include "syrinx/stages/vocoder/model_kind.h"
#include "syrinx/stages/vocoder/vocoder.h"
#include "syrinx/stages/vocoder/vocos/vocos_network.h"

namespace syrinx::vocoder {

// This project's own vocoder: Vocos' layers hear F0 and two filters in a mel, and pulses and noise
// go through them (source_filter_head.h). training/voice makes its weights.
class SourceFilterModel final : public VocoderModel {
 public:
  // Errors: as validate(config); kUnsupported for a mel whose FFT has not four hops, or that is not
  // padded by reflection at the edges; kNotFound, kCorruptData naming a tensor that is missing, of
  // another shape or not finite.
  static Result<std::unique_ptr<VocoderModel>> load(const nn::WeightFile& file,
                                                    const ModelKind& kind,
                                                    const VocoderOptions& options);

  const VocoderInfo& info() const noexcept override { return info_; }
  Result<std::unique_ptr<VocoderStream>> open_stream(std::size_t max_block_frames) const override;

 private:
  SourceFilterModel(VocosNetwork network, const ModelKind& kind, nn::Precision precision);

  VocosNetwork network_;
  VocoderInfo info_;
};

}  // namespace syrinx::vocoder
