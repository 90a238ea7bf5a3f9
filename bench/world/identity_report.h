// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

// What is left of a voice that is taken apart and put together again.
namespace syrinx::bench {

struct IdentityReportOptions {
  std::filesystem::path data;
  int utterances = 5;           // Of each talker.
  std::filesystem::path world;  // Where tools/fetch_peer put World; empty: without it.
};

// Prints, for each talker, PESQ, mel-cepstral distortion, log-spectral distance and the time it
// took: ours by frames every 5 ms and every 2 ms, and World's (DIO, CheapTrick, D4C), by a script
// of bench/world that is looked for from the project's root. Talkers that are not there are left
// out. Returns the exit code: 1 when a recording, or World, failed, which stderr says.
int report_identity(const IdentityReportOptions& options);

}  // namespace syrinx::bench
