// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/weights/tensor_bytes.h"

#include <cstring>
#include <utility>

#include "syrinx/core/base/check.h"

namespace syrinx::nn {
namespace {

template <class T, class Convert>
std::vector<std::byte> packed(std::span<const float> values, Convert convert) {
  std::vector<std::byte> bytes(values.size() * sizeof(T));
  for (std::size_t i = 0; i < values.size(); ++i) {
    const T value = convert(values[i]);
    std::memcpy(bytes.data() + i * sizeof(T), &value, sizeof(T));
  }
  return bytes;
}

}  // namespace

std::vector<std::byte> pack_floats(std::span<const float> values, DType type) {
  SYRINX_CHECK(is_floating(type), "pack_floats() to an integer type");
  if (type == DType::kFloat64)
    return packed<double>(values, [](float value) { return static_cast<double>(value); });
  if (type == DType::kFloat16) return packed<std::uint16_t>(values, float_to_half);
  if (type == DType::kBfloat16) return packed<std::uint16_t>(values, float_to_bfloat16);
  const auto bytes = std::as_bytes(values);
  return {bytes.begin(), bytes.end()};
}

TensorBytes make_tensor(std::string name, std::vector<std::size_t> shape,
                        std::span<const float> values, DType type) {
  TensorBytes tensor{{std::move(name), type, std::move(shape)}, pack_floats(values, type)};
  SYRINX_CHECK(tensor.info.elements() == values.size(), "make_tensor(): shape and values differ");
  return tensor;
}

}  // namespace syrinx::nn
