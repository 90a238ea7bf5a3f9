// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "syrinx/stages/text/normalise/language.h"

namespace syrinx::text::de {

// German as it is written in Germany.
std::unique_ptr<const LanguageNormaliser> make_german();

}  // namespace syrinx::text::de
