// SPDX-License-Identifier: Apache-2.0
#include "metrics_report/oracles_psychoacoustics.h"

#include <gtest/gtest.h>

#include <cstdio>

namespace syrinx::measure {
namespace {

// The tolerances and their reasons stand with the rows.
TEST(PsychoacousticMeasures, AgreeWithTheirStandards) {
  const auto rows = psychoacoustic_oracles({});
  EXPECT_GE(rows.size(), 40u);
  for (const auto& row : rows) {
    EXPECT_NEAR(row.ours, row.expected, row.tolerance) << row.measure << " of " << row.input;
    std::printf("%-21s %-32s expected %8.3f ours %8.3f %s\n", row.measure.c_str(),
                row.input.c_str(), row.expected, row.ours, row.unit.c_str());
  }
}

}  // namespace
}  // namespace syrinx::measure
