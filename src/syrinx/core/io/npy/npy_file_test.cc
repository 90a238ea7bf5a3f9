// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/npy/npy_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "support/npy.h"
#include "support/test_data.h"

namespace syrinx::io {
namespace {

const std::vector<std::size_t> kShape{2, 3};

template <class T>
void expect_round_trip(const std::vector<T>& values) {
  const auto path = support::scratch_dir() / "a.npy";
  ASSERT_TRUE(write_npy<T>(path, kShape, values));
  const auto back = read_array<T>(path);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->shape, kShape);
  EXPECT_EQ(back->values, values);
}

TEST(NpyFile, WhatIsWrittenIsReadBackInEveryType) {
  expect_round_trip<float>({1, 2, 3, -4, 5e-30F, 6e30F});
  expect_round_trip<double>({1, 2, 3, -4, 5e-300, 6e300});
  expect_round_trip<std::int64_t>({1, -2, 3, INT64_MAX, INT64_MIN, 0});
  expect_round_trip<std::int32_t>({1, -2, 3, INT32_MAX, INT32_MIN, 0});
}

TEST(NpyFile, AFileOfNumPyIsReadAsTheTestsOwnReaderDoes) {
  SYRINX_NEED_DATA("golden/vocoders/hifigan_v1_narrow/mel.npy");
  const auto path = support::data_path("golden/vocoders/hifigan_v1_narrow/mel.npy");
  const auto array = read_array<float>(path);
  const auto expected = support::read_npy(path);
  ASSERT_TRUE(array) << array.error().message;
  ASSERT_TRUE(expected);
  EXPECT_EQ(array->shape, expected->shape);
  EXPECT_EQ(array->values, expected->values);
  const auto copy = support::scratch_dir() / "copy.npy";
  ASSERT_TRUE(write_npy<float>(copy, array->shape, array->values));
  const auto back = support::read_npy(copy);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->values, expected->values);
}

TEST(NpyFile, TypesAreWidenedAndNeverCutInSilence) {
  const auto path = support::scratch_dir() / "a.npy";
  ASSERT_TRUE(write_npy<std::int64_t>(path, kShape, std::vector<std::int64_t>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(read_array<float>(path)->values, (std::vector<float>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(read_array<std::int32_t>(path)->values, (std::vector<std::int32_t>{1, 2, 3, 4, 5, 6}));
  ASSERT_TRUE(
      write_npy<std::int64_t>(path, kShape, std::vector<std::int64_t>{1, 2, 3, 4, 5, 1LL << 40}));
  EXPECT_EQ(read_array<std::int32_t>(path).error().code, ErrorCode::kUnsupported);
  ASSERT_TRUE(write_npy<float>(path, kShape, std::vector<float>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(read_array<std::int64_t>(path).error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(read_array<double>(path)->values, (std::vector<double>{1, 2, 3, 4, 5, 6}));
}

TEST(NpyFile, APipeIsReadToItsEnd) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const std::vector<float> values{1, 2, 3, 4, 5, 6};
  ASSERT_TRUE(write_npy_fd<float>(ends[1], "a pipe", kShape, values));
  close(ends[1]);
  const auto back = read_array_fd<float>(ends[0], "a pipe");
  close(ends[0]);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->values, values);
}

TEST(NpyFile, AnArchiveHoldsArraysByName) {
  const auto path = support::scratch_dir() / "a.npz";
  const std::vector<float> mel{1, 2, 3, 4, 5, 6}, noise{7, 8};
  const std::vector<nn::TensorBytes> arrays{nn::make_tensor("mel", kShape, mel),
                                            nn::make_tensor("noise", {2}, noise)};
  ASSERT_TRUE(write_npz(path, arrays));
  EXPECT_EQ(read_array<float>(path, "noise")->values, noise);
  EXPECT_EQ(read_array<float>(path, "mel")->shape, kShape);
  EXPECT_EQ(read_array<float>(path).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(read_array<float>(path, "tone").error().code, ErrorCode::kNotFound);
}

TEST(NpyFile, AShapeThatDoesNotFitIsRefusedAndLeavesNoFile) {
  const auto path = support::scratch_dir() / "a.npy";
  const auto wrong = write_npy<float>(path, kShape, std::vector<float>{1, 2});
  EXPECT_EQ(wrong.error().code, ErrorCode::kInvalidArgument);
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace syrinx::io
