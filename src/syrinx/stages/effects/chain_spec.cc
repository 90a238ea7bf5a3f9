// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/effects/chain_spec.h"

#include <algorithm>
#include <cmath>

#include "syrinx/core/base/limits.h"
#include "syrinx/stages/effects/catalogue.h"
#include "syrinx/stages/effects/convolution.h"
#include "syrinx/stages/effects/ears.h"

namespace syrinx::effects {
namespace {

// The error again, with the place before it.
Error at(const std::string& place, const Error& error) {
  return {error.code, place + ": " + error.message};
}

// "effects[2]", ".parameters.", "ratio" in one.
std::string joined(std::string place, std::string_view middle, const std::string& id) {
  place += middle;
  place += id;
  return place;
}

Result<void> validate_points(const std::string& place, const Parameter& parameter,
                             const std::vector<AutomationPoint>& points) {
  if (parameter.change == Change::kOnPrepare)
    return make_error(ErrorCode::kInvalidArgument, place, ": ", parameter.id,
                      " is fixed when the effect is prepared and cannot be automated");
  if (points.empty() || points.size() > limits::kMaxAutomationPoints)
    return make_error(points.empty() ? ErrorCode::kInvalidArgument : ErrorCode::kLimitExceeded,
                      place, ": ", points.size(), " points were given; give 1 to ",
                      limits::kMaxAutomationPoints);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const AutomationPoint& p = points[i];
    const double earliest = i == 0 ? 0.0 : points[i - 1].time_s;
    if (!std::isfinite(p.time_s) || p.time_s < earliest)
      return make_error(ErrorCode::kInvalidArgument, place, "[", i, "].time_s: ", p.time_s,
                        " s must not be before ", earliest, " s");
    if (!(p.value >= parameter.min && p.value <= parameter.max))
      return make_error(ErrorCode::kInvalidArgument, place, "[", i, "].value: ", p.value,
                        " must lie within ", parameter.min, " and ", parameter.max);
    if (p.curve == Curve::kExponential && i + 1 < points.size() &&
        !(p.value * points[i + 1].value > 0.0))
      return make_error(ErrorCode::kInvalidArgument, place, "[", i,
                        "].curve: no exponential leads ", "from ", p.value, " to ",
                        points[i + 1].value, "; take \"linear\"");
  }
  return {};
}

Result<void> validate_effect(const std::string& place, const EffectSpec& spec) {
  const bool convolution = spec.effect == kConvolutionName;
  auto effect = convolution ? Result(make_convolution({})) : make_effect(spec.effect);
  if (!effect) return at(place + ".effect", effect.error());
  for (const auto& [id, value] : spec.parameters) {
    const auto set = (*effect)->set_parameter(id, value);
    if (!set) return at(joined(place, ".parameters.", id), set.error());
  }
  if (!(spec.mix >= 0.0 && spec.mix <= 1.0))
    return make_error(ErrorCode::kInvalidArgument, place, ".mix: ", spec.mix,
                      " must lie within 0 and 1");
  if (convolution == spec.impulse.empty())
    return make_error(ErrorCode::kInvalidArgument, place, ".impulse: ",
                      convolution ? "convolution needs the file of an impulse response"
                                  : "only convolution takes an impulse response");
  if (!spec.sofa.empty() && spec.effect != kPositionName)
    return make_error(ErrorCode::kInvalidArgument, place, ".sofa: only ", kPositionName,
                      " takes a SOFA file");
  for (const auto& [id, points] : spec.automation) {
    const std::string lane = joined(place, ".automation.", id);
    const auto index = (*effect)->find_parameter(id);
    if (!index)
      return make_error(ErrorCode::kNotFound, lane, ": ", spec.effect, " has no parameter '", id,
                        "'");
    SYRINX_TRY(validate_points(lane, (*effect)->parameters()[*index], points));
  }
  return {};
}

}  // namespace

Result<void> validate(const ChainSpec& spec) {
  if (spec.effects.size() > limits::kMaxChainEffects)
    return make_error(ErrorCode::kLimitExceeded, "effects: ", spec.effects.size(),
                      " effects were given; a chain holds ", limits::kMaxChainEffects);
  for (std::size_t i = 0; i < spec.effects.size(); ++i)
    SYRINX_TRY(validate_effect("effects[" + std::to_string(i) + "]", spec.effects[i]));
  return {};
}

double value_at(const std::vector<AutomationPoint>& points, double time_s) noexcept {
  const auto next = std::upper_bound(points.begin(), points.end(), time_s,
                                     [](double t, const auto& p) { return t < p.time_s; });
  if (next == points.begin()) return next->value;
  const AutomationPoint& from = *(next - 1);
  if (next == points.end() || from.curve == Curve::kStep) return from.value;
  const double done = (time_s - from.time_s) / (next->time_s - from.time_s);
  if (from.curve == Curve::kLinear) return from.value + (next->value - from.value) * done;
  return from.value * std::pow(next->value / from.value, done);
}

}  // namespace syrinx::effects
