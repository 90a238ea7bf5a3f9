// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "syrinx/core/nn/rows/gated_stack.h"
#include "syrinx/stages/vocoder/diffwave/diffwave_network.h"

namespace syrinx::vocoder {

// Memory that passes which run one after the other share.
struct DiffWaveScratch {
  explicit DiffWaveScratch(const DiffWaveNetwork& network);  // Allocates.
  std::size_t memory_bytes() const noexcept;

  nn::GatedScratch stack;
  std::vector<float> mel;        // A part's rows at the sample rate.
  std::vector<float> rectified;  // A part's sums.
};

// A stream or a stretch of an utterance once through a DiffWave denoiser: samples go in, and the
// noise that is in them comes out reach() samples later. The same, bit for bit, however an
// utterance is cut. One thread at a time, which holds a TileScope.
class DiffWavePass {
 public:
  using Range = nn::GatedStack::Range;
  static constexpr std::int64_t kMostRows = 576;  // At a time.

  // Allocates all that it will ever need. The network must outlive it.
  explicit DiffWavePass(const DiffWaveNetwork& network);

  // As GatedStack has them.
  std::int64_t reach() const noexcept { return stack_.reach(); }
  void start(Range wanted, std::int64_t utterance_samples) noexcept SYRINX_REALTIME;
  void end_at(std::int64_t samples) noexcept SYRINX_REALTIME { stack_.end_at(samples); }
  Range input() const noexcept { return stack_.input(); }
  std::int64_t made() const noexcept { return stack_.made(); }
  bool done() const noexcept { return stack_.done(); }

  // Makes room for the next `count` samples, or fewer at the end; says which.
  Range make_room(std::int64_t count) noexcept SYRINX_REALTIME;
  // Takes them from `x`, their mel from rows of MelUpsampler::first(). Writes the noise of the
  // samples from made() on that come out to `noise`, at most `count` of them; says which.
  Range advance(const float* x, const MelUpsampler::Rows& mel, const DiffWaveStep& step,
                DiffWaveScratch& scratch, float* noise) noexcept SYRINX_REALTIME;
  std::size_t memory_bytes() const noexcept;

 private:
  void take(const float* x, const MelUpsampler::Rows& mel, const DiffWaveStep& step,
            DiffWaveScratch& scratch) noexcept;
  void put_out(Range rows, DiffWaveScratch& scratch, float* noise) noexcept;

  const DiffWaveNetwork* network_;
  nn::GatedStack stack_;
  nn::SlidingRows mel_;
  Range new_rows_;
};

}  // namespace syrinx::vocoder
