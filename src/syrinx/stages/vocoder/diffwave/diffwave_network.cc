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
    return module("skip_projection", std::array<std::size_t, 3>{channels, channels, 1}, channels,
                  skip_weights_, skip_bias_);
  }

  Result<void> layers() {
    made_.layers.resize(made_.config.layers);
    made_.convs.resize(made_.config.layers);
    std::vector<std::vector<float>> outputs, biases;
    for (std::size_t i = 0; i < made_.config.layers; ++i) {
      const std::string name = "residual_layers." + std::to_string(i) + ".";
      DiffWaveLayer& layer = made_.layers[i];
      layer.scale = std::exp2(0.5 * static_cast<double>(i));
      SYRINX_TRY(gated(name, i));
      SYRINX_TRY(output(name, outputs.emplace_back(), biases.emplace_back()));
      if (i + 1 < made_.config.layers) residual(i, outputs[i], biases[i]);
      SYRINX_ASSIGN(layer.step,
                    dense(name + "diffusion_projection", kHidden, made_.config.channels));
    }
    skips(outputs, biases);
    return {};
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

  // The published gate comes first and is the sigmoid's; ours is the tanh's.
  Result<void> gated(const std::string& name, std::size_t index) {
    const std::size_t channels = made_.config.channels, bands = made_.config.mel_bands;
    std::vector<float> weights, bias, side, side_bias;
    SYRINX_TRY(module(name + "dilated_conv",
                      std::array<std::size_t, 3>{2 * channels, channels, kTaps}, 2 * channels,
                      weights, bias));
    SYRINX_TRY(module(name + "conditioner_projection",
                      std::array<std::size_t, 3>{2 * channels, bands, 1}, 2 * channels, side,
                      side_bias));
    const auto scale = static_cast<float>(1 / made_.layers[index].scale);
    const std::size_t dilation = std::size_t{1} << (index % made_.config.dilation_cycle);
    const auto published = [&](std::size_t o) { return (o + channels) % (2 * channels); };
    std::vector<float> sum(2 * channels);
    for (std::size_t o = 0; o < sum.size(); ++o)
      sum[o] = bias[published(o)] + side_bias[published(o)];
    made_.convs[index].gated = nn::GatedConv(
        *made_.kernels, made_.format,
        {nn::ConvGeometry::centred(channels, 2 * channels, kTaps, dilation),
         [&](std::size_t o, std::size_t i, std::size_t k) {
           return scale * weights[(published(o) * channels + i) * kTaps + k];
         },
         bands,
         [&](std::size_t o, std::size_t i, std::size_t) { return side[published(o) * bands + i]; },
         sum});
    return {};
  }

  Result<void> output(const std::string& name, std::vector<float>& weights,
                      std::vector<float>& bias) {
    const std::size_t channels = made_.config.channels;
    return module(name + "output_projection", std::array<std::size_t, 3>{2 * channels, channels, 1},
                  2 * channels, weights, bias);
  }

  // The first half of the output projection.
  void residual(std::size_t index, const std::vector<float>& weights,
                const std::vector<float>& bias) {
    const std::size_t channels = made_.config.channels;
    DiffWaveLayer& layer = made_.layers[index];
    const auto scale = static_cast<float>(layer.scale);
    made_.convs[index].residual = nn::PackedConv(
        *made_.kernels, made_.format, {channels, channels, {0}},
        [&](std::size_t o, std::size_t i, std::size_t) {
          return scale * weights[o * channels + i];
        },
        std::span<const float>(bias).first(channels));
    for (std::size_t c = 0; c < channels; ++c)
      layer.residual_bias.push_back(static_cast<float>(layer.scale * double{bias[c]}));
  }

  // The second half, taken through the skip projection; the root of the number of layers divided
  // out; all biases in the first.
  void skips(const std::vector<std::vector<float>>& weights,
             const std::vector<std::vector<float>>& biases) {
    const std::size_t channels = made_.config.channels;
    const double scale = 1 / std::sqrt(static_cast<double>(weights.size()));
    const auto projected = [&](std::size_t o, const auto& value) {
      double sum = 0;
      for (std::size_t c = 0; c < channels; ++c)
        sum += double{skip_weights_[o * channels + c]} * double{value(channels + c)};
      return scale * sum;
    };
    std::vector<float> bias;
    for (std::size_t o = 0; o < channels; ++o) {
      double sum = double{skip_bias_[o]};
      for (const auto& one : biases) sum += projected(o, [&](std::size_t c) { return one[c]; });
      bias.push_back(static_cast<float>(sum));
    }
    for (std::size_t n = 0; n < weights.size(); ++n)
      made_.convs[n].skip = nn::SummedConv(
          *made_.kernels, made_.format, channels, channels,
          [&](std::size_t o, std::size_t i, std::size_t) {
            return static_cast<float>(
                projected(o, [&](std::size_t c) { return weights[n][c * channels + i]; }));
          },
          n == 0 ? std::span<const float>(bias) : std::span<const float>());
  }

  DiffWaveNetwork& made_;
  const WeightSource& source_;
  std::vector<float> skip_weights_, skip_bias_;
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
  SYRINX_TRY(builder.layers());
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
  for (const nn::GatedLayer& conv : convs) samples += conv.gated.geometry().behind();
  return samples;
}

std::size_t DiffWaveNetwork::memory_bytes() const noexcept {
  std::size_t bytes = 0;
  for (const DiffWaveLayer& layer : layers) bytes += layer.step.weights.size() * sizeof(float);
  for (const nn::GatedLayer& conv : convs)
    bytes += conv.gated.memory_bytes() + conv.residual.memory_bytes() + conv.skip.memory_bytes();
  return bytes + (embed1.weights.size() + embed2.weights.size()) * sizeof(float);
}

}  // namespace syrinx::vocoder
