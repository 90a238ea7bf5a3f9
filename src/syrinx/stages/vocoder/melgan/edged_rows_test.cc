// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/melgan/edged_rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace syrinx::vocoder {
namespace {

// What an output sees: for each of its rows the numbers from behind to ahead, joined.
std::vector<float> seen(std::size_t count, std::size_t step, std::int64_t behind,
                        std::int64_t ahead, RowEdge edge) {
  EdgedRows rows(sizeof(float), behind, ahead, edge);
  nn::ScratchBytes scratch(rows.scratch_bytes(count));
  std::vector<float> all;
  std::int64_t done = 0;
  for (std::size_t at = 0; at < count; at += step) {
    const std::size_t now = std::min(step, count - at);
    rows.open(scratch.data());
    for (std::size_t i = 0; i < now; ++i) {
      *rows.rows().row_as<float>(rows.rows().end()) = static_cast<float>(10 + at + i);
      rows.rows().grow(1);
    }
    const std::int64_t end = rows.prepare(at + now == count);
    for (; done < end; ++done)
      for (std::int64_t i = -behind; i <= ahead; ++i)
        all.push_back(*rows.rows().row_as<float>(done + i));
    rows.close(done);
  }
  EXPECT_EQ(done, static_cast<std::int64_t>(count));
  return all;
}

TEST(EdgedRows, MirrorTheSignalAsPyTorchDoes) {
  const std::vector<float> expected{12, 11, 10, 11, 12, 11, 10, 11, 12, 13,
                                    10, 11, 12, 13, 12, 11, 12, 13, 12, 11};
  for (const std::size_t step : {1UL, 2UL, 3UL, 4UL})
    EXPECT_EQ(seen(4, step, 2, 2, RowEdge::kMirror), expected) << step;
}

TEST(EdgedRows, MirrorShortSignalsByTurns) {
  const std::vector<float> two{11, 10, 11, 10, 11, 10, 11, 10, 11, 10, 11, 10, 11, 10};
  for (const std::size_t step : {1UL, 2UL})
    EXPECT_EQ(seen(2, step, 3, 3, RowEdge::kMirror), two) << step;
  EXPECT_EQ(seen(1, 1, 2, 2, RowEdge::kMirror), std::vector<float>(5, 10));
}

TEST(EdgedRows, RepeatTheFirstRowOrBeginWithZeros) {
  for (const std::size_t step : {1UL, 3UL}) {
    EXPECT_EQ(seen(3, step, 1, 0, RowEdge::kRepeat), (std::vector<float>{10, 10, 10, 11, 11, 12}));
    EXPECT_EQ(seen(3, step, 1, 1, RowEdge::kZero),
              (std::vector<float>{0, 10, 11, 10, 11, 12, 11, 12, 0}));
  }
}

}  // namespace
}  // namespace syrinx::vocoder
