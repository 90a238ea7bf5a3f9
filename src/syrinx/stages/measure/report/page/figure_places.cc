// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/report/page/figure_places.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <utility>

namespace syrinx::measure {

std::vector<FigurePlace> figure_places(std::span<const std::vector<Figure>> sounds) {
  std::vector<FigurePlace> places;
  std::set<std::pair<std::string, std::string>> known;
  std::map<std::string, std::size_t> group_order;
  for (const std::vector<Figure>& sound : sounds) {
    for (const Figure& figure : sound) {
      group_order.try_emplace(figure.group, group_order.size());
      if (known.emplace(figure.group, figure.name).second)
        places.push_back({figure.group, figure.name, figure.unit});
    }
  }
  std::stable_sort(places.begin(), places.end(), [&](const FigurePlace& a, const FigurePlace& b) {
    return group_order.at(a.group) < group_order.at(b.group);
  });
  return places;
}

std::vector<double> values_of(std::span<const std::vector<Figure>> sounds,
                              const FigurePlace& place) {
  std::vector<double> values(sounds.size(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t i = 0; i < sounds.size(); ++i) {
    for (const Figure& figure : sounds[i]) {
      if (figure.name == place.name && figure.group == place.group) values[i] = figure.value;
    }
  }
  return values;
}

}  // namespace syrinx::measure
