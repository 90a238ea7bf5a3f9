// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "syrinx/core/nn/rows/gated_conv.h"
#include "syrinx/core/nn/rows/packed_conv.h"
#include "syrinx/core/nn/rows/row_window.h"
#include "syrinx/core/nn/rows/sliding_rows.h"

namespace syrinx::nn {

// One of WaveNet's residual layers (van den Oord et al. 2016, figure 4).
struct GatedLayer {
  GatedConv gated;      // Of the layer's input and the conditioning.
  PackedConv residual;  // What x gains; empty in the last layer.
  SummedConv skip;      // What the layer adds to the sum that comes out.
};

// Rows of conditioning: a run of them that lie `stride` bytes apart.
struct SideRows {
  const std::byte* rows = nullptr;
  std::size_t stride = 0;
  std::int64_t begin = 0;  // Which row lies first.
  const std::byte* row(std::int64_t index) const noexcept {
    return rows + static_cast<std::size_t>(index - begin) * stride;
  }
};

// What of a stack is the same for all its streams. The layers must outlive the stacks.
struct GatedStackSpec {
  const RowKernels* kernels = nullptr;
  RowFormat format = RowFormat::kFloat;
  std::size_t channels = 0;     // Of x; padded.
  std::size_t sums = 0;         // Of the skips' sum; padded.
  std::int64_t most_rows = 0;   // That advance() is asked for at a time.
  std::int64_t part_rows = 0;   // Made by one layer at a time: they stay in first-level cache.
  std::int64_t behind = 0;      // The most that a layer of any stack looks to each side.
  std::size_t gate_floats = 0;  // GatedConv::scratch_floats().
};

// Memory that stacks which run one after the other share.
class GatedScratch {
 public:
  GatedScratch() = default;
  explicit GatedScratch(const GatedStackSpec& spec);  // Allocates.
  std::size_t memory_bytes() const noexcept;

 private:
  friend class GatedStack;
  ScratchBytes windows_[2];  // Layers' inputs take turns.
  ScratchBytes gated_;
  std::vector<float> gate_;
};

// Rows on their way through WaveNet's layers, in a stream or in a stretch of an utterance. They
// pass through all layers a few at a time, each layer as far behind the one before as it looks
// ahead, keeping what it looks back on: each row is made once, while what it is made of is in
// cache. What lies outside the utterance is zeros. A row is the same, bit for bit, however the
// utterance is cut into stretches and these into calls. One thread at a time, which holds a
// TileScope.
class GatedStack {
 public:
  struct Range {
    std::int64_t begin = 0;
    std::int64_t end = 0;
  };
  // The end of an utterance that is still being made.
  static constexpr std::int64_t kOpenEnd = std::numeric_limits<std::int64_t>::max() / 4;

  // Allocates all that it will ever need; start() comes first.
  GatedStack(const GatedStackSpec& spec, std::span<const GatedLayer> layers);

  // Rows on each side that a row that comes out depends on.
  std::int64_t reach() const noexcept { return reach_; }
  std::size_t memory_bytes() const noexcept;

  // Begins with rows `wanted` of an utterance of so many rows; kOpenEnd for both ends in a stream.
  void start(Range wanted, std::int64_t utterance_rows) noexcept SYRINX_REALTIME;
  // The same stack over the layers of another one, of the same geometry.
  void start(std::span<const GatedLayer> layers, Range wanted,
             std::int64_t utterance_rows) noexcept SYRINX_REALTIME;
  // The stream's utterance will have so many rows. Pre: no row behind them went in.
  void end_at(std::int64_t utterance_rows) noexcept SYRINX_REALTIME;
  // Rows that go in, all in all.
  Range input() const noexcept { return input_; }
  // The first row that any layer has yet to make: rows of conditioning before it are done with.
  std::int64_t needed() const noexcept;
  // How far the rows that came out go, and whether those are all.
  std::int64_t made() const noexcept { return layers_.back().done; }
  bool done() const noexcept { return made() == layers_.back().range.end; }

  // Where the next `count` rows go in, or as many as there are before the input's end: rows of
  // `channels` floats. Returns which. Pre: count <= most_rows.
  Range make_room(std::int64_t count) noexcept SYRINX_REALTIME;
  float* x(std::int64_t row) const noexcept { return x_.floats(row); }
  // Takes what make_room() made room for, or time past the input's end, through all layers.
  // `biases`, unless empty, stand in for the residuals' own, one for each but the last. Returns the
  // rows that came out, which sum() has until the next call.
  Range advance(const SideRows& side, std::span<const std::vector<float>> biases,
                GatedScratch& scratch) noexcept SYRINX_REALTIME;
  float* sum(std::int64_t row) const noexcept { return sum_.floats(row); }

 private:
  struct LayerState {
    RowWindow in;           // Its row 0 is the first row of the layer before, or of the input.
    std::int64_t look = 0;  // To each side.
    std::int64_t lag = 0;   // Behind the input: its own look and those of the layers before.
    Range range;            // What it makes in all.
    std::int64_t done = 0;
  };
  const Range& made_before(std::size_t layer) const noexcept {
    return layer == 0 ? input_ : layers_[layer - 1].range;
  }
  void take_in(GatedScratch& scratch) noexcept;
  void run_layer(std::size_t index, const SideRows& side, const float* bias,
                 GatedScratch& scratch) noexcept;
  void run_part(std::size_t index, std::int64_t rows, const SideRows& side, const float* bias,
                GatedScratch& scratch) noexcept;

  GatedStackSpec spec_;
  std::span<const GatedLayer> weights_;
  std::vector<LayerState> layers_;
  std::int64_t reach_ = 0;
  Range input_;
  Range new_rows_;         // Made room for, not yet taken.
  std::int64_t time_ = 0;  // One past the input's newest row, also where there is none any more.
  SlidingRows x_, sum_;
};

}  // namespace syrinx::nn
