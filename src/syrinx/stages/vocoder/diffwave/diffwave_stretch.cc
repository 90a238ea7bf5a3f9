// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/diffwave/diffwave_stretch.h"

#include <algorithm>

namespace syrinx::vocoder {
namespace {

constexpr std::int64_t kChunkRows = 512;  // Of x; what they touch stays in second-level cache.
constexpr std::int64_t kPartRows = 192;     // Gated at a time: they stay in first-level cache.

std::size_t size(std::int64_t rows) {
  return static_cast<std::size_t>(std::max<std::int64_t>(rows, 0));
}

}  // namespace

DiffWaveStretch::DiffWaveStretch(const DiffWaveNetwork& network, const DiffWaveUtterance& utterance,
                                 std::int64_t begin, std::int64_t end)
    : network_(network), utterance_(utterance) {
  const std::size_t bytes = nn::spread_row_bytes(network.format, network.channels);
  std::int64_t reach = network.reach();
  const auto widened = [&](std::int64_t by) {
    return Range{std::max<std::int64_t>(begin - by, 0), std::min(end + by, utterance.samples)};
  };
  in_range_ = widened(reach);
  // A stretch's last chunk makes what every layer has held back, too.
  const std::size_t most_rows = size(std::min(kChunkRows, in_range_.end)) + size(reach);
  std::size_t scratch = 0;
  for (const DiffWaveLayer& layer : network.layers) {
    reach -= layer.dilation;
    const auto padding = size(layer.dilation);
    LayerState state{nn::RowWindow(bytes, padding, 2 * padding), widened(reach), 0};
    scratch = std::max(scratch, state.in.scratch_bytes(most_rows + padding));
    layers_.push_back(std::move(state));
  }
  for (nn::ScratchBytes& bytes_of_turn : scratch_) bytes_of_turn = nn::ScratchBytes(scratch);
  x_ = SlidingRows(network.channels * sizeof(float), most_rows);
  skip_ = SlidingRows(network.channels * sizeof(float), most_rows);
  mel_ = SlidingRows(nn::spread_row_bytes(network.format, network.bands), most_rows);
  gated_ = nn::ScratchBytes((size(kPartRows) + nn::kSlackRows) * bytes);
  rectified_.assign(size(kPartRows) * network.channels, 0.0F);
  mel_floats_.assign(size(kPartRows) * network.bands, 0.0F);
  gate_floats_.assign(network.layers[0].gated.scratch_floats(), 0.0F);
}

std::int64_t DiffWaveStretch::input_begin(std::size_t layer) const noexcept {
  return layer == 0 ? in_range_.begin : layers_[layer - 1].range.begin;
}

void DiffWaveStretch::reset() noexcept {
  x_.reset(in_range_.begin);
  skip_.reset(in_range_.begin);
  mel_.reset(in_range_.begin);
  for (LayerState& state : layers_) {
    state.in.reset();
    state.done = state.range.begin;
  }
}

void DiffWaveStretch::run(std::span<const float> x, const DiffWaveStep& step,
                          std::span<float> noise) noexcept {
  const nn::TileScope tiles(*network_.kernels);
  reset();
  LayerState& end = layers_.back();
  for (std::int64_t at = in_range_.begin; at < in_range_.end;) {
    const Range rows{at, std::min(at + kChunkRows, in_range_.end)};
    const bool last = rows.end == in_range_.end;
    std::int64_t needed = rows.begin;
    for (const LayerState& state : layers_) needed = std::min(needed, state.done);
    for (SlidingRows* sliding : {&x_, &skip_, &mel_}) sliding->make_room(needed, rows.end);
    take(x, step, rows);
    const std::int64_t before = end.done;
    for (std::size_t i = 0; i < layers_.size(); ++i) run_layer(i, step, last);
    put_out(noise, {before, end.done});
    at = rows.end;
  }
}

// Lays out samples and mel as rows; the first layer's input is open afterwards.
void DiffWaveStretch::take(std::span<const float> x, const DiffWaveStep& step,
                           Range rows) noexcept {
  const std::size_t channels = network_.channels;
  for (std::int64_t i = rows.begin; i < rows.end; ++i) {
    float* row = x_.floats(i);
    const float sample = x[size(i)];
    for (std::size_t c = 0; c < channels; ++c)
      row[c] =
          std::max(0.0F, network_.in_weights[c] * sample + network_.in_bias[c]) + step.first[c];
  }
  nn::RowWindow& in = layers_[0].in;
  in.open(scratch_[0].data());
  const nn::RowKernels& kernels = *network_.kernels;
  kernels.activate(in.row(in.end()), in.row_bytes(), network_.format, x_.floats(rows.begin),
                   channels, size(rows.end - rows.begin), channels, 1.0F, 1.0F);
  in.grow(size(rows.end - rows.begin));
  for (std::int64_t i = rows.begin; i < rows.end; i += kPartRows) {
    const std::int64_t end = std::min(i + kPartRows, rows.end);
    network_.upsampler.second(utterance_.mel, utterance_.bands, i, end, mel_floats_.data(),
                              network_.bands);
    kernels.activate(mel_.row(i), mel_.row_bytes(), network_.format, mel_floats_.data(),
                     network_.bands, size(end - i), network_.bands, 1.0F, 1.0F);
  }
}

// Takes its open input as far as it goes and opens the next layer's, unless it is the last.
void DiffWaveStretch::run_layer(std::size_t index, const DiffWaveStep& step, bool last) noexcept {
  const std::int64_t dilation = network_.layers[index].dilation;
  LayerState& state = layers_[index];
  const std::int64_t first = input_begin(index);
  // After the utterance lie zeros; a stretch that ends before has the rows themselves.
  if (last) state.in.pad_end(size(dilation));
  const std::int64_t ready = last ? state.range.end : first + state.in.end() - dilation;
  const std::int64_t end = std::clamp(ready, state.done, state.range.end);
  nn::RowWindow* next = index + 1 < layers_.size() ? &layers_[index + 1].in : nullptr;
  if (next != nullptr) next->open(scratch_[(index + 1) % 2].data());
  run_rows(index, next != nullptr ? step.biases[index].data() : nullptr, end, next);
  state.in.close(state.done - dilation - first);
}

void DiffWaveStretch::run_rows(std::size_t index, const float* bias, std::int64_t end,
                               nn::RowWindow* next) noexcept {
  const DiffWaveLayer& layer = network_.layers[index];
  LayerState& state = layers_[index];
  const std::int64_t first = input_begin(index);
  const std::size_t stride = nn::spread_row_bytes(network_.format, network_.channels);
  while (state.done < end) {
    const std::size_t rows = size(std::min(kPartRows, end - state.done));
    layer.gated.run({state.in.row(state.done - first), state.in.row_bytes()},
                    {mel_.row(state.done), mel_.row_bytes()}, rows, gated_.data(), stride,
                    gate_floats_.data());
    nn::ConvTail skip;
    skip.sum = skip_.floats(state.done);
    skip.sum_stride = network_.channels;
    skip.sum_starts = index == 0;
    layer.skip.run(gated_.data(), stride, rows, skip);
    if (next != nullptr) {
      nn::ConvTail tail;
      tail.residual = tail.keep = x_.floats(state.done);
      tail.residual_stride = tail.keep_stride = network_.channels;
      tail.out = next->row(next->end());
      tail.out_stride = next->row_bytes();
      layer.residual.run(gated_.data(), stride, rows, tail, bias);
      next->grow(rows);
    }
    state.done += static_cast<std::int64_t>(rows);
  }
}

void DiffWaveStretch::put_out(std::span<float> noise, Range rows) noexcept {
  const nn::RowKernels& kernels = *network_.kernels;
  const std::size_t channels = network_.channels;
  const std::size_t stride = nn::spread_row_bytes(network_.format, channels);
  for (std::int64_t i = rows.begin; i < rows.end; i += kPartRows) {
    const std::size_t count = size(std::min(kPartRows, rows.end - i));
    kernels.activate(gated_.data(), stride, network_.format, skip_.floats(i), channels, count,
                     channels, 1.0F, 1.0F);
    nn::ConvTail tail;
    tail.keep = skip_.floats(i);
    tail.keep_stride = channels;
    network_.skip.run(gated_.data(), stride, count, tail);
    kernels.activate(reinterpret_cast<std::byte*>(rectified_.data()), channels * sizeof(float),
                     nn::RowFormat::kFloat, skip_.floats(i), channels, count, channels, 1.0F, 0.0F);
    kernels.slide(noise.data() + i, count, rectified_.data(), channels, network_.out_weights.data(),
                  channels, network_.out_bias);
  }
}

std::size_t DiffWaveStretch::memory_bytes() const noexcept {
  std::size_t bytes =
      sizeof *this + x_.memory_bytes() + skip_.memory_bytes() + mel_.memory_bytes() +
      scratch_[0].size() + scratch_[1].size() + gated_.size() +
      (mel_floats_.size() + gate_floats_.size() + rectified_.size()) * sizeof(float);
  for (const LayerState& state : layers_) bytes += state.in.memory_bytes();
  return bytes;
}

}  // namespace syrinx::vocoder
