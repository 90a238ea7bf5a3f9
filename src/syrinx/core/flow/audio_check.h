// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

namespace syrinx {

// kInvalidArgument, in the name of `what`, unless the view has samples and a rate within limits.h.
Result<void> check_measurable(std::string_view what, AudioView audio);

}  // namespace syrinx
