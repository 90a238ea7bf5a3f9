// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/weights/dtype.h"

#include <array>
#include <bit>

namespace syrinx::nn {
namespace {

struct Facts {
  std::string_view name;
  std::size_t bytes;
};

constexpr std::array<Facts, 10> kFacts{{{"float64", 8},
                                        {"float32", 4},
                                        {"float16", 2},
                                        {"bfloat16", 2},
                                        {"int64", 8},
                                        {"int32", 4},
                                        {"int16", 2},
                                        {"int8", 1},
                                        {"uint8", 1},
                                        {"bool", 1}}};

const Facts& facts_of(DType type) noexcept { return kFacts[static_cast<std::size_t>(type)]; }

}  // namespace

std::string_view to_string(DType type) noexcept { return facts_of(type).name; }
std::size_t bytes_of(DType type) noexcept { return facts_of(type).bytes; }
bool is_floating(DType type) noexcept { return type <= DType::kBfloat16; }

float half_to_float(std::uint16_t half) noexcept {
  const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000u) << 16;
  const std::uint32_t rest = half & 0x7FFFu;
  if (rest >= 0x7C00) return std::bit_cast<float>(sign | 0x7F800000u | (rest & 0x3FF) << 13);
  if (rest >= 0x400) return std::bit_cast<float>(sign | ((rest << 13) + (112u << 23)));
  const float magnitude = static_cast<float>(rest) * 0x1p-24F;  // A denormal half, or zero.
  return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(magnitude));
}

std::uint16_t float_to_half(float value) noexcept {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t sign = bits >> 16 & 0x8000;
  const std::uint32_t rest = bits & 0x7FFFFFFF;
  if (rest > 0x7F800000) return static_cast<std::uint16_t>(sign | 0x7E00);
  if (rest >= 0x477FF000) return static_cast<std::uint16_t>(sign | 0x7C00);  // 65520 and above.
  if (rest < 0x38800000) {  // Below 2^-14: a denormal half. Adding 0.5 rounds at its last bit.
    const float shifted = std::bit_cast<float>(rest) + 0.5F;
    return static_cast<std::uint16_t>(sign | (std::bit_cast<std::uint32_t>(shifted) - 0x3F000000));
  }
  const std::uint32_t rounded = rest + 0xFFF + (rest >> 13 & 1) - (112u << 23);
  return static_cast<std::uint16_t>(sign | rounded >> 13);
}

float bfloat16_to_float(std::uint16_t value) noexcept {
  return std::bit_cast<float>(static_cast<std::uint32_t>(value) << 16);
}

std::uint16_t float_to_bfloat16(float value) noexcept {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  if ((bits & 0x7FFFFFFF) > 0x7F800000) return static_cast<std::uint16_t>(bits >> 16 | 0x40);
  return static_cast<std::uint16_t>((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

}  // namespace syrinx::nn
