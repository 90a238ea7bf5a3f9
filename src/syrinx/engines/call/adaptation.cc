// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/adaptation.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace syrinx::call {
namespace {

constexpr double kForget = 0.6;  // Of a report, in the smoothed loss.
constexpr double kFall = 0.85;   // Of the bit rate, for each report of too much loss.
constexpr double kRise = 1.1;    // For each that is clean.
constexpr int kLossStep = 5;     // The codec is told of the loss in steps of so many percent.
constexpr std::array<int, 3> kPacketsMs = {20, 40, 60};
constexpr int kMostPatience = 16;

Error wrong(std::string_view field, double value, std::string_view expected) {
  return make_error(ErrorCode::kInvalidArgument, "an adaptation's ", field, " of ", value, "; ",
                    expected);
}

}  // namespace

const char* name_of(AdaptationStrategy strategy) noexcept {
  switch (strategy) {
    case AdaptationStrategy::kNone:
      return "none";
    case AdaptationStrategy::kKeepQuality:
      return "keep-quality";
    case AdaptationStrategy::kSaveNetwork:
      return "save-network";
  }
  return "";
}

Result<AdaptationStrategy> adaptation_strategy_named(std::string_view name) {
  for (const auto strategy : {AdaptationStrategy::kNone, AdaptationStrategy::kKeepQuality,
                              AdaptationStrategy::kSaveNetwork})
    if (name == name_of(strategy)) return strategy;
  return make_error(ErrorCode::kInvalidArgument, "there is no adaptation '", name,
                    "'; there are none, keep-quality and save-network");
}

Result<LossAdaptation> LossAdaptation::create(const AdaptationOptions& options) {
  if (options.min_bitrate_bps < 6'000 || options.min_bitrate_bps > options.max_bitrate_bps)
    return wrong("min_bitrate_bps", options.min_bitrate_bps, "6000 to max_bitrate_bps can be");
  if (options.max_bitrate_bps > 510'000)
    return wrong("max_bitrate_bps", options.max_bitrate_bps, "up to 510000 can be");
  if (!(options.fec_off_percent >= 0.0 && options.fec_off_percent < options.fec_on_percent))
    return wrong("fec_off_percent", options.fec_off_percent, "from 0 to below fec_on_percent");
  if (!(options.heavy_percent >= options.fec_on_percent && options.heavy_percent <= 100.0))
    return wrong("heavy_percent", options.heavy_percent, "from fec_on_percent to 100");
  if (options.settle < std::chrono::seconds(0) || options.settle > std::chrono::hours(1))
    return wrong("settle", static_cast<double>(options.settle.count()), "0 to 3600 s can be");
  if (options.max_packet_ms < 0 || options.max_packet_ms > codec::kMaxPayloadMs)
    return wrong("max_packet_ms", options.max_packet_ms, "0 (none) to 120 can be");
  return LossAdaptation(options);
}

LossAdaptation::LossAdaptation(const AdaptationOptions& options) noexcept : options_(options) {
  begin({});
}

void LossAdaptation::begin(const AdaptationScope& scope) noexcept {
  scope_ = scope;
  const bool adapts = options_.strategy != AdaptationStrategy::kNone && scope.codec;
  if (!adapts || current_.codec.bitrate_bps == 0)
    current_.codec = {adapts ? options_.max_bitrate_bps : 0, 0, false};
  current_.packet_ms = scope.packet_ms;
  current_.fallback = false;
  stepped_.reset();
  stepped_back_.reset();
  bad_reports_ = 0;
  patience_ = 1;
}

int LossAdaptation::longest_ms() const noexcept {
  return scope_.packet_ms > 0 ? std::min(options_.max_packet_ms, scope_.max_packet_ms) : 0;
}

void LossAdaptation::take_less(SendPlan& next) const noexcept {
  if (has_rate(next.fallback) && next.codec.bitrate_bps > options_.min_bitrate_bps) {
    const double scaled = kFall * next.codec.bitrate_bps;
    next.codec.bitrate_bps =
        std::max(static_cast<int>(std::lrint(scaled)), options_.min_bitrate_bps);
    return;
  }
  if (bad_reports_ < 2) return;
  if (scope_.fallback && !next.fallback) {
    next.fallback = true;
    next.codec.bitrate_bps = scope_.fallback_codec ? options_.max_bitrate_bps : 0;
    return;
  }
  const auto longer = std::ranges::find_if(kPacketsMs, [&](int ms) { return ms > next.packet_ms; });
  if (longer != kPacketsMs.end() && *longer <= longest_ms()) next.packet_ms = *longer;
}

bool LossAdaptation::may_go_back(std::chrono::nanoseconds now) const noexcept {
  return !stepped_ || now - *stepped_ >= options_.settle * patience_;
}

void LossAdaptation::take_more(SendPlan& next, std::chrono::nanoseconds now) const noexcept {
  if (next.packet_ms > scope_.packet_ms) {
    if (!may_go_back(now)) return;
    next.packet_ms = scope_.packet_ms;
    for (const int ms : kPacketsMs)
      if (ms < current_.packet_ms && ms > next.packet_ms) next.packet_ms = ms;
    return;
  }
  if (has_rate(next.fallback) && next.codec.bitrate_bps < options_.max_bitrate_bps) {
    const double scaled = kRise * next.codec.bitrate_bps;
    next.codec.bitrate_bps =
        std::min(static_cast<int>(std::lrint(scaled)), options_.max_bitrate_bps);
    return;
  }
  if (!next.fallback || !may_go_back(now)) return;
  next.fallback = false;
  next.codec.bitrate_bps = scope_.codec ? options_.min_bitrate_bps : 0;
}

SendPlan LossAdaptation::wanted(std::chrono::nanoseconds now) const noexcept {
  SendPlan next = current_;
  const bool settled = !worsened_ || now - *worsened_ >= options_.settle;
  const bool clean = loss_percent_ < options_.fec_off_percent && settled;
  const double too_much = options_.strategy == AdaptationStrategy::kSaveNetwork
                              ? options_.fec_on_percent
                              : options_.heavy_percent;
  if (loss_percent_ > options_.fec_on_percent) next.codec.fec = true;
  if (clean) next.codec.fec = false;
  if (loss_percent_ > too_much) take_less(next);
  if (clean) take_more(next, now);
  next.codec.fec = next.codec.fec && has_rate(next.fallback);
  const auto steps = static_cast<int>(std::ceil(std::min(loss_percent_, 30.0) / kLossStep));
  next.codec.expected_loss_percent = next.codec.fec ? std::max(steps, 1) * kLossStep : 0;
  return next;
}

// Remembers when packets or the codec changed, and whether going back was too early.
void LossAdaptation::note(const SendPlan& next, std::chrono::nanoseconds now) noexcept {
  if (next.packet_ms == current_.packet_ms && next.fallback == current_.fallback) return;
  stepped_ = now;
  bad_reports_ = 0;
  if (next.packet_ms < current_.packet_ms || (current_.fallback && !next.fallback)) {
    stepped_back_ = now;
    return;
  }
  const bool too_early = stepped_back_ && now - *stepped_back_ < 3 * options_.settle;
  patience_ = too_early ? std::min(2 * patience_, kMostPatience) : 1;
}

std::optional<SendPlan> LossAdaptation::take(double loss_percent,
                                             std::chrono::nanoseconds now) noexcept {
  if (options_.strategy == AdaptationStrategy::kNone || !std::isfinite(loss_percent))
    return std::nullopt;
  loss_percent = std::clamp(loss_percent, 0.0, 100.0);
  loss_percent_ = any_ ? loss_percent_ + kForget * (loss_percent - loss_percent_) : loss_percent;
  any_ = true;
  const bool bad = loss_percent_ > options_.fec_on_percent;
  if (bad) worsened_ = now;
  bad_reports_ = bad ? bad_reports_ + 1 : 0;
  const SendPlan next = wanted(now);
  if (next == current_) return std::nullopt;
  note(next, now);
  current_ = next;
  decided_ = true;
  return next;
}

}  // namespace syrinx::call
