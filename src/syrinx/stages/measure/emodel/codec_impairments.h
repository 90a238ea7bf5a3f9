// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/measure/emodel/emodel.h"

// The E-model for someone who knows a call's codec, delay and loss.
namespace syrinx::measure {

// What ITU-T G.113, Appendix I (2007) states of a narrow-band codec.
struct CodecImpairment {
  std::string_view name;              // As "g711-plc".
  double equipment_impairment = 0.0;  // Ie
  double loss_robustness = 0.0;       // Bpl
};

// Those that the Appendix states both numbers of: g711 (without and with concealment of losses),
// g729a (with voice activity detection), g723.1 (6.3 kbit/s, likewise) and gsm-efr. Others: set the
// two numbers in EModelInput.
std::span<const CodecImpairment> narrow_band_codecs() noexcept;

// The input of rate() for a call whose echo is cancelled as well as the defaults have it and whose
// every delay is the one from mouth to ear. Errors: kInvalidArgument for a codec that there is
// not, naming those that there are; other values are checked by rate().
Result<EModelInput> call_over(std::string_view codec, double mouth_to_ear_ms,
                              double packet_loss_percent = 0.0, double burst_ratio = 1.0);

}  // namespace syrinx::measure
