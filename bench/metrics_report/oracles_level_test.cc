// SPDX-License-Identifier: Apache-2.0
#include "metrics_report/oracles_level.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "support/test_data.h"

namespace syrinx::measure {
namespace {

void expect_all_within(const std::vector<OracleRow>& rows) {
  for (const auto& row : rows) {
    std::printf("%-36s %-32s %10.4f %10.4f  error %9.4f of %7.4f %s\n", row.measure.c_str(),
                row.input.c_str(), row.expected, row.ours, row.ours - row.expected, row.tolerance,
                row.unit.c_str());
    EXPECT_NEAR(row.ours, row.expected, row.tolerance) << row.measure << ", " << row.input;
  }
}

TEST(LevelOracles, OfKnownSignalsAreWithinTheirTolerances) {
  const auto rows = level_oracles("/nowhere");
  EXPECT_EQ(rows.size(), 25u);
  expect_all_within(rows);
}

TEST(LevelOracles, OfRecordedVoicesAreWithinTheirTolerances) {
  SYRINX_NEED_DATA("golden/f0/voice_quality.tsv");
  const auto rows = level_oracles(support::data_root());
  EXPECT_EQ(rows.size(), 25u + 8u * 15u);
  expect_all_within(rows);
}

}  // namespace
}  // namespace syrinx::measure
