// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace syrinx::nn {

enum class DType {
  kFloat64,
  kFloat32,
  kFloat16,
  kBfloat16,
  kInt64,
  kInt32,
  kInt16,
  kInt8,
  kUint8,
  kBool  // One byte, 0 or 1.
};

std::string_view to_string(DType type) noexcept;  // "float32", "bfloat16", "bool".
std::size_t bytes_of(DType type) noexcept;
bool is_floating(DType type) noexcept;

// IEEE 754 binary16 and bfloat16 to float32, exactly; and back to the nearest, ties to even. What
// is too large becomes infinite; a NaN stays one.
float half_to_float(std::uint16_t half) noexcept;
std::uint16_t float_to_half(float value) noexcept;
float bfloat16_to_float(std::uint16_t value) noexcept;
std::uint16_t float_to_bfloat16(float value) noexcept;

}  // namespace syrinx::nn
