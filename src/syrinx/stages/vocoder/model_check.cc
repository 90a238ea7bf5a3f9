// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/weights/folded_weight.h"
#include "syrinx/stages/vocoder/model_families.h"

// Every tensor that a model needs, by name and shape.
namespace syrinx::vocoder {
namespace {

using Shape = std::vector<std::size_t>;

class Checker {
 public:
  Checker(const nn::WeightFile& file, const ModelKind& kind) : file_(file), prefix_(kind.prefix) {}

  // A module's weight, folded or not, and its bias.
  Result<void> module(const std::string& name, const Shape& shape, std::size_t bias) {
    const std::string full = prefix_ + name;
    const auto names = nn::find_weight(file_, full);
    if (!names)
      return make_error(ErrorCode::kCorruptData, "'", file_.name(), "' lacks the weight of '", full,
                        "' of shape ", nn::describe_shape(shape));
    if (!names->weight.empty()) {
      SYRINX_TRY(whole(names->weight, shape));
    } else {
      Shape magnitude(shape.size(), 1);
      magnitude[0] = shape[0];
      SYRINX_TRY(whole(names->g, magnitude));
      SYRINX_TRY(whole(names->v, shape));
    }
    return bias == 0 ? Result<void>() : whole(full + ".bias", {bias});
  }
  Result<void> tensor(const std::string& name, const Shape& shape) {
    return whole(prefix_ + name, shape);
  }
  bool has(const std::string& name) const { return file_.find(prefix_ + name) != nullptr; }

 private:
  Result<void> whole(const std::string& name, const Shape& shape) {
    const nn::TensorInfo* const info = file_.find(name);
    if (info == nullptr)
      return make_error(ErrorCode::kCorruptData, "'", file_.name(), "' lacks the tensor '", name,
                        "' of shape ", nn::describe_shape(shape));
    if (info->shape == shape) return {};
    return make_error(ErrorCode::kCorruptData, "'", file_.name(), "': tensor '", name,
                      "' has shape ", nn::describe_shape(info->shape), ", but the model needs ",
                      nn::describe_shape(shape));
  }

  const nn::WeightFile& file_;
  std::string prefix_;
};

std::string numbered(const std::string& before, std::size_t number, const std::string& after = "") {
  return before + std::to_string(number) + after;
}

Result<void> check_snake(Checker& check, const std::string& name, std::size_t channels) {
  SYRINX_TRY(check.tensor(name + ".act.alpha", {channels}));
  if (check.has(name + ".act.beta")) SYRINX_TRY(check.tensor(name + ".act.beta", {channels}));
  return {};
}

Result<void> check_resblock(Checker& check, const ModelKind& kind, const std::string& block,
                            std::size_t channels, std::size_t kernel, std::size_t convolutions) {
  const bool pairs = kind.upsampler.resblock_type == 1;
  const Shape shape{channels, channels, kernel};
  for (std::size_t i = 0; i < convolutions; ++i) {
    SYRINX_TRY(check.module(numbered(block + (pairs ? "convs1." : "convs."), i), shape, channels));
    if (pairs) SYRINX_TRY(check.module(numbered(block + "convs2.", i), shape, channels));
  }
  if (kind.family != ModelFamily::kBigVgan) return {};
  for (std::size_t i = 0; i < convolutions * (pairs ? 2 : 1); ++i)
    SYRINX_TRY(check_snake(check, numbered(block + "activations.", i), channels));
  return {};
}

Result<void> check_upsampler(Checker& check, const ModelKind& kind) {
  const UpsamplerConfig& config = kind.upsampler;
  const bool snake = kind.family == ModelFamily::kBigVgan;
  SYRINX_TRY(check.module("conv_pre", {config.initial_channels, config.mel_bands, 7},
                          config.initial_channels));
  std::size_t channels = config.initial_channels, block = 0;
  for (std::size_t stage = 0; stage < config.upsample_rates.size(); ++stage) {
    const Shape shape{channels, channels / 2, config.upsample_kernel_sizes[stage]};
    channels /= 2;
    SYRINX_TRY(check.module(numbered("ups.", stage, snake ? ".0" : ""), shape, channels));
    for (std::size_t i = 0; i < config.resblock_kernel_sizes.size(); ++i, ++block)
      SYRINX_TRY(check_resblock(check, kind, numbered("resblocks.", block, "."), channels,
                                config.resblock_kernel_sizes[i],
                                config.resblock_dilations[i].size()));
  }
  if (snake) SYRINX_TRY(check_snake(check, "activation_post", channels));
  const bool has_bias = !snake || check.has("conv_post.bias");
  return check.module("conv_post", {1, channels, 7}, has_bias ? 1 : 0);
}

Result<void> check_melgan(Checker& check, const ModelKind& kind) {
  const UpsamplerConfig& config = kind.upsampler;
  const MelganConfig& own = kind.melgan;
  const MelganModules modules = melgan_modules(own, config.upsample_rates.size());
  std::size_t channels = config.initial_channels;
  SYRINX_TRY(check.module(modules.first, {channels, config.mel_bands, own.outer_taps}, channels));
  for (std::size_t i = 0; i < config.upsample_rates.size(); ++i) {
    const Shape shape{channels, channels / 2, 2 * config.upsample_rates[i]};
    channels /= 2;
    SYRINX_TRY(check.module(modules.upsamplings[i], shape, channels));
    for (const MelganModules::Layer& layer : modules.layers[i]) {
      SYRINX_TRY(check.module(layer.dilated, {channels, channels, own.stack_taps}, channels));
      SYRINX_TRY(check.module(layer.plain, {channels, channels, 1}, channels));
      SYRINX_TRY(check.module(layer.skip, {channels, channels, 1}, channels));
    }
  }
  return check.module(modules.last, {own.sub_bands, channels, own.outer_taps}, own.sub_bands);
}

Result<void> check_vocos(Checker& check, const VocosConfig& config) {
  const std::size_t dim = config.channels;
  SYRINX_TRY(check.module("backbone.embed", {dim, config.mel_bands, 7}, dim));
  SYRINX_TRY(check.module("backbone.norm", {dim}, dim));
  for (std::size_t i = 0; i < config.layers; ++i) {
    const std::string block = numbered("backbone.convnext.", i, ".");
    SYRINX_TRY(check.tensor(block + "gamma", {dim}));
    SYRINX_TRY(check.module(block + "dwconv", {dim, 1, 7}, dim));
    SYRINX_TRY(check.module(block + "norm", {dim}, dim));
    SYRINX_TRY(
        check.module(block + "pwconv1", {config.hidden_channels, dim}, config.hidden_channels));
    SYRINX_TRY(check.module(block + "pwconv2", {dim, config.hidden_channels}, dim));
  }
  SYRINX_TRY(check.module("backbone.final_layer_norm", {dim}, dim));
  return check.module(config.head_name(), {config.head_channels(), dim}, config.head_channels());
}

Result<void> check_conditioning(Checker& check, const WaveGlowConfig& config,
                                const std::string& wn) {
  const std::size_t inputs = config.mel_bands * config.group_samples, width = 2 * config.channels;
  if (!config.separate_conditioning)
    return check.module(wn + "cond_layer", {width * config.layers, inputs, 1},
                        width * config.layers);
  for (std::size_t i = 0; i < config.layers; ++i)
    SYRINX_TRY(check.module(numbered(wn + "cond_layers.", i), {width, inputs, 1}, width));
  return {};
}

Result<void> check_flow(Checker& check, const WaveGlowConfig& config, const std::string& wn,
                        std::size_t remaining) {
  const std::size_t channels = config.channels;
  SYRINX_TRY(check.module(wn + "start", {channels, remaining / 2, 1}, channels));
  SYRINX_TRY(check.module(wn + "end", {remaining, channels, 1}, remaining));
  SYRINX_TRY(check_conditioning(check, config, wn));
  for (std::size_t i = 0; i < config.layers; ++i) {
    const std::size_t skip = i + 1 < config.layers ? 2 * channels : channels;
    SYRINX_TRY(check.module(numbered(wn + "in_layers.", i),
                            {2 * channels, channels, config.kernel_size}, 2 * channels));
    SYRINX_TRY(check.module(numbered(wn + "res_skip_layers.", i), {skip, channels, 1}, skip));
  }
  return {};
}

Result<void> check_waveglow(Checker& check, const WaveGlowConfig& config) {
  SYRINX_TRY(
      check.module("upsample", {config.mel_bands, config.mel_bands, 1'024}, config.mel_bands));
  std::size_t remaining = config.group_samples;
  for (std::size_t flow = 0; flow < config.flows; ++flow) {
    if (flow > 0 && flow % config.early_every == 0) {
      if (remaining <= config.early_channels)
        return make_error(ErrorCode::kCorruptData, "WaveGlow: early outputs leave nothing");
      remaining -= config.early_channels;
    }
    SYRINX_TRY(check.module(numbered("convinv.", flow, ".conv"), {remaining, remaining, 1}, 0));
    SYRINX_TRY(check_flow(check, config, numbered("WN.", flow, "."), remaining));
  }
  return {};
}

Result<void> check_diffwave(Checker& check, const DiffWaveConfig& config) {
  const std::size_t channels = config.channels;
  SYRINX_TRY(check.module("input_projection", {channels, 1, 1}, channels));
  SYRINX_TRY(check.module("diffusion_embedding.projection1", {512, 128}, 512));
  SYRINX_TRY(check.module("diffusion_embedding.projection2", {512, 512}, 512));
  for (const char* const name : {"spectrogram_upsampler.conv1", "spectrogram_upsampler.conv2"})
    SYRINX_TRY(check.module(name, {1, 1, 3, 32}, 1));
  for (std::size_t i = 0; i < config.layers; ++i) {
    const std::string layer = numbered("residual_layers.", i, ".");
    SYRINX_TRY(check.module(layer + "dilated_conv", {2 * channels, channels, 3}, 2 * channels));
    SYRINX_TRY(check.module(layer + "diffusion_projection", {channels, 512}, channels));
    SYRINX_TRY(check.module(layer + "conditioner_projection", {2 * channels, config.mel_bands, 1},
                            2 * channels));
    SYRINX_TRY(
        check.module(layer + "output_projection", {2 * channels, channels, 1}, 2 * channels));
  }
  SYRINX_TRY(check.module("skip_projection", {channels, channels, 1}, channels));
  return check.module("output_projection", {1, channels, 1}, 1);
}

}  // namespace

Result<void> check_tensors(const nn::WeightFile& file, const ModelKind& kind) {
  Checker check(file, kind);
  switch (kind.family) {
    case ModelFamily::kHifiGan:
    case ModelFamily::kBigVgan:
      return check_upsampler(check, kind);
    case ModelFamily::kMelGan:
    case ModelFamily::kMultiBandMelGan:
      return check_melgan(check, kind);
    case ModelFamily::kVocos:
    case ModelFamily::kSourceFilter:
      return check_vocos(check, kind.vocos);
    case ModelFamily::kWaveGlow:
      return check_waveglow(check, kind.waveglow);
    case ModelFamily::kDiffWave:
      return check_diffwave(check, kind.diffwave);
    default:
      return make_error(ErrorCode::kUnsupported, "'", file.name(),
                        "': there is no list of the tensors of this model (",
                        to_string(kind.family), ")");
  }
}

}  // namespace syrinx::vocoder
