// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/onnx/onnx_tensor.h"

#include <gtest/gtest.h>

#include <limits>

namespace syrinx::nn {
namespace {

TEST(OnnxTensor, KeepsItsTypeShapeAndValues) {
  const OnnxTensor tensor({2, 3}, std::vector<float>{1, 2, 3, 4, 5, 6});
  EXPECT_EQ(tensor.type(), OnnxType::kFloat32);
  EXPECT_EQ(tensor.shape(), (OnnxShape{2, 3}));
  EXPECT_EQ(tensor.size(), 6u);
  EXPECT_EQ(tensor.bytes().size(), 24u);
  EXPECT_EQ(tensor.values<float>()[4], 5.0f);
}

TEST(OnnxTensor, OfEachTypeStartsWithZeros) {
  for (const OnnxType type : {OnnxType::kFloat32, OnnxType::kFloat64, OnnxType::kInt32,
                              OnnxType::kInt64, OnnxType::kBool}) {
    const auto tensor = OnnxTensor::zeros(type, {3});
    ASSERT_TRUE(tensor.has_value());
    EXPECT_EQ(tensor->type(), type) << to_string(type);
    EXPECT_EQ(tensor->size(), 3u);
    for (const std::byte byte : tensor->bytes()) EXPECT_EQ(byte, std::byte{0});
  }
}

TEST(OnnxTensor, OfNoDimensionsIsOneValue) {
  const OnnxTensor scalar({}, std::vector<std::int64_t>{16'000});
  EXPECT_EQ(scalar.size(), 1u);
  EXPECT_EQ(describe(scalar.type(), scalar.shape()), "int64 []");
}

TEST(OnnxTensor, RefusesNegativeAndEnormousShapes) {
  EXPECT_EQ(OnnxTensor::zeros(OnnxType::kFloat32, {2, -1}).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(OnnxTensor::zeros(OnnxType::kFloat32, {1 << 20, 1 << 20}).error().code,
            ErrorCode::kLimitExceeded);
  const auto most = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(element_count({most, most, most}).error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(element_count(OnnxShape(17, 1)).error().code, ErrorCode::kLimitExceeded);
}

TEST(OnnxTensorDeathTest, StopsOnValuesThatDoNotFillTheShapeOrOfAnotherType) {
  EXPECT_DEATH(OnnxTensor({2, 2}, std::vector<float>{1, 2, 3}), "fill the shape");
  const OnnxTensor tensor({1}, std::vector<float>{1});
  EXPECT_DEATH(static_cast<void>(tensor.values<double>()), "another type");
}

}  // namespace
}  // namespace syrinx::nn
