// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/core/base/result.h"

// The E-model for wideband telephony (50 to 7000 Hz): ITU-T Recommendation G.107.1 (06/2019). Its
// ratings reach 129, where those of the narrow-band model end near 93: the two are not comparable,
// nor are the scores made of them.
namespace syrinx::measure {

// A connection whose echo is fully cancelled: the Recommendation's terms for talker and listener
// echo are not computed here.
struct WidebandEModelInput {
  double absolute_delay_ms = 0.0;     // Ta, from mouth to ear.
  double equipment_impairment = 0.0;  // Ie,WB of the codec (G.113, Appendix IV).
  double loss_robustness = 4.3;       // Bpl,WB of the codec (G.113, Appendix IV).
  double packet_loss_percent = 0.0;   // Ppl, of losses at random.
  double advantage = 0.0;             // A: 0, as the Recommendation has studied no other.
};

struct WidebandEModelRating {
  double rating = 0.0;                     // R, at most 129.
  double mos = 0.0;                        // 1 to 4.5, against the best of wideband (MOS-CQEW).
  double absolute_delay_impairment = 0.0;  // Idd,WB, the same as in the narrow-band model.
  double equipment_impairment = 0.0;       // Ie,eff,WB
};

// R = Ro,WB - Is,WB - Id,WB - Ie,eff,WB + A with Ro,WB = 129 and Is,WB = 0.
// Errors: kInvalidArgument, with the field, for a value that is not finite, a negative delay or
// impairment, a loss outside [0, 100] %, or a loss robustness not above 0.
Result<WidebandEModelRating> rate(const WidebandEModelInput& input);

// The score of a wideband rating: that of R / 1.29 on the narrow-band scale (Annex A).
double wideband_mos_of_rating(double rating) noexcept;

}  // namespace syrinx::measure
