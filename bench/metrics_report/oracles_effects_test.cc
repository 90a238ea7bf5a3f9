// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdio>

#include "metrics_report/oracles_effects.h"
#include "support/test_data.h"

namespace syrinx::measure {
namespace {

// The tolerances and their reasons stand with the rows.
TEST(Effects, AgreeWithTheirTheory) {
  const auto rows = effects_oracles(support::data_root());
  EXPECT_FALSE(rows.empty());
  for (const auto& row : rows) {
    EXPECT_NEAR(row.ours, row.expected, row.tolerance) << row.measure << " of " << row.input;
    std::printf("%-46s %-42s expected %10.4f ours %10.4f error %9.2e %s\n", row.measure.c_str(),
                row.input.c_str(), row.expected, row.ours, row.ours - row.expected,
                row.unit.c_str());
  }
}

}  // namespace
}  // namespace syrinx::measure
