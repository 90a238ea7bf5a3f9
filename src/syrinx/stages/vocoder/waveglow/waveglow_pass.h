// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "syrinx/core/nn/rows/gated_stack.h"
#include "syrinx/stages/vocoder/waveglow/waveglow_network.h"

namespace syrinx::vocoder {

// Memory that passes which run one after the other share.
struct WaveGlowScratch {
  explicit WaveGlowScratch(const WaveGlowNetwork& network);  // Allocates.
  std::size_t memory_bytes() const noexcept;

  nn::GatedScratch stack;
  std::vector<float> halves;  // A part's rows of the signal's first half, padded.
};

// A stream or a stretch of an utterance once through a flow: rows of the signal go in, and come
// out, transformed, as many rows later as the flow's network looks ahead. A row is `group` floats,
// of which as many count as the flow has channels. The same, bit for bit, however an utterance is
// cut. One thread at a time, which holds a TileScope.
class WaveGlowPass {
 public:
  using Range = nn::GatedStack::Range;
  static constexpr std::int64_t kMostRows = 288;  // At a time.

  // Allocates all that it will ever need, for any of the network's flows, which must outlive it.
  explicit WaveGlowPass(const WaveGlowNetwork& network);

  // As GatedStack has them.
  void start(const WaveGlowFlow& flow, Range wanted,
             std::int64_t utterance_rows) noexcept SYRINX_REALTIME;
  void end_at(std::int64_t rows) noexcept SYRINX_REALTIME { stack_.end_at(rows); }
  std::int64_t needed() const noexcept { return stack_.needed(); }
  std::int64_t made() const noexcept { return stack_.made(); }
  bool done() const noexcept { return stack_.done(); }

  // Makes room for the next `count` rows, or fewer at the end; says which.
  Range make_room(std::int64_t count) noexcept SYRINX_REALTIME;
  // Takes them from `in`. `behind` is the input's row made(): from it and those after it come the
  // rows that are written to `out`, at most `count`; says which. The two may be the same memory.
  Range advance(const float* in, const nn::SideRows& side, const float* behind, float* out,
                WaveGlowScratch& scratch) noexcept SYRINX_REALTIME;
  std::size_t memory_bytes() const noexcept { return stack_.memory_bytes(); }

 private:
  void take(const float* in, WaveGlowScratch& scratch) noexcept;

  const WaveGlowNetwork* network_;
  const WaveGlowFlow* flow_ = nullptr;
  nn::GatedStack stack_;
  Range new_rows_;
};

}  // namespace syrinx::vocoder
