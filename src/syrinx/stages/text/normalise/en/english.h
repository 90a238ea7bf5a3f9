// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "syrinx/stages/text/normalise/language.h"
#include "syrinx/stages/text/normalise/normaliser.h"

namespace syrinx::text::en {

// American English, or British: dates day first, "one hundred and five", pounds before dollars.
std::unique_ptr<const LanguageNormaliser> make_english(bool british, WritingStyle style);

}  // namespace syrinx::text::en
