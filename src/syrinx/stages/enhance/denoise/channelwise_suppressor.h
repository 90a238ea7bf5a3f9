// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "syrinx/stages/enhance/denoise/noise_suppressor.h"

namespace syrinx::enhance {

// A suppressor that treats each channel by itself. A Channel has latency_samples(),
// process(std::span<float>) in place, and reset().
template <class Channel>
class ChannelwiseSuppressor : public NoiseSuppressor {
 public:
  Result<void> prepare(const DenoiseFormat& format) override {
    SYRINX_TRY(validate(format));
    std::vector<Channel> channels;
    for (std::size_t c = 0; c < format.channels; ++c) {
      SYRINX_ASSIGN(auto channel, make_channel(format.sample_rate_hz));
      channels.push_back(std::move(channel));
    }
    channels_ = std::move(channels);
    format_ = format;
    bad_samples_ = 0;
    return {};
  }
  const DenoiseFormat& format() const noexcept override { return format_; }
  std::size_t latency_samples() const noexcept override {
    return channels_.front().latency_samples();
  }
  void process(MutableAudioView block) noexcept override {
    for (std::size_t c = 0; c < channels_.size(); ++c) {
      const auto row = block.channel(c);
      bad_samples_ += silence_bad_samples(row);
      channels_[c].process(row);
    }
  }
  void reset() noexcept override {
    for (Channel& channel : channels_) channel.reset();
  }
  std::uint64_t bad_samples() const noexcept override { return bad_samples_; }

 protected:
  const std::vector<Channel>& channels() const noexcept { return channels_; }

 private:
  virtual Result<Channel> make_channel(int sample_rate_hz) = 0;

  DenoiseFormat format_;
  std::vector<Channel> channels_;
  std::uint64_t bad_samples_ = 0;
};

}  // namespace syrinx::enhance
