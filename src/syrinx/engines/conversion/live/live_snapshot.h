// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

// What can be seen of a live conversion from outside while it runs.
namespace syrinx::conversion {

// How good, and how dear, the conversion is at the moment. Steps down under load, up again after.
enum class LiveLevel { kHigh, kBalanced, kLow, kPassThrough };
const char* to_string(LiveLevel level) noexcept;

// Figures of one moment; levels are of the last block, counts since the start.
struct LiveSnapshot {
  double input_db = -120.0;  // Largest sample of the last block, dBFS, after the input gain.
  double output_db = -120.0;
  double f0_hz = 0.0;  // Of what came in last; 0 without pitch.
  LiveLevel level = LiveLevel::kHigh;
  bool bypassed = false;
  bool monitoring = false;
  double load = 0.0;              // Time that blocks took over the time that they last, smoothed.
  double latency_ms = 0.0;        // Of denoiser and transform, and the queues as they stand.
  double algorithm_ms = 0.0;      // Of denoiser and transform alone.
  std::uint64_t frames = 0;       // Processed.
  std::uint64_t step_downs = 0;   // To a cheaper level, under load.
  std::uint64_t step_ups = 0;     // And back.
  std::uint64_t late_blocks = 0;  // That took longer than they last.
  std::uint64_t underrun_frames = 0;  // Silence played because nothing was ready.
  std::uint64_t underruns = 0;        // In so many gaps.
  std::uint64_t overrun_frames = 0;   // Of the input, lost because the queue was full.
  std::uint64_t overruns = 0;
  std::uint64_t caught_up_frames = 0;  // Left out, with a crossfade, to bring the delay down again.
  std::uint64_t bad_samples = 0;       // Not finite, taken for silence.
  std::uint64_t glitches() const noexcept { return underruns + overruns; }
};

}  // namespace syrinx::conversion
