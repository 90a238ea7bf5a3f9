// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/core/base/result.h"

// Between the E-model's transmission rating R and what people would say (ITU-T G.107, Annex B and
// Appendix I).
namespace syrinx::measure {

// The mean opinion score of a conversation, 1 to 4.5: 1 for R up to 0, 4.5 from 100 on. As the
// Recommendation's cubic has it, scores dip below 1 (to 0.99) between R = 0 and 6.5; here they
// stay at 1.
double mos_of_rating(double rating) noexcept;

// The R, 6.5 to 100, of a score. Errors: kInvalidArgument for a score outside [1, 4.5].
Result<double> rating_of_mos(double mos);

// The shares of users, 0 to 1, that would call the connection good or better, or poor or worse.
double good_or_better(double rating) noexcept;
double poor_or_worse(double rating) noexcept;

}  // namespace syrinx::measure
