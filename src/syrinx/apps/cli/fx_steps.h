// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/effects/ambisonics.h"
#include "syrinx/stages/effects/chain_spec.h"
#include "syrinx/stages/effects/declip.h"
#include "syrinx/stages/effects/levels.h"

// What `syrinx fx` shall do, in the order in which it was written: the short forms read into steps.
namespace syrinx::cli {

struct ToStereo {};  // One channel becomes two alike; two stay.
struct Encode {
  int order = 1;
  effects::Direction direction;
};
struct Rotate {
  effects::Turn turn;
};
struct Decode {
  effects::AmbisonicOutput output = effects::AmbisonicOutput::kStereo;
  std::filesystem::path sofa;
};
struct Trim {
  effects::TrimOptions options;
};
struct Declip {
  effects::DeclipOptions options;
};
struct FadeIn {
  double seconds = 0.0;
};
struct FadeOut {
  double seconds = 0.0;
};
enum class LevelKind { kPeak, kRms, kLoudness };
struct Normalise {
  LevelKind kind = LevelKind::kPeak;
  double target_db = -1.0;  // dBFS, or LUFS.
};
using FxStep = std::variant<effects::ChainSpec, ToStereo, Encode, Rotate, Decode, Trim, Declip,
                            FadeIn, FadeOut, Normalise>;

// Whether an option has a value: never, as --limit or --limit=-2, always.
enum class Takes { kNothing, kMaybe, kValue };

// One option of the command line that makes a step.
struct ShortForm {
  std::string_view option;  // Without its dashes.
  Takes takes = Takes::kValue;
  std::string_view value;  // How the value is written, for --help.
  std::string_view help;
  std::string_view group;
};
std::span<const ShortForm> short_forms() noexcept;

// One of them as it was given.
struct Given {
  std::string option;
  std::optional<std::string> value;
};

// The steps in their order; effects that follow each other are one chain. `sofa`, if not empty,
// gives ears to every position and binaural decoding. Errors: as effects::validate and
// parse_chain_json, with the option before them; kInvalidArgument for a value that cannot be read.
Result<std::vector<FxStep>> read_steps(const std::vector<Given>& given,
                                       const std::filesystem::path& sofa);

}  // namespace syrinx::cli
