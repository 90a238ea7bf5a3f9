// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/model_families.h"

#include "syrinx/core/nn/weights/folded_weight.h"

namespace syrinx::vocoder {
namespace {

using Shape = std::vector<std::size_t>;

std::string numbered(const std::string& before, std::size_t number, std::string_view after = "") {
  return (before + std::to_string(number)).append(after);
}

// What stands before the first tensor name that continues with `part`: "generator." before
// "generator.conv_pre.weight_v".
std::optional<std::string> prefix_of(const nn::WeightFile& file, std::string_view part) {
  for (const nn::TensorInfo& info : file.tensors()) {
    const auto at = info.name.find(part);
    if (at == std::string::npos || (at > 0 && info.name[at - 1] != '.')) continue;
    return info.name.substr(0, at);
  }
  return std::nullopt;
}

// How many of before0after, before1after, ... have a weight of `rank` dimensions.
std::size_t count_modules(const nn::WeightFile& file, const std::string& before,
                          std::string_view after, std::size_t rank) {
  std::size_t count = 0;
  while (weight_shape(file, numbered(before, count, after)).size() == rank) ++count;
  return count;
}

const std::vector<std::vector<std::size_t>> kV3Dilations{{1, 2}, {2, 6}, {3, 12}};

// The dilations are not in the weights; these are the paper's.
std::vector<std::vector<std::size_t>> usual_dilations(const UpsamplerConfig& config,
                                                      std::size_t convolutions) {
  if (config.resblock_type == 2 && config.resblock_kernel_sizes.size() == 3 && convolutions == 2)
    return kV3Dilations;
  std::vector<std::size_t> odd;
  for (std::size_t i = 0; i < convolutions; ++i) odd.push_back(2 * i + 1);
  return std::vector<std::vector<std::size_t>>(config.resblock_kernel_sizes.size(), odd);
}

bool read_upsampling(const nn::WeightFile& file, const ModelKind& kind, std::string_view after,
                     UpsamplerConfig& config) {
  const std::string ups = kind.prefix + "ups.";
  const std::size_t count = count_modules(file, ups, after, 3);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t kernel = weight_shape(file, numbered(ups, i, after))[2];
    config.upsample_kernel_sizes.push_back(kernel);
    config.upsample_rates.push_back(kernel / 2);
  }
  return count > 0;
}

bool read_resblocks(const nn::WeightFile& file, const ModelKind& kind, UpsamplerConfig& config) {
  const std::string blocks = kind.prefix + "resblocks.";
  const char* const convs =
      !weight_shape(file, blocks + "0.convs1.0").empty() ? ".convs1." : ".convs.";
  config.resblock_type = std::string_view(convs) == ".convs1." ? 1 : 2;
  const std::string first = std::string(convs) + "0";
  const std::size_t count = count_modules(file, blocks, first, 3);
  const std::size_t ups = config.upsample_rates.size();
  if (count == 0 || count % ups != 0) return false;
  for (std::size_t i = 0; i < count / ups; ++i)
    config.resblock_kernel_sizes.push_back(weight_shape(file, numbered(blocks, i, first))[2]);
  config.resblock_dilations =
      usual_dilations(config, count_modules(file, blocks + "0" + convs, "", 3));
  return true;
}

}  // namespace

std::vector<std::size_t> weight_shape(const nn::WeightFile& file, std::string_view module) {
  const auto names = nn::find_weight(file, module);
  if (!names) return {};
  return file.find(names->weight.empty() ? names->v : names->weight)->shape;
}

std::string hifigan_variant(const UpsamplerConfig& config) {
  const bool as_v1 = config.upsample_rates == Shape{8, 8, 2, 2} &&
                     config.upsample_kernel_sizes == Shape{16, 16, 4, 4} &&
                     config.resblock_type == 1 && config.resblock_kernel_sizes == Shape{3, 7, 11} &&
                     config.resblock_dilations == std::vector<Shape>(3, Shape{1, 3, 5});
  if (as_v1 && config.initial_channels == 512) return "V1";
  if (as_v1 && config.initial_channels == 128) return "V2";
  const bool as_v3 = config.upsample_rates == Shape{8, 8, 4} &&
                     config.upsample_kernel_sizes == Shape{16, 16, 8} &&
                     config.resblock_type == 2 && config.resblock_kernel_sizes == Shape{3, 5, 7} &&
                     config.resblock_dilations == kV3Dilations;
  return as_v3 && config.initial_channels == 256 ? "V3" : "custom";
}

std::optional<ModelKind> find_upsampler(const nn::WeightFile& file) {
  const auto prefix = prefix_of(file, "conv_pre.");
  if (!prefix || prefix_of(file, *prefix + "noise_convs.")) return std::nullopt;
  ModelKind kind;
  kind.prefix = *prefix;
  UpsamplerConfig& config = kind.upsampler;
  const Shape first = weight_shape(file, kind.prefix + "conv_pre");
  if (first.size() != 3) return std::nullopt;
  config.initial_channels = first[0];
  config.mel_bands = first[1];
  const bool snake = file.find(kind.prefix + "activation_post.act.alpha") != nullptr;
  kind.family = snake ? ModelFamily::kBigVgan : ModelFamily::kHifiGan;
  if (!read_upsampling(file, kind, snake ? ".0" : "", config)) return std::nullopt;
  if (!read_resblocks(file, kind, config)) return std::nullopt;
  kind.variant = snake ? "" : hifigan_variant(config);
  return kind;
}

namespace {

// The layers of Vocos, and what stands in the shape of the head behind them.
std::optional<ModelKind> find_layers(const nn::WeightFile& file, std::string_view head) {
  const auto prefix = prefix_of(file, "backbone.embed.weight");
  if (!prefix) return std::nullopt;
  ModelKind kind;
  kind.prefix = *prefix;
  kind.variant = "custom";
  VocosConfig& config = kind.vocos;
  const std::string blocks = kind.prefix + "backbone.convnext.";
  const Shape embed = weight_shape(file, kind.prefix + "backbone.embed");
  const Shape hidden = weight_shape(file, blocks + "0.pwconv1");
  const Shape out = weight_shape(file, kind.prefix + std::string(head));
  if (embed.size() != 3 || hidden.size() != 2 || out.size() != 2 || out[0] < 4) return std::nullopt;
  config.channels = embed[0];
  config.mel_bands = embed[1];
  config.hidden_channels = hidden[0];
  config.layers = count_modules(file, blocks, ".dwconv", 3);
  config.fft_size = out[0];  // For the families to make sense of.
  return kind;
}

}  // namespace

std::optional<ModelKind> find_vocos(const nn::WeightFile& file) {
  auto kind = find_layers(file, "head.out");
  if (!kind) return std::nullopt;
  kind->family = ModelFamily::kVocos;
  VocosConfig& config = kind->vocos;
  config.fft_size -= 2;  // Magnitudes and phases of n/2 + 1 bins each.
  const bool published = config.mel_bands == 100 && config.channels == 512 &&
                         config.hidden_channels == 1'536 && config.layers == 8 &&
                         config.fft_size == 1'024;
  if (published) kind->variant = "vocos-mel-24khz";
  return kind;
}

std::optional<ModelKind> find_source_filter(const nn::WeightFile& file) {
  auto kind = find_layers(file, "head");
  // Three filters of n/2 + 1 bins, F0 and voicing.
  if (!kind || kind->vocos.fft_size < 11 || (kind->vocos.fft_size - 2) % 3 != 0)
    return std::nullopt;
  kind->family = ModelFamily::kSourceFilter;
  kind->vocos.fft_size = 2 * ((kind->vocos.fft_size - 2) / 3 - 1);
  kind->vocos.source_filter = kind->vocos.same_padding = true;
  return kind;
}

std::optional<ModelKind> find_waveglow(const nn::WeightFile& file) {
  const auto prefix = prefix_of(file, "WN.0.start.");
  if (!prefix) return std::nullopt;
  ModelKind kind;
  kind.family = ModelFamily::kWaveGlow;
  kind.prefix = *prefix;
  WaveGlowConfig& config = kind.waveglow;
  const std::string inverses = kind.prefix + "convinv.", first_wn = kind.prefix + "WN.0.";
  const Shape upsample = weight_shape(file, kind.prefix + "upsample");
  const Shape layer = weight_shape(file, first_wn + "in_layers.0");
  config.flows = count_modules(file, inverses, ".conv", 3);
  if (upsample.size() != 3 || layer.size() != 3 || config.flows == 0) return std::nullopt;
  config.mel_bands = upsample[0];
  config.channels = layer[1];
  config.kernel_size = layer[2];
  config.layers = count_modules(file, first_wn + "in_layers.", "", 3);
  config.group_samples = weight_shape(file, inverses + "0.conv")[0];
  config.early_every = config.flows;
  for (std::size_t i = 1; i < config.flows && config.early_every == config.flows; ++i) {
    const std::size_t rows = weight_shape(file, numbered(inverses, i, ".conv"))[0];
    if (rows >= config.group_samples) continue;
    config.early_every = i;
    config.early_channels = config.group_samples - rows;
  }
  config.separate_conditioning = !weight_shape(file, first_wn + "cond_layers.0").empty();
  const bool published = config.flows == 12 && config.channels == 256 && config.layers == 8;
  kind.variant = published ? "waveglow-256" : "custom";
  return kind;
}

std::optional<ModelKind> find_diffwave(const nn::WeightFile& file) {
  const auto prefix = prefix_of(file, "diffusion_embedding.projection1.weight");
  if (!prefix) return std::nullopt;
  ModelKind kind;
  kind.family = ModelFamily::kDiffWave;
  kind.prefix = *prefix;
  const std::string layers = kind.prefix + "residual_layers.";
  const Shape dilated = weight_shape(file, layers + "0.dilated_conv");
  const Shape conditioner = weight_shape(file, layers + "0.conditioner_projection");
  if (dilated.size() != 3 || conditioner.size() != 3) return std::nullopt;
  kind.diffwave.channels = dilated[1];
  kind.diffwave.mel_bands = conditioner[1];
  kind.diffwave.layers = count_modules(file, layers, ".dilated_conv", 3);
  const bool published = kind.diffwave.layers == 30 && kind.diffwave.channels == 64;
  kind.variant = published ? "base" : "custom";
  return kind;
}

std::optional<ModelKind> find_unet(const nn::WeightFile& file) {
  const auto prefix = prefix_of(file, "unet.in.weight");
  if (!prefix) return std::nullopt;
  ModelKind kind;
  kind.family = ModelFamily::kUnet;
  kind.prefix = *prefix;
  const Shape mel = weight_shape(file, kind.prefix + "unet.mel");
  if (mel.size() != 3) return std::nullopt;
  kind.upsampler.mel_bands = mel[1];
  kind.variant = "custom";
  return kind;
}

std::optional<ModelKind> find_other(const nn::WeightFile& file) {
  ModelKind kind;
  const nn::TensorInfo& first = file.tensors().front();
  const bool is_voice = file.tensors().size() == 1 && first.shape.size() == 3 &&
                        first.shape[1] == 1 && first.shape[2] == 256;
  if (is_voice) kind.family = ModelFamily::kKokoroVoice;
  const bool is_vad = weight_shape(file, "stft_conv").size() == 3 &&
                      file.find("lstm_cell.weight_ih") != nullptr &&
                      weight_shape(file, "final_conv").size() == 3;
  if (is_vad) kind.family = ModelFamily::kSileroVad;
  if (kind.family == ModelFamily::kUnknown) return std::nullopt;
  return kind;
}

}  // namespace syrinx::vocoder
