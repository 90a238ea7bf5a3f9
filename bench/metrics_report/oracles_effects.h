// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

#include "metrics_report/oracle_row.h"

namespace syrinx::measure {

// The effects against their theory: filters, static curves, time constants, the limiter's ceiling,
// what a chain at identity adds. Speech from data_root is used where it is there.
std::vector<OracleRow> effects_oracles(const std::filesystem::path& data_root);

}  // namespace syrinx::measure
