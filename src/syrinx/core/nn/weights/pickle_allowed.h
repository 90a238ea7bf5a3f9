// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "syrinx/core/nn/weights/pickle_value.h"

namespace syrinx::nn {

struct AllowedName {
  Allowed meaning = Allowed::kInert;
  DType dtype = DType::kFloat32;
};

// The one list of what a pickle may name: "collections", "OrderedDict". Nothing for all else.
std::optional<AllowedName> find_allowed(std::string_view module, std::string_view name) noexcept;

}  // namespace syrinx::nn
