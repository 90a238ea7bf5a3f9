// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/hifigan/hifigan_generator.h"

#include <algorithm>
#include <array>
#include <utility>

namespace syrinx::vocoder {
namespace {

constexpr std::size_t kOuterTaps = 7;  // Of the first and the last convolution.

// Builds parts one after the other, counting parameters.
class Builder {
 public:
  Builder(const HifiganConfig& config, const WeightSource& source, const nn::RowKernels& kernels)
      : config_(config), source_(source), kernels_(kernels) {}

  Result<SameConv> same_conv(const std::string& name, const nn::ConvGeometry& g,
                             nn::RowFormat format) {
    const std::array<std::size_t, 3> shape{g.out_channels, g.in_channels, g.taps};
    SYRINX_ASSIGN(const std::vector<float> weights, source_.weight(name, shape));
    SYRINX_ASSIGN(const std::vector<float> bias, source_.bias(name, g.out_channels));
    parameters += weights.size() + bias.size();
    return SameConv{nn::PackedConv(kernels_, format, g, weights, bias),
                    static_cast<std::int64_t>((g.taps - 1) * g.dilation / 2)};
  }

  // PyTorch's ConvTranspose1d with padding (kernel - rate) / 2: weights [in][out][kernel].
  Result<void> upsample(std::size_t index, GeneratorStage& stage) {
    const std::size_t in = config_.initial_channels >> index;
    const std::size_t out = config_.channels_after(index);
    const std::size_t kernel = config_.upsample_kernel_sizes[index];
    const std::array<std::size_t, 3> shape{in, out, kernel};
    const std::string name = "ups." + std::to_string(index);
    SYRINX_ASSIGN(const std::vector<float> weights, source_.weight(name, shape));
    SYRINX_ASSIGN(const std::vector<float> bias, source_.bias(name, out));
    parameters += weights.size() + bias.size();
    const std::size_t padding = (kernel - stage.rate) / 2;
    for (std::size_t phase = 0; phase < stage.rate; ++phase) {
      const std::size_t first = (phase + padding) % stage.rate;
      const auto newest = static_cast<std::int64_t>((phase + padding) / stage.rate);
      const std::size_t taps = (kernel - first + stage.rate - 1) / stage.rate;
      const auto weight = [&](std::size_t o, std::size_t i, std::size_t tap) {
        return weights[(i * out + o) * kernel + first + (taps - 1 - tap) * stage.rate];
      };
      UpsamplePhase made{nn::PackedConv(kernels_, stage.format, {in, out, taps, 1}, weight, bias),
                         newest - static_cast<std::int64_t>(taps) + 1};
      stage.behind = std::max(stage.behind, -made.first_row);
      stage.ahead = std::max(stage.ahead, newest);
      stage.phases.push_back(std::move(made));
    }
    return {};
  }

  Result<ResidualBlock> block(std::size_t stage_index, std::size_t index, nn::RowFormat format) {
    const std::size_t channels = config_.channels_after(stage_index);
    const std::size_t kernel = config_.block_kernel_sizes[index];
    const std::string name =
        "resblocks." +
        std::to_string(stage_index * config_.block_kernel_sizes.size() + index);
    ResidualBlock made;
    for (std::size_t i = 0; i < config_.block_dilations[index].size(); ++i) {
      const nn::ConvGeometry dilated{channels, channels, kernel, config_.block_dilations[index][i]};
      const std::string number = std::to_string(i);
      ResidualLayer layer;
      if (config_.two_convolutions) {
        SYRINX_ASSIGN(layer.first, same_conv(name + ".convs1." + number, dilated, format));
        SYRINX_ASSIGN(layer.second, same_conv(name + ".convs2." + number,
                                              {channels, channels, kernel, 1}, format));
      } else {
        SYRINX_ASSIGN(layer.first, same_conv(name + ".convs." + number, dilated, format));
      }
      made.look_ahead += layer.look_ahead(config_.two_convolutions);
      made.layers.push_back(std::move(layer));
    }
    return made;
  }

  Result<GeneratorStage> stage(std::size_t index, nn::RowFormat format) {
    GeneratorStage made;
    made.rate = config_.upsample_rates[index];
    made.channels = nn::padded_channels(kernels_, config_.channels_after(index));
    made.format = format;
    SYRINX_TRY(upsample(index, made));
    for (std::size_t i = 0; i < config_.block_kernel_sizes.size(); ++i) {
      SYRINX_ASSIGN(auto block_made, block(index, i, format));
      made.blocks.push_back(std::move(block_made));
    }
    std::stable_sort(made.blocks.begin(), made.blocks.end(), [](const auto& a, const auto& b) {
      return a.look_ahead < b.look_ahead;
    });
    return made;
  }

  // The last convolution runs over float rows: its weights become [tap][channel].
  Result<void> post(HifiganGenerator& generator) {
    const std::size_t channels = config_.channels_after(config_.upsample_rates.size() - 1);
    const std::array<std::size_t, 3> shape{1, channels, kOuterTaps};
    SYRINX_ASSIGN(const std::vector<float> weights, source_.weight("conv_post", shape));
    SYRINX_ASSIGN(const std::vector<float> bias, source_.bias("conv_post", 1));
    parameters += weights.size() + bias.size();
    const std::size_t padded = nn::padded_channels(kernels_, channels);
    generator.post_weights.assign(kOuterTaps * padded, 0.0F);
    for (std::size_t c = 0; c < channels; ++c)
      for (std::size_t tap = 0; tap < kOuterTaps; ++tap)
        generator.post_weights[tap * padded + c] = weights[c * kOuterTaps + tap];
    generator.post_bias = bias.empty() ? 0.0F : bias[0];
    return {};
  }

  std::size_t parameters = 0;

 private:
  const HifiganConfig& config_;
  const WeightSource& source_;
  const nn::RowKernels& kernels_;
};

// Small generators lose the most to bfloat16 in their last stage, where it costs them the least to
// do without: measured on the published V2 weights, three passes there take the log-spectral
// distance to float32 from 0.42 to 0.20 dB. Wide ones stay below 0.3 dB as they are.
nn::RowFormat stage_format(const HifiganConfig& config, std::size_t stage, nn::RowFormat format) {
  constexpr std::size_t kFewChannels = 16;
  const bool last = stage + 1 == config.upsample_rates.size();
  const bool raise = format == nn::RowFormat::kBf16 && last &&
                     config.channels_after(stage) <= kFewChannels;
  return raise ? nn::RowFormat::kBf16Pair : format;
}

std::size_t memory_of(const ResidualBlock& block) {
  std::size_t bytes = 0;
  for (const ResidualLayer& layer : block.layers)
    bytes += layer.first.conv.memory_bytes() + layer.second.conv.memory_bytes();
  return bytes;
}

}  // namespace

Result<HifiganGenerator> HifiganGenerator::build(const HifiganConfig& config,
                                                 const WeightSource& source,
                                                 const nn::RowKernels& kernels,
                                                 nn::Precision precision) {
  SYRINX_TRY(validate(config));
  HifiganGenerator made;
  made.config = config;
  made.kernels = &kernels;
  Builder builder(config, source, kernels);
  const nn::RowFormat format = nn::row_format(kernels, precision);
  SYRINX_ASSIGN(made.pre,
                builder.same_conv("conv_pre",
                                  {config.mel.bands, config.initial_channels, kOuterTaps, 1},
                                  stage_format(config, 0, format)));
  for (std::size_t i = 0; i < config.upsample_rates.size(); ++i) {
    SYRINX_ASSIGN(auto stage, builder.stage(i, stage_format(config, i, format)));
    made.stages.push_back(std::move(stage));
  }
  made.stages.back().slope_after = 0.01F;  // PyTorch's default, where the others state 0.1.
  SYRINX_TRY(builder.post(made));
  made.parameters = builder.parameters;
  return made;
}

std::size_t HifiganGenerator::memory_bytes() const noexcept {
  std::size_t bytes = pre.conv.memory_bytes() + post_weights.size() * sizeof(float);
  for (const GeneratorStage& stage : stages) {
    for (const UpsamplePhase& phase : stage.phases) bytes += phase.conv.memory_bytes();
    for (const ResidualBlock& block : stage.blocks) bytes += memory_of(block);
  }
  return bytes;
}

std::size_t HifiganGenerator::latency_samples() const noexcept {
  std::int64_t rows = pre.padding;
  for (const GeneratorStage& stage : stages)
    rows = (rows + stage.ahead) * static_cast<std::int64_t>(stage.rate) +
           stage.blocks.back().look_ahead;
  return static_cast<std::size_t>(rows) + kOuterTaps / 2;
}

}  // namespace syrinx::vocoder
