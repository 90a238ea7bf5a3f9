// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/rows/row_window.h"

#include <gtest/gtest.h>

#include <vector>

#include "support/realtime_guard.h"

namespace syrinx::nn {
namespace {

TEST(RowWindow, ShowsZerosBeforeTheFirstRowAndKeptRowsAfterwards) {
  RowWindow window(sizeof(float), 2, 3);
  std::vector<std::byte> scratch(window.scratch_bytes(4));
  window.open(scratch.data());
  EXPECT_EQ(*window.row_as<float>(-2), 0.0F);
  for (int i = 0; i < 4; ++i) *window.row_as<float>(i) = static_cast<float>(i + 1);
  window.grow(4);
  window.close(1);
  std::vector<std::byte> other(window.scratch_bytes(4));
  EXPECT_REALTIME_SAFE(window.open(other.data()));
  EXPECT_EQ(window.end(), 4);
  EXPECT_EQ(*window.row_as<float>(1), 2.0F);
  EXPECT_EQ(*window.row_as<float>(3), 4.0F);
  window.pad_end(2);
  EXPECT_EQ(*window.row_as<float>(5), 0.0F);
  EXPECT_EQ(window.end(), 4);
  EXPECT_REALTIME_SAFE(window.close(4));
  window.reset();
  window.open(scratch.data());
  EXPECT_EQ(*window.row_as<float>(-1), 0.0F);
}

TEST(RowWindow, ShowsItsOwnKindOfZeros) {
  const std::vector<std::byte> zero_row{std::byte{7}, std::byte{9}};
  RowWindow window(2, 3, 4, zero_row);
  std::vector<std::byte> scratch(window.scratch_bytes(4));
  for (int round = 0; round < 2; ++round) {
    EXPECT_REALTIME_SAFE(window.open(scratch.data()));
    for (int i = -3; i < 0; ++i) EXPECT_EQ(window.row(i)[1], std::byte{9});
    EXPECT_REALTIME_SAFE(window.pad_end(2));
    EXPECT_EQ(window.row(1)[0], std::byte{7});
    EXPECT_REALTIME_SAFE(window.reset());
  }
}

}  // namespace
}  // namespace syrinx::nn
