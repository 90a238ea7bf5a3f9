// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"

namespace syrinx::packet {

// Decoded sound that waits to be heard, with what was heard just before it, and the means to make
// it shorter or longer by a period. Memory is taken once. One thread.
class SpeechQueue {
 public:
  SpeechQueue(int sample_rate_hz, std::size_t capacity_frames);

  std::size_t frames() const noexcept { return end_ - begin_; }
  std::size_t room() const noexcept { return capacity_ - frames(); }
  // Where the next `frames` frames go. Pre: frames <= room(). They count once committed.
  std::span<float> tail(std::size_t frames) noexcept SYRINX_REALTIME;
  void commit(std::size_t frames) noexcept { end_ += frames; }
  // Takes out the oldest. Pre: out.size() <= frames().
  void pop(std::span<float> out) noexcept SYRINX_REALTIME;
  void drop_all() noexcept { begin_ = end_; }
  void clear() noexcept SYRINX_REALTIME;

  // Takes out or puts in one period where the speech repeats itself at least as well as asked.
  // Returns the frames that went or came; 0 where there is too little sound or likeness.
  std::size_t shorten(float least_likeness) noexcept SYRINX_REALTIME;
  std::size_t lengthen(float least_likeness) noexcept SYRINX_REALTIME;

 private:
  void make_room(std::size_t frames) noexcept;

  int sample_rate_hz_;
  std::size_t history_;
  std::size_t capacity_;
  std::vector<float> frames_;
  std::size_t begin_;
  std::size_t end_;
};

}  // namespace syrinx::packet
