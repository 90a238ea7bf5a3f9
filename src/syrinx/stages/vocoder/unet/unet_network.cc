// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/unet/unet_network.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "syrinx/core/base/limits.h"

namespace syrinx::vocoder {
namespace {

constexpr float kSlope = 0.2F;
constexpr float kLinear = 1.0F;
constexpr std::size_t kFrequencies = 64;
constexpr std::size_t kHeadChannels = 32;

Result<void> check(const UnetConfig& c) {
  const auto positive = [](std::size_t n) { return n > 0; };
  if (c.mel_bands == 0 || c.time_channels == 0 || c.strides.empty() ||
      c.channels.size() != c.strides.size() + 1 ||
      !std::all_of(c.channels.begin(), c.channels.end(), positive) ||
      !std::all_of(c.strides.begin(), c.strides.end(), positive) ||
      c.channels.back() % c.heads() != 0)
    return make_error(ErrorCode::kUnsupported, "a U-Net of ", c.strides.size(), " strides and ",
                      c.channels.size(),
                      " widths: there must be one width more than strides, none of them 0, and the "
                      "heads (one for every 32 channels at the bottom) must share them evenly");
  const auto too_wide = [](std::size_t n) { return n > limits::kMaxNetworkChannels; };
  const auto too_far = [](std::size_t n) { return n > limits::kMaxUpsampleRate; };
  if (c.strides.size() > 8 || too_wide(c.mel_bands) || too_wide(c.time_channels) ||
      std::any_of(c.channels.begin(), c.channels.end(), too_wide) ||
      std::any_of(c.strides.begin(), c.strides.end(), too_far) ||
      c.hop_samples() > limits::kMaxHopSamples)
    return make_error(ErrorCode::kLimitExceeded, "a U-Net of ", c.strides.size(),
                      " strides; at most 8, widths of ", limits::kMaxNetworkChannels,
                      " and hops of ", limits::kMaxHopSamples, " are possible");
  return {};
}

// Where a convolution's padded channels come from: `fold` rows of `in`, to `unfold` rows of `out`.
struct Sizes {
  std::size_t in, out, taps = 1, fold = 1, unfold = 1;
};

class Builder {
 public:
  Builder(const WeightSource& source, const nn::RowKernels& kernels, nn::RowFormat format)
      : source_(source), kernels_(kernels), format_(format) {}

  Result<nn::PackedConv> conv(const std::string& name, const Sizes& s,
                              std::vector<float>* padded_bias = nullptr) {
    const std::size_t taps = s.taps * s.fold, outs = s.out * s.unfold;
    const std::array<std::size_t, 3> shape{outs, s.in, taps};
    SYRINX_ASSIGN(const std::vector<float> weights, source_.weight(name, shape));
    SYRINX_ASSIGN(const std::vector<float> bias, source_.bias(name, outs));
    parameters += weights.size() + bias.size();
    const std::size_t in = nn::padded_channels(kernels_, s.in);
    const std::size_t out = nn::padded_channels(kernels_, s.out);
    std::vector<float> spread(out * s.unfold);
    for (std::size_t o = 0; o < outs; ++o) spread[o / s.out * out + o % s.out] = bias[o];
    if (padded_bias != nullptr) *padded_bias = spread;
    return nn::PackedConv(
        kernels_, format_, nn::ConvGeometry::centred(in * s.fold, out * s.unfold, s.taps, 1),
        [&](std::size_t o, std::size_t i, std::size_t k) {
          if (o % out >= s.out || i % in >= s.in) return 0.0F;
          const std::size_t row = o / out * s.out + o % out;
          const std::size_t tap = s.fold > 1 ? i / in : k;
          return weights[(row * s.in + i % in) * taps + tap];
        },
        spread);
  }
  Result<UnetDense> dense(const std::string& name, std::size_t in, std::size_t out) {
    const std::array<std::size_t, 2> shape{out, in};
    UnetDense made;
    SYRINX_ASSIGN(made.weights, source_.weight(name, shape));
    SYRINX_ASSIGN(made.bias, source_.bias(name, out));
    parameters += made.weights.size() + made.bias.size();
    return made;
  }
  Result<UnetBlock> block(const std::string& name, std::size_t channels, std::size_t time) {
    UnetBlock made;
    SYRINX_ASSIGN(made.conv1, conv(name + ".conv1", {channels, channels, 3}, &made.bias1));
    SYRINX_ASSIGN(made.conv2, conv(name + ".conv2", {channels, channels, 3}));
    SYRINX_ASSIGN(made.time, dense(name + ".time", time, channels));
    return made;
  }
  Result<UnetLevel> level(const UnetConfig& c, std::size_t index) {
    const std::string down = "unet.down." + std::to_string(index);
    const std::string up = "unet.up." + std::to_string(index);
    const std::size_t here = c.channels[index], below = c.channels[index + 1];
    const std::size_t stride = c.strides[index];
    UnetLevel made;
    SYRINX_ASSIGN(made.down_block, block(down + ".block", here, c.time_channels));
    SYRINX_ASSIGN(made.up_block, block(up + ".block", here, c.time_channels));
    SYRINX_ASSIGN(made.pool, conv(down + ".pool", {here, below, 1, stride}));
    SYRINX_ASSIGN(made.raise, conv(up + ".raise", {below, here, 1, 1, stride}));
    SYRINX_ASSIGN(made.skip, conv(up + ".skip", {here, here}));
    SYRINX_ASSIGN(made.mel, conv(up + ".mel", {c.mel_bands, here}));
    return made;
  }

  std::size_t parameters = 0;

 private:
  const WeightSource& source_;
  const nn::RowKernels& kernels_;
  nn::RowFormat format_;
};

void silu(std::vector<double>& values) {
  for (double& v : values) v /= 1 + std::exp(-v);
}

UnetRows laid_out(std::span<const float> values, std::size_t channels, std::size_t padded) {
  UnetRows rows(values.size() / channels, padded);
  for (std::size_t r = 0; r < rows.rows; ++r)
    std::copy_n(values.data() + r * channels, channels, rows.row(r));
  return rows;
}

// x += y, each row of y for as many rows of x as come to one of y's.
void add_stretched(UnetRows& x, const UnetRows& y) {
  const std::size_t each = x.rows / y.rows;
  for (std::size_t r = 0; r < x.rows; ++r)
    for (std::size_t c = 0; c < x.channels; ++c) x.row(r)[c] += y.row(r / each)[c];
}

std::size_t memory_of(const UnetBlock& block) {
  return block.conv1.memory_bytes() + block.conv2.memory_bytes() +
         block.time.weights.size() * sizeof(float);
}

}  // namespace

std::size_t UnetConfig::hop_samples() const noexcept {
  std::size_t hop = 1;
  for (const std::size_t stride : strides) hop *= stride;
  return hop;
}

std::size_t UnetConfig::heads() const noexcept {
  return channels.empty() ? 1 : std::max<std::size_t>(channels.back() / kHeadChannels, 1);
}

std::vector<double> UnetDense::apply(std::span<const double> in) const {
  std::vector<double> out(bias.begin(), bias.end());
  for (std::size_t o = 0; o < out.size(); ++o)
    for (std::size_t i = 0; i < in.size(); ++i)
      out[o] += double{weights[o * in.size() + i]} * in[i];
  return out;
}

Result<UnetNetwork> UnetNetwork::build(const UnetConfig& config, const WeightSource& source,
                                       const nn::RowKernels& kernels, nn::Precision precision) {
  SYRINX_TRY(check(config));
  UnetNetwork made;
  made.config_ = config;
  made.kernels_ = &kernels;
  made.format_ = nn::row_format(kernels, precision);
  Builder builder(source, kernels, made.format_);
  const std::size_t time = config.time_channels, bottom = config.channels.back();
  SYRINX_ASSIGN(made.in_, builder.conv("unet.in", {1, config.channels[0], 3}));
  SYRINX_ASSIGN(made.time0_, builder.dense("unet.time.0", 2 * kFrequencies, time));
  SYRINX_ASSIGN(made.time1_, builder.dense("unet.time.1", time, time));
  for (std::size_t i = 0; i < config.strides.size(); ++i) {
    SYRINX_ASSIGN(auto level, builder.level(config, i));
    made.levels_.push_back(std::move(level));
  }
  SYRINX_ASSIGN(made.mel_, builder.conv("unet.mel", {config.mel_bands, bottom}));
  SYRINX_ASSIGN(made.block1_, builder.block("unet.mid.block1", bottom, time));
  SYRINX_ASSIGN(made.block2_, builder.block("unet.mid.block2", bottom, time));
  SYRINX_ASSIGN(made.query_, builder.conv("unet.mid.attention.q", {bottom, bottom}));
  SYRINX_ASSIGN(made.key_, builder.conv("unet.mid.attention.k", {bottom, bottom}));
  SYRINX_ASSIGN(made.value_, builder.conv("unet.mid.attention.v", {bottom, bottom}));
  SYRINX_ASSIGN(made.out_of_attention_, builder.conv("unet.mid.attention.out", {bottom, bottom}));
  SYRINX_ASSIGN(made.out_, builder.conv("unet.out", {config.channels[0], 1, 3}));
  made.parameters_ = builder.parameters;
  return made;
}

std::vector<double> UnetNetwork::embed(double step) const {
  std::vector<double> values(2 * kFrequencies);
  for (std::size_t i = 0; i < kFrequencies; ++i) {
    const double frequency =
        std::pow(1e-4, static_cast<double>(i) / static_cast<double>(kFrequencies - 1));
    values[i] = std::sin(1'000 * step * frequency);
    values[kFrequencies + i] = std::cos(1'000 * step * frequency);
  }
  for (const UnetDense* layer : {&time0_, &time1_}) {
    values = layer->apply(values);
    silu(values);
  }
  return values;
}

UnetRows UnetNetwork::block(const UnetRun& run, const UnetBlock& block, const UnetRows& x,
                            std::span<const double> embedded) const {
  std::vector<float> bias = block.bias1;
  const std::vector<double> time = block.time.apply(embedded);
  for (std::size_t c = 0; c < time.size(); ++c)
    bias[c] = static_cast<float>(double{bias[c]} + time[c]);
  const UnetRows inner = convolve(run, block.conv1, x, kSlope, {nullptr, bias.data()});
  return convolve(run, block.conv2, inner, kSlope, {&x, nullptr});
}

UnetRows UnetNetwork::middle(const UnetRun& run, UnetRows x, const UnetRows& mel,
                             std::span<const double> embedded) const {
  x = convolve(run, mel_, mel, kLinear, {&x, nullptr});
  x = block(run, block1_, x, embedded);
  const UnetRows attended =
      attend(run, convolve(run, query_, x, kLinear), convolve(run, key_, x, kLinear),
             convolve(run, value_, x, kLinear), config_.channels.back(), config_.heads());
  x = convolve(run, out_of_attention_, attended, kLinear, {&x, nullptr});
  return block(run, block2_, x, embedded);
}

void UnetNetwork::run(std::span<const float> x, std::span<const float> mel, double step,
                      ThreadPool* pool, std::span<float> noise) const {
  const UnetRun how{kernels_, format_, pool};
  const std::vector<double> embedded = embed(step);
  const UnetRows bands =
      laid_out(mel, config_.mel_bands, nn::padded_channels(*kernels_, config_.mel_bands));
  UnetRows rows = convolve(how, in_, laid_out(x, 1, nn::padded_channels(*kernels_, 1)), kLinear);
  std::vector<UnetRows> remembered;
  for (std::size_t i = 0; i < levels_.size(); ++i) {
    remembered.push_back(block(how, levels_[i].down_block, rows, embedded));
    rows = convolve(how, levels_[i].pool, remembered.back(), kLinear, {}, config_.strides[i]);
  }
  rows = middle(how, std::move(rows), bands, embedded);
  for (std::size_t i = levels_.size(); i-- > 0;) {
    const UnetLevel& level = levels_[i];
    rows = convolve(how, level.raise, rows, kLinear, {}, 1, config_.strides[i]);
    rows = convolve(how, level.skip, remembered[i], kLinear, {&rows, nullptr});
    add_stretched(rows, convolve(how, level.mel, bands, kLinear));
    rows = block(how, level.up_block, rows, embedded);
    remembered.pop_back();
  }
  const UnetRows out = convolve(how, out_, rows, kSlope);
  for (std::size_t i = 0; i < noise.size(); ++i) noise[i] = out.row(i)[0];
}

// On every level what the levels above remember, and of its own what it remembers, the rows that a
// block is given, two that it makes and those that it multiplies.
std::size_t UnetNetwork::run_bytes(std::size_t frames) const noexcept {
  std::size_t rows = frames * config_.hop_samples(), remembered = 0, most = 0;
  for (std::size_t i = 0; i < config_.channels.size(); ++i) {
    const std::size_t padded = nn::padded_channels(*kernels_, config_.channels[i]);
    const std::size_t level = rows * padded * sizeof(float);
    most = std::max(most, remembered + 4 * level + rows * nn::spread_row_bytes(format_, padded));
    remembered += level;
    if (i < config_.strides.size()) rows /= config_.strides[i];
  }
  return most;
}

std::size_t UnetNetwork::memory_bytes() const noexcept {
  std::size_t bytes = memory_of(block1_) + memory_of(block2_);
  for (const nn::PackedConv* conv :
       {&in_, &mel_, &query_, &key_, &value_, &out_of_attention_, &out_})
    bytes += conv->memory_bytes();
  for (const UnetLevel& level : levels_) {
    bytes += memory_of(level.down_block) + memory_of(level.up_block);
    for (const nn::PackedConv* conv : {&level.pool, &level.raise, &level.skip, &level.mel})
      bytes += conv->memory_bytes();
  }
  return bytes;
}

}  // namespace syrinx::vocoder
