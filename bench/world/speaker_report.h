// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

// How well voices are told apart by what likeness is measured with.
namespace syrinx::bench {

// Learns each sentence of the data's talkers by itself and compares all pairs: prints the equal
// error rate, the share of pairs of one talker that are less alike than the share of pairs of two
// that are more, for the statistics of profiles and for the vectors of the conversion network (of
// the file, or the built-in one). Returns the exit code.
int report_speakers(const std::filesystem::path& data, const std::filesystem::path& weights = {});

}  // namespace syrinx::bench
