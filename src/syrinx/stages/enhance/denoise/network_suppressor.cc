// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/denoise/network_suppressor.h"

#include <utility>

#include "syrinx/stages/enhance/denoise/any_rate_network.h"
#include "syrinx/stages/enhance/denoise/channelwise_suppressor.h"

namespace syrinx::enhance {
namespace {

class NetworkSuppressor final : public ChannelwiseSuppressor<AnyRateNetwork> {
 public:
  explicit NetworkSuppressor(NetworkMaker make_network) : make_network_(std::move(make_network)) {}

  bool realtime_safe() const noexcept override { return false; }
  std::uint64_t failed_frames() const noexcept override {
    std::uint64_t sum = 0;
    for (const AnyRateNetwork& channel : channels()) sum += channel.failed_frames();
    return sum;
  }

 private:
  Result<AnyRateNetwork> make_channel(int sample_rate_hz) override {
    SYRINX_ASSIGN(auto network, make_network_());
    return AnyRateNetwork::create(std::move(network), sample_rate_hz);
  }

  NetworkMaker make_network_;
};

}  // namespace

std::unique_ptr<NoiseSuppressor> make_network_suppressor(NetworkMaker make_network) {
  return std::make_unique<NetworkSuppressor>(std::move(make_network));
}

}  // namespace syrinx::enhance
