// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/bigvgan/bigvgan_model.h"

#include <utility>

#include "syrinx/core/dsp/mel_analysis.h"
#include "syrinx/stages/vocoder/bigvgan/bigvgan_stream.h"
#include "syrinx/stages/vocoder/stream_input.h"

namespace syrinx::vocoder {

BigVganModel::BigVganModel(BigVganGenerator generator, const ModelKind& kind)
    : generator_(std::move(generator)) {
  info_.family = "BigVGAN";
  info_.variant = kind.variant.empty() ? "custom" : kind.variant;
  // As the blocks do, where nearly all the work is: narrow models are kept from bfloat16.
  info_.precision = precision_words(*generator_.kernels, generator_.stages.back().format);
  info_.mel = kind.mel.value_or(dsp::bigvgan_24000_100());
  info_.mel.bands = generator_.config.mel_bands;
  info_.mel.hop_samples = generator_.hop_samples();
  info_.parameters = generator_.parameters;
  info_.weight_bytes = generator_.memory_bytes();
  info_.latency_samples = generator_.latency_samples();
  info_.context_frames = info_.latency_samples / generator_.hop_samples() + 2;
}

Result<std::unique_ptr<VocoderModel>> BigVganModel::load(const nn::WeightFile& file,
                                                         const ModelKind& kind,
                                                         const VocoderOptions& options) {
  SYRINX_ASSIGN(auto generator,
                BigVganGenerator::build(kind.upsampler, weights_of(file, kind.prefix),
                                        *options.kernels, options.precision));
  return std::unique_ptr<VocoderModel>(new BigVganModel(std::move(generator), kind));
}

Result<std::unique_ptr<VocoderStream>> BigVganModel::open_stream(
    std::size_t max_block_frames) const {
  SYRINX_TRY(check_block_frames(max_block_frames));
  return std::unique_ptr<VocoderStream>(
      std::make_unique<BigVganStream>(generator_, max_block_frames));
}

}  // namespace syrinx::vocoder
