// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

#include "metrics_report/oracle_row.h"

namespace syrinx::measure {

// The psychoacoustic measures against their standards and the literature. The sounds are made from
// their descriptions, so nothing under `data_root` is read.
std::vector<OracleRow> psychoacoustic_oracles(const std::filesystem::path& data_root);

}  // namespace syrinx::measure
