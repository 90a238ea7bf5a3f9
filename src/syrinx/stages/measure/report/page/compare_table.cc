// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/report/page/compare_table.h"

#include "syrinx/stages/measure/report/page/explanations.h"
#include "syrinx/stages/measure/report/page/figure_places.h"
#include "syrinx/stages/measure/report/page/figure_table.h"
#include "syrinx/stages/measure/report/page/html.h"

namespace syrinx::measure {
namespace {

using html::escape;

std::vector<bool> best_of(const ComparedFigure& figure) {
  const auto& values = figure.values;
  std::vector<bool> best(values.size(), false);
  for (std::size_t i = 0; i < values.size(); ++i) {
    bool beats = false;
    bool beaten = false;
    for (const double other : values) {
      const int side = better_of(figure.name, figure.unit, values[i], other);
      beats = beats || side < 0;
      beaten = beaten || side > 0;
    }
    best[i] = beats && !beaten;
  }
  return best;
}

std::string row(const ComparedFigure& figure) {
  const Explanation* explanation = explain(figure.name);
  std::string out = "<tr><th scope=\"row\">" + escape(html::title_of(figure.name)) + "</th>";
  for (std::size_t i = 0; i < figure.values.size(); ++i) {
    out += figure.best[i] ? "<td class=\"value better\">&#9733; " : "<td class=\"value\">";
    out += html::figure(figure.values[i]);
    out += figure.best[i] ? "<span class=\"unseen\"> better</span></td>" : "</td>";
  }
  if (figure.values.size() == 2)
    out += "<td class=\"value\">" + html::figure(figure.values[1] - figure.values[0]) + "</td>";
  return out + "<td class=\"unit\">" + escape(figure.unit) + "</td><td class=\"says\">" +
         (explanation == nullptr ? std::string() : escape(explanation->sentence)) + "</td></tr>\n";
}

std::string heads(std::span<const std::string> names) {
  std::string out = "<thead><tr><th scope=\"col\">Figure</th>";
  for (const std::string& name : names)
    out += "<th scope=\"col\" class=\"value\">" + escape(name) + "</th>";
  if (names.size() == 2) out += "<th scope=\"col\" class=\"value\">Difference</th>";
  return out +
         "<th scope=\"col\">Unit</th><th scope=\"col\" class=\"says\">What it says</th>"
         "</tr></thead>\n";
}

}  // namespace

std::vector<ComparedFigure> compare_figures(std::span<const SoundReport* const> reports) {
  std::vector<std::vector<Figure>> sounds;
  for (const SoundReport* report : reports) sounds.push_back(report->figures);
  std::vector<ComparedFigure> compared;
  for (const FigurePlace& place : figure_places(sounds)) {
    compared.push_back({place.group, place.name, place.unit, values_of(sounds, place), {}});
    compared.back().best = best_of(compared.back());
  }
  return compared;
}

std::string compare_table(std::span<const ComparedFigure> figures,
                          std::span<const std::string> names) {
  const std::string columns = std::to_string(names.size() + (names.size() == 2 ? 4 : 3));
  std::string out =
      "<div class=\"scroll\"><table><caption>A star marks the better one, where a figure has a "
      "better side and they differ by enough to say so. A dash: it does not exist."
      "</caption>" +
      heads(names);
  const std::string* group = nullptr;
  for (const ComparedFigure& figure : figures) {
    if (group == nullptr || *group != figure.group) {
      out += std::string(group == nullptr ? "" : "</tbody>") + "<tbody><tr><th colspan=\"" +
             columns + "\" scope=\"rowgroup\">" + escape(figure.group) + "</th></tr>\n";
      group = &figure.group;
    }
    out += row(figure);
  }
  return out + (group == nullptr ? "" : "</tbody>") + "</table></div>\n";
}

}  // namespace syrinx::measure
