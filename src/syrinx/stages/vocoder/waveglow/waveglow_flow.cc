// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/waveglow/waveglow_flow.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace syrinx::vocoder {
namespace {

constexpr std::int64_t kPartRows = 288;  // Gated at a time.

std::size_t size(std::int64_t rows) { return static_cast<std::size_t>(rows); }

}  // namespace

WaveGlowWorker::WaveGlowWorker(const WaveGlowNetwork& network, std::int64_t max_rows)
    : network_(network), padding_(network.flows.front().layers.back().gated.geometry().behind()) {
  const std::size_t rows = size(max_rows + 2 * (network.reach() + padding_));
  const std::size_t bytes = nn::spread_row_bytes(network.format, network.channels);
  for (nn::ScratchBytes& input : inputs_) input = nn::ScratchBytes((rows + nn::kSlackRows) * bytes);
  gated_ = nn::ScratchBytes((size(kPartRows) + nn::kSlackRows) * bytes);
  x_.assign((rows + nn::kSlackRows) * network.channels, 0.0F);
  skip_.assign((rows + nn::kSlackRows) * network.channels, 0.0F);
  signal_.assign((size(kPartRows) + nn::kSlackRows) *
                     nn::padded_channels(*network.kernels, network.config.group_samples),
                 0.0F);
  gate_.assign(network.flows.front().layers.front().gated.scratch_floats(), 0.0F);
}

std::byte* WaveGlowWorker::row(int turn, std::int64_t index) noexcept {
  return inputs_[turn].data() +
         size(index - first_) * nn::spread_row_bytes(network_.format, network_.channels);
}

float* WaveGlowWorker::row(std::vector<float>& values, std::int64_t index) noexcept {
  return values.data() + size(index - first_) * network_.channels;
}

void WaveGlowWorker::run(const WaveGlowFlow& flow, const WaveGlowRows& utterance,
                         std::span<const float> in, std::int64_t begin, std::int64_t end,
                         std::span<float> out) noexcept {
  const nn::TileScope tiles(*network_.kernels);
  utterance_ = utterance;
  std::int64_t reach = network_.reach();
  first_ = begin - reach - padding_;
  const auto widened = [&] {
    return Range{std::max<std::int64_t>(begin - reach, 0), std::min(end + reach, utterance.rows)};
  };
  start(flow, in, widened());
  for (std::size_t i = 0; i < flow.layers.size(); ++i) {
    const WaveGlowLayer& layer = flow.layers[i];
    const std::int64_t behind = layer.gated.geometry().behind();
    const int turn = static_cast<int>(i % 2);
    pad(turn, behind);
    reach -= behind;
    run_layer(layer, turn, widened(), i == 0);
  }
  finish(flow, in, {begin, end}, out);
}

// Zeros where a layer reads beyond the utterance.
void WaveGlowWorker::pad(int turn, std::int64_t by) noexcept {
  const std::size_t bytes = nn::spread_row_bytes(network_.format, network_.channels);
  const std::int64_t last =
      first_ + static_cast<std::int64_t>(inputs_[turn].size() / bytes - nn::kSlackRows);
  const std::int64_t from = std::max(-by, first_);
  if (from < 0) std::memset(row(turn, from), 0, size(-from) * bytes);
  const std::int64_t to = std::min(utterance_.rows + by, last);
  if (to > utterance_.rows)
    std::memset(row(turn, utterance_.rows), 0, size(to - utterance_.rows) * bytes);
}

// The first half of the signal's channels becomes the first layer's input.
void WaveGlowWorker::start(const WaveGlowFlow& flow, std::span<const float> in,
                           Range rows) noexcept {
  const nn::RowKernels& kernels = *network_.kernels;
  const std::size_t half = flow.channels / 2;
  const std::size_t padded = nn::padded_channels(kernels, half);
  std::fill(signal_.begin(), signal_.end(), 0.0F);
  for (std::int64_t at = rows.begin; at < rows.end; at += kPartRows) {
    const std::size_t count = size(std::min(kPartRows, rows.end - at));
    for (std::size_t r = 0; r < count; ++r)
      std::copy_n(in.data() + (size(at) + r) * utterance_.group, half, signal_.data() + r * padded);
    nn::ConvTail tail;
    tail.keep = row(x_, at);
    tail.keep_stride = network_.channels;
    flow.start.run(reinterpret_cast<const std::byte*>(signal_.data()), padded * sizeof(float),
                   count, tail);
    kernels.activate(row(0, at), nn::spread_row_bytes(network_.format, network_.channels),
                     network_.format, row(x_, at), network_.channels, count, network_.channels,
                     1.0F, 1.0F);
  }
}

void WaveGlowWorker::run_layer(const WaveGlowLayer& layer, int turn, Range rows,
                               bool first) noexcept {
  const std::size_t stride = nn::spread_row_bytes(network_.format, network_.channels);
  for (std::int64_t at = rows.begin; at < rows.end; at += kPartRows) {
    const std::size_t count = size(std::min(kPartRows, rows.end - at));
    layer.gated.run({row(turn, at), stride},
                    {utterance_.side + size(at) * utterance_.side_stride, utterance_.side_stride},
                    count, gated_.data(), stride, gate_.data());
    nn::ConvTail skip;
    skip.sum = row(skip_, at);
    skip.sum_stride = network_.channels;
    skip.sum_starts = first;
    layer.skip.run(gated_.data(), stride, count, skip);
    if (layer.residual.memory_bytes() == 0) continue;
    nn::ConvTail tail;
    tail.residual = tail.keep = row(x_, at);
    tail.residual_stride = tail.keep_stride = network_.channels;
    tail.out = row(1 - turn, at);
    tail.out_stride = stride;
    layer.residual.run(gated_.data(), stride, count, tail);
  }
}

// The affine coupling backwards, then the unmixing.
void WaveGlowWorker::finish(const WaveGlowFlow& flow, std::span<const float> in, Range rows,
                            std::span<float> out) noexcept {
  const std::size_t channels = flow.channels, half = channels / 2;
  const std::size_t padded = nn::padded_channels(*network_.kernels, channels);
  for (std::int64_t at = rows.begin; at < rows.end; at += kPartRows) {
    const std::size_t count = size(std::min(kPartRows, rows.end - at));
    nn::ConvTail tail;
    tail.keep = signal_.data();
    tail.keep_stride = padded;
    flow.end.run(reinterpret_cast<const std::byte*>(row(skip_, at)),
                 network_.channels * sizeof(float), count, tail);
    for (std::size_t r = 0; r < count; ++r) {
      const float* from = in.data() + (size(at) + r) * utterance_.group;
      const float* transform =
          signal_.data() + r * padded;  // The shift, then the log of the scale.
      float* to = out.data() + (size(at) + r) * utterance_.group;
      float back[256];
      std::copy_n(from, half, back);
      for (std::size_t c = 0; c < half; ++c)
        back[half + c] = (from[half + c] - transform[c]) * std::exp(-transform[half + c]);
      for (std::size_t o = 0; o < channels; ++o) {
        float sum = 0;
        for (std::size_t i = 0; i < channels; ++i) sum += flow.unmix[o * channels + i] * back[i];
        to[o] = sum;
      }
    }
  }
}

}  // namespace syrinx::vocoder
