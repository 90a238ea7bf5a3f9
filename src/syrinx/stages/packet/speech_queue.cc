// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/packet/speech_queue.h"

#include <algorithm>

#include "syrinx/core/base/check.h"
#include "syrinx/stages/packet/time_stretch.h"

namespace syrinx::packet {

// The longest period, 12.5 ms, is looked for across what was heard and what comes.
SpeechQueue::SpeechQueue(int sample_rate_hz, std::size_t capacity_frames)
    : sample_rate_hz_(sample_rate_hz),
      history_(static_cast<std::size_t>(sample_rate_hz) / 80),
      capacity_(capacity_frames),
      frames_(2 * (history_ + capacity_frames)),
      begin_(history_),
      end_(history_) {}

void SpeechQueue::make_room(std::size_t frames) noexcept {
  if (end_ + frames <= frames_.size()) return;
  const std::size_t from = begin_ - history_;
  std::copy(frames_.begin() + static_cast<std::ptrdiff_t>(from),
            frames_.begin() + static_cast<std::ptrdiff_t>(end_), frames_.begin());
  begin_ -= from;
  end_ -= from;
}

std::span<float> SpeechQueue::tail(std::size_t frames) noexcept {
  SYRINX_CHECK(frames <= room(), "no room for so many frames");
  make_room(frames);
  return {frames_.data() + end_, frames};
}

void SpeechQueue::pop(std::span<float> out) noexcept {
  SYRINX_CHECK(out.size() <= frames(), "fewer frames wait");
  std::copy_n(frames_.begin() + static_cast<std::ptrdiff_t>(begin_), out.size(), out.begin());
  begin_ += out.size();
}

void SpeechQueue::clear() noexcept {
  std::fill(frames_.begin(), frames_.end(), 0.0f);
  begin_ = history_;
  end_ = history_;
}

std::size_t SpeechQueue::shorten(float least_likeness) noexcept {
  if (frames() < stretch_window_frames(sample_rate_hz_)) return 0;
  const std::span<float> waiting(frames_.data() + begin_, frames());
  const Period period = find_period(waiting, sample_rate_hz_);
  if (!period.quiet && period.likeness < least_likeness) return 0;
  end_ = begin_ + remove_period(waiting, period.lag);
  return period.lag;
}

std::size_t SpeechQueue::lengthen(float least_likeness) noexcept {
  if (frames() + history_ < stretch_window_frames(sample_rate_hz_) || room() < history_) return 0;
  make_room(history_);
  const std::span<float> around(frames_.data() + begin_ - history_, history_ + frames());
  const Period period = find_period(around, sample_rate_hz_);
  if (!period.quiet && period.likeness < least_likeness) return 0;
  if (frames() < period.lag) return 0;
  // The first of the two periods was heard already, and stays as it was.
  const std::size_t used = period.lag + frames();
  const std::span<float> grown(frames_.data() + begin_ - period.lag, used + period.lag);
  end_ = begin_ - period.lag + insert_period(grown, used, period.lag);
  return period.lag;
}

}  // namespace syrinx::packet
