// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/denoise/network_suppressor.h"

#include <utility>
#include <vector>

#include "syrinx/stages/enhance/denoise/any_rate_network.h"

namespace syrinx::enhance {
namespace {

class NetworkSuppressor final : public NoiseSuppressor {
 public:
  explicit NetworkSuppressor(NetworkMaker make_network) : make_network_(std::move(make_network)) {}

  Result<void> prepare(const DenoiseFormat& format) override {
    SYRINX_TRY(validate(format));
    std::vector<AnyRateNetwork> channels;
    for (std::size_t c = 0; c < format.channels; ++c) {
      SYRINX_ASSIGN(auto network, make_network_());
      SYRINX_ASSIGN(auto channel,
                    AnyRateNetwork::create(std::move(network), format.sample_rate_hz));
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
  bool realtime_safe() const noexcept override { return false; }

  void process(MutableAudioView block) noexcept override {
    for (std::size_t c = 0; c < channels_.size(); ++c) {
      const auto row = block.channel(c);
      bad_samples_ += silence_bad_samples(row);
      channels_[c].process(row);
    }
  }
  void reset() noexcept override {
    for (AnyRateNetwork& channel : channels_) channel.reset();
  }
  std::uint64_t bad_samples() const noexcept override { return bad_samples_; }
  std::uint64_t failed_frames() const noexcept override {
    std::uint64_t sum = 0;
    for (const AnyRateNetwork& channel : channels_) sum += channel.failed_frames();
    return sum;
  }

 private:
  NetworkMaker make_network_;
  DenoiseFormat format_;
  std::vector<AnyRateNetwork> channels_;
  std::uint64_t bad_samples_ = 0;
};

}  // namespace

std::unique_ptr<NoiseSuppressor> make_network_suppressor(NetworkMaker make_network) {
  return std::make_unique<NetworkSuppressor>(std::move(make_network));
}

}  // namespace syrinx::enhance
