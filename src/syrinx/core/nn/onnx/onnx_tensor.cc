// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/onnx/onnx_tensor.h"

#include <sstream>
#include <utility>

#include "syrinx/core/base/limits.h"

namespace syrinx::nn {

std::string_view to_string(OnnxType type) noexcept {
  switch (type) {
    case OnnxType::kFloat32:
      return "float32";
    case OnnxType::kFloat64:
      return "float64";
    case OnnxType::kInt32:
      return "int32";
    case OnnxType::kInt64:
      return "int64";
    case OnnxType::kBool:
      return "bool";
  }
  return "unknown";
}

std::string describe(OnnxType type, const OnnxShape& shape) {
  std::ostringstream text;
  text << to_string(type) << " [";
  for (std::size_t i = 0; i < shape.size(); ++i) text << (i == 0 ? "" : ", ") << shape[i];
  text << ']';
  return text.str();
}

Result<std::size_t> element_count(const OnnxShape& shape) {
  if (shape.size() > limits::kMaxOnnxRank)
    return make_error(ErrorCode::kLimitExceeded, "a tensor of ", shape.size(),
                      " dimensions; at most ", limits::kMaxOnnxRank);
  std::size_t count = 1;
  for (const std::int64_t extent : shape) {
    if (extent < 0)
      return make_error(ErrorCode::kInvalidArgument, "a tensor extent is ", extent,
                        " but must be 0 or more");
    if (extent != 0 && count > limits::kMaxOnnxValues / static_cast<std::uint64_t>(extent))
      return make_error(ErrorCode::kLimitExceeded, "a tensor of more than ", limits::kMaxOnnxValues,
                        " values");
    count *= static_cast<std::size_t>(extent);
  }
  return count;
}

OnnxTensor::OnnxTensor(OnnxShape shape, Values values)
    : shape_(std::move(shape)), values_(std::move(values)) {
  const auto count = element_count(shape_);
  SYRINX_CHECK(count.has_value() && count.value() == size(), "values that do not fill the shape");
}
OnnxTensor::OnnxTensor(OnnxShape shape, std::vector<float> values)
    : OnnxTensor(std::move(shape), Values(std::move(values))) {}
OnnxTensor::OnnxTensor(OnnxShape shape, std::vector<double> values)
    : OnnxTensor(std::move(shape), Values(std::move(values))) {}
OnnxTensor::OnnxTensor(OnnxShape shape, std::vector<std::int32_t> values)
    : OnnxTensor(std::move(shape), Values(std::move(values))) {}
OnnxTensor::OnnxTensor(OnnxShape shape, std::vector<std::int64_t> values)
    : OnnxTensor(std::move(shape), Values(std::move(values))) {}
OnnxTensor::OnnxTensor(OnnxShape shape, std::vector<std::uint8_t> values)
    : OnnxTensor(std::move(shape), Values(std::move(values))) {}

Result<OnnxTensor> OnnxTensor::zeros(OnnxType type, const OnnxShape& shape) {
  SYRINX_ASSIGN(const std::size_t count, element_count(shape));
  switch (type) {
    case OnnxType::kFloat32:
      return OnnxTensor(shape, std::vector<float>(count));
    case OnnxType::kFloat64:
      return OnnxTensor(shape, std::vector<double>(count));
    case OnnxType::kInt32:
      return OnnxTensor(shape, std::vector<std::int32_t>(count));
    case OnnxType::kInt64:
      return OnnxTensor(shape, std::vector<std::int64_t>(count));
    case OnnxType::kBool:
      return OnnxTensor(shape, std::vector<std::uint8_t>(count));
  }
  return make_error(ErrorCode::kInvalidArgument, "a tensor of unknown type");
}

std::size_t OnnxTensor::value_bytes() const noexcept {
  return std::visit([](const auto& own) { return sizeof(own[0]); }, values_);
}

std::span<const std::byte> OnnxTensor::bytes() const noexcept {
  return std::visit([](const auto& own) { return std::as_bytes(std::span(own)); }, values_);
}

std::span<std::byte> OnnxTensor::bytes() noexcept {
  return std::visit([](auto& own) { return std::as_writable_bytes(std::span(own)); }, values_);
}

}  // namespace syrinx::nn
