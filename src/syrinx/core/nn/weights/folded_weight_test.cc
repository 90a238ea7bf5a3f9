// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/weights/folded_weight.h"

#include <gtest/gtest.h>

#include <string>
#include <tuple>

#include "support/test_data.h"
#include "syrinx/core/nn/weights/weights_test_support.h"

namespace syrinx::nn {
namespace {

using testing::bytes_of_values;
using testing::make_safetensors;

// Two rows, of norm 5 and 13, scaled to 10 and 1.
Result<WeightFile> normed(const std::string& g, const std::string& v,
                          const std::vector<float>& directions = {3, 4, 5, 12}) {
  const std::string header = R"({"m.)" + g +
                             R"(":{"dtype":"F32","shape":[2,1,1],"data_offsets":[0,8]},"m.)" + v +
                             R"(":{"dtype":"F32","shape":[2,1,2],"data_offsets":[8,24]}})";
  const auto bytes = make_safetensors(
      header, bytes_of_values(std::vector<float>{10, 1}) + bytes_of_values(directions));
  return WeightFile::from_memory(bytes, "x");
}

const std::vector<std::size_t> kShape{2, 1, 2};

TEST(FoldedWeight, EachRowGetsItsMagnitudeUnderEitherName) {
  for (const auto& [g, v] :
       {std::pair("weight_g", "weight_v"),
        std::pair("parametrizations.weight.original0", "parametrizations.weight.original1")}) {
    const auto file = normed(g, v);
    ASSERT_TRUE(file) << file.error().message;
    const auto weight = folded_weight(*file, "m", kShape);
    ASSERT_TRUE(weight) << weight.error().message;
    const std::vector<float> expected{6.0F, 8.0F, 5.0F / 13, 12.0F / 13};
    for (std::size_t i = 0; i < 4; ++i) EXPECT_FLOAT_EQ((*weight)[i], expected[i]);
  }
}

TEST(FoldedWeight, ADirectionOfNormZeroIsRefusedByName) {
  const auto file = normed("weight_g", "weight_v", {3, 4, 0, 0});
  ASSERT_TRUE(file);
  EXPECT_EQ(folded_weight(*file, "m", kShape).error().message,
            "'x': tensor 'm.weight_v' is all zero in row 1, so its weight norm is undefined");
}

TEST(FoldedWeight, AMissingWeightIsRefusedByName) {
  const auto file = normed("weight_g", "bias");
  ASSERT_TRUE(file);
  const auto weight = folded_weight(*file, "m", kShape);
  ASSERT_FALSE(weight);
  EXPECT_EQ(weight.error().code, ErrorCode::kNotFound);
  EXPECT_NE(weight.error().message.find("'m'"), std::string::npos);
}

TEST(FoldedWeight, BadCheckpointsAreRefusedByTensor) {
  const std::tuple<const char*, const char*, std::vector<std::size_t>, const char*> all[] = {
      {"hifigan_nan_weight.pt", "generator.resblocks.3.convs1.0", {16, 16, 3}, "holds NaN"},
      {"hifigan_zero_norm.pt", "generator.conv_pre", {64, 80, 7}, "all zero in row 0"},
      {"hifigan_wrong_shape.pt", "generator.conv_post", {1, 4, 7}, "[1, 4, 5], but the model"}};
  for (const auto& [name, module, shape, because] : all) {
    SYRINX_NEED_DATA(std::string("bad_models/") + name);
    const auto file = WeightFile::open(support::data_path(std::string("bad_models/") + name));
    ASSERT_TRUE(file) << file.error().message;
    const auto weight = folded_weight(*file, module, shape);
    ASSERT_FALSE(weight) << name;
    EXPECT_NE(weight.error().message.find(because), std::string::npos) << weight.error().message;
  }
}

}  // namespace
}  // namespace syrinx::nn
