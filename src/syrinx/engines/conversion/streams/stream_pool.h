// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/engines/conversion/live/live_chain.h"

// Many voices changed at once by a few threads.
namespace syrinx::conversion {

// What becomes of a block that the transform has spoilt: samples that are not finite, or 24 dB
// above full scale.
enum class Recovery {
  kSkip,         // Silence in its place, and the stream begins anew.
  kRetry,        // The stream begins anew with this block; if that is bad too, as kSkip.
  kPassThrough,  // The voice as it is, for five seconds.
  kStop,         // The stream ends.
};
std::string_view to_string(Recovery recovery) noexcept;  // "skip", "retry", "pass-through", "stop".

struct StreamOptions {
  LiveChainOptions chain;        // Its largest block is set here.
  std::size_t block_frames = 0;  // What is worked on at once; 0 for 10 ms.
  double queue_s = 1.0;          // Of sound that waits on either side; 0.05 to 60.
  double deadline_ms = 0.0;      // From a block's last sample to its result; 0 for 20 ms.
  int priority = 0;              // Higher goes first, and steps down last; -100 to 100.
  Recovery recovery = Recovery::kSkip;
};

struct StreamReport {
  int priority = 0;
  LiveLevel level = LiveLevel::kHigh;
  bool stopped = false;     // By Recovery::kStop.
  double latency_ms = 0.0;  // Of the voice.
  std::uint64_t blocks = 0;
  std::uint64_t missed_deadlines = 0;
  std::uint64_t bad_blocks = 0;
  std::uint64_t skipped = 0;  // Of the bad blocks: silence,
  std::uint64_t retried = 0;  // good at the second try,
  std::uint64_t passed = 0;   // the voice as it is.
  std::uint64_t step_downs = 0;
  std::uint64_t step_ups = 0;
  double work_s = 0.0;  // Processor time.
  double p50_block_ms = 0.0;
  double p99_block_ms = 0.0;
  double p99_wait_ms = 0.0;  // From a block's last sample to its result.
};

struct PoolOptions {
  std::size_t threads = 0;  // 0: one for each processor.
  std::size_t most_streams = 1'024;
  bool step_down = true;      // The least important streams, when deadlines are missed.
  double watch_s = 0.5;       // How often that is looked at.
  double most_missed = 0.02;  // The share of blocks that may be late.
  double calm_s = 5.0;        // Without a miss before a stream steps up; doubles as a governor's.
};

struct PoolReport {
  std::size_t threads = 0;
  std::size_t streams = 0;
  double load = 0.0;  // Of all threads, in the last watch.
  std::uint64_t blocks = 0;
  std::uint64_t missed_deadlines = 0;
  std::uint64_t step_downs = 0;
  std::uint64_t step_ups = 0;
};

struct StreamState;
struct PoolState;

// One voice of a pool. push() by one thread, pull() by one; both without locks or allocations.
// Destroyed, it leaves the pool. The pool outlives it.
class PooledStream {
 public:
  PooledStream(PooledStream&&) noexcept;
  PooledStream& operator=(PooledStream&&) noexcept;
  ~PooledStream();

  std::size_t block_frames() const noexcept;
  std::size_t latency_samples() const noexcept;  // Of the voice at its best level.

  // Takes frames from the front of `sound`, whole blocks or not, and returns how many: fewer when
  // the pool does not keep up. Pre: the stream's rate and channels.
  std::size_t push(AudioView sound) noexcept SYRINX_REALTIME;
  // Fills `out` from the front with what is ready, and returns how many frames that was.
  std::size_t pull(MutableAudioView out) noexcept SYRINX_REALTIME;
  // Blocks pushed, wholly, and not yet worked on. Any thread.
  std::size_t waiting_blocks() const noexcept;
  StreamReport report() const;  // Any thread.

 private:
  friend class StreamPool;
  PooledStream(std::shared_ptr<StreamState> state, PoolState* pool) noexcept;
  void leave() noexcept;

  std::shared_ptr<StreamState> state_;
  PoolState* pool_ = nullptr;
};

// The threads, and who is next: of the streams that have a block and room for its result, the most
// important one, and of these the one whose block waits longest. Each thread takes what is next, so
// that the load balances itself.
class StreamPool {
 public:
  // Errors: kInvalidArgument for options out of range.
  static Result<std::unique_ptr<StreamPool>> create(const PoolOptions& options);
  ~StreamPool();  // Pre: its streams are gone.
  StreamPool(const StreamPool&) = delete;
  StreamPool& operator=(const StreamPool&) = delete;

  // Errors: those of LiveChain::create; kInvalidArgument for options out of range; kLimitExceeded
  // for more than the most streams.
  Result<PooledStream> open(const StreamOptions& options);
  PoolReport report() const;

 private:
  explicit StreamPool(std::unique_ptr<PoolState> state) noexcept;
  std::unique_ptr<PoolState> state_;
};

}  // namespace syrinx::conversion
