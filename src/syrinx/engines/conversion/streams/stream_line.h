// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "syrinx/core/base/spsc_queue.h"
#include "syrinx/engines/conversion/streams/stream_pool.h"
#include "syrinx/engines/conversion/streams/time_histogram.h"

namespace syrinx::conversion {

using PoolClock = std::chrono::steady_clock;

// A stream as the pool sees it: queues on both sides, the chain between.
struct StreamState {
  // Errors: as StreamPool::open.
  static Result<std::shared_ptr<StreamState>> create(const StreamOptions& options);
  StreamState(const StreamOptions& given, std::size_t block, std::unique_ptr<LiveChain> made);

  // By the threads of the owner.
  std::size_t push(AudioView sound, std::size_t& whole_blocks) noexcept;
  std::size_t pull(MutableAudioView out) noexcept;

  bool ready() const noexcept;                    // A block waits, and its result has room.
  PoolClock::time_point oldest() const noexcept;  // When it was whole. Pre: ready().
  std::size_t waiting_blocks() const noexcept { return stamps.size(); }

  // By one thread of the pool at a time. Pre: ready(). Whether the block missed its deadline.
  bool work() noexcept;
  // To the next cheaper level, or the next better one. By a thread of the pool, while none works.
  void step_by_load(int steps) noexcept;
  StreamReport report() const;  // Any thread.

  bool is_bad() const noexcept;
  // These under figures_mutex.
  void recover() noexcept;
  bool finish_block(PoolClock::time_point stamp, PoolClock::time_point begin) noexcept;
  void step(LiveLevel to) noexcept;

  StreamOptions options;
  std::size_t channels;
  std::size_t block_frames;
  std::size_t queue_samples;
  double deadline_s;
  std::unique_ptr<LiveChain> chain;
  AudioBuffer block;
  AudioBuffer before;              // The block as it came.
  std::vector<float> interleaved;  // Of the pool's thread; the owner writes sample by sample.
  std::vector<float> pushed;
  std::vector<float> pulled;
  SpscQueue<float> input;
  SpscQueue<float> output;
  SpscQueue<PoolClock::time_point> stamps;
  std::size_t partial_frames = 0;  // Of a block that is not whole yet. The owner's.
  std::atomic<PoolClock::rep> oldest_stamp{0};
  std::atomic<bool> stopped{false};
  bool running = false;            // Under the pool's mutex.
  std::size_t recent_bad = 0;      // In the last hundred blocks.
  std::size_t passing_blocks = 0;  // Left of Recovery::kPassThrough.

  mutable std::mutex figures_mutex;  // Of the two below.
  StreamReport figures;
  TimeHistogram work_times;
  TimeHistogram wait_times;
};

}  // namespace syrinx::conversion
