// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "syrinx/stages/text/ssml/ssml_builder.h"

namespace syrinx::text {

// An element of SSML 1.1 and what opening it does.
struct SsmlBuilder::Rule {
  std::string_view name;
  Result<void> (SsmlBuilder::*open)(Frame& frame, Attributes& attributes);
};

}  // namespace syrinx::text
