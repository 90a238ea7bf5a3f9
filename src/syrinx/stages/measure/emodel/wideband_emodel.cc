// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/emodel/wideband_emodel.h"

#include "syrinx/stages/measure/emodel/emodel.h"
#include "syrinx/stages/measure/emodel/opinion.h"

namespace syrinx::measure {
namespace {

constexpr double kBestRating = 129.0;
constexpr double kScale = 1.29;
constexpr double kLeastNoticedDelayMs = 100.0;

Result<void> require(const char* field, double value, double least, double most) {
  if (value >= least && value <= most) return {};
  return make_error(ErrorCode::kInvalidArgument, "wideband E-model: ", field, " is ", value,
                    " but must be ", least, " to ", most);
}

}  // namespace

double wideband_mos_of_rating(double rating) noexcept { return mos_of_rating(rating / kScale); }

Result<WidebandEModelRating> rate(const WidebandEModelInput& in) {
  SYRINX_TRY(require("absolute_delay_ms", in.absolute_delay_ms, 0.0, 1e6));
  SYRINX_TRY(require("equipment_impairment", in.equipment_impairment, 0.0, 129.0));
  SYRINX_TRY(require("loss_robustness", in.loss_robustness, 1e-6, 1e6));
  SYRINX_TRY(require("packet_loss_percent", in.packet_loss_percent, 0.0, 100.0));
  SYRINX_TRY(require("advantage", in.advantage, 0.0, 129.0));
  WidebandEModelRating r;
  r.absolute_delay_impairment =
      absolute_delay_impairment(in.absolute_delay_ms, 1.0, kLeastNoticedDelayMs);
  r.equipment_impairment = effective_equipment_impairment(
      in.equipment_impairment, in.loss_robustness, in.packet_loss_percent, 1.0);
  r.rating = kBestRating - r.absolute_delay_impairment - r.equipment_impairment + in.advantage;
  r.mos = wideband_mos_of_rating(r.rating);
  return r;
}

}  // namespace syrinx::measure
