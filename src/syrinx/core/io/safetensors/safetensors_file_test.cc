// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/safetensors/safetensors_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>

#include "support/test_data.h"

namespace syrinx::io {
namespace {

using nn::DType;
using nn::make_tensor;

const std::vector<float> kValues{1.0F, -0.5F, 3.1415926F, 1e-30F, 65504.0F, 0.0F};

TEST(SafetensorsFile, WhatIsWrittenIsReadBack) {
  const auto path = support::scratch_dir() / "w.safetensors";
  std::vector<nn::TensorBytes> tensors;
  tensors.push_back(make_tensor("b.half", {6}, kValues, DType::kFloat16));
  tensors.push_back(make_tensor("a \"quoted\"", {2, 3}, kValues));
  tensors.push_back(make_tensor("bf", {3, 2}, kValues, DType::kBfloat16));
  tensors.push_back({{"flag", DType::kBool, {1}}, {std::byte{1}}});
  tensors.push_back({{"empty", DType::kInt64, {0, 4}}, {}});
  ASSERT_TRUE(write_safetensors(path, tensors, {{"k", "line\nbreak"}}));
  const auto file = nn::WeightFile::open(path);
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->format(), "safetensors");
  EXPECT_EQ(file->metadata().at("k"), "line\nbreak");
  EXPECT_EQ(*file->floats("a \"quoted\""), kValues);
  const auto halves = *file->floats("b.half");
  const auto bfloats = *file->floats("bf");
  for (std::size_t i = 0; i < kValues.size(); ++i) {
    // Half an ulp of eleven and of eight bits, and half the smallest half.
    EXPECT_NEAR(halves[i], kValues[i], std::max(std::abs(kValues[i]) / 2048, 0x1p-25F));
    EXPECT_NEAR(bfloats[i], kValues[i], std::abs(kValues[i]) / 256);
  }
  EXPECT_EQ(*file->floats("flag"), std::vector<float>{1});
}

TEST(SafetensorsFile, EveryTensorIsAlignedToItsType) {
  const auto path = support::scratch_dir() / "w.safetensors";
  std::vector<nn::TensorBytes> tensors;
  tensors.push_back({{"a", DType::kUint8, {3}}, std::vector<std::byte>(3)});
  tensors.push_back(make_tensor("b", {3}, std::vector<float>{1, 2, 3}, DType::kFloat16));
  tensors.push_back(make_tensor("c", {1}, std::vector<float>{1}, DType::kFloat32));
  tensors.push_back(make_tensor("d", {1}, std::vector<float>{1}, DType::kFloat64));
  ASSERT_TRUE(write_safetensors(path, tensors, {}));
  const auto file = nn::WeightFile::open(path);
  ASSERT_TRUE(file) << file.error().message;
  std::size_t at = file->file_bytes().size();
  for (const auto& info : file->tensors()) at -= info.bytes();
  EXPECT_EQ(at % 64, 0u);
  for (const auto& info : file->tensors()) {
    EXPECT_EQ(at % nn::bytes_of(info.dtype), 0u) << info.name;
    at += info.bytes();
  }
}

TEST(SafetensorsFile, WrongTensorsAreRefusedAndLeaveNoFile) {
  const auto path = support::scratch_dir() / "w.safetensors";
  std::vector<nn::TensorBytes> twice{make_tensor("a", {1}, std::vector<float>{1}),
                                     make_tensor("a", {1}, std::vector<float>{2})};
  EXPECT_EQ(write_safetensors(path, twice, {}).error().code, ErrorCode::kInvalidArgument);
  std::vector<nn::TensorBytes> short_one{{{"a", DType::kFloat32, {2}}, std::vector<std::byte>(4)}};
  EXPECT_EQ(write_safetensors(path, short_one, {}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace syrinx::io
