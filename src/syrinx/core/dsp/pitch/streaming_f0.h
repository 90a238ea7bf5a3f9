// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/pitch/f0_track.h"
#include "syrinx/core/dsp/pitch/lag_difference.h"
#include "syrinx/core/dsp/pitch/pitch_path.h"

namespace syrinx::dsp {

struct F0Frame {
  double time_s = 0.0;   // Of the middle of what it looked at.
  double hz = 0.0;       // 0 where there is no pitch.
  double voicing = 0.0;  // The normalised square difference of the chosen pitch, 0 to 1.
};

// F0 while sound comes in: the peaks of the normalised square difference (McLeod and Wyvill 2005)
// of the last two and a half periods of min_hz, and of these the one on the best path so far, with
// costs for jumps of octaves and of voicing (Boersma 1993) but never a look ahead. One channel, one
// stream, one thread.
class StreamingF0 {
 public:
  // Errors: kInvalidArgument for a rate outside limits.h or options that validate() refuses.
  static Result<StreamingF0> create(int sample_rate_hz, const F0Options& options = {});

  int sample_rate_hz() const noexcept { return sample_rate_hz_; }
  std::size_t hop_samples() const noexcept { return hop_samples_; }
  // From a sample to the end of the last frame centred on or before it.
  std::size_t latency_samples() const noexcept { return ring_.size() / 2; }

  // Hands on_frame(const F0Frame&) each frame that the block completes, the first after
  // 2 * latency_samples(). Blocks of any size give the same frames. Non-finite samples count as 0.
  // As real-time safe as on_frame is.
  template <class OnFrame>
  void process(std::span<const float> block, OnFrame&& on_frame) {
    for (const float sample : block) {
      if (take(sample)) on_frame(analyse());
    }
  }
  // Forgets the past, as between two streams.
  void reset() noexcept SYRINX_REALTIME;

 private:
  static constexpr std::size_t kCandidates = 8;  // The first is unvoiced.
  struct State {
    PitchCandidate candidate;
    double score = 0.0;
  };

  StreamingF0(int sample_rate_hz, const F0Options& options, LagDifference lags);
  bool take(float sample) noexcept SYRINX_REALTIME;
  F0Frame analyse() noexcept SYRINX_REALTIME;
  void find_candidates(std::span<const float> difference) noexcept;
  void add_candidate(const PitchCandidate& candidate) noexcept;
  const State& step_path(double amplitude) noexcept;

  int sample_rate_hz_;
  F0Options options_;
  std::size_t hop_samples_;
  PathCosts costs_;
  LagDifference lags_;
  std::vector<float> ring_;
  std::vector<float> frame_;
  std::uint64_t samples_ = 0;
  double loudest_power_ = 0.0;  // Forgotten slowly.
  std::array<State, kCandidates> former_{};
  std::size_t formers_ = 0;
  std::array<State, kCandidates> states_{};
  std::size_t found_ = 0;
};

}  // namespace syrinx::dsp
