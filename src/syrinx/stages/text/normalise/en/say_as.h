// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/core/base/result.h"
#include "syrinx/stages/text/normalise/en/reading.h"
#include "syrinx/stages/text/script/script.h"

namespace syrinx::text::en {

// Reads all of the sentence as the author says. `match` is filled and true returned where it fits;
// false where it does not. Pre: the sentence is not empty.
// Errors: kUnsupported for an unknown interpret_as, or format of a date; the message lists them.
Result<bool> interpret(const Reading& reading, const SayAs& how, Match& match);

}  // namespace syrinx::text::en
