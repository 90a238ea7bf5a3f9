// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/base/spsc_queue.h"
#include "syrinx/engines/call/port/port_events.h"

namespace syrinx::call {

// Utterances that wait to be said, and what is being said of them: samples in a ring, marks where
// an utterance begins or ends, and the number up to which utterances were stopped. A mark is
// written before the samples that come after it, so that whoever sees them sees it.
class SpeechQueue {
 public:
  // Pre: samples >= 1, fade_samples >= 1; `events` outlives it.
  SpeechQueue(std::size_t samples, std::size_t fade_samples, PortEvents& events);

  // The writing thread; see SpeechPort.
  Result<UtteranceId> begin();
  std::size_t write(UtteranceId utterance, std::span<const float> samples) noexcept;
  bool finish(UtteranceId utterance) noexcept;
  std::size_t room() const noexcept { return ring_.room(); }

  // Any thread.
  void stop() noexcept SYRINX_REALTIME;
  bool stopped(UtteranceId utterance) const noexcept {
    return utterance <= stopped_through_.load(std::memory_order_acquire);
  }
  Said said() const noexcept;
  std::size_t waiting() const noexcept {
    const std::size_t taken = ring_.taken();
    return ring_.written() - taken;
  }

  // The ticking thread: the next samples; an empty `out` says that nothing can go out now.
  // `at_sample` is the time of the first.
  void play(std::span<float> out, std::uint64_t at_sample) noexcept SYRINX_REALTIME;
  UtteranceId sounding() const noexcept { return sounds_ ? current_ : 0; }

 private:
  struct Mark {
    std::uint64_t at = 0;    // Before this sample of the ring
    UtteranceId begins = 0;  // this one begins, or, with 0, the one before ends.
  };

  bool mark(UtteranceId begins) noexcept;
  bool pass_mark() noexcept;
  std::size_t ready() noexcept;
  void pass_by() noexcept;
  std::size_t say(std::span<float> out) noexcept;
  std::size_t fade_away(std::span<float> out) noexcept;
  void take(std::span<float> out) noexcept;
  void break_off(std::span<float> said) noexcept;
  void end_current(PortEvent::Kind how) noexcept;
  void tell(PortEvent::Kind kind) noexcept;

  SpscQueue<float> ring_;
  SpscQueue<Mark> marks_;
  PortEvents& events_;
  std::size_t fade_samples_;
  std::atomic<UtteranceId> latest_{0};
  std::atomic<UtteranceId> stopped_through_{0};
  std::atomic<std::uint64_t> said_{0};  // The utterance above, its samples in the lower 32 bits.

  UtteranceId open_ = 0;  // The writer's: what is written now.

  // The ticking thread's.
  std::uint64_t now_ = 0;     // The time of the next sample.
  std::uint64_t seen_ = 0;    // Of the ring, as of this tick.
  std::optional<Mark> mark_;  // The next one.
  UtteranceId current_ = 0;
  std::uint32_t current_said_ = 0;
  bool sounds_ = false;          // The last sample out was of the current one.
  std::size_t fade_out_at_ = 0;  // Samples of its fading that were said.
  std::size_t fade_in_left_ = 0;
};

}  // namespace syrinx::call
