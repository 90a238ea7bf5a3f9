// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "serve/load_client.h"

namespace syrinx::bench {

struct MemorySample {
  double at_s = 0;
  double mib = 0;
};

// Resident memory of a process; 0 when it is not there.
double resident_mib(pid_t process);

struct LoadResult {
  std::vector<Manner> manners;
  std::vector<ClientReport> clients;
  std::vector<MemorySample> memory;
  double seconds = 0;
};

// (sum x)^2 / (n sum x^2): 1 when all have the same (Jain, Chiu and Hawe 1984).
double jain_index(const std::vector<double>& shares);

// For people, on standard output; and as JSON text.
void print_report(const LoadResult& result);
std::string report_json(const LoadResult& result);

}  // namespace syrinx::bench
