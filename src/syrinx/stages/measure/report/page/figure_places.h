// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "syrinx/stages/measure/report/sound_report.h"

// The figures of several sounds, of which each may lack some.
namespace syrinx::measure {

struct FigurePlace {
  std::string group, name, unit;
};

// Every figure that one of the sounds has, once: group by group, in the order in which groups and,
// within them, figures first come.
std::vector<FigurePlace> figure_places(std::span<const std::vector<Figure>> sounds);

// What each sound has there; NaN where it does not have the figure.
std::vector<double> values_of(std::span<const std::vector<Figure>> sounds,
                              const FigurePlace& place);

}  // namespace syrinx::measure
