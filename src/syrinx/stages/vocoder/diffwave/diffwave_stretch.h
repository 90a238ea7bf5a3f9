// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "syrinx/core/nn/rows/row_window.h"
#include "syrinx/stages/vocoder/diffwave/diffwave_network.h"
#include "syrinx/stages/vocoder/diffwave/sliding_rows.h"

namespace syrinx::vocoder {

// The utterance that a stretch is part of.
struct DiffWaveUtterance {
  std::int64_t samples = 0;
  std::size_t bands = 0;
  std::span<const float> mel;  // As MelUpsampler::first() makes it.
};

// Samples [begin, end) of what a DiffWave denoiser makes of an utterance. The samples pass through
// all layers a chunk at a time, each layer as far behind the one before as it looks ahead, keeping
// what it looks back on: so each row is made once, while what it is made of is in cache. Towards
// the ends of a stretch a layer makes only what the later ones need. The samples are the same, bit
// for bit, however an utterance is cut into stretches. One thread at a time.
class DiffWaveStretch {
 public:
  // Allocates all that run() needs. The network and the utterance's mel must outlive it.
  DiffWaveStretch(const DiffWaveNetwork& network, const DiffWaveUtterance& utterance,
                  std::int64_t begin, std::int64_t end);

  // Writes the noise in x to `noise`, both the whole utterance: of the latter the stretch alone.
  void run(std::span<const float> x, const DiffWaveStep& step,
           std::span<float> noise) noexcept SYRINX_REALTIME;
  std::size_t memory_bytes() const noexcept;

 private:
  struct Range {
    std::int64_t begin = 0;
    std::int64_t end = 0;
  };
  struct LayerState {
    nn::RowWindow in;  // Its row 0 is sample range-before.begin.
    Range range;       // What it makes in all.
    std::int64_t done = 0;
  };

  void reset() noexcept;
  void take(std::span<const float> x, const DiffWaveStep& step, Range rows) noexcept;
  void run_layer(std::size_t index, const DiffWaveStep& step, bool last) noexcept;
  void run_rows(std::size_t index, const float* bias, std::int64_t end,
                nn::RowWindow* next) noexcept;
  void put_out(std::span<float> noise, Range rows) noexcept;
  std::int64_t input_begin(std::size_t layer) const noexcept;

  const DiffWaveNetwork& network_;
  DiffWaveUtterance utterance_;
  Range in_range_;  // Samples of x that the stretch is made of.
  std::vector<LayerState> layers_;
  SlidingRows x_, skip_, mel_;
  nn::ScratchBytes scratch_[2];  // Layers' windows take turns.
  nn::ScratchBytes gated_;
  std::vector<float> mel_floats_, gate_floats_, rectified_;
};

}  // namespace syrinx::vocoder
