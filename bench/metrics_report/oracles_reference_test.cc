// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "metrics_report/oracles_reference.h"
#include "support/test_data.h"

namespace syrinx::measure {
namespace {

// The tolerances and their reasons stand with the rows.
TEST(ReferenceMeasures, AgreeWithTheirOutsideReferences) {
  SYRINX_NEED_DATA("golden/metrics/expected.json");
  const auto rows = reference_oracles(support::data_root());
  EXPECT_FALSE(rows.empty());
  for (const auto& row : rows) {
    EXPECT_NEAR(row.ours, row.expected, row.tolerance) << row.measure << " of " << row.input;
    std::printf("%-18s %-34s expected %10.5f ours %10.5f error %9.2e %s\n", row.measure.c_str(),
                row.input.c_str(), row.expected, row.ours, row.ours - row.expected,
                row.unit.c_str());
  }
}

}  // namespace
}  // namespace syrinx::measure
