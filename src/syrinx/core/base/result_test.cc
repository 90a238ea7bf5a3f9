// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/base/result.h"

#include <gtest/gtest.h>

#include <memory>

namespace syrinx {
namespace {

Result<int> half(int value) {
  if (value % 2 != 0) return make_error(ErrorCode::kInvalidArgument, value, " is odd");
  return value / 2;
}

Result<int> quarter(int value) {
  SYRINX_ASSIGN(const int once, half(value));
  SYRINX_ASSIGN(const int twice, half(once));
  return twice;
}

Result<void> only_even(int value) {
  SYRINX_TRY(half(value));
  return {};
}

TEST(Result, CarriesAValue) {
  const auto result = half(8);
  ASSERT_TRUE(result);
  EXPECT_EQ(*result, 4);
}

TEST(Result, CarriesAnErrorWithItsSentence) {
  const auto result = half(7);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(result.error().message, "7 is odd");
}

TEST(Result, AssignReturnsTheFirstError) {
  EXPECT_EQ(quarter(12).value(), 3);
  EXPECT_EQ(quarter(6).error().message, "3 is odd");
}

TEST(Result, TryReturnsTheErrorOrCarriesOn) {
  EXPECT_TRUE(only_even(2));
  EXPECT_FALSE(only_even(3));
}

TEST(Result, MovesWhatCannotBeCopied) {
  Result<std::unique_ptr<int>> result(std::make_unique<int>(5));
  const std::unique_ptr<int> taken = std::move(result).value();
  EXPECT_EQ(*taken, 5);
}

TEST(Result, ValueOrFallsBackOnlyOnError) {
  EXPECT_EQ(half(4).value_or(9), 2);
  EXPECT_EQ(half(5).value_or(9), 9);
}

TEST(ResultDeathTest, ReadingTheValueOfAnErrorStopsWithTheMessage) {
  EXPECT_DEATH((void)half(5).value(), "5 is odd");
}

TEST(ResultDeathTest, CheckStopsWithFileAndCondition) {
  EXPECT_DEATH(SYRINX_CHECK(1 + 1 == 3, "sums"), "result_test.cc.*1 \\+ 1 == 3.*sums");
}

}  // namespace
}  // namespace syrinx
