// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/vocos/vocos_model.h"

#include <utility>

#include "syrinx/core/dsp/mel_analysis.h"
#include "syrinx/core/dsp/window.h"
#include "syrinx/stages/vocoder/stream_input.h"
#include "syrinx/stages/vocoder/vocos/vocos_stream.h"

namespace syrinx::vocoder {

VocosModel::VocosModel(VocosNetwork network, const ModelKind& kind, nn::Precision precision)
    : network_(std::move(network)) {
  const VocosConfig& config = network_.config;
  info_.family = "Vocos";
  info_.variant = kind.variant;
  info_.precision = precision_words(*network_.kernels, precision);
  info_.mel = kind.mel.value_or(dsp::vocos_24000_100());
  info_.mel.bands = config.mel_bands;
  info_.mel.hop_samples = config.hop_samples;
  info_.parameters = network_.parameters;
  info_.weight_bytes = network_.memory_bytes();
  info_.latency_samples = network_.latency_samples();
  info_.context_frames = network_.look_ahead_frames() + config.fft_size / config.hop_samples + 2;
}

Result<std::unique_ptr<VocoderModel>> VocosModel::load(const nn::WeightFile& file,
                                                       const ModelKind& kind,
                                                       const VocoderOptions& options) {
  // The inverse transform's window is a buffer of PyTorch's, which some files leave out.
  const WeightSource in_file = weights_of(file, kind.prefix);
  WeightSource source = in_file;
  source.tensor = [&](const std::string& name,
                      std::span<const std::size_t> shape) -> Result<std::vector<float>> {
    if (name == "head.istft.window" && !in_file.has(name))
      return dsp::make_window(dsp::WindowShape::kHann, shape[0]);
    return in_file.tensor(name, shape);
  };
  SYRINX_ASSIGN(auto network,
                VocosNetwork::build(kind.vocos, source, *options.kernels, options.precision));
  return std::unique_ptr<VocoderModel>(new VocosModel(std::move(network), kind, options.precision));
}

Result<std::unique_ptr<VocoderStream>> VocosModel::open_stream(std::size_t max_block_frames) const {
  SYRINX_TRY(check_block_frames(max_block_frames));
  SYRINX_ASSIGN(auto stream, VocosStream::create(network_, info_.mel, max_block_frames));
  return std::unique_ptr<VocoderStream>(std::move(stream));
}

}  // namespace syrinx::vocoder
