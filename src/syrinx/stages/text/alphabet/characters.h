// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/characters.h"
#include "syrinx/core/flow/text.h"

namespace syrinx::text {

// The error of a symbol that does not belong where it stands; `symbols` is the whole.
Error symbol_error(std::string_view set_name, std::string_view symbols, SourceSpan symbol,
                   std::string_view expected);

}  // namespace syrinx::text
