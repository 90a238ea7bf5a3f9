// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/stream.h"
#include "syrinx/engines/conversion/conversion_stream.h"
#include "syrinx/engines/conversion/style/prosody.h"

// The manner of one voice put on another: pace, pitch, melody and dynamics of a reference.
namespace syrinx::conversion {

// What a conversion leaves as it is.
enum class Keep {
  kNothing,
  kProsody,   // Pace, the melody's range and dynamics.
  kIdentity,  // The level of the pitch and the formants: whose voice it is.
};
// "prosody", "identity". Errors: kInvalidArgument, naming both.
Result<Keep> parse_keep(std::string_view name);

// What is changed to speak in a manner.
struct StyleChange {
  double pitch_ratio = 1.0;
  double intonation = 1.0;
  double speed = 1.0;
  double dynamics = 1.0;  // Level swings times this, in dB per dB.
  // What the reference asked for and settings or good sense do not reach, in sentences.
  std::vector<std::string> limits;
};

inline constexpr double kMostStyleSpeed = 2.0;  // And least 1 / this.
inline constexpr double kMostDynamics = 2.0;
inline constexpr double kMostDynamicsGainDb = 9.0;

// From a voice that speaks like `source` to the manner of `reference`; with Keep::kIdentity the
// pitch's level stays. Errors: kInvalidArgument where either has less than kLeastVoicedS of voice,
// or for Keep::kProsody, which would leave nothing to take over.
Result<StyleChange> change_of_style(const Prosody& source, const Prosody& reference, Keep keep);

// The change corrected by what came of it: what was missed is asked for once more, of the melody
// half. `made` is the prosody of a result of `change`.
StyleChange corrected(const StyleChange& change, const Prosody& made, const Prosody& reference,
                      Keep keep);

// How far a result is from the reference's manner: the octaves by which range, pace, dynamics and,
// unless identity is kept, pitch are off, added up. For comparing results of one task.
double style_distance(const Prosody& made, const Prosody& reference, Keep keep) noexcept;

// A source whose level swings are `dynamics` times as wide around `level_db`: by a gain that
// follows the level over 50 ms, at most kMostDynamicsGainDb to either side, and fades from 25 to 35
// dB under it, so that pauses are not raised. As many frames, in time. Errors: kInvalidArgument
// for dynamics outside 1 / kMostDynamics to kMostDynamics.
Result<std::unique_ptr<AudioSource>> with_dynamics(std::unique_ptr<AudioSource> source,
                                                   double level_db, double dynamics);

}  // namespace syrinx::conversion
