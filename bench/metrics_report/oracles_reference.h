// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

#include "metrics_report/oracle_row.h"

namespace syrinx::measure {

// The measures that need a reference, against golden/metrics/expected.json under `data_root`. A
// measure that fails has NaN for its value; without the data there are no rows.
std::vector<OracleRow> reference_oracles(const std::filesystem::path& data_root);

}  // namespace syrinx::measure
