// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/report/group_sheet.h"

#include <cmath>

namespace syrinx::measure {

void GroupSheet::add(std::string_view name, double value, std::string_view unit,
                     std::string_view why_not) {
  report_.figures.push_back({group_, std::string(name), value, std::string(unit)});
  if (!std::isfinite(value)) report_.missing.push_back({std::string(name), std::string(why_not)});
}

void GroupSheet::add(std::string_view name, const Result<double>& value, std::string_view unit) {
  if (!value) return miss(name, value.error());
  add(name, *value, unit);
}

void GroupSheet::miss(std::string_view name, const Error& error) {
  report_.missing.push_back({std::string(name), error.message});
}

}  // namespace syrinx::measure
