// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace syrinx::bench {

// Prints what the whole front end does with the lines, from Unicode to phonemes: its speed, and how
// many letters and digits neither belong to a spoken word nor to something reported as skipped.
void report_front_end(const std::vector<std::string>& lines);

// Prints how many of misaki's words, every `step`th of DATA/misaki/us_gold.json and gb_gold.json,
// are given in Kokoro's alphabet as those lexicons have them.
void report_kokoro(const std::filesystem::path& misaki, std::size_t step);

}  // namespace syrinx::bench
