// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/effects/chain_spec.h"
#include "syrinx/stages/effects/eq_band.h"

namespace syrinx::effects {
namespace {

EffectSpec effect(std::string name, std::map<std::string, double> parameters) {
  EffectSpec spec;
  spec.effect = std::move(name);
  spec.parameters = std::move(parameters);
  return spec;
}
double type(BandType band) { return static_cast<double>(band); }

ChainSpec broadcast() {
  return {{effect("eq", {{"band1.type", type(BandType::kHighPass24)}, {"band1.hz", 80}}),
           effect("deesser", {{"threshold_db", -30}, {"range_db", 8}}),
           effect("compressor", {{"threshold_db", -26},
                                 {"ratio", 4},
                                 {"knee_db", 8},
                                 {"attack_ms", 4},
                                 {"release_ms", 120},
                                 {"makeup_db", 9}}),
           effect("presence", {{"amount_db", 2.5}}),
           effect("limiter", {{"ceiling_dbtp", -1}, {"release_ms", 60}})}};
}

// The band of a telephone, 300 to 3400 Hz: fourth order at each end, steeper by a second one.
ChainSpec telephone() {
  return {{effect("eq", {{"band1.type", type(BandType::kHighPass24)},
                         {"band1.hz", 300},
                         {"band2.type", type(BandType::kHighPass24)},
                         {"band2.hz", 240},
                         {"band3.type", type(BandType::kLowPass24)},
                         {"band3.hz", 3'400},
                         {"band4.type", type(BandType::kLowPass24)},
                         {"band4.hz", 4'000}}),
           effect("compressor", {{"threshold_db", -24}, {"ratio", 3}, {"makeup_db", 4}}),
           effect("limiter", {{"ceiling_dbtp", -2}})}};
}

ChainSpec podcast() {
  return {{effect("eq", {{"band1.type", type(BandType::kHighPass12)}, {"band1.hz", 70}}),
           effect("expander", {{"threshold_db", -50}, {"ratio", 1.8}, {"range_db", 14}}),
           effect("compressor", {{"threshold_db", -22},
                                 {"ratio", 3},
                                 {"knee_db", 10},
                                 {"attack_ms", 8},
                                 {"release_ms", 180},
                                 {"makeup_db", 5}}),
           effect("deesser", {{"threshold_db", -32}, {"range_db", 6}}),
           effect("warmth", {{"shelf_db", 1.5}, {"drive", 0.15}}),
           effect("limiter", {{"ceiling_dbtp", -1.5}})}};
}

ChainSpec warm() {
  return {{effect("eq", {{"band1.type", type(BandType::kHighPass12)},
                         {"band1.hz", 50},
                         {"band2.type", type(BandType::kHighShelf)},
                         {"band2.hz", 8'000},
                         {"band2.gain_db", -3}}),
           effect("warmth", {{"shelf_db", 3}, {"drive", 0.35}}),
           effect("compressor", {{"threshold_db", -20},
                                 {"ratio", 2},
                                 {"knee_db", 12},
                                 {"attack_ms", 20},
                                 {"release_ms", 250},
                                 {"makeup_db", 2}}),
           effect("limiter", {{"ceiling_dbtp", -1}})}};
}

constexpr Preset kPresets[] = {
    {"broadcast", "dense and bright, under -1 dBTP", broadcast},
    {"telephone", "300 to 3400 Hz", telephone},
    {"podcast", "even and calm, pauses lowered, under -1.5 dBTP", podcast},
    {"warm", "full lows, soft highs, gentle saturation", warm}};

}  // namespace

std::span<const Preset> presets() noexcept { return kPresets; }

Result<ChainSpec> preset(std::string_view name) {
  std::string known;
  for (const Preset& one : kPresets) {
    if (one.name == name) return one.make();
    known += (known.empty() ? "" : ", ") + std::string(one.name);
  }
  return make_error(ErrorCode::kNotFound, "there is no preset '", name, "'; there are ", known);
}

}  // namespace syrinx::effects
