// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/flow/audio.h"

#include <algorithm>
#include <cstdlib>
#include <new>
#include <utility>

#include "syrinx/core/base/limits.h"

namespace syrinx {
namespace {

constexpr std::size_t kAlignBytes = 64;
constexpr std::size_t kAlignSamples = kAlignBytes / sizeof(float);

std::size_t round_up(std::size_t samples) {
  return (samples + kAlignSamples - 1) / kAlignSamples * kAlignSamples;
}

float* allocate(std::size_t samples) {
  return static_cast<float*>(
      ::operator new (samples * sizeof(float), std::align_val_t{kAlignBytes}));
}

void copy_rows(AudioView from, float* to, std::size_t to_stride) {
  for (std::size_t c = 0; c < from.channels(); ++c) {
    const auto row = from.channel(c);
    std::copy(row.begin(), row.end(), to + c * to_stride);
  }
}

}  // namespace

void AudioBuffer::Free::operator()(float* samples) const noexcept {
  ::operator delete (samples, std::align_val_t{kAlignBytes});
}

AudioBuffer::AudioBuffer(std::size_t channels, std::size_t frames, int sample_rate_hz) {
  reshape(channels, frames, sample_rate_hz);
  std::fill_n(data_.get(), channels_ * stride_, 0.0f);
}

AudioBuffer::AudioBuffer(AudioView view) {
  reshape(view.channels(), view.frames(), view.sample_rate_hz());
  copy_rows(view, data_.get(), stride_);
}

AudioBuffer::AudioBuffer(const AudioBuffer& other) : AudioBuffer(other.view()) {}

AudioBuffer& AudioBuffer::operator=(const AudioBuffer& other) {
  if (this == &other) return *this;
  reshape(other.channels_, other.frames_, other.sample_rate_hz_);
  copy_rows(other.view(), data_.get(), stride_);
  return *this;
}

AudioBuffer::AudioBuffer(AudioBuffer&& other) noexcept { *this = std::move(other); }

AudioBuffer& AudioBuffer::operator=(AudioBuffer&& other) noexcept {
  if (this == &other) return *this;
  data_ = std::move(other.data_);
  capacity_samples_ = std::exchange(other.capacity_samples_, 0);
  channels_ = std::exchange(other.channels_, 0);
  frames_ = std::exchange(other.frames_, 0);
  stride_ = std::exchange(other.stride_, 0);
  sample_rate_hz_ = std::exchange(other.sample_rate_hz_, 0);
  return *this;
}

void AudioBuffer::reshape(std::size_t channels, std::size_t frames, int sample_rate_hz) {
  SYRINX_CHECK(channels <= limits::kMaxChannels, "more channels than limits::kMaxChannels");
  const std::size_t stride = round_up(frames);
  if (channels * stride > capacity_samples_) {
    data_.reset(allocate(channels * stride));
    capacity_samples_ = channels * stride;
  }
  channels_ = channels;
  frames_ = frames;
  stride_ = stride;
  sample_rate_hz_ = sample_rate_hz;
}

void AudioBuffer::reserve(std::size_t channels, std::size_t frames) {
  if (frames <= stride_ && channels * stride_ <= capacity_samples_) return;
  const std::size_t stride = round_up(std::max(frames, stride_ * 2));
  std::unique_ptr<float[], Free> grown(allocate(channels * stride));
  copy_rows(view(), grown.get(), stride);
  data_ = std::move(grown);
  capacity_samples_ = channels * stride;
  stride_ = stride;
}

void AudioBuffer::resize(std::size_t frames) {
  reserve(channels_, frames);
  for (std::size_t c = 0; frames > frames_ && c < channels_; ++c) {
    std::fill_n(data_.get() + c * stride_ + frames_, frames - frames_, 0.0f);
  }
  frames_ = frames;
}

void AudioBuffer::append(AudioView tail) {
  if (channels_ == 0) {
    *this = AudioBuffer(tail);
    return;
  }
  SYRINX_CHECK(tail.channels() == channels_, "append of another number of channels");
  SYRINX_CHECK(tail.sample_rate_hz() == sample_rate_hz_, "append of another sample rate");
  const std::size_t before = frames_;
  reserve(channels_, before + tail.frames());
  copy_rows(tail, data_.get() + before, stride_);
  frames_ = before + tail.frames();
}

Error wrong_rate_error(std::string_view what, int given_hz, int expected_hz) {
  return make_error(ErrorCode::kInvalidArgument, what, " was given audio at ", given_hz,
                    " Hz but works at ", expected_hz, " Hz; resample it first");
}

}  // namespace syrinx
