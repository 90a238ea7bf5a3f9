// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/network/causal_stack.h"

#include <algorithm>
#include <array>

#include "syrinx/core/dsp/kernels.h"

namespace syrinx::voice {
namespace {

constexpr std::size_t kTaps = 3;
constexpr std::size_t kWidth = 128;

}  // namespace

Result<DenseLayer> DenseLayer::load(const nn::WeightFile& file, const std::string& name,
                                    std::size_t in, std::size_t out, std::size_t taps) {
  const std::size_t columns = std::max<std::size_t>(taps, 1);
  std::vector<std::size_t> shape = {out, in};
  if (taps > 0) shape.push_back(taps);
  SYRINX_ASSIGN(const auto weights, file.floats(name + ".weight", shape));
  DenseLayer layer;
  SYRINX_ASSIGN(layer.bias_, file.floats(name + ".bias", std::array{out}));
  layer.in_ = columns * in;
  layer.weights_.resize(weights.size());
  for (std::size_t o = 0; o < out; ++o)
    for (std::size_t i = 0; i < in; ++i)
      for (std::size_t t = 0; t < columns; ++t)
        layer.weights_[(o * columns + t) * in + i] = weights[(o * in + i) * columns + t];
  return layer;
}

void DenseLayer::run(std::span<const float> x, std::span<float> y) const noexcept {
  for (std::size_t o = 0; o < y.size(); ++o)
    y[o] =
        bias_[o] + static_cast<float>(dsp::kernels().dot(weights_.data() + o * in_, x.data(), in_));
}

void relu(std::span<float> x) noexcept {
  for (float& value : x) value = std::max(value, 0.0f);
}

Result<CausalStack> CausalStack::load(const nn::WeightFile& file, const std::string& name,
                                      std::size_t in, std::size_t out,
                                      std::span<const std::size_t> dilations) {
  CausalStack stack;
  SYRINX_ASSIGN(stack.first, DenseLayer::load(file, name + ".first", in, kWidth, 1));
  for (std::size_t b = 0; b < dilations.size(); ++b) {
    const std::string block = name + ".blocks." + std::to_string(b);
    SYRINX_ASSIGN(auto conv, DenseLayer::load(file, block + ".conv", kWidth, kWidth, kTaps));
    SYRINX_ASSIGN(auto mix, DenseLayer::load(file, block + ".mix", kWidth, kWidth, 1));
    stack.blocks.push_back({std::move(conv), std::move(mix), dilations[b]});
  }
  SYRINX_ASSIGN(stack.last, DenseLayer::load(file, name + ".last", kWidth, out, 1));
  return stack;
}

CausalStackState::CausalStackState(const CausalStack& stack)
    : stack_(&stack),
      width_(stack.first.out()),
      taps_(kTaps * width_),
      inner_(width_),
      now_(width_) {
  for (const CausalStack::Block& block : stack.blocks)
    past_.emplace_back((2 * block.dilation + 1) * width_);
}

void CausalStackState::reset() noexcept {
  for (auto& ring : past_) std::fill(ring.begin(), ring.end(), 0.0f);
  frames_ = 0;
}

// The ring's input so many frames before this one. Pre: within the ring.
std::span<float> CausalStackState::row(std::size_t block, std::size_t frames_ago) noexcept {
  const std::size_t rows = past_[block].size() / width_;
  const std::size_t place = (frames_ + rows - frames_ago) % rows;
  return std::span(past_[block]).subspan(place * width_, width_);
}

void CausalStackState::run(std::span<const float> x, std::span<float> y) noexcept {
  stack_->first.run(x, now_);
  for (std::size_t b = 0; b < stack_->blocks.size(); ++b) {
    const CausalStack::Block& block = stack_->blocks[b];
    std::copy(now_.begin(), now_.end(), row(b, 0).begin());
    for (std::size_t t = 0; t < kTaps; ++t) {
      const auto tap = row(b, (kTaps - 1 - t) * block.dilation);
      std::copy(tap.begin(), tap.end(), taps_.begin() + static_cast<std::ptrdiff_t>(t * width_));
    }
    block.conv.run(taps_, inner_);
    relu(inner_);
    block.mix.run(inner_, std::span(taps_).first(width_));
    for (std::size_t i = 0; i < width_; ++i) now_[i] += taps_[i];
  }
  relu(now_);
  stack_->last.run(now_, y);
  ++frames_;
}

}  // namespace syrinx::voice
