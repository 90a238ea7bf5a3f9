// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

#include "metrics_report/oracle_row.h"

namespace syrinx::measure {

// The opinion models against published scores (PLCMOS) and against the published recipes carried
// out by neural_reference.py. A measure that fails has NaN for its value; without the data or
// without ONNX Runtime there are no rows.
std::vector<OracleRow> neural_oracles(const std::filesystem::path& data_root);

}  // namespace syrinx::measure
