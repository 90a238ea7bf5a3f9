// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/live/live_queue.h"

#include <algorithm>

namespace syrinx::conversion {

LiveQueue::LiveQueue(std::size_t channels, std::size_t capacity_frames)
    : channels_(channels),
      queue_(channels * capacity_frames),
      written_(channels * capacity_frames),
      read_(channels * capacity_frames) {}

void LiveQueue::write(std::span<const float> interleaved) noexcept {
  const std::size_t room = (queue_.capacity() - queue_.size()) / channels_ * channels_;
  const std::size_t fits = std::min(room, interleaved.size());
  queue_.write(interleaved.first(fits));
  const bool lost = fits < interleaved.size();
  if (lost) lost_frames_.fetch_add((interleaved.size() - fits) / channels_);
  if (lost && !in_loss_) losses_.fetch_add(1);
  in_loss_ = lost;
}

void LiveQueue::write(AudioView block) noexcept {
  const std::size_t most = written_.size() / channels_;
  for (std::size_t done = 0; done < block.frames();) {
    const std::size_t frames = std::min(most, block.frames() - done);
    for (std::size_t c = 0; c < channels_; ++c) {
      const auto row = block.channel(c).subspan(done, frames);
      for (std::size_t i = 0; i < frames; ++i) written_[i * channels_ + c] = row[i];
    }
    write(std::span<const float>(written_).first(frames * channels_));
    done += frames;
  }
}

void LiveQueue::write_silence(std::size_t frames) noexcept {
  const std::size_t samples = std::min(frames * channels_, written_.size());
  std::fill_n(written_.begin(), samples, 0.0f);
  write(std::span<const float>(written_).first(samples));
}

void LiveQueue::read(std::span<float> interleaved, bool counted) noexcept {
  const std::size_t got = queue_.read(interleaved);
  std::fill(interleaved.begin() + static_cast<std::ptrdiff_t>(got), interleaved.end(), 0.0f);
  const bool gap = got < interleaved.size() && counted;
  if (gap) missing_frames_.fetch_add((interleaved.size() - got) / channels_);
  if (gap && !in_gap_) gaps_.fetch_add(1);
  in_gap_ = gap;
}

void LiveQueue::read(MutableAudioView out) noexcept {
  const auto interleaved = std::span(read_).first(out.frames() * channels_);
  queue_.read(interleaved);
  for (std::size_t c = 0; c < channels_; ++c) {
    const auto row = out.channel(c);
    for (std::size_t i = 0; i < row.size(); ++i) row[i] = interleaved[i * channels_ + c];
  }
}

}  // namespace syrinx::conversion
