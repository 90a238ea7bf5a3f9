// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/waveglow/waveglow_network.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "syrinx/core/base/limits.h"
#include "syrinx/stages/vocoder/waveglow/matrix_inverse.h"

namespace syrinx::vocoder {
namespace {

constexpr std::size_t kUpsampleTaps = 1'024;
constexpr std::size_t kHop = 256;  // The upsampling's stride.
using Shape3 = std::array<std::size_t, 3>;

Result<void> check(const WaveGlowConfig& c) {
  const bool whole = c.mel_bands > 0 && c.flows > 0 && c.layers > 0 && c.channels > 0 &&
                     c.group_samples > 0 && c.group_samples % 2 == 0 &&
                     kHop % c.group_samples == 0 && c.kernel_size % 2 == 1 && c.early_every > 0 &&
                     c.early_channels % 2 == 0 &&
                     (c.flows - 1) / c.early_every * c.early_channels < c.group_samples;
  if (!whole)
    return make_error(
        ErrorCode::kUnsupported, "a WaveGlow of ", c.flows, " flows of ", c.group_samples,
        " samples, ", c.early_channels, " put out every ", c.early_every, ", ", c.layers,
        " layers of ", c.channels, " channels and kernels of ", c.kernel_size,
        ": groups must be even and divide 256, kernels odd, and something must remain");
  if (c.flows > limits::kMaxNetworkLayers || c.layers > 12 || c.mel_bands > 1'024 ||
      c.channels > limits::kMaxNetworkChannels || c.kernel_size > limits::kMaxConvTaps)
    return make_error(ErrorCode::kLimitExceeded, "a WaveGlow of ", c.flows, " flows, ", c.layers,
                      " layers, ", c.channels, " channels and ", c.mel_bands,
                      " mel bands; at most ", limits::kMaxNetworkLayers, ", 12, ",
                      limits::kMaxNetworkChannels, " and 1024 are possible");
  return {};
}

class Builder {
 public:
  Builder(WaveGlowNetwork& made, const WeightSource& source) : made_(made), source_(source) {}

  // The transposed convolution's samples 256 f + k, of frame f, k < 256, are those of frames f,
  // f - 1, ... under taps k, k + 256, ...; a row's channel is (band, sample of the group).
  Result<void> upsample() {
    const std::size_t bands = made_.config.mel_bands, group = made_.config.group_samples;
    std::vector<float> weights, bias;
    SYRINX_TRY(module("upsample", Shape3{bands, bands, kUpsampleTaps}, bands, weights, bias));
    std::vector<float> row_bias;
    for (const float b : bias) row_bias.insert(row_bias.end(), group, b);
    for (std::size_t p = 0; p < kHop / group; ++p)
      made_.upsample.emplace_back(
          *made_.kernels, nn::RowFormat::kFloat,
          nn::ConvGeometry{bands, bands * group, {-3, -2, -1, 0}},
          [&](std::size_t o, std::size_t i, std::size_t tap) {
            const std::size_t k = p * group + o % group + (3 - tap) * kHop;
            return weights[(i * bands + o / group) * kUpsampleTaps + k];
          },
          row_bias);
    return {};
  }

  Result<WaveGlowFlow> flow(std::size_t index, std::size_t channels) {
    const WaveGlowConfig& config = made_.config;
    WaveGlowFlow made;
    made.channels = channels;
    if (index % config.early_every == 0 && index > 0) made.early_channels = config.early_channels;
    SYRINX_TRY(unmix("convinv." + std::to_string(index) + ".conv", made));
    const std::string name = "WN." + std::to_string(index) + ".";
    const auto plain = [&](const std::string& part, std::size_t in, std::size_t out) {
      return conv(name + part, in, out);
    };
    SYRINX_ASSIGN(made.start, plain("start", channels / 2, config.channels));
    Outputs outputs{channels, {}, {}, {}};
    SYRINX_TRY(module(name + "end", Shape3{channels, config.channels, 1}, channels, outputs.end,
                      outputs.bias));
    std::vector<float> side, side_bias;
    if (!config.separate_conditioning)
      SYRINX_TRY(module(name + "cond_layer",
                        Shape3{2 * config.channels * config.layers, made_.side_channels(), 1},
                        2 * config.channels * config.layers, side, side_bias));
    for (std::size_t i = 0; i < config.layers; ++i) {
      SYRINX_ASSIGN(auto made_layer, layer(name, i, side, side_bias, outputs));
      made.layers.push_back(std::move(made_layer));
    }
    for (std::size_t i = 0; i < config.layers; ++i) made.layers[i].skip = skip(i, outputs);
    return made;
  }

 private:
  // What a flow's network makes of its layers' skips.
  struct Outputs {
    std::size_t channels = 0;
    std::vector<float> end;                 // [channels][of a skip]
    std::vector<float> bias;                // Of the whole.
    std::vector<std::vector<float>> skips;  // Each layer's, [of a skip][of its gate].
  };

  Result<void> module(const std::string& name, const Shape3& shape, std::size_t out,
                      std::vector<float>& weights, std::vector<float>& bias) {
    SYRINX_ASSIGN(weights, source_.weight(name, shape));
    if (out > 0) {
      SYRINX_ASSIGN(bias, source_.bias(name, out));
    }
    made_.parameters += weights.size() + bias.size();
    return {};
  }

  // Between float rows: of the few channels of the signal.
  Result<nn::PackedConv> conv(const std::string& name, std::size_t in, std::size_t out) {
    std::vector<float> weights, bias;
    SYRINX_TRY(module(name, Shape3{out, in, 1}, out, weights, bias));
    return nn::PackedConv(*made_.kernels, nn::RowFormat::kFloat, {in, out, {0}}, weights, bias);
  }

  Result<void> unmix(const std::string& name, WaveGlowFlow& made) {
    std::vector<float> weights, none;
    SYRINX_TRY(module(name, Shape3{made.channels, made.channels, 1}, 0, weights, none));
    const std::vector<double> mix(weights.begin(), weights.end());
    const auto unmixed = inverse(mix, made.channels);
    if (!unmixed)
      return make_error(unmixed.error().code, "'", name, "' is ", unmixed.error().message);
    made.unmix.assign(unmixed->begin(), unmixed->end());
    return {};
  }

  // `side` has all layers' conditioning, unless each layer has its own.
  Result<nn::GatedLayer> layer(const std::string& name, std::size_t index,
                               std::span<const float> side, std::span<const float> side_bias,
                               Outputs& outputs) {
    const WaveGlowConfig& config = made_.config;
    const std::size_t width = 2 * config.channels, inputs = made_.side_channels();
    const std::string number = std::to_string(index);
    std::vector<float> own, own_bias;
    if (config.separate_conditioning) {
      SYRINX_TRY(
          module(name + "cond_layers." + number, Shape3{width, inputs, 1}, width, own, own_bias));
      side = own;
      side_bias = own_bias;
    } else {
      side = side.subspan(index * width * inputs, width * inputs);
      side_bias = side_bias.subspan(index * width, width);
    }
    std::vector<float> weights, bias;
    SYRINX_TRY(module(name + "in_layers." + number,
                      Shape3{width, config.channels, config.kernel_size}, width, weights, bias));
    for (std::size_t o = 0; o < width; ++o) bias[o] += side_bias[o];
    const std::size_t dilation = std::size_t{1} << index;
    nn::GatedLayer made;
    made.gated = nn::GatedConv(
        *made_.kernels, made_.format,
        {nn::ConvGeometry::centred(config.channels, width, config.kernel_size, dilation),
         [&](std::size_t o, std::size_t i, std::size_t k) {
           return weights[(o * config.channels + i) * config.kernel_size + k];
         },
         inputs, [&](std::size_t o, std::size_t i, std::size_t) { return side[o * inputs + i]; },
         bias});
    SYRINX_TRY(
        residual(name + "res_skip_layers." + number, index + 1 == config.layers, made, outputs));
    return made;
  }

  // Leaves the half that goes to the skip with `outputs`.
  Result<void> residual(const std::string& name, bool last, nn::GatedLayer& made,
                        Outputs& outputs) {
    const std::size_t channels = made_.config.channels;
    const std::size_t width = last ? channels : 2 * channels;
    std::vector<float> weights, bias;
    SYRINX_TRY(module(name, Shape3{width, channels, 1}, width, weights, bias));
    if (!last)
      made.residual = nn::PackedConv(*made_.kernels, made_.format, {channels, channels, {0}},
                                     std::span(weights).first(channels * channels),
                                     std::span(bias).first(channels));
    const auto tail = static_cast<std::ptrdiff_t>(width - channels);
    const auto square = static_cast<std::ptrdiff_t>(channels);
    for (std::size_t o = 0; o < outputs.channels; ++o)
      for (std::size_t c = 0; c < channels; ++c)
        outputs.bias[o] += outputs.end[o * channels + c] * bias[width - channels + c];
    outputs.skips.emplace_back(weights.begin() + tail * square, weights.end());
    return {};
  }

  // The skip and the network's last convolution in one; all biases in the first.
  nn::SummedConv skip(std::size_t index, const Outputs& outputs) {
    const std::size_t channels = made_.config.channels;
    const std::vector<float>& weights = outputs.skips[index];
    const auto product = [&](std::size_t o, std::size_t i, std::size_t) {
      double sum = 0;
      for (std::size_t c = 0; c < channels; ++c)
        sum += double{outputs.end[o * channels + c]} * double{weights[c * channels + i]};
      return static_cast<float>(sum);
    };
    return {*made_.kernels,
            made_.format,
            channels,
            outputs.channels,
            product,
            index == 0 ? std::span<const float>(outputs.bias) : std::span<const float>()};
  }

  WaveGlowNetwork& made_;
  const WeightSource& source_;
};

}  // namespace

Result<WaveGlowNetwork> WaveGlowNetwork::build(const WaveGlowConfig& config,
                                               const WeightSource& source,
                                               const nn::RowKernels& kernels,
                                               nn::Precision precision) {
  SYRINX_TRY(check(config));
  WaveGlowNetwork made;
  made.config = config;
  made.kernels = &kernels;
  made.format = nn::row_format(kernels, precision);
  made.channels = nn::padded_channels(kernels, config.channels);
  made.side = nn::padded_channels(kernels, made.side_channels());
  Builder builder(made, source);
  SYRINX_TRY(builder.upsample());
  std::size_t channels = config.group_samples;
  for (std::size_t i = 0; i < config.flows; ++i) {
    if (i > 0 && i % config.early_every == 0) channels -= config.early_channels;
    SYRINX_ASSIGN(auto flow, builder.flow(i, channels));
    made.flows.push_back(std::move(flow));
  }
  std::reverse(made.flows.begin(), made.flows.end());
  return made;
}

std::int64_t WaveGlowNetwork::reach() const noexcept {
  std::int64_t rows = 0;
  for (const nn::GatedLayer& layer : flows.front().layers) rows += layer.gated.geometry().behind();
  return rows;
}

std::size_t WaveGlowNetwork::memory_bytes() const noexcept {
  std::size_t bytes = 0;
  for (const nn::PackedConv& conv : upsample) bytes += conv.memory_bytes();
  for (const WaveGlowFlow& flow : flows) {
    bytes += flow.start.memory_bytes();
    for (const nn::GatedLayer& layer : flow.layers)
      bytes +=
          layer.gated.memory_bytes() + layer.residual.memory_bytes() + layer.skip.memory_bytes();
  }
  return bytes;
}

}  // namespace syrinx::vocoder
