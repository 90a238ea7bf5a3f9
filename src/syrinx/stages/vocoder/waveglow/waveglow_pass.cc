// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/waveglow/waveglow_pass.h"

#include <algorithm>
#include <cmath>

namespace syrinx::vocoder {
namespace {

std::size_t size(std::int64_t rows) { return static_cast<std::size_t>(rows); }

nn::GatedStackSpec spec_of(const WaveGlowNetwork& network) {
  nn::GatedStackSpec spec;
  spec.kernels = network.kernels;
  spec.format = network.format;
  spec.channels = network.channels;
  spec.sums = nn::padded_channels(*network.kernels, network.config.group_samples);
  spec.most_rows = spec.part_rows = WaveGlowPass::kMostRows;
  const nn::GatedConv& last = network.flows.front().layers.back().gated;
  spec.behind = last.geometry().behind();
  spec.gate_floats = last.scratch_floats();
  return spec;
}

// The affine coupling backwards, then the unmixing. `transform`: the shift, then the logarithm of
// the scale.
void transform_row(const WaveGlowFlow& flow, const float* from, const float* transform,
                   float* to) noexcept {
  const std::size_t channels = flow.channels, half = channels / 2;
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

}  // namespace

WaveGlowScratch::WaveGlowScratch(const WaveGlowNetwork& network)
    : stack(spec_of(network)),
      halves((size(WaveGlowPass::kMostRows) + nn::kSlackRows) *
             nn::padded_channels(*network.kernels, network.config.group_samples)) {}

std::size_t WaveGlowScratch::memory_bytes() const noexcept {
  return stack.memory_bytes() + halves.size() * sizeof(float);
}

WaveGlowPass::WaveGlowPass(const WaveGlowNetwork& network)
    : network_(&network), stack_(spec_of(network), network.flows.front().layers) {}

void WaveGlowPass::start(const WaveGlowFlow& flow, Range wanted,
                         std::int64_t utterance_rows) noexcept {
  flow_ = &flow;
  stack_.start(flow.layers, wanted, utterance_rows);
}

WaveGlowPass::Range WaveGlowPass::make_room(std::int64_t count) noexcept {
  new_rows_ = stack_.make_room(count);
  return new_rows_;
}

WaveGlowPass::Range WaveGlowPass::advance(const float* in, const nn::SideRows& side,
                                          const float* behind, float* out,
                                          WaveGlowScratch& scratch) noexcept {
  take(in, scratch);
  const Range rows = stack_.advance(side, {}, scratch.stack);
  const std::size_t group = network_->config.group_samples;
  for (std::int64_t i = rows.begin; i < rows.end; ++i, behind += group, out += group)
    transform_row(*flow_, behind, stack_.sum(i), out);
  return rows;
}

// The first half of the signal's channels becomes the first layer's input.
void WaveGlowPass::take(const float* in, WaveGlowScratch& scratch) noexcept {
  if (new_rows_.begin == new_rows_.end) return;
  const std::size_t half = flow_->channels / 2, count = size(new_rows_.end - new_rows_.begin);
  const std::size_t padded = nn::padded_channels(*network_->kernels, half);
  std::fill(scratch.halves.begin(), scratch.halves.end(), 0.0F);
  for (std::size_t r = 0; r < count; ++r)
    std::copy_n(in + r * network_->config.group_samples, half, scratch.halves.data() + r * padded);
  nn::ConvTail tail;
  tail.keep = stack_.x(new_rows_.begin);
  tail.keep_stride = network_->channels;
  flow_->start.run(reinterpret_cast<const std::byte*>(scratch.halves.data()),
                   padded * sizeof(float), count, tail);
}

}  // namespace syrinx::vocoder
