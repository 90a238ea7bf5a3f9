// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/weights/convert_weights.h"

#include <gtest/gtest.h>

#include <limits>

#include "support/test_data.h"
#include "syrinx/core/nn/weights/folded_weight.h"
#include "syrinx/core/nn/weights/weights_test_support.h"

namespace syrinx::nn {
namespace {

using testing::bytes_of_values;
using testing::make_safetensors;

Result<WeightFile> one(const std::vector<float>& values) {
  return WeightFile::from_memory(
      make_safetensors(R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
                       bytes_of_values(values)),
      "x");
}

TEST(ConvertWeights, EveryWeightOfARealModelIsFoldedToTheLastBitOfItsType) {
  SYRINX_NEED_DATA("models/hifigan_lj_v2/generator_v2");
  const auto file = WeightFile::open(support::data_path("models/hifigan_lj_v2/generator_v2"));
  ASSERT_TRUE(file) << file.error().message;
  // 78 modules of three tensors: magnitude, direction, bias.
  const std::pair<DType, double> all[] = {
      {DType::kFloat32, 0x1p-24}, {DType::kFloat16, 0x1p-11}, {DType::kBfloat16, 0x1p-8}};
  for (const auto& [type, half_ulp] : all) {
    const auto converted = convert_weights(*file, type);
    ASSERT_TRUE(converted) << converted.error().message;
    EXPECT_EQ(converted->tensors.size(), 156u);
    std::size_t folded = 0;
    for (const WeightChange& change : converted->changes) {
      folded += change.folded ? 1 : 0;
      // Rounding to float32 comes before rounding to the type.
      EXPECT_LE(change.max_error, (half_ulp + 0x1p-24) * change.max_magnitude) << change.name;
    }
    EXPECT_EQ(folded, 78u);
  }
  const auto exact = convert_weights(*file, DType::kFloat32);
  const std::vector<std::size_t> shape{128, 80, 7};
  const auto expected = folded_weight(*file, "generator.conv_pre", shape);
  ASSERT_TRUE(expected);
  for (const TensorBytes& tensor : exact->tensors) {
    if (tensor.info.name != "generator.conv_pre.weight") continue;
    EXPECT_EQ(tensor.bytes, pack_floats(*expected, DType::kFloat32));
  }
}

TEST(ConvertWeights, WhatDoesNotFitOrIsNotFiniteIsRefusedByName) {
  const auto large = one({1.0F, 1e6F});
  ASSERT_TRUE(large) << large.error().message;
  EXPECT_EQ(convert_weights(*large, DType::kFloat16).error().message,
            "'x': tensor 'w' holds 1e+06, too large for float16");
  EXPECT_TRUE(convert_weights(*large, DType::kBfloat16));
  const auto nan = one({1.0F, std::numeric_limits<float>::quiet_NaN()});
  EXPECT_EQ(convert_weights(*nan, DType::kFloat32).error().code, ErrorCode::kCorruptData);
}

TEST(ConvertWeights, HealthCountsWhatIsNotWell) {
  const float infinity = std::numeric_limits<float>::infinity();
  const std::vector<float> values{1.0F, 0.0F, -0.0F, 1e-40F, infinity, -infinity};
  const TensorHealth health = examine_values(values);
  EXPECT_EQ(health.not_finite, 2u);
  EXPECT_EQ(health.first_not_finite, 4u);
  EXPECT_EQ(health.zeros, 2u);
  EXPECT_EQ(health.denormals, 1u);
}

}  // namespace
}  // namespace syrinx::nn
