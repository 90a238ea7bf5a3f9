// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/bigvgan/bigvgan_generator.h"
#include "syrinx/stages/vocoder/upsampling_phases.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <numeric>
#include <optional>
#include <utility>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/dsp/window.h"

namespace syrinx::vocoder {
namespace {

constexpr std::size_t kOuterTaps = 7;  // Of the first and the last convolution.
constexpr auto kReach = static_cast<std::int64_t>(nn::kSnakeReach);

bool within(std::size_t value, std::size_t low, std::size_t high) {
  return value >= low && value <= high;
}

Result<void> validate_stage(const UpsamplerConfig& c, std::size_t stage) {
  const std::size_t rate = c.upsample_rates[stage];
  const std::size_t kernel = c.upsample_kernel_sizes[stage];
  if (!within(rate, 1, limits::kMaxUpsampleRate) || !within(kernel, rate, limits::kMaxConvTaps) ||
      (kernel - rate) % 2 != 0)
    return make_error(ErrorCode::kUnsupported, "upsample_rates[", stage, "] is ", rate,
                      " with a kernel of ", kernel, "; the rate must be 1 to ",
                      limits::kMaxUpsampleRate, " and the kernel as even or odd, up to ",
                      limits::kMaxConvTaps);
  if ((c.initial_channels >> (stage + 1)) == 0)
    return make_error(ErrorCode::kUnsupported, "upsample_initial_channel ", c.initial_channels,
                      " leaves no channels after stage ", stage + 1);
  return {};
}

Result<void> validate_block(const UpsamplerConfig& c, std::size_t block) {
  const std::size_t kernel = c.resblock_kernel_sizes[block];
  if (kernel % 2 == 0 || kernel > limits::kMaxConvTaps)
    return make_error(ErrorCode::kUnsupported, "resblock_kernel_sizes[", block, "] is ", kernel,
                      "; it must be odd and at most ", limits::kMaxConvTaps);
  const auto& dilations = c.resblock_dilations[block];
  const bool sane = within(dilations.size(), 1, limits::kMaxNetworkLayers) &&
                    std::all_of(dilations.begin(), dilations.end(), [](std::size_t d) {
                      return within(d, 1, limits::kMaxConvDilation);
                    });
  if (sane) return {};
  return make_error(ErrorCode::kUnsupported, "resblock_dilation_sizes[", block, "] must be one to ",
                    limits::kMaxNetworkLayers, " numbers of 1 to ", limits::kMaxConvDilation);
}

struct StageFormats {
  nn::RowFormat in;      // Of the transposed convolution.
  nn::RowFormat blocks;  // Of the residual blocks.
};

// Which rows a stage multiplies. What the first layers lose, every later one amplifies. A narrow
// generator (64 channels, random weights, against the reference's samples) keeps 83 dB in pairs
// throughout, 90 dB with the blocks of three stages in float32, where it is no longer faster: it
// runs in float32, 100 dB. In bfloat16 it keeps 34 dB, in pairs after all 81 dB.
StageFormats stage_formats(const UpsamplerConfig& config, std::size_t stage,
                           const nn::RowKernels& kernels, nn::Precision precision) {
  constexpr std::size_t kNarrowGenerator = 128;  // Initial channels.
  const nn::RowFormat format = nn::row_format(kernels, precision);
  if (format == nn::RowFormat::kFloat) return {format, format};
  const bool narrow = config.initial_channels <= kNarrowGenerator;
  const bool first = stage == 0;
  if (precision == nn::Precision::kFloat32)
    return {first || narrow ? nn::RowFormat::kFloat : format,
            narrow ? nn::RowFormat::kFloat : format};
  return {first || narrow ? nn::RowFormat::kBf16Pair : format,
          narrow ? nn::RowFormat::kBf16Pair : format};
}

// Builds parts one after the other, counting parameters.
class Builder {
 public:
  Builder(BigVganGenerator& made, const WeightSource& source) : made_(made), source_(source) {}

  // PyTorch's Conv1d that keeps the length.
  Result<nn::PackedConv> same_conv(const std::string& name, std::size_t in, std::size_t out,
                                   std::size_t taps, std::size_t dilation, nn::RowFormat format) {
    SYRINX_ASSIGN(const auto weights, weight(name, {out, in, taps}));
    SYRINX_ASSIGN(const auto bias, tensor(name + ".bias", {out}));
    return nn::PackedConv(*made_.kernels, format,
                          nn::ConvGeometry::centred(in, out, taps, dilation), weights, bias);
  }

  Result<Snake> snake(const std::string& name, std::size_t channels) {
    SYRINX_ASSIGN(auto alpha, tensor(name + ".act.alpha", {channels}));
    std::vector<float> beta = alpha;  // One number for both, where there is no beta.
    if (source_.has(name + ".act.beta")) {
      SYRINX_ASSIGN(beta, tensor(name + ".act.beta", {channels}));
    }
    for (const char* const filter : {".upsample.filter", ".downsample.lowpass.filter"})
      SYRINX_TRY(check_filter(name + filter));
    const std::size_t padded = nn::padded_channels(*made_.kernels, channels);
    Snake snake{std::vector<float>(padded), std::vector<float>(padded)};
    const bool logs = made_.config.snake_log_scale;
    for (std::size_t c = 0; c < channels; ++c) {
      snake.alpha[c] = logs ? std::exp(alpha[c]) : alpha[c];
      snake.inverse_beta[c] = 1.0F / ((logs ? std::exp(beta[c]) : beta[c]) + 1e-9F);
      if (!std::isfinite(snake.alpha[c]) || !std::isfinite(snake.inverse_beta[c]))
        return make_error(ErrorCode::kCorruptData, "'", name,
                          ".act': a number too large for an activation");
    }
    return snake;
  }

  // PyTorch's ConvTranspose1d with padding (kernel - rate) / 2, weights [in][out][kernel]: sample u
  // of the output is the sum over taps k of row (u + padding - k) / rate, where that is whole.
  Result<void> upsample(std::size_t index, BigVganStage& stage) {
    const std::size_t in = made_.config.initial_channels >> index;
    const std::size_t out = in / 2;
    const std::size_t kernel = made_.config.upsample_kernel_sizes[index];
    const std::string name = "ups." + std::to_string(index) + ".0";
    SYRINX_ASSIGN(const auto weights, weight(name, {in, out, kernel}));
    SYRINX_ASSIGN(const auto bias, tensor(name + ".bias", {out}));
    const auto rate = static_cast<std::int64_t>(stage.rate);
    const auto padding = (static_cast<std::int64_t>(kernel) - rate) / 2;
    UpsamplingPhases made = upsampling_phases({in, out, kernel, rate, padding, weights, bias},
                                              *made_.kernels, stage.in_format);
    stage.phases = std::move(made.phases);
    stage.behind = made.behind;
    stage.ahead = made.ahead;
    return {};
  }

  Result<AmpBlock> block(const std::string& name, std::size_t channels, std::size_t kernel,
                         const std::vector<std::size_t>& dilations, nn::RowFormat format) {
    const bool two = made_.config.resblock_type == 1;
    AmpBlock made;
    for (std::size_t i = 0; i < dilations.size(); ++i) {
      const std::string number = std::to_string(i);
      const auto activation = [&](std::size_t n) {
        return snake(name + ".activations." + std::to_string(n), channels);
      };
      AmpLayer layer;
      SYRINX_ASSIGN(layer.snake1, activation(two ? 2 * i : i));
      SYRINX_ASSIGN(layer.first, same_conv(name + (two ? ".convs1." : ".convs.") + number, channels,
                                           channels, kernel, dilations[i], format));
      layer.look_ahead = kReach + layer.first.geometry().ahead();
      if (two) {
        SYRINX_ASSIGN(layer.snake2, activation(2 * i + 1));
        SYRINX_ASSIGN(layer.second,
                      same_conv(name + ".convs2." + number, channels, channels, kernel, 1, format));
        layer.look_ahead += kReach + layer.second.geometry().ahead();
      }
      made.look_ahead += layer.look_ahead;
      made.layers.push_back(std::move(layer));
    }
    return made;
  }

  Result<BigVganStage> stage(std::size_t index, nn::Precision precision) {
    const UpsamplerConfig& config = made_.config;
    const std::size_t channels = config.initial_channels >> (index + 1);
    BigVganStage made;
    made.rate = config.upsample_rates[index];
    made.channels = nn::padded_channels(*made_.kernels, channels);
    const StageFormats formats = stage_formats(config, index, *made_.kernels, precision);
    made.in_format = formats.in;
    made.format = formats.blocks;
    SYRINX_TRY(upsample(index, made));
    const std::size_t blocks = config.resblock_kernel_sizes.size();
    for (std::size_t i = 0; i < blocks; ++i) {
      SYRINX_ASSIGN(auto block_made, block("resblocks." + std::to_string(index * blocks + i),
                                           channels, config.resblock_kernel_sizes[i],
                                           config.resblock_dilations[i], made.format));
      made.blocks.push_back(std::move(block_made));
    }
    std::stable_sort(made.blocks.begin(), made.blocks.end(),
                     [](const auto& a, const auto& b) { return a.look_ahead < b.look_ahead; });
    return made;
  }

  // The last convolution runs over float rows: its weights become [tap][channel].
  Result<void> post() {
    const std::size_t channels = made_.config.initial_channels >> made_.stages.size();
    SYRINX_ASSIGN(made_.post_snake, snake("activation_post", channels));
    SYRINX_ASSIGN(const auto weights, weight("conv_post", {1, channels, kOuterTaps}));
    const std::size_t step = made_.stages.back().channels;
    made_.post_weights.assign(kOuterTaps * step, 0.0F);
    for (std::size_t c = 0; c < channels; ++c)
      for (std::size_t tap = 0; tap < kOuterTaps; ++tap)
        made_.post_weights[tap * step + c] = weights[c * kOuterTaps + tap];
    if (!source_.has("conv_post.bias")) return {};
    SYRINX_ASSIGN(const auto bias, tensor("conv_post.bias", {1}));
    made_.post_bias = bias[0];
    return {};
  }

 private:
  Result<std::vector<float>> weight(const std::string& name, std::vector<std::size_t> shape) {
    SYRINX_ASSIGN(auto values, source_.weight(name, shape));
    made_.parameters += values.size();
    return values;
  }
  Result<std::vector<float>> tensor(const std::string& name, std::vector<std::size_t> shape) {
    SYRINX_ASSIGN(auto values, source_.tensor(name, shape));
    made_.parameters += values.size();
    return values;
  }
  // Files carry the filter with every activation; it is always the same one.
  Result<void> check_filter(const std::string& name) {
    if (!source_.has(name)) return {};
    const std::array<std::size_t, 3> shape{1, 1, nn::kSnakeTaps};
    SYRINX_ASSIGN(const auto values, source_.tensor(name, shape));
    for (std::size_t k = 0; k < values.size(); ++k)
      if (std::abs(values[k] - made_.filter[k]) > 1e-5F)
        return make_error(ErrorCode::kUnsupported, "'", name,
                          "' is another filter than BigVGAN's of 12 taps");
    return {};
  }

  BigVganGenerator& made_;
  const WeightSource& source_;
};

std::size_t memory_of(const AmpBlock& block) {
  std::size_t bytes = 0;
  for (const AmpLayer& layer : block.layers)
    bytes += layer.first.memory_bytes() + layer.second.memory_bytes() +
             2 * (layer.snake1.alpha.size() + layer.snake2.alpha.size()) * sizeof(float);
  return bytes;
}

}  // namespace

Result<void> validate_bigvgan(const UpsamplerConfig& config) {
  const std::size_t stages = config.upsample_rates.size();
  if (!within(stages, 1, limits::kMaxNetworkLayers) ||
      config.upsample_kernel_sizes.size() != stages)
    return make_error(ErrorCode::kUnsupported, "there are ", stages, " upsample_rates and ",
                      config.upsample_kernel_sizes.size(),
                      " upsample_kernel_sizes; as many of both are needed, at most ",
                      limits::kMaxNetworkLayers);
  if (!within(config.resblock_kernel_sizes.size(), 1, limits::kMaxNetworkLayers) ||
      config.resblock_kernel_sizes.size() != config.resblock_dilations.size())
    return make_error(ErrorCode::kUnsupported, "there are ", config.resblock_kernel_sizes.size(),
                      " resblock_kernel_sizes and ", config.resblock_dilations.size(),
                      " resblock_dilation_sizes; as many of both are needed");
  if (!within(config.initial_channels, 1, limits::kMaxNetworkChannels) ||
      !within(config.mel_bands, 1, limits::kMaxNetworkChannels))
    return make_error(ErrorCode::kLimitExceeded, "upsample_initial_channel is ",
                      config.initial_channels, " and num_mels ", config.mel_bands, "; 1 to ",
                      limits::kMaxNetworkChannels, " are supported");
  std::size_t hop = 1;
  for (std::size_t i = 0; i < stages; ++i) {
    SYRINX_TRY(validate_stage(config, i));
    hop *= config.upsample_rates[i];
    if (hop > limits::kMaxHopSamples)
      return make_error(ErrorCode::kLimitExceeded, "the upsample rates make ", hop,
                        " samples a frame or more; at most ", limits::kMaxHopSamples,
                        " are supported");
  }
  for (std::size_t i = 0; i < config.resblock_dilations.size(); ++i)
    SYRINX_TRY(validate_block(config, i));
  return {};
}

// Kaiser's formulas for the window of a filter whose transition is 0.6 of the lower rate wide.
std::array<float, nn::kSnakeTaps> bigvgan_filter() {
  constexpr double kHalfWidth = 0.3;
  constexpr double kHalfSize = nn::kSnakeTaps / 2;
  const double attenuation =
      2.285 * (kHalfSize - 1) * std::numbers::pi * 4 * kHalfWidth + 7.95;  // 51 dB.
  const double beta = 0.1102 * (attenuation - 8.7);
  const auto window = dsp::make_window(dsp::WindowShape::kKaiser, nn::kSnakeTaps,
                                       dsp::WindowSymmetry::kSymmetric, beta);
  std::array<double, nn::kSnakeTaps> taps{};
  for (std::size_t k = 0; k < taps.size(); ++k) {
    const double angle = std::numbers::pi / 2 * (static_cast<double>(k) + 0.5 - kHalfSize);
    taps[k] = double{window[k]} * std::sin(angle) / angle;
  }
  const double sum = std::accumulate(taps.begin(), taps.end(), 0.0);
  std::array<float, nn::kSnakeTaps> filter{};
  std::transform(taps.begin(), taps.end(), filter.begin(),
                 [&](double tap) { return static_cast<float>(tap / sum); });
  return filter;
}

Result<BigVganGenerator> BigVganGenerator::build(const UpsamplerConfig& config,
                                                 const WeightSource& source,
                                                 const nn::RowKernels& kernels,
                                                 nn::Precision precision) {
  SYRINX_TRY(validate_bigvgan(config));
  BigVganGenerator made;
  made.config = config;
  made.kernels = &kernels;
  made.maths = &nn::row_maths_for(kernels);
  made.filter = bigvgan_filter();
  made.pre_channels = nn::padded_channels(kernels, config.initial_channels);
  Builder builder(made, source);
  SYRINX_ASSIGN(made.pre, builder.same_conv("conv_pre", config.mel_bands, config.initial_channels,
                                            kOuterTaps, 1, nn::RowFormat::kFloat));
  for (std::size_t i = 0; i < config.upsample_rates.size(); ++i) {
    SYRINX_ASSIGN(auto stage, builder.stage(i, precision));
    made.stages.push_back(std::move(stage));
  }
  SYRINX_TRY(builder.post());
  return made;
}

std::size_t BigVganGenerator::hop_samples() const noexcept {
  std::size_t hop = 1;
  for (const BigVganStage& stage : stages) hop *= stage.rate;
  return hop;
}

std::size_t BigVganGenerator::memory_bytes() const noexcept {
  std::size_t bytes = pre.memory_bytes() + post_weights.size() * sizeof(float);
  for (const BigVganStage& stage : stages) {
    for (const nn::PackedConv& phase : stage.phases) bytes += phase.memory_bytes();
    for (const AmpBlock& block : stage.blocks) bytes += memory_of(block);
  }
  return bytes;
}

std::size_t BigVganGenerator::latency_samples() const noexcept {
  std::int64_t rows = pre.geometry().ahead();
  for (const BigVganStage& stage : stages)
    rows = (rows + stage.ahead) * static_cast<std::int64_t>(stage.rate) +
           stage.blocks.back().look_ahead;
  return static_cast<std::size_t>(rows + kReach) + kOuterTaps / 2;
}

}  // namespace syrinx::vocoder
