// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/hifigan/hifigan_model.h"

#include <array>
#include <utility>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/dsp/mel_analysis.h"
#include "syrinx/core/nn/weights/folded_weight.h"
#include "syrinx/stages/vocoder/hifigan/hifigan_stream.h"

namespace syrinx::vocoder {
namespace {

Error wrong_field(std::string_view key, std::string_view expected) {
  return make_error(ErrorCode::kCorruptData, "the config's '", key, "' should be ", expected);
}

Result<std::size_t> count_in(const JsonValue& json, std::string_view key) {
  const JsonValue* value = json.find(key);
  const auto count = value == nullptr ? std::nullopt : value->count();
  if (!count) return wrong_field(key, "a whole number");
  return static_cast<std::size_t>(*count);
}

Result<std::vector<std::size_t>> counts_of(const JsonValue& value, std::string_view key) {
  if (value.array() == nullptr) return wrong_field(key, "a list of whole numbers");
  std::vector<std::size_t> counts;
  for (const JsonValue& item : *value.array()) {
    if (!item.count()) return wrong_field(key, "a list of whole numbers");
    counts.push_back(static_cast<std::size_t>(*item.count()));
  }
  return counts;
}

Result<std::vector<std::size_t>> counts_in(const JsonValue& json, std::string_view key) {
  const JsonValue* value = json.find(key);
  if (value == nullptr) return wrong_field(key, "a list of whole numbers");
  return counts_of(*value, key);
}

Result<double> frequency_in(const JsonValue& json, std::string_view key, double otherwise) {
  const JsonValue* value = json.find(key);
  if (value == nullptr || value->is_null()) return otherwise;
  if (!value->number()) return wrong_field(key, "a frequency in Hz or null");
  return *value->number();
}

Result<MelSpec> mel_from_json(const JsonValue& json) {
  MelSpec mel = dsp::hifigan_22050_80();
  SYRINX_ASSIGN(const std::size_t rate, count_in(json, "sampling_rate"));
  if (rate > static_cast<std::size_t>(limits::kMaxSampleRateHz))
    return wrong_field("sampling_rate", "a rate in Hz");
  mel.sample_rate_hz = static_cast<int>(rate);
  SYRINX_ASSIGN(mel.bands, count_in(json, "num_mels"));
  SYRINX_ASSIGN(mel.fft_size, count_in(json, "n_fft"));
  SYRINX_ASSIGN(mel.hop_samples, count_in(json, "hop_size"));
  SYRINX_ASSIGN(mel.window_samples, count_in(json, "win_size"));
  SYRINX_ASSIGN(mel.min_hz, frequency_in(json, "fmin", 0.0));
  SYRINX_ASSIGN(mel.max_hz, frequency_in(json, "fmax", mel.sample_rate_hz / 2.0));
  return mel;
}

Result<bool> two_convolutions_in(const JsonValue& json) {
  const JsonValue* value = json.find("resblock");
  const std::string* text = value == nullptr ? nullptr : value->text();
  if (text != nullptr && (*text == "1" || *text == "2")) return *text == "1";
  return wrong_field("resblock", "\"1\" or \"2\"");
}

// What stands before "conv_pre" in the checkpoint's names: "generator." as published.
Result<std::string> prefix_of(const nn::WeightFile& file) {
  for (const nn::TensorInfo& tensor : file.tensors()) {
    const std::size_t at = tensor.name.rfind("conv_pre.");
    if (at != std::string::npos) return tensor.name.substr(0, at);
  }
  return make_error(ErrorCode::kUnsupported, file.name(),
                    " has no tensor 'conv_pre': it is not a generator of the HiFi-GAN family");
}

std::string precision_name(const nn::RowKernels& kernels, nn::Precision precision) {
  if (nn::row_format(kernels, precision) == nn::RowFormat::kFloat)
    return std::string("float32 (") + nn::to_string(kernels.level) + ")";
  if (precision == nn::Precision::kBf16) return "bfloat16 (amx)";
  return "float32 as bfloat16 pairs in three passes (amx)";
}

}  // namespace

Result<HifiganConfig> hifigan_config_from_json(const JsonValue& json) {
  HifiganConfig config;
  SYRINX_ASSIGN(config.mel, mel_from_json(json));
  SYRINX_ASSIGN(config.initial_channels, count_in(json, "upsample_initial_channel"));
  SYRINX_ASSIGN(config.upsample_rates, counts_in(json, "upsample_rates"));
  SYRINX_ASSIGN(config.upsample_kernel_sizes, counts_in(json, "upsample_kernel_sizes"));
  SYRINX_ASSIGN(config.two_convolutions, two_convolutions_in(json));
  SYRINX_ASSIGN(config.block_kernel_sizes, counts_in(json, "resblock_kernel_sizes"));
  constexpr std::string_view kDilations = "resblock_dilation_sizes";
  const JsonValue* dilations = json.find(kDilations);
  if (dilations == nullptr || dilations->array() == nullptr)
    return wrong_field(kDilations, "a list of lists of whole numbers");
  config.block_dilations.clear();
  for (const JsonValue& block : *dilations->array()) {
    SYRINX_ASSIGN(auto counts, counts_of(block, kDilations));
    config.block_dilations.push_back(std::move(counts));
  }
  SYRINX_TRY(validate(config));
  return config;
}

HifiganModel::HifiganModel(HifiganGenerator generator, nn::Precision precision)
    : generator_(std::move(generator)) {
  const HifiganConfig& config = generator_.config;
  info_.family = "HiFi-GAN";
  info_.variant = config.variant();
  info_.precision = precision_name(*generator_.kernels, precision);
  info_.mel = config.mel;
  info_.parameters = generator_.parameters;
  info_.weight_bytes = generator_.memory_bytes();
  info_.latency_samples = generator_.latency_samples();
  info_.context_frames = info_.latency_samples / config.hop_samples() + 2;
}

Result<std::unique_ptr<VocoderModel>> HifiganModel::load(const nn::WeightFile& file,
                                                         const HifiganConfig& config,
                                                         nn::Precision precision,
                                                         const nn::RowKernels& kernels) {
  SYRINX_ASSIGN(const std::string prefix, prefix_of(file));
  const WeightSource source{[&](const std::string& name, std::span<const std::size_t> shape) {
                              return nn::folded_weight(file, prefix + name, shape);
                            },
                            [&](const std::string& name, std::size_t length) {
                              const std::array<std::size_t, 1> shape{length};
                              return file.floats(prefix + name + ".bias", shape);
                            }};
  SYRINX_ASSIGN(auto generator, HifiganGenerator::build(config, source, kernels, precision));
  return std::unique_ptr<VocoderModel>(new HifiganModel(std::move(generator), precision));
}

Result<std::unique_ptr<VocoderStream>> HifiganModel::open_stream(
    std::size_t max_block_frames) const {
  if (max_block_frames == 0)
    return make_error(ErrorCode::kInvalidArgument, "a stream of blocks of no frames");
  if (max_block_frames > limits::kMaxVocoderBlockFrames)
    return make_error(ErrorCode::kLimitExceeded, "blocks of ", max_block_frames,
                      " frames; a stream takes at most ", limits::kMaxVocoderBlockFrames);
  return std::unique_ptr<VocoderStream>(
      std::make_unique<HifiganStream>(generator_, max_block_frames));
}

}  // namespace syrinx::vocoder
