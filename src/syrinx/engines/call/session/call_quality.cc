// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/session/call_quality.h"

#include <algorithm>

#include "syrinx/stages/measure/emodel/codec_impairments.h"

namespace syrinx::call {
namespace {

std::string_view model_name(std::string_view codec) noexcept {
  if (codec == "PCMU" || codec == "PCMA") return "g711-plc";
  if (codec == "G729") return "g729a";
  return {};
}

std::optional<double> mos(std::string_view model, double delay_ms, double loss_percent,
                          double burst_ratio) noexcept {
  const auto input = measure::call_over(model, delay_ms, loss_percent, burst_ratio);
  if (!input) return std::nullopt;
  const auto rating = measure::rate(*input);
  if (!rating) return std::nullopt;
  return rating->mos;
}

}  // namespace

HeardQuality estimate_quality(std::string_view codec, double loss_percent, double burst_ratio,
                              std::optional<double> mouth_to_ear_ms) noexcept {
  const std::string_view model = model_name(codec);
  HeardQuality quality;
  if (model.empty()) return quality;
  loss_percent = std::clamp(loss_percent, 0.0, 100.0);
  burst_ratio = std::max(burst_ratio, 1.0);
  quality.listening_mos = mos(model, 0.0, loss_percent, burst_ratio);
  if (mouth_to_ear_ms)
    quality.conversational_mos = mos(model, *mouth_to_ear_ms, loss_percent, burst_ratio);
  return quality;
}

}  // namespace syrinx::call
