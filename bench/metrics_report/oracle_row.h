// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace syrinx::measure {

// One measure held against an outside reference.
struct OracleRow {
  std::string measure;
  std::string input;
  double expected;
  double ours;
  double tolerance;
  std::string unit;
  std::string source;
};

}  // namespace syrinx::measure
