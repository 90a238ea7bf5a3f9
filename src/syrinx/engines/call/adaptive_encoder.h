// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "syrinx/engines/call/adaptation.h"
#include "syrinx/engines/call/rate_changer.h"
#include "syrinx/engines/call/scenario.h"
#include "syrinx/stages/packet/simulator.h"

namespace syrinx::call {

// What a party of a simulated call sends, who heeds the losses that are reported: bit rate, FEC,
// the length of packets, and the codec where there is another. Takes sound at the rate of the
// codec that they send first.
class AdaptiveEncoder final : public packet::PacketEncoder {
 public:
  // What is sent from now on.
  using Observer =
      std::function<void(std::chrono::nanoseconds now, const std::string& codec, const SendPlan&)>;

  // Errors: those of codec::make_encoder() and LossAdaptation::create(); kInvalidArgument for
  // packets that a codec does not take.
  static Result<std::unique_ptr<AdaptiveEncoder>> create(const Party& party, Observer observer);

  int sample_rate_hz() const noexcept override { return kinds_[0]->encoder->sample_rate_hz(); }
  int clock_rate_hz() const noexcept override { return kind().encoder->info().clock_rate_hz; }
  std::uint8_t payload_type() const noexcept override { return kind().payload_type; }
  std::size_t packet_frames() const noexcept override;
  Result<void> encode(std::span<const float> frames, std::vector<std::uint8_t>& payload) override;
  std::uint32_t offset_ticks() const noexcept override { return offset_ticks_; }
  bool wants_reports() const noexcept override { return true; }
  void reported(double loss_percent, std::chrono::nanoseconds now) noexcept override;

 private:
  struct Kind {
    std::string name;
    std::uint8_t payload_type = 0;
    std::unique_ptr<codec::Encoder> encoder;
    std::optional<RateChanger> changer;  // From the first codec's rate.
  };
  AdaptiveEncoder(LossAdaptation adaptation, Observer observer);
  Result<void> add(const Party& party, const codec::PayloadFormat& format, std::size_t number);
  const Kind& kind() const noexcept { return *kinds_[plan_.fallback ? 1 : 0]; }

  LossAdaptation adaptation_;
  Observer observer_;
  std::array<std::optional<Kind>, 2> kinds_;  // The first codec, and the one to fall back to.
  SendPlan plan_;
  std::vector<float> changed_;
  std::uint32_t offset_ticks_ = 0;
};

}  // namespace syrinx::call
