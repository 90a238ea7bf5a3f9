// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "syrinx/core/base/check.h"
#include "syrinx/core/base/result.h"

namespace syrinx::nn {

// In the order of OnnxTensor's alternatives.
enum class OnnxType { kFloat32, kFloat64, kInt32, kInt64, kBool };
std::string_view to_string(OnnxType type) noexcept;

// Extents, outermost first; empty is a scalar. In what a model declares, -1 is any extent.
using OnnxShape = std::vector<std::int64_t>;
std::string describe(OnnxType type, const OnnxShape& shape);  // "float32 [1, 512]".

// An array of numbers in C order, as ONNX models take and give. Booleans are bytes of 0 or 1.
// Pre of every constructor: one value per element of the shape, whose extents are not negative.
class OnnxTensor {
 public:
  OnnxTensor() = default;  // A float32 vector without values.
  OnnxTensor(OnnxShape shape, std::vector<float> values);
  OnnxTensor(OnnxShape shape, std::vector<double> values);
  OnnxTensor(OnnxShape shape, std::vector<std::int32_t> values);
  OnnxTensor(OnnxShape shape, std::vector<std::int64_t> values);
  OnnxTensor(OnnxShape shape, std::vector<std::uint8_t> values);

  // All zeros. Errors: kInvalidArgument for a negative extent; kLimitExceeded above
  // limits::kMaxOnnxValues values.
  static Result<OnnxTensor> zeros(OnnxType type, const OnnxShape& shape);

  OnnxType type() const noexcept { return static_cast<OnnxType>(values_.index()); }
  const OnnxShape& shape() const noexcept { return shape_; }
  std::size_t size() const noexcept { return bytes().size() / value_bytes(); }

  // The values as what they are. Pre: T (float, double, int32_t, int64_t, uint8_t for bool) is
  // that of type().
  template <class T>
  std::span<const T> values() const {
    const auto* own = std::get_if<std::vector<T>>(&values_);
    SYRINX_CHECK(own != nullptr, "values of a tensor asked for as another type");
    return *own;
  }
  template <class T>
  std::span<T> values() {
    auto* own = std::get_if<std::vector<T>>(&values_);
    SYRINX_CHECK(own != nullptr, "values of a tensor asked for as another type");
    return *own;
  }

  std::span<const std::byte> bytes() const noexcept;
  std::span<std::byte> bytes() noexcept;

 private:
  using Values = std::variant<std::vector<float>, std::vector<double>, std::vector<std::int32_t>,
                              std::vector<std::int64_t>, std::vector<std::uint8_t>>;
  OnnxTensor(OnnxShape shape, Values values);
  std::size_t value_bytes() const noexcept;

  OnnxShape shape_ = {0};
  Values values_;
};

// The number of elements of a shape. Errors: as OnnxTensor::zeros.
Result<std::size_t> element_count(const OnnxShape& shape);

}  // namespace syrinx::nn
