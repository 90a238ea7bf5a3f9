// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/session/adaptation.h"

#include <algorithm>
#include <cmath>

namespace syrinx::call {
namespace {

constexpr double kForget = 0.6;  // Of a report, in the smoothed loss.
constexpr double kFall = 0.85;   // Of the bit rate, for each report of too much loss.
constexpr double kRise = 1.1;    // For each that is clean.
constexpr int kLossStep = 5;     // The codec is told of the loss in steps of so many percent.

Error wrong(std::string_view field, double value, std::string_view expected) {
  return make_error(ErrorCode::kInvalidArgument, "an adaptation's ", field, " of ", value, "; ",
                    expected);
}

}  // namespace

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
  return LossAdaptation(options);
}

LossAdaptation::LossAdaptation(const AdaptationOptions& options) noexcept : options_(options) {
  current_.bitrate_bps =
      options.strategy == AdaptationStrategy::kNone ? 0 : options.max_bitrate_bps;
}

codec::Adaptation LossAdaptation::wanted(std::chrono::nanoseconds now) const noexcept {
  codec::Adaptation next = current_;
  const bool settled = !worsened_ || now - *worsened_ >= options_.settle;
  const double too_much = options_.strategy == AdaptationStrategy::kSaveNetwork
                              ? options_.fec_on_percent
                              : options_.heavy_percent;
  if (loss_percent_ > options_.fec_on_percent) next.fec = true;
  if (loss_percent_ < options_.fec_off_percent && settled) next.fec = false;
  const auto scaled = [&](double factor) {
    return std::clamp(static_cast<int>(std::lrint(current_.bitrate_bps * factor)),
                      options_.min_bitrate_bps, options_.max_bitrate_bps);
  };
  if (loss_percent_ > too_much) next.bitrate_bps = scaled(kFall);
  if (loss_percent_ < options_.fec_off_percent && settled) next.bitrate_bps = scaled(kRise);
  const auto steps = static_cast<int>(std::ceil(std::min(loss_percent_, 30.0) / kLossStep));
  next.expected_loss_percent = next.fec ? std::max(steps, 1) * kLossStep : 0;
  return next;
}

std::optional<codec::Adaptation> LossAdaptation::take(double loss_percent,
                                                      std::chrono::nanoseconds now) noexcept {
  if (options_.strategy == AdaptationStrategy::kNone || !std::isfinite(loss_percent))
    return std::nullopt;
  loss_percent = std::clamp(loss_percent, 0.0, 100.0);
  loss_percent_ = any_ ? loss_percent_ + kForget * (loss_percent - loss_percent_) : loss_percent;
  any_ = true;
  if (loss_percent_ > options_.fec_on_percent) worsened_ = now;
  const codec::Adaptation next = wanted(now);
  const bool same = next.fec == current_.fec && next.bitrate_bps == current_.bitrate_bps &&
                    next.expected_loss_percent == current_.expected_loss_percent;
  if (same) return std::nullopt;
  current_ = next;
  return next;
}

}  // namespace syrinx::call
