// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/fx_chain_json.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <nlohmann/json.hpp>

#include "syrinx/core/base/limits.h"
#include "syrinx/stages/effects/catalogue.h"

namespace syrinx::cli {
namespace {

using effects::AutomationPoint;
using effects::ChainSpec;
using effects::Curve;
using effects::EffectSpec;
using nlohmann::json;

constexpr std::string_view kCurves[] = {"step", "linear", "exponential"};

// "effects[2]", ".parameters.", "ratio" in one.
std::string joined(std::string place, std::string_view middle, std::string_view id) {
  place += middle;
  place += id;
  return place;
}

Error wrong(const std::string& place, std::string_view wanted) {
  return make_error(ErrorCode::kInvalidArgument, place, ": must be ", wanted);
}

Result<void> check_keys(const std::string& place, const json& object,
                        std::initializer_list<std::string_view> known) {
  if (!object.is_object()) return wrong(place.empty() ? "the chain" : place, "an object");
  for (const auto& [key, value] : object.items()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    std::string names;
    for (const auto name : known) names += (names.empty() ? "" : ", ") + std::string(name);
    return make_error(ErrorCode::kInvalidArgument, place.empty() ? "" : place + ".", key,
                      ": no such key; there are ", names);
  }
  return {};
}

Result<double> number(const std::string& place, const json& value) {
  if (!value.is_number()) return wrong(place, "a number");
  return value.get<double>();
}

std::string_view text_of(const json& value) { return value.get_ref<const std::string&>(); }

// A number, or the name of a choice of the effect's parameter.
Result<double> parameter_value(const std::string& place, const json& value,
                               const effects::Effect* effect, const std::string& id) {
  if (!value.is_string()) return number(place, value);
  const auto index = effect != nullptr ? effect->find_parameter(id) : std::nullopt;
  if (!index || effect->parameters()[*index].choices.empty()) return wrong(place, "a number");
  const auto choices = effect->parameters()[*index].choices;
  std::string names;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (choices[i] == text_of(value)) return static_cast<double>(i);
    names += (names.empty() ? "" : ", ") + std::string(choices[i]);
  }
  return wrong(place, "one of " + names);
}

Result<AutomationPoint> point_of(const std::string& place, const json& value,
                                 const effects::Effect* effect, const std::string& id) {
  SYRINX_TRY(check_keys(place, value, {"time_s", "value", "curve"}));
  if (!value.contains("time_s") || !value.contains("value"))
    return wrong(place, "an object with \"time_s\" and \"value\"");
  AutomationPoint point;
  SYRINX_ASSIGN(point.time_s, number(place + ".time_s", value["time_s"]));
  SYRINX_ASSIGN(point.value, parameter_value(place + ".value", value["value"], effect, id));
  if (!value.contains("curve")) return point;
  const json& curve = value["curve"];
  const auto* found = std::find(std::begin(kCurves), std::end(kCurves),
                                curve.is_string() ? text_of(curve) : std::string_view());
  if (found == std::end(kCurves))
    return wrong(place + ".curve", "\"linear\", \"exponential\" or \"step\"");
  point.curve = static_cast<Curve>(found - std::begin(kCurves));
  return point;
}

Result<std::vector<AutomationPoint>> points_of(const std::string& place, const json& value,
                                               const effects::Effect* effect,
                                               const std::string& id) {
  if (!value.is_array()) return wrong(place, "a list of points");
  if (value.size() > limits::kMaxAutomationPoints)
    return make_error(ErrorCode::kLimitExceeded, place, ": ", value.size(),
                      " points were given; at most ", limits::kMaxAutomationPoints);
  std::vector<AutomationPoint> points;
  for (std::size_t i = 0; i < value.size(); ++i) {
    SYRINX_ASSIGN(auto point,
                  point_of(place + "[" + std::to_string(i) + "]", value[i], effect, id));
    points.push_back(point);
  }
  return points;
}

Result<EffectSpec> effect_of(const std::string& place, const json& value) {
  SYRINX_TRY(check_keys(
      place, value, {"effect", "parameters", "bypass", "mix", "impulse", "sofa", "automation"}));
  if (!value.contains("effect") || !value["effect"].is_string())
    return wrong(place + ".effect", "the name of an effect");
  EffectSpec spec;
  spec.effect = text_of(value["effect"]);
  const auto made = effects::make_effect(spec.effect);  // For the names of its choices.
  const effects::Effect* effect = made ? made->get() : nullptr;
  if (value.contains("parameters")) {
    const json& all = value["parameters"];
    if (!all.is_object()) return wrong(place + ".parameters", "an object");
    for (const auto& [id, one] : all.items()) {
      SYRINX_ASSIGN(spec.parameters[id],
                    parameter_value(joined(place, ".parameters.", id), one, effect, id));
    }
  }
  if (value.contains("bypass")) {
    if (!value["bypass"].is_boolean()) return wrong(place + ".bypass", "true or false");
    spec.bypass = value["bypass"].get<bool>();
  }
  if (value.contains("mix")) {
    SYRINX_ASSIGN(spec.mix, number(place + ".mix", value["mix"]));
  }
  if (value.contains("impulse")) {
    if (!value["impulse"].is_string()) return wrong(place + ".impulse", "the name of a file");
    spec.impulse = value["impulse"].get<std::string>();
  }
  if (value.contains("sofa")) {
    if (!value["sofa"].is_string()) return wrong(place + ".sofa", "the name of a file");
    spec.sofa = value["sofa"].get<std::string>();
  }
  if (value.contains("automation")) {
    const json& all = value["automation"];
    if (!all.is_object()) return wrong(place + ".automation", "an object");
    for (const auto& [id, one] : all.items()) {
      SYRINX_ASSIGN(spec.automation[id],
                    points_of(joined(place, ".automation.", id), one, effect, id));
    }
  }
  return spec;
}

// nlohmann's own message, without its prefix "[json.exception...] ".
Error syntax_error(const json::parse_error& error) {
  const std::string_view what = error.what();
  const auto start = what.find("] ");
  return make_error(ErrorCode::kCorruptData, "the chain is not JSON: ",
                    start == std::string_view::npos ? what : what.substr(start + 2));
}

Result<json> parse(std::string_view text) {
  try {
    return json::parse(text);
  } catch (const json::parse_error& error) {
    return syntax_error(error);
  }
}

json json_value(double value, const effects::Effect* effect, const std::string& id) {
  const auto index = effect != nullptr ? effect->find_parameter(id) : std::nullopt;
  if (!index) return value;
  const auto choices = effect->parameters()[*index].choices;
  const auto choice = static_cast<std::size_t>(std::lround(std::max(0.0, value)));
  if (choice < choices.size()) return std::string(choices[choice]);
  return value;
}

json json_of(const EffectSpec& spec) {
  const auto made = effects::make_effect(spec.effect);
  const effects::Effect* effect = made ? made->get() : nullptr;
  json out = {{"effect", spec.effect}};
  for (const auto& [id, value] : spec.parameters)
    out["parameters"][id] = json_value(value, effect, id);
  if (spec.bypass) out["bypass"] = true;
  if (spec.mix != 1.0) out["mix"] = spec.mix;
  if (!spec.impulse.empty()) out["impulse"] = spec.impulse.string();
  if (!spec.sofa.empty()) out["sofa"] = spec.sofa.string();
  for (const auto& [id, points] : spec.automation)
    for (const AutomationPoint& p : points)
      out["automation"][id].push_back({{"time_s", p.time_s},
                                       {"value", json_value(p.value, effect, id)},
                                       {"curve", kCurves[static_cast<std::size_t>(p.curve)]}});
  return out;
}

}  // namespace

Result<ChainSpec> parse_chain_json(std::string_view text) {
  if (text.size() > limits::kMaxChainJsonBytes)
    return make_error(ErrorCode::kLimitExceeded, "the chain has ", text.size(), " bytes; at most ",
                      limits::kMaxChainJsonBytes);
  SYRINX_ASSIGN(const json root, parse(text));
  SYRINX_TRY(check_keys("", root, {"effects"}));
  if (!root.contains("effects") || !root["effects"].is_array())
    return wrong("effects", "a list of effects");
  ChainSpec spec;
  for (std::size_t i = 0; i < root["effects"].size(); ++i) {
    if (i == limits::kMaxChainEffects)
      return make_error(ErrorCode::kLimitExceeded, "effects: a chain holds at most ", i);
    SYRINX_ASSIGN(auto effect, effect_of("effects[" + std::to_string(i) + "]", root["effects"][i]));
    spec.effects.push_back(std::move(effect));
  }
  SYRINX_TRY(effects::validate(spec));
  return spec;
}

std::string to_json(const ChainSpec& spec) {
  json list = json::array();
  for (const EffectSpec& one : spec.effects) list.push_back(json_of(one));
  return json{{"effects", list}}.dump(2);
}

}  // namespace syrinx::cli
