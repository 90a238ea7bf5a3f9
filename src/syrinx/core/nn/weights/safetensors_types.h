// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "syrinx/core/nn/weights/dtype.h"

namespace syrinx::nn {

// The names of the types in a safetensors header, in the order of DType.
inline constexpr std::array<std::string_view, 10> kSafetensorsTypes{
    "F64", "F32", "F16", "BF16", "I64", "I32", "I16", "I8", "U8", "BOOL"};

inline std::optional<DType> safetensors_dtype(std::string_view name) noexcept {
  for (std::size_t i = 0; i < kSafetensorsTypes.size(); ++i) {
    if (kSafetensorsTypes[i] == name) return static_cast<DType>(i);
  }
  return std::nullopt;
}

inline std::string_view safetensors_name(DType type) noexcept {
  return kSafetensorsTypes[static_cast<std::size_t>(type)];
}

}  // namespace syrinx::nn
