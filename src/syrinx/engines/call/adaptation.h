// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/stages/codec/codec.h"

namespace syrinx::call {

// How a sender answers the losses that the other side reports.
enum class AdaptationStrategy {
  kNone,         // Not at all.
  kKeepQuality,  // Redundancy (FEC) first; the sender takes less only under heavy loss.
  kSaveNetwork,  // The sender takes less as the loss grows, as losses may be of its own making.
};
const char* name_of(AdaptationStrategy strategy) noexcept;
// "none", "keep-quality" or "save-network". Errors: kInvalidArgument.
Result<AdaptationStrategy> adaptation_strategy_named(std::string_view name);

struct AdaptationOptions {
  AdaptationStrategy strategy = AdaptationStrategy::kNone;
  int min_bitrate_bps = 12'000;
  int max_bitrate_bps = 32'000;
  // Losses smoothed over reports, in percent: FEC begins above the one and ends below the other.
  double fec_on_percent = 2.0;
  double fec_off_percent = 0.5;
  double heavy_percent = 10.0;      // Above it, the sender takes less under either strategy.
  std::chrono::seconds settle{10};  // At least so long between a change and one that undoes it.
  // Packets get no longer than this, nor than the other side takes (maxptime), nor than the codec
  // has; 0: they keep the time that was agreed on.
  int max_packet_ms = 60;
};

// What a sender can change.
struct AdaptationScope {
  bool codec = true;            // Bit rate and FEC: Opus.
  int packet_ms = 0;            // That was agreed on, and is the shortest; 0: not to be changed.
  int max_packet_ms = 0;        // That the other side and the codec take.
  bool fallback = false;        // There is another codec to send, which takes less,
  bool fallback_codec = false;  // and it has bit rate and FEC.
};

// What is to be in force.
struct SendPlan {
  codec::Adaptation codec;
  int packet_ms = 0;      // 0: as agreed on.
  bool fallback = false;  // The other codec is sent.
  friend bool operator==(const SendPlan& a, const SendPlan& b) noexcept {
    return a.packet_ms == b.packet_ms && a.fallback == b.fallback &&
           a.codec.bitrate_bps == b.codec.bitrate_bps &&
           a.codec.expected_loss_percent == b.codec.expected_loss_percent &&
           a.codec.fec == b.codec.fec;
  }
};

// Decides from reports of loss. Taking less is first a lower bit rate, where the codec has one; at
// its least (or without) another codec, where there is one, and its bit rate; and then longer
// packets, whose headers are fewer: 20, 40, 60 ms. All come back the other way round, packets
// first. The codec and packets change after two bad reports, and back after `settle` without one;
// each time that going back brought the losses back, the next attempt waits twice as long, up to
// 16 times. One thread; no memory but its own.
class LossAdaptation {
 public:
  // Errors: kInvalidArgument, with the field, for limits that cannot be meant.
  static Result<LossAdaptation> create(const AdaptationOptions& options);

  // Another codec or packet time from now on; what is known of the network stays.
  void begin(const AdaptationScope& scope) noexcept SYRINX_REALTIME;
  // What holds before any report, and after each.
  const SendPlan& current() const noexcept { return current_; }
  // Whether anything was ever changed: what current() says is then for a new encoder too.
  bool has_decided() const noexcept { return decided_; }
  // Takes the loss since the last report, 0 to 100; gives what is to be in force now where that is
  // something new.
  std::optional<SendPlan> take(double loss_percent,
                               std::chrono::nanoseconds now) noexcept SYRINX_REALTIME;

 private:
  explicit LossAdaptation(const AdaptationOptions& options) noexcept;
  SendPlan wanted(std::chrono::nanoseconds now) const noexcept;
  void take_less(SendPlan& next) const noexcept;
  void take_more(SendPlan& next, std::chrono::nanoseconds now) const noexcept;
  void note(const SendPlan& next, std::chrono::nanoseconds now) noexcept;
  int longest_ms() const noexcept;
  bool has_rate(bool fallback) const noexcept {
    return fallback ? scope_.fallback_codec : scope_.codec;
  }
  bool may_go_back(std::chrono::nanoseconds now) const noexcept;

  AdaptationOptions options_;
  AdaptationScope scope_;
  SendPlan current_;
  double loss_percent_ = 0.0;
  bool any_ = false;
  bool decided_ = false;
  int bad_reports_ = 0;                               // In a row, since the last step.
  int patience_ = 1;                                  // Times `settle`, before a step back.
  std::optional<std::chrono::nanoseconds> worsened_;  // When the loss last asked for less.
  // Steps are changes of packets and of the codec.
  std::optional<std::chrono::nanoseconds> stepped_;
  std::optional<std::chrono::nanoseconds> stepped_back_;
};

}  // namespace syrinx::call
