// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/diffwave/diffwave_pass.h"

#include <algorithm>

namespace syrinx::vocoder {
namespace {

constexpr std::int64_t kPartRows = 192;  // Gated at a time: they stay near the first-level cache.

std::size_t size(std::int64_t rows) { return static_cast<std::size_t>(rows); }

nn::GatedStackSpec spec_of(const DiffWaveNetwork& network) {
  nn::GatedStackSpec spec;
  spec.kernels = network.kernels;
  spec.format = network.format;
  spec.channels = spec.sums = network.channels;
  spec.most_rows = DiffWavePass::kMostRows;
  spec.part_rows = kPartRows;
  for (const nn::GatedLayer& conv : network.convs)
    spec.behind = std::max(spec.behind, conv.gated.geometry().behind());
  spec.gate_floats = network.convs[0].gated.scratch_floats();
  return spec;
}

}  // namespace

DiffWaveScratch::DiffWaveScratch(const DiffWaveNetwork& network)
    : stack(spec_of(network)),
      mel(size(kPartRows) * network.bands),
      rectified(size(kPartRows) * network.channels) {}

std::size_t DiffWaveScratch::memory_bytes() const noexcept {
  return stack.memory_bytes() + (mel.size() + rectified.size()) * sizeof(float);
}

DiffWavePass::DiffWavePass(const DiffWaveNetwork& network)
    : network_(&network),
      stack_(spec_of(network), network.convs),
      mel_(nn::spread_row_bytes(network.format, network.bands), size(kMostRows + network.reach())) {
}

std::size_t DiffWavePass::memory_bytes() const noexcept {
  return stack_.memory_bytes() + mel_.memory_bytes();
}

void DiffWavePass::start(Range wanted, std::int64_t utterance_samples) noexcept {
  stack_.start(wanted, utterance_samples);
  mel_.reset(stack_.input().begin);
}

DiffWavePass::Range DiffWavePass::make_room(std::int64_t count) noexcept {
  new_rows_ = stack_.make_room(count);
  mel_.make_room(stack_.needed(), new_rows_.end);
  return new_rows_;
}

DiffWavePass::Range DiffWavePass::advance(const float* x, const MelUpsampler::Rows& mel,
                                          const DiffWaveStep& step, DiffWaveScratch& scratch,
                                          float* noise) noexcept {
  take(x, mel, step, scratch);
  const std::int64_t first = stack_.needed();
  const nn::SideRows side{mel_.row(first), mel_.row_bytes(), first};
  const Range rows = stack_.advance(side, step.biases, scratch.stack);
  put_out(rows, scratch, noise);
  return rows;
}

// Lays out samples and mel as rows.
void DiffWavePass::take(const float* x, const MelUpsampler::Rows& mel, const DiffWaveStep& step,
                        DiffWaveScratch& scratch) noexcept {
  const std::size_t channels = network_->channels;
  for (std::int64_t i = new_rows_.begin; i < new_rows_.end; ++i) {
    float* row = stack_.x(i);
    const float sample = x[size(i - new_rows_.begin)];
    for (std::size_t c = 0; c < channels; ++c)
      row[c] =
          std::max(0.0F, network_->in_weights[c] * sample + network_->in_bias[c]) + step.first[c];
  }
  for (std::int64_t i = new_rows_.begin; i < new_rows_.end; i += kPartRows) {
    const std::int64_t end = std::min(i + kPartRows, new_rows_.end);
    network_->upsampler.second(mel, i, end, scratch.mel.data(), network_->bands);
    network_->kernels->activate(mel_.row(i), mel_.row_bytes(), network_->format, scratch.mel.data(),
                                network_->bands, size(end - i), network_->bands, 1.0F, 1.0F);
  }
}

void DiffWavePass::put_out(Range rows, DiffWaveScratch& scratch, float* noise) noexcept {
  const nn::RowKernels& kernels = *network_->kernels;
  const std::size_t channels = network_->channels;
  for (std::int64_t i = rows.begin; i < rows.end; i += kPartRows) {
    const std::size_t count = size(std::min(kPartRows, rows.end - i));
    kernels.activate(reinterpret_cast<std::byte*>(scratch.rectified.data()),
                     channels * sizeof(float), nn::RowFormat::kFloat, stack_.sum(i), channels,
                     count, channels, 1.0F, 0.0F);
    kernels.slide(noise + size(i - rows.begin), count, scratch.rectified.data(), channels,
                  network_->out_weights.data(), channels, network_->out_bias);
  }
}

}  // namespace syrinx::vocoder
