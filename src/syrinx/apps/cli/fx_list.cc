// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/fx_list.h"

#include <cstdio>
#include <string>

#include "syrinx/apps/cli/fx_steps.h"
#include "syrinx/stages/effects/catalogue.h"
#include "syrinx/stages/effects/convolution.h"

namespace syrinx::cli {
namespace {

using nlohmann::json;

constexpr std::string_view kConvolutionSummary = "a room by its impulse response, of a file";

std::string change_name(effects::Change change) {
  switch (change) {
    case effects::Change::kSmooth:
      return "smooth";
    case effects::Change::kStep:
      return "step";
    case effects::Change::kOnPrepare:
      return "fixed";
  }
  return "fixed";
}

std::string joined(std::span<const std::string_view> names) {
  std::string all;
  for (const auto name : names) all += (all.empty() ? "" : " ") + std::string(name);
  return all;
}

void print_effect(std::string_view name, std::string_view summary, const effects::Effect& effect) {
  std::printf("%-16s %s\n", std::string(name).c_str(), std::string(summary).c_str());
  for (const effects::Parameter& p : effect.parameters()) {
    const std::string id(p.id);
    if (id.starts_with("band") && id[4] != '1') continue;  // The other seven are the same.
    if (p.choices.empty()) {
      std::printf("    %-22s %g to %g %s, at first %g\n", id.c_str(), p.min, p.max,
                  std::string(p.unit).c_str(), p.initial);
    } else {
      const auto initial = static_cast<std::size_t>(p.initial);
      std::printf("    %-22s %s; at first %s\n", id.c_str(), joined(p.choices).c_str(),
                  std::string(p.choices[initial]).c_str());
    }
  }
}

json effect_json(std::string_view name, std::string_view summary, const effects::Effect& effect) {
  json parameters = json::array();
  for (const effects::Parameter& p : effect.parameters()) {
    json one = {{"id", p.id},   {"unit", p.unit},       {"min", p.min},
                {"max", p.max}, {"initial", p.initial}, {"change", change_name(p.change)}};
    if (!p.choices.empty()) one["choices"] = p.choices;
    parameters.push_back(one);
  }
  return {{"name", name}, {"summary", summary}, {"parameters", parameters}};
}

}  // namespace

void print_fx_list() {
  for (const auto& entry : effects::catalogue())
    print_effect(entry.name, entry.summary, *entry.make());
  print_effect(effects::kConvolutionName, kConvolutionSummary, *effects::make_convolution({}));
  std::printf("eq has band1 to band8. Every effect also takes mix (0 dry to 1 wet) and bypass.\n");
  std::printf("\nPresets\n");
  for (const auto& preset : effects::presets()) {
    std::printf("%-16s %s\n", std::string(preset.name).c_str(),
                std::string(preset.summary).c_str());
  }
}

json fx_list_json() {
  json list = {{"effects", json::array()}, {"presets", json::array()}, {"options", json::array()}};
  for (const auto& entry : effects::catalogue())
    list["effects"].push_back(effect_json(entry.name, entry.summary, *entry.make()));
  list["effects"].push_back(
      effect_json(effects::kConvolutionName, kConvolutionSummary, *effects::make_convolution({})));
  for (const auto& preset : effects::presets())
    list["presets"].push_back({{"name", preset.name}, {"summary", preset.summary}});
  for (const ShortForm& form : short_forms())
    list["options"].push_back({{"name", "--" + std::string(form.option)}, {"summary", form.help}});
  return list;
}

}  // namespace syrinx::cli
