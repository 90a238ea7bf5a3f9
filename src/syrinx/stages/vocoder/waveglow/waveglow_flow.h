// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "syrinx/core/nn/rows/row_window.h"
#include "syrinx/stages/vocoder/waveglow/waveglow_network.h"

namespace syrinx::vocoder {

// The rows of an utterance that a flow takes and gives: `group` floats each, of which as many
// channels count as the flow has.
struct WaveGlowRows {
  std::int64_t rows = 0;
  std::size_t group = 0;
  const std::byte* side = nullptr;  // The upsampled mel, in the network's format.
  std::size_t side_stride = 0;
};

// Takes stretches of an utterance through one flow after the other. Each layer makes what the later
// ones need, wider than the stretch by what they look around; what lies outside the utterance is
// zeros. A stretch's rows are the same, bit for bit, however an utterance is cut. One thread.
class WaveGlowWorker {
 public:
  // Allocates for stretches of up to `max_rows` rows. The network must outlive it.
  WaveGlowWorker(const WaveGlowNetwork& network, std::int64_t max_rows);

  // Writes rows [begin, end) of the flow's output, from all rows of its input.
  // Pre: end - begin <= max_rows.
  void run(const WaveGlowFlow& flow, const WaveGlowRows& utterance, std::span<const float> in,
           std::int64_t begin, std::int64_t end, std::span<float> out) noexcept SYRINX_REALTIME;

 private:
  struct Range {
    std::int64_t begin = 0;
    std::int64_t end = 0;
    std::size_t size() const noexcept { return static_cast<std::size_t>(end - begin); }
  };
  std::byte* row(int turn, std::int64_t index) noexcept;
  float* row(std::vector<float>& values, std::int64_t index) noexcept;
  void start(const WaveGlowFlow& flow, std::span<const float> in, Range rows) noexcept;
  void run_layer(const WaveGlowLayer& layer, int turn, Range rows, bool first) noexcept;
  void finish(const WaveGlowFlow& flow, std::span<const float> in, Range rows,
              std::span<float> out) noexcept;
  void pad(int turn, std::int64_t by) noexcept;

  const WaveGlowNetwork& network_;
  WaveGlowRows utterance_;
  std::int64_t first_ = 0;      // The row that lies at the beginning of the buffers.
  std::int64_t padding_ = 0;    // Of the widest layer.
  nn::ScratchBytes inputs_[2];  // Of layers in turn.
  nn::ScratchBytes gated_;
  std::vector<float> x_, skip_, signal_, gate_;
};

}  // namespace syrinx::vocoder
