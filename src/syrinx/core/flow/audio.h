// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "syrinx/core/base/check.h"
#include "syrinx/core/base/result.h"

// Sound as it travels: planar 32-bit float, nominally in [-1, 1], one row per channel. A *sample*
// is one number, a *frame* one sample per channel.
namespace syrinx {

// Looks at planar audio that somebody else owns. Channel c is the `frames` samples that start at
// data + c * stride. Cheap to copy; valid as long as what it looks at.
class AudioView {
 public:
  AudioView() = default;
  AudioView(const float* data, std::size_t channels, std::size_t frames, std::size_t stride,
            int sample_rate_hz) noexcept
      : data_(data),
        channels_(channels),
        frames_(frames),
        stride_(stride),
        sample_rate_hz_(sample_rate_hz) {}
  // One channel in a row of samples.
  AudioView(std::span<const float> mono, int sample_rate_hz) noexcept
      : AudioView(mono.data(), 1, mono.size(), mono.size(), sample_rate_hz) {}

  std::size_t channels() const noexcept { return channels_; }
  std::size_t frames() const noexcept { return frames_; }
  std::size_t stride() const noexcept { return stride_; }
  int sample_rate_hz() const noexcept { return sample_rate_hz_; }
  bool empty() const noexcept { return frames_ == 0 || channels_ == 0; }
  double duration_s() const noexcept {
    return sample_rate_hz_ > 0 ? static_cast<double>(frames_) / sample_rate_hz_ : 0.0;
  }

  // Pre: index < channels().
  std::span<const float> channel(std::size_t index) const noexcept {
    SYRINX_CHECK(index < channels_, "channel index past the last channel");
    return {data_ + index * stride_, frames_};
  }
  // The frames [offset, offset + frames). Pre: they exist.
  AudioView slice(std::size_t offset, std::size_t frames) const noexcept {
    SYRINX_CHECK(offset <= frames_ && frames <= frames_ - offset, "slice past the last frame");
    return {data_ + offset, channels_, frames, stride_, sample_rate_hz_};
  }

 private:
  const float* data_ = nullptr;
  std::size_t channels_ = 0;
  std::size_t frames_ = 0;
  std::size_t stride_ = 0;
  int sample_rate_hz_ = 0;
};

// The same, writable. Converts to AudioView.
class MutableAudioView {
 public:
  MutableAudioView() = default;
  MutableAudioView(float* data, std::size_t channels, std::size_t frames, std::size_t stride,
                   int sample_rate_hz) noexcept
      : data_(data),
        channels_(channels),
        frames_(frames),
        stride_(stride),
        sample_rate_hz_(sample_rate_hz) {}
  MutableAudioView(std::span<float> mono, int sample_rate_hz) noexcept
      : MutableAudioView(mono.data(), 1, mono.size(), mono.size(), sample_rate_hz) {}

  operator AudioView() const noexcept {  // NOLINT: a writable view is a view.
    return {data_, channels_, frames_, stride_, sample_rate_hz_};
  }

  std::size_t channels() const noexcept { return channels_; }
  std::size_t frames() const noexcept { return frames_; }
  std::size_t stride() const noexcept { return stride_; }
  int sample_rate_hz() const noexcept { return sample_rate_hz_; }
  bool empty() const noexcept { return frames_ == 0 || channels_ == 0; }

  std::span<float> channel(std::size_t index) const noexcept {
    SYRINX_CHECK(index < channels_, "channel index past the last channel");
    return {data_ + index * stride_, frames_};
  }
  MutableAudioView slice(std::size_t offset, std::size_t frames) const noexcept {
    SYRINX_CHECK(offset <= frames_ && frames <= frames_ - offset, "slice past the last frame");
    return {data_ + offset, channels_, frames, stride_, sample_rate_hz_};
  }

 private:
  float* data_ = nullptr;
  std::size_t channels_ = 0;
  std::size_t frames_ = 0;
  std::size_t stride_ = 0;
  int sample_rate_hz_ = 0;
};

// Owns planar audio. Each channel starts on a 64-byte boundary. Moves cheaply, copies deeply.
class AudioBuffer {
 public:
  AudioBuffer() = default;
  // Silence. Pre: channels <= limits::kMaxChannels, a rate within limits (or 0 for an empty
  // buffer).
  AudioBuffer(std::size_t channels, std::size_t frames, int sample_rate_hz);
  // A deep copy of what the view shows.
  explicit AudioBuffer(AudioView view);
  AudioBuffer(const AudioBuffer& other);
  AudioBuffer& operator=(const AudioBuffer& other);
  AudioBuffer(AudioBuffer&& other) noexcept;
  AudioBuffer& operator=(AudioBuffer&& other) noexcept;
  ~AudioBuffer() = default;

  std::size_t channels() const noexcept { return channels_; }
  std::size_t frames() const noexcept { return frames_; }
  int sample_rate_hz() const noexcept { return sample_rate_hz_; }
  bool empty() const noexcept { return frames_ == 0 || channels_ == 0; }
  double duration_s() const noexcept { return view().duration_s(); }

  AudioView view() const noexcept {
    return {data_.get(), channels_, frames_, stride_, sample_rate_hz_};
  }
  MutableAudioView view() noexcept {
    return {data_.get(), channels_, frames_, stride_, sample_rate_hz_};
  }
  operator AudioView() const noexcept { return view(); }  // NOLINT: the natural reading.
  std::span<const float> channel(std::size_t index) const noexcept { return view().channel(index); }
  std::span<float> channel(std::size_t index) noexcept { return view().channel(index); }

  // Changes the shape; what was in it is unspecified afterwards. Keeps its memory when it suffices.
  void reshape(std::size_t channels, std::size_t frames, int sample_rate_hz);
  // Changes the length, keeping the frames that remain; new frames are silence. Grows
  // geometrically.
  void resize(std::size_t frames);
  // Adds frames at the end. Pre: same channels and rate, or this buffer has no channels yet.
  void append(AudioView tail);
  void clear() noexcept { frames_ = 0; }

 private:
  struct Free {
    void operator()(float* samples) const noexcept;
  };
  void reserve(std::size_t channels, std::size_t frames);

  std::unique_ptr<float[], Free> data_;
  std::size_t capacity_samples_ = 0;
  std::size_t channels_ = 0;
  std::size_t frames_ = 0;
  std::size_t stride_ = 0;
  int sample_rate_hz_ = 0;
};

// The error that a stage for `expected_hz` reports when handed another rate.
Error wrong_rate_error(std::string_view what, int given_hz, int expected_hz);

}  // namespace syrinx
