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

}  // namespace
}  // namespace syrinx::nn
