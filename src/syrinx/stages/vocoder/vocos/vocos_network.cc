// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/vocos/vocos_network.h"

#include <algorithm>
#include <array>
#include <utility>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/dsp/window.h"

namespace syrinx::vocoder {
namespace {

constexpr std::size_t kTaps = 7;  // Of the first convolution and of the depthwise ones.

Result<void> within(const char* field, std::size_t value, std::size_t low, std::size_t high) {
  if (value >= low && value <= high) return {};
  return make_error(ErrorCode::kUnsupported, "Vocos: ", field, " is ", value, "; it must be ", low,
                    " to ", high);
}

// Builds parts one after the other, counting parameters.
class Builder {
 public:
  Builder(VocosNetwork& made, const WeightSource& source) : made_(made), source_(source) {}

  Result<std::vector<float>> tensor(const std::string& name, std::vector<std::size_t> shape) {
    SYRINX_ASSIGN(auto values, source_.tensor(name, shape));
    made_.parameters += values.size();
    return values;
  }

  Result<nn::PackedConv> conv(const std::string& name, nn::RowFormat format, std::size_t in,
                              std::size_t out, std::size_t taps) {
    std::vector<std::size_t> shape{out, in};
    if (taps > 1) shape.push_back(taps);
    SYRINX_ASSIGN(const auto weights, tensor(name + ".weight", shape));
    SYRINX_ASSIGN(const auto bias, tensor(name + ".bias", {out}));
    return nn::PackedConv(*made_.kernels, format, nn::ConvGeometry::centred(in, out, taps, 1),
                          weights, bias);
  }

  Result<NormWeights> norm(const std::string& name) {
    NormWeights norm;
    SYRINX_ASSIGN(norm.scale, tensor(name + ".weight", {made_.config.channels}));
    SYRINX_ASSIGN(norm.bias, tensor(name + ".bias", {made_.config.channels}));
    norm.scale.resize(made_.channels);
    norm.bias.resize(made_.channels);
    return norm;
  }

  Result<ConvNextLayer> layer(const std::string& name) {
    const std::size_t channels = made_.config.channels;
    const std::size_t hidden = made_.config.hidden_channels;
    ConvNextLayer layer;
    SYRINX_ASSIGN(const auto taps, tensor(name + ".dwconv.weight", {channels, 1, kTaps}));
    SYRINX_ASSIGN(layer.depthwise_bias, tensor(name + ".dwconv.bias", {channels}));
    layer.depthwise_bias.resize(made_.channels);
    layer.depthwise.resize(kTaps * made_.channels);
    for (std::size_t c = 0; c < channels; ++c)
      for (std::size_t t = 0; t < kTaps; ++t)
        layer.depthwise[t * made_.channels + c] = taps[c * kTaps + t];
    SYRINX_ASSIGN(layer.norm, norm(name + ".norm"));
    SYRINX_ASSIGN(layer.first, conv(name + ".pwconv1", made_.format, channels, hidden, 1));
    SYRINX_ASSIGN(auto weights, tensor(name + ".pwconv2.weight", {channels, hidden}));
    SYRINX_ASSIGN(auto bias, tensor(name + ".pwconv2.bias", {channels}));
    SYRINX_ASSIGN(const auto gamma, tensor(name + ".gamma", {channels}));
    for (std::size_t c = 0; c < channels; ++c) {
      bias[c] *= gamma[c];
      for (std::size_t h = 0; h < hidden; ++h) weights[c * hidden + h] *= gamma[c];
    }
    layer.second = nn::PackedConv(*made_.kernels, made_.format,
                                  nn::ConvGeometry::centred(hidden, channels, 1, 1), weights, bias);
    return layer;
  }

 private:
  VocosNetwork& made_;
  const WeightSource& source_;
};

// PyTorch's istft refuses what divides by less than this.
constexpr float kLeastOverlap = 1e-11F;

// Every sample of an utterance of `frames` frames must be under some window.
bool covers(const VocosNetwork& network, std::size_t frames) {
  const std::size_t hop = network.config.hop_samples;
  const std::size_t begin = network.trimmed_samples();
  const std::size_t end = begin + (network.config.same_padding ? frames : frames - 1) * hop;
  for (std::size_t p = begin; p < end; ++p) {
    float sum = 0;
    for (std::size_t f = 0; f < frames && f * hop <= p; ++f)
      if (p - f * hop < network.window.size())
        sum += network.window[p - f * hop] * network.window[p - f * hop];
    if (sum <= kLeastOverlap) return false;
  }
  return true;
}

}  // namespace

Result<void> validate(const VocosConfig& config) {
  SYRINX_TRY(within("the number of mel bands", config.mel_bands, 1, limits::kMaxNetworkChannels));
  SYRINX_TRY(within("the number of channels", config.channels, 1, limits::kMaxNetworkChannels));
  SYRINX_TRY(within("the number of hidden channels", config.hidden_channels, 1,
                    limits::kMaxNetworkChannels));
  SYRINX_TRY(within("the number of layers", config.layers, 1, limits::kMaxNetworkLayers));
  SYRINX_TRY(within("the FFT size", config.fft_size, 4, limits::kMaxNetworkChannels - 2));
  SYRINX_TRY(within("the hop", config.hop_samples, 1, config.fft_size / 2));
  const bool even = config.fft_size % 2 == 0 &&
                    (!config.same_padding || (config.fft_size - config.hop_samples) % 2 == 0);
  if (even) return {};
  return make_error(ErrorCode::kUnsupported, "Vocos: an FFT of ", config.fft_size,
                    " with a hop of ", config.hop_samples,
                    "; the FFT's size and, padded 'same', the hop must be even");
}

Result<VocosNetwork> VocosNetwork::build(const VocosConfig& config, const WeightSource& source,
                                         const nn::RowKernels& kernels, nn::Precision precision) {
  SYRINX_TRY(validate(config));
  VocosNetwork made;
  made.config = config;
  made.kernels = &kernels;
  made.maths = &nn::row_maths_for(kernels);
  made.format = nn::row_format(kernels, precision);
  made.channels = nn::padded_channels(kernels, config.channels);
  made.hidden_channels = nn::padded_channels(kernels, config.hidden_channels);
  made.spectrum_channels = nn::padded_channels(kernels, config.head_channels());
  Builder builder(made, source);
  // What the first layer loses, every later one carries on; it is 1/35 of the work.
  if (made.format != nn::RowFormat::kFloat) made.embed_format = nn::RowFormat::kBf16Pair;
  SYRINX_ASSIGN(made.embed, builder.conv("backbone.embed", made.embed_format, config.mel_bands,
                                         config.channels, kTaps));
  SYRINX_ASSIGN(made.first_norm, builder.norm("backbone.norm"));
  for (std::size_t i = 0; i < config.layers; ++i) {
    SYRINX_ASSIGN(auto layer, builder.layer("backbone.convnext." + std::to_string(i)));
    made.layers.push_back(std::move(layer));
  }
  SYRINX_ASSIGN(made.last_norm, builder.norm("backbone.final_layer_norm"));
  SYRINX_ASSIGN(made.out, builder.conv(config.head_name(), made.format, config.channels,
                                       config.head_channels(), 1));
  const std::array<std::size_t, 1> window_shape{config.fft_size};
  SYRINX_ASSIGN(made.window, source.tensor("head.istft.window", window_shape));
  if (!covers(made, 2) || !covers(made, config.fft_size / config.hop_samples + 2))
    return make_error(ErrorCode::kUnsupported, "Vocos: windows of 'head.istft.window' ",
                      config.hop_samples, " samples apart leave gaps");
  return made;
}

std::size_t VocosNetwork::memory_bytes() const noexcept {
  std::size_t floats = first_norm.scale.size() * 4 + window.size();
  std::size_t bytes = embed.memory_bytes() + out.memory_bytes();
  for (const ConvNextLayer& layer : layers) {
    bytes += layer.first.memory_bytes() + layer.second.memory_bytes();
    floats += layer.depthwise.size() + layer.depthwise_bias.size() + layer.norm.scale.size() * 2;
  }
  return bytes + floats * sizeof(float);
}

std::size_t VocosNetwork::look_ahead_frames() const noexcept {
  return (layers.size() + 1) * (kTaps / 2);
}

std::size_t VocosNetwork::trimmed_samples() const noexcept {
  return config.same_padding ? (config.fft_size - config.hop_samples) / 2 : config.fft_size / 2;
}

std::size_t VocosNetwork::latency_samples() const noexcept {
  return look_ahead_frames() * config.hop_samples + trimmed_samples();
}

}  // namespace syrinx::vocoder
