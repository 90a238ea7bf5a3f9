// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "syrinx/apps/cli/measure_files.h"
#include "syrinx/stages/measure/report/page/outliers.h"

// What was measured, for people and for machines, on standard output.
namespace syrinx::cli {

// One file: a row for each figure, then the artifacts, then what is missing and why.
void print_table(const MeasuredFile& file);

// Many: a row for each figure with how it is spread, then what stands out.
void print_summary(const std::vector<MeasuredFile>& files,
                   const measure::CollectionSummary& summary);

// RFC 4180: a row for each file, a column for each figure; empty where a file does not have it.
void print_csv(const std::vector<MeasuredFile>& files, const measure::CollectionSummary& summary);

// {"file", "sample_rate_hz", "channels", "duration_s", "missing": [{name, reason}], "notes",
// group: {name: {value, unit}}, "artifacts": {"found": ..., "list": [...]}}; null for a value that
// does not exist. "quality" is the verdict by the quality targets: {verdict, aspects: {name:
// {value, verdict}}}.
nlohmann::json to_json(const MeasuredFile& file);

// {group: {name: {unit, files, median, spread, least, least_file, most, most_file}}}
nlohmann::json summary_json(const std::vector<MeasuredFile>& files,
                            const measure::CollectionSummary& summary);
// [{file, group, figure, value, unit, median, z}]
nlohmann::json outliers_json(const std::vector<MeasuredFile>& files,
                             const measure::CollectionSummary& summary);

}  // namespace syrinx::cli
