// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/hifigan/hifigan_model.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <string>
#include <utility>

#include "syrinx/core/dsp/mel_analysis.h"
#include "syrinx/stages/vocoder/hifigan/hifigan_stream.h"
#include "syrinx/stages/vocoder/stream_input.h"

namespace syrinx::vocoder {

Result<HifiganConfig> hifigan_config(const ModelKind& kind) {
  const UpsamplerConfig& given = kind.upsampler;
  HifiganConfig config;
  config.mel = kind.mel.value_or(dsp::hifigan_22050_80());
  if (!kind.mel) {
    config.mel.bands = given.mel_bands;
    config.mel.hop_samples =
        std::accumulate(given.upsample_rates.begin(), given.upsample_rates.end(), std::size_t{1},
                        std::multiplies<>());
  }
  config.initial_channels = given.initial_channels;
  config.upsample_rates = given.upsample_rates;
  config.upsample_kernel_sizes = given.upsample_kernel_sizes;
  config.two_convolutions = given.resblock_type == 1;
  config.block_kernel_sizes = given.resblock_kernel_sizes;
  config.block_dilations = given.resblock_dilations;
  SYRINX_TRY(validate(config));
  return config;
}

namespace {

// Narrow generators lose too much in plain bfloat16.
std::string rounded_words(const HifiganGenerator& generator) {
  const auto plain = [](const GeneratorStage& stage) {
    return stage.format == nn::RowFormat::kBf16 || stage.in_format == nn::RowFormat::kBf16;
  };
  const auto& stages = generator.stages;
  if (generator.kernels->conv_bf16 != nullptr && std::none_of(stages.begin(), stages.end(), plain))
    return "bfloat16 in pairs (amx)";
  return precision_words(*generator.kernels, nn::Precision::kBf16);
}

std::string words(const HifiganGenerator& generator, nn::Precision precision) {
  if (precision == nn::Precision::kFloat32) return precision_words(*generator.kernels, precision);
  if (precision == nn::Precision::kBf16) return rounded_words(generator);
  return "int8 in " + std::to_string(generator.byte_stages()) + " of " +
         std::to_string(generator.stages.size()) + " stages, else " + rounded_words(generator);
}

}  // namespace

HifiganModel::HifiganModel(HifiganGenerator generator, nn::Precision precision)
    : generator_(std::move(generator)) {
  const HifiganConfig& config = generator_.config;
  info_.family = "HiFi-GAN";
  info_.variant = config.variant();
  info_.precision = words(generator_, precision);
  info_.mel = config.mel;
  info_.parameters = generator_.parameters;
  info_.weight_bytes = generator_.memory_bytes();
  info_.latency_samples = generator_.latency_samples();
  info_.context_frames = info_.latency_samples / config.hop_samples() + 2;
  info_.grid_frames = generator_.grid_frames();
}

Result<std::unique_ptr<VocoderModel>> HifiganModel::load(const nn::WeightFile& file,
                                                         const ModelKind& kind,
                                                         const VocoderOptions& options) {
  SYRINX_ASSIGN(const HifiganConfig config, hifigan_config(kind));
  const WeightSource source = weights_of(file, kind.prefix);
  SYRINX_ASSIGN(auto generator, HifiganGenerator::build(config, source, *options.kernels,
                                                        options.precision, options.calibration));
  return std::unique_ptr<VocoderModel>(new HifiganModel(std::move(generator), options.precision));
}

Result<std::unique_ptr<VocoderStream>> HifiganModel::open_stream(
    std::size_t max_block_frames) const {
  SYRINX_TRY(check_block_frames(max_block_frames));
  return std::unique_ptr<VocoderStream>(
      std::make_unique<HifiganStream>(generator_, max_block_frames));
}

}  // namespace syrinx::vocoder
