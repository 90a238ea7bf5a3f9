// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/effects/effect.h"

// What a chain of effects is made of, as plain values: what a JSON file says and a preset holds.
namespace syrinx::effects {

// How a value goes on from a point to the next one.
enum class Curve {
  kStep,        // Stays, and jumps there.
  kLinear,      // A straight line.
  kExponential  // By equal factors; for values of one sign, other than 0.
};

struct AutomationPoint {
  double time_s = 0.0;  // From the start of the stream.
  double value = 0.0;
  Curve curve = Curve::kLinear;

  friend bool operator==(const AutomationPoint&, const AutomationPoint&) = default;
};

struct EffectSpec {
  std::string effect;                        // A name of the catalogue, or "convolution".
  std::map<std::string, double> parameters;  // Those that differ from their initial values.
  bool bypass = false;
  double mix = 1.0;               // 0 is dry, 1 wet; the dry sound waits for the wet.
  std::filesystem::path impulse;  // For "convolution" alone: the file of the room's response.
  std::filesystem::path sofa;     // For "position" alone: recorded ears in place of the sphere.
  std::map<std::string, std::vector<AutomationPoint>> automation;  // By parameter.

  friend bool operator==(const EffectSpec&, const EffectSpec&) = default;
};

struct ChainSpec {
  std::vector<EffectSpec> effects;  // In the order of the sound.

  friend bool operator==(const ChainSpec&, const ChainSpec&) = default;
};

// The error, if any, that names the first mistake and its place, as "effects[2].parameters.ratio".
// kNotFound for a name that is not there; kInvalidArgument for a value out of range, times that do
// not rise, or automation of what is fixed when prepared; kLimitExceeded beyond limits.h. Does not
// look for the impulse and SOFA files.
Result<void> validate(const ChainSpec& spec);

// The value at a time: the first point's before it, the last one's after it. Pre: not empty.
double value_at(const std::vector<AutomationPoint>& points, double time_s) noexcept;

// Chains that are ready made.
struct Preset {
  std::string_view name;
  std::string_view summary;
  ChainSpec (*make)();
};
std::span<const Preset> presets() noexcept;
// Errors: kNotFound, which lists the names.
Result<ChainSpec> preset(std::string_view name);

}  // namespace syrinx::effects
