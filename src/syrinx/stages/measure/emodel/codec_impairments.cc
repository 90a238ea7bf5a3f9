// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/emodel/codec_impairments.h"

#include <algorithm>
#include <array>
#include <string>

namespace syrinx::measure {
namespace {

constexpr std::array<CodecImpairment, 5> kCodecs = {{{"g711", 0.0, 4.3},
                                                     {"g711-plc", 0.0, 25.1},
                                                     {"g729a", 11.0, 19.0},
                                                     {"g723.1", 15.0, 16.1},
                                                     {"gsm-efr", 5.0, 10.0}}};

}  // namespace

std::span<const CodecImpairment> narrow_band_codecs() noexcept { return kCodecs; }

Result<EModelInput> call_over(std::string_view codec, double mouth_to_ear_ms,
                              double packet_loss_percent, double burst_ratio) {
  const auto at = std::find_if(kCodecs.begin(), kCodecs.end(),
                               [&](const CodecImpairment& known) { return known.name == codec; });
  if (at == kCodecs.end()) {
    std::string known;
    for (const CodecImpairment& one : kCodecs) known += " " + std::string(one.name);
    return make_error(ErrorCode::kInvalidArgument, "E-model: there is no codec '", codec,
                      "' in its table; there are", known);
  }
  EModelInput input;
  input.one_way_delay_ms = mouth_to_ear_ms;
  input.round_trip_delay_ms = 2.0 * mouth_to_ear_ms;
  input.absolute_delay_ms = mouth_to_ear_ms;
  input.equipment_impairment = at->equipment_impairment;
  input.loss_robustness = at->loss_robustness;
  input.packet_loss_percent = packet_loss_percent;
  input.burst_ratio = burst_ratio;
  return input;
}

}  // namespace syrinx::measure
