// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/text.h"

namespace syrinx::text {

// How an emotion is heard in a voice that knows only rate, pitch and volume, at an intensity of 0
// (nothing is changed) to 1. The directions are those of Murray and Arnott 1993, "Toward the
// simulation of emotion in synthetic speech", table 1 (and of Juslin and Laukka 2003 for calm,
// bored and tender); how far is our choice, within what stays natural for a whole paragraph.
// Nothing for a name that is not known.
std::optional<Prosody> emotion_prosody(std::string_view name, double intensity);

// The same for "sad" (in full) or "sad:0.4", as a user writes it. Errors: kInvalidArgument for a
// name that is not known or an intensity outside 0 to 1.
Result<Prosody> read_emotion(std::string_view written);

// The names in alphabetical order.
std::vector<std::string> emotion_names();

// The same as a sentence has them: "afraid, angry, ...".
std::string emotion_list();

}  // namespace syrinx::text
