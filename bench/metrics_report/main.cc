// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "metrics_report/oracles_effects.h"
#include "metrics_report/oracles_emodel.h"
#include "metrics_report/oracles_level.h"
#include "metrics_report/oracles_neural.h"
#include "metrics_report/oracles_psychoacoustics.h"
#include "metrics_report/oracles_reference.h"

// Prints every measure beside what an outside reference says: expected, ours, error, tolerance.
// Ends with 1 if one is out of its tolerance.
//
//   syrinx_metrics_report DATA_FOLDER [JSON_FILE]
namespace syrinx::measure {
namespace {

using Rows = std::vector<OracleRow>;

Rows all_rows(const std::filesystem::path& data_root) {
  Rows all;
  for (auto* oracles : {reference_oracles, level_oracles, psychoacoustic_oracles, effects_oracles,
                        emodel_oracles, neural_oracles}) {
    for (OracleRow& row : oracles(data_root)) all.push_back(std::move(row));
  }
  return all;
}

bool within(const OracleRow& row) { return std::abs(row.ours - row.expected) <= row.tolerance; }

int print(const Rows& rows) {
  int outside = 0;
  std::printf("%-30s %-34s %10s %10s %10s %9s\n", "measure", "input", "expected", "ours", "error",
              "allowed");
  for (const OracleRow& row : rows) {
    std::printf("%-30s %-34s %10.4f %10.4f %10.2g %9.2g %s%s\n", row.measure.c_str(),
                row.input.substr(0, 34).c_str(), row.expected, row.ours, row.ours - row.expected,
                row.tolerance, row.unit.c_str(), within(row) ? "" : "  OUTSIDE");
    outside += within(row) ? 0 : 1;
  }
  std::printf("%zu measures, %d outside their tolerance\n", rows.size(), outside);
  return outside;
}

void write_json(const Rows& rows, const char* path) {
  nlohmann::json list = nlohmann::json::array();
  for (const OracleRow& row : rows) {
    list.push_back({{"measure", row.measure},
                    {"input", row.input},
                    {"expected", row.expected},
                    {"ours", row.ours},
                    {"tolerance", row.tolerance},
                    {"unit", row.unit},
                    {"source", row.source}});
  }
  if (std::FILE* file = std::fopen(path, "w")) {
    std::fprintf(file, "%s\n", list.dump(2).c_str());
    std::fclose(file);
  }
}

}  // namespace
}  // namespace syrinx::measure

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: syrinx_metrics_report DATA_FOLDER [JSON_FILE]\n");
    return 2;
  }
  const auto rows = syrinx::measure::all_rows(argv[1]);
  if (argc > 2) syrinx::measure::write_json(rows, argv[2]);
  return syrinx::measure::print(rows) == 0 ? 0 : 1;
}
