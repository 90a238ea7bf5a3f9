// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

namespace syrinx::bench {

// What is asked of our high mode, beside what it does and what Rubber Band's R3 does at the same
// job, of the sheets of a report by job and changer. Prints a table; a bar whose figures are not
// there is left out.
nlohmann::json hold_to_bars(const nlohmann::json& sheets);

}  // namespace syrinx::bench
