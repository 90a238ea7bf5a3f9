// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/stages/measure/report/sound_report.h"

namespace syrinx::measure {

// The figures of several sounds side by side.
struct ComparedFigure {
  std::string group, name, unit;
  std::vector<double> values;  // One for each sound; NaN where it does not have the figure.
  // Which sounds are best: those that no other beats, if they beat one. Empty where none is better.
  std::vector<bool> best;
};

// In the order in which figures first come.
std::vector<ComparedFigure> compare_figures(std::span<const SoundReport* const> reports);

// As a table of a page, under these headings; for two with a column of differences.
std::string compare_table(std::span<const ComparedFigure> figures,
                          std::span<const std::string> names);

}  // namespace syrinx::measure
