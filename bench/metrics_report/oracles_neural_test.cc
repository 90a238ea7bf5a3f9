// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdio>

#include "metrics_report/oracles_neural.h"
#include "support/need_onnx.h"
#include "support/test_data.h"

namespace syrinx::measure {
namespace {

// The tolerances and their reasons stand with the rows.
TEST(NeuralOracles, AgreesWithItsOutsideReferences) {
  SYRINX_NEED_ONNX();
  SYRINX_NEED_DATA("models/dnsmos");
  SYRINX_NEED_DATA("models/aecmos");
  SYRINX_NEED_DATA("models/plcmos");
  SYRINX_NEED_DATA("media/aec");
  const auto rows = neural_oracles(support::data_root());
  EXPECT_FALSE(rows.empty());
  for (const auto& row : rows) {
    EXPECT_NEAR(row.ours, row.expected, row.tolerance) << row.measure << " of " << row.input;
    std::printf("%-34s %-40.40s expected %9.5f ours %9.5f error %9.2e %s\n", row.measure.c_str(),
                row.input.c_str(), row.expected, row.ours, row.ours - row.expected,
                row.unit.c_str());
  }
}

}  // namespace
}  // namespace syrinx::measure
