// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

#include "metrics_report/oracle_row.h"

namespace syrinx::measure {

// The E-model against what the Recommendations print and against known scores of codecs. Needs no
// data.
std::vector<OracleRow> emodel_oracles(const std::filesystem::path& data_root);

}  // namespace syrinx::measure
