// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

#include "metrics_report/oracle_row.h"

namespace syrinx::measure {

// Levels, loudness, distortion, F0, voice quality, formants and spectra, against signals with known
// answers and against Praat's values under golden/f0 of `data_root` (without the data, those rows
// are left out). A measure that fails has NaN for its value.
std::vector<OracleRow> level_oracles(const std::filesystem::path& data_root);

}  // namespace syrinx::measure
