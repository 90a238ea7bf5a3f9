// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/diffwave/diffwave_network.h"

#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "syrinx/core/base/limits.h"

namespace syrinx::vocoder {
namespace {

constexpr std::size_t kEmbedding = 128;
constexpr std::size_t kHidden = 512;
constexpr std::size_t kTaps = 3;
constexpr double kLastStep = 49;  // Of the table that the published models are trained with.

Result<void> check(const DiffWaveConfig& config) {
  if (config.layers == 0 || config.channels == 0 || config.mel_bands == 0 ||
      config.dilation_cycle == 0)
    return make_error(ErrorCode::kUnsupported, "a DiffWave of ", config.layers, " layers, ",
                      config.channels, " channels, ", config.mel_bands, " mel bands and cycles of ",
                      config.dilation_cycle, " dilations: none may be 0");
  if (config.layers > limits::kMaxNetworkLayers || config.dilation_cycle > 13 ||
      config.channels > limits::kMaxNetworkChannels ||
      config.mel_bands > limits::kMaxNetworkChannels)
    return make_error(ErrorCode::kLimitExceeded, "a DiffWave of ", config.layers, " layers, ",
                      config.channels, " channels and cycles of ", config.dilation_cycle,
                      " dilations; at most ", limits::kMaxNetworkLayers, ", ",
                      limits::kMaxNetworkChannels, " and 13 are possible");
  return {};
}

class Builder {
 public:
  Builder(DiffWaveNetwork& made, const WeightSource& source) : made_(made), source_(source) {}

  Result<DenseLayer> dense(const std::string& name, std::size_t in, std::size_t out) {
    DenseLayer layer;
    SYRINX_TRY(module(name, std::array{out, in}, out, layer.weights, layer.bias));
    return layer;
  }

  Result<void> outer() {
    const std::size_t channels = made_.config.channels;
    SYRINX_TRY(module("input_projection", std::array<std::size_t, 3>{channels, 1, 1}, channels,
                      made_.in_weights, made_.in_bias));
    made_.in_weights.resize(made_.channels);
    made_.in_bias.resize(made_.channels);
    std::vector<float> bias;
    SYRINX_TRY(module("output_projection", std::array<std::size_t, 3>{1, channels, 1}, 1,
                      made_.out_weights, bias));
    made_.out_weights.resize(made_.channels);
    made_.out_bias = bias[0];
    SYRINX_ASSIGN(made_.embed1, dense("diffusion_embedding.projection1", kEmbedding, kHidden));
    SYRINX_ASSIGN(made_.embed2, dense("diffusion_embedding.projection2", kHidden, kHidden));
    return skip_projection();
  }

  Result<DiffWaveLayer> layer(std::size_t index) {
    const std::string name = "residual_layers." + std::to_string(index) + ".";
    DiffWaveLayer made;
    made.dilation = std::int64_t{1} << (index % made_.config.dilation_cycle);
    made.scale = std::exp2(0.5 * static_cast<double>(index));
    SYRINX_TRY(gated(name, made));
    SYRINX_TRY(output(name, index + 1 == made_.config.layers, made));
    SYRINX_ASSIGN(made.step, dense(name + "diffusion_projection", kHidden, made_.config.channels));
    return made;
  }

 private:
  template <std::size_t Rank>
  Result<void> module(const std::string& name, const std::array<std::size_t, Rank>& shape,
                      std::size_t out, std::vector<float>& weights, std::vector<float>& bias) {
    SYRINX_ASSIGN(weights, source_.weight(name, shape));
    SYRINX_ASSIGN(bias, source_.bias(name, out));
    made_.parameters += weights.size() + bias.size();
    return {};
  }

  Result<void> skip_projection() {
    const std::size_t channels = made_.config.channels;
    std::vector<float> weights, bias;
    SYRINX_TRY(module("skip_projection", std::array<std::size_t, 3>{channels, channels, 1},
                      channels, weights, bias));
    const auto scale = static_cast<float>(1 / std::sqrt(static_cast<double>(made_.config.layers)));
    made_.skip = nn::PackedConv(
        *made_.kernels, made_.format, {channels, channels, {0}},
        [&](std::size_t o, std::size_t i, std::size_t) {
          return scale * weights[o * channels + i];
        },
        bias);
    return {};
  }

  // The published gate comes first and is the sigmoid's; ours is the tanh's.
  Result<void> gated(const std::string& name, DiffWaveLayer& made) {
    const std::size_t channels = made_.config.channels, bands = made_.config.mel_bands;
    std::vector<float> weights, bias, side, side_bias;
    SYRINX_TRY(module(name + "dilated_conv",
                      std::array<std::size_t, 3>{2 * channels, channels, kTaps}, 2 * channels,
                      weights, bias));
    SYRINX_TRY(module(name + "conditioner_projection",
                      std::array<std::size_t, 3>{2 * channels, bands, 1}, 2 * channels, side,
                      side_bias));
    const auto scale = static_cast<float>(1 / made.scale);
    const auto published = [&](std::size_t o) { return (o + channels) % (2 * channels); };
    std::vector<float> sum(2 * channels);
    for (std::size_t o = 0; o < sum.size(); ++o)
      sum[o] = bias[published(o)] + side_bias[published(o)];
    made.gated = nn::GatedConv(
        *made_.kernels, made_.format,
        {nn::ConvGeometry::centred(channels, 2 * channels, kTaps,
                                   static_cast<std::size_t>(made.dilation)),
         [&](std::size_t o, std::size_t i, std::size_t k) {
           return scale * weights[(published(o) * channels + i) * kTaps + k];
         },
         bands,
         [&](std::size_t o, std::size_t i, std::size_t) { return side[published(o) * bands + i]; },
         sum});
    return {};
  }

  Result<void> output(const std::string& name, bool last, DiffWaveLayer& made) {
    const std::size_t channels = made_.config.channels;
    std::vector<float> weights, bias;
    SYRINX_TRY(module(name + "output_projection",
                      std::array<std::size_t, 3>{2 * channels, channels, 1}, 2 * channels, weights,
                      bias));
    const auto half = [&](std::size_t first, float scale) {
      return nn::PackedConv(
          *made_.kernels, made_.format, {channels, channels, {0}},
          [&, first, scale](std::size_t o, std::size_t i, std::size_t) {
            return scale * weights[(first + o) * channels + i];
          },
          std::span<const float>(bias).subspan(first, channels));
    };
    made.skip = half(channels, 1.0F);
    if (last) return {};
    made.residual = half(0, static_cast<float>(made.scale));
    for (std::size_t c = 0; c < channels; ++c)
      made.residual_bias.push_back(static_cast<float>(made.scale * double{bias[c]}));
    return {};
  }

  DiffWaveNetwork& made_;
  const WeightSource& source_;
};

// The table of the published code at a fractional step: linear between its rows. The arguments go
// up to 490,000, where float32 is 0.03 wide: the rounding is part of what the models were trained
// with.
std::vector<double> embedding(double step) {
  const double low = std::floor(step), share = step - low;
  std::vector<double> values(kEmbedding);
  for (std::size_t i = 0; i < kEmbedding / 2; ++i) {
    const float exponent = static_cast<float>(i) * 4.0F / 63.0F;
    const auto frequency = static_cast<float>(std::pow(10.0, double{exponent}));
    const double a = static_cast<float>(low) * frequency;
    const double b = static_cast<float>(std::ceil(step)) * frequency;
    values[i] = std::sin(a) + share * (std::sin(b) - std::sin(a));
    values[i + kEmbedding / 2] = std::cos(a) + share * (std::cos(b) - std::cos(a));
  }
  return values;
}

void silu(std::vector<double>& values) {
  for (double& v : values) v /= 1 + std::exp(-v);
}

}  // namespace

std::vector<double> DenseLayer::apply(const std::vector<double>& in) const {
  std::vector<double> out(bias.begin(), bias.end());
  for (std::size_t o = 0; o < out.size(); ++o)
    for (std::size_t i = 0; i < in.size(); ++i)
      out[o] += double{weights[o * in.size() + i]} * in[i];
  return out;
}

Result<DiffWaveNetwork> DiffWaveNetwork::build(const DiffWaveConfig& config,
                                               const WeightSource& source,
                                               const nn::RowKernels& kernels,
                                               nn::Precision precision) {
  SYRINX_TRY(check(config));
  DiffWaveNetwork made;
  made.config = config;
  made.kernels = &kernels;
  made.format = nn::row_format(kernels, precision);
  made.channels = nn::padded_channels(kernels, config.channels);
  made.bands = nn::padded_channels(kernels, config.mel_bands);
  SYRINX_ASSIGN(made.upsampler, MelUpsampler::create(source));
  Builder builder(made, source);
  SYRINX_TRY(builder.outer());
  for (std::size_t i = 0; i < config.layers; ++i) {
    SYRINX_ASSIGN(auto layer, builder.layer(i));
    made.layers.push_back(std::move(layer));
  }
  return made;
}

DiffWaveStep DiffWaveNetwork::step(double step) const {
  auto hidden = embed1.apply(embedding(std::min(std::max(step, 0.0), kLastStep)));
  silu(hidden);
  hidden = embed2.apply(hidden);
  silu(hidden);
  DiffWaveStep made;
  std::vector<double> before;
  for (const DiffWaveLayer& layer : layers) {
    std::vector<double> share = layer.step.apply(hidden);
    for (double& v : share) v *= layer.scale;
    if (before.empty()) {
      made.first.assign(share.begin(), share.end());
      made.first.resize(channels);
    } else {
      const DiffWaveLayer& last = layers[made.biases.size()];
      std::vector<float> bias(channels);
      for (std::size_t c = 0; c < share.size(); ++c)
        bias[c] = static_cast<float>(double{last.residual_bias[c]} + share[c] - before[c]);
      made.biases.push_back(std::move(bias));
    }
    before = std::move(share);
  }
  return made;
}

std::int64_t DiffWaveNetwork::reach() const noexcept {
  std::int64_t samples = 0;
  for (const DiffWaveLayer& layer : layers) samples += layer.dilation;
  return samples;
}

std::size_t DiffWaveNetwork::memory_bytes() const noexcept {
  std::size_t bytes = skip.memory_bytes();
  for (const DiffWaveLayer& layer : layers)
    bytes += layer.gated.memory_bytes() + layer.residual.memory_bytes() +
             layer.skip.memory_bytes() + layer.step.weights.size() * sizeof(float);
  return bytes + (embed1.weights.size() + embed2.weights.size()) * sizeof(float);
}

}  // namespace syrinx::vocoder
