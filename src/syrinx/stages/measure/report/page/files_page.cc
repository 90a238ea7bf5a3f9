// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/report/page/files_page.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "syrinx/stages/measure/report/page/curves.h"
#include "syrinx/stages/measure/report/page/embed.h"
#include "syrinx/stages/measure/report/page/explanations.h"
#include "syrinx/stages/measure/report/page/figure_table.h"
#include "syrinx/stages/measure/report/page/frame.h"
#include "syrinx/stages/measure/report/page/html.h"

namespace syrinx::measure {
namespace {

using html::escape;

// The groups whose columns are seen at first; a table of all is wider than any screen.
constexpr auto kFirstSeen =
    std::to_array<std::string_view>({"loudness", "opinion", "artifacts", "reference"});

std::vector<std::string> groups_of(const CollectionSummary& summary) {
  std::vector<std::string> groups;
  for (const FigureSummary& figure : summary.figures) {
    if (std::find(groups.begin(), groups.end(), figure.group) == groups.end())
      groups.push_back(figure.group);
  }
  return groups;
}

std::string direction(double z) {
  return html::number(std::abs(z), 1) + " spreads " + (z > 0 ? "above" : "below");
}

std::string value_with_unit(double value, const std::string& unit) {
  return html::figure(value) + (unit.empty() ? "" : " " + escape(unit));
}

std::string outlier_rows(std::span<const FilesPageRow> rows, const CollectionSummary& summary) {
  std::string out;
  for (const Outlier& outlier : summary.outliers) {
    const FigureSummary& figure = summary.figures[outlier.figure];
    out += "<tr><th scope=\"row\">" + escape(rows[outlier.sound].name) + "</th><td>" +
           escape(html::title_of(figure.name)) + "</td><td class=\"value odd\">" +
           value_with_unit(outlier.value, figure.unit) + "</td><td class=\"value\">" +
           value_with_unit(figure.median, figure.unit) + "</td><td>" + direction(outlier.z) +
           "</td></tr>\n";
  }
  return out;
}

std::string outlier_section(std::span<const FilesPageRow> rows, const CollectionSummary& summary) {
  std::string out = "<h2>What stands out</h2>\n";
  if (rows.size() < kLeastForOutliers)
    return out + "<p>Too few files to say: that takes " + std::to_string(kLeastForOutliers) +
           ".</p>\n";
  if (summary.outliers.empty())
    return out + "<p>Nothing: no figure lies more than " + html::number(kOutlierZ, 1) +
           " spreads from its median.</p>\n";
  return out + "<div class=\"scroll\"><table><caption>Figures more than " +
         html::number(kOutlierZ, 1) +
         " spreads from the median of all files. A spread is 1.4826 times the median absolute "
         "deviation: what a standard deviation would be, unmoved by the outliers themselves."
         "</caption><thead><tr><th scope=\"col\">File</th><th scope=\"col\">Figure</th>"
         "<th scope=\"col\" class=\"value\">Value</th><th scope=\"col\" class=\"value\">Median</th>"
         "<th scope=\"col\">How far</th></tr></thead><tbody>\n" +
         outlier_rows(rows, summary) + "</tbody></table></div>\n";
}

std::string group_boxes(const CollectionSummary& summary) {
  std::string out = "<fieldset><legend>Figures shown</legend>";
  for (const std::string& group : groups_of(summary)) {
    const bool seen = std::find(kFirstSeen.begin(), kFirstSeen.end(), group) != kFirstSeen.end();
    out += "<label><input type=\"checkbox\" disabled data-group=\"" + escape(group) + "\"" +
           (seen ? " checked" : "") + "> " + escape(group) + "</label>";
  }
  return out + "</fieldset>\n";
}

std::string column_heads(const CollectionSummary& summary) {
  std::string out = "<th scope=\"col\"><button disabled>File</button></th>";
  for (const FigureSummary& figure : summary.figures) {
    const Explanation* explanation = explain(figure.name);
    out += "<th scope=\"col\" class=\"value\" data-group=\"" + escape(figure.group) +
           "\" title=\"" + (explanation == nullptr ? "" : escape(explanation->sentence)) +
           "\"><button disabled>" + escape(html::title_of(figure.name)) + "</button><small>" +
           escape(figure.unit) + "</small></th>";
  }
  return out;
}

std::vector<std::vector<bool>> outlier_cells(std::size_t sounds, const CollectionSummary& summary) {
  std::vector cells(sounds, std::vector<bool>(summary.figures.size(), false));
  for (const Outlier& outlier : summary.outliers) cells[outlier.sound][outlier.figure] = true;
  return cells;
}

std::string value_cell(double value, bool odd) {
  const std::string sort = std::isfinite(value) ? html::number(value, 9) : "";
  return "<td data-sort=\"" + sort + "\" class=\"value" + (odd ? " odd" : "") + "\">" +
         html::figure(value) + (odd ? "<span class=\"unseen\"> stands out</span>" : "") + "</td>";
}

std::string file_row(const FilesPageRow& row, std::size_t index, const CollectionSummary& summary,
                     const std::vector<bool>& odd) {
  std::string out = "<tr><td data-sort=\"" + escape(row.name) + "\">" + escape(row.name) +
                    "<br><small class=\"soft\">" + escape(html::facts_of(row.report)) + "</small>";
  if (!row.picture_uri.empty())
    out +=
        "<img loading=\"lazy\" alt=\"Waveform and spectrogram\" src=\"" + row.picture_uri + "\">";
  out += html::paragraphs(row.notes) + "</td>";
  for (std::size_t f = 0; f < summary.figures.size(); ++f)
    out += value_cell(summary.values[f][index], odd[f]);
  return out + "</tr>\n";
}

std::string file_table(std::span<const FilesPageRow> rows, const CollectionSummary& summary) {
  const auto odd = outlier_cells(rows.size(), summary);
  std::string out = "<h2>All files</h2>\n" + group_boxes(summary) +
                    "<p id=\"said\" class=\"unseen\" aria-live=\"polite\"></p>\n"
                    "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"All files\">"
                    "<table id=\"files\" class=\"files\"><caption>A heading sorts by its column. "
                    "Red stands out; a dash does not exist for that sound.</caption><thead><tr>" +
                    column_heads(summary) + "</tr></thead><tbody>\n";
  for (std::size_t i = 0; i < rows.size(); ++i) out += file_row(rows[i], i, summary, odd[i]);
  return out + "</tbody></table></div>\n";
}

std::string summary_row(const FigureSummary& figure, std::span<const FilesPageRow> rows) {
  std::string out = "<tr><th scope=\"row\">" + escape(html::title_of(figure.name)) +
                    "</th><td class=\"unit\">" + escape(figure.unit) + "</td><td class=\"value\">" +
                    std::to_string(figure.sounds) + "</td>";
  if (figure.sounds == 0) return out + "<td colspan=\"4\">exists for none</td></tr>\n";
  const auto extreme = [&](double value, std::size_t sound) {
    return "<td class=\"value\" title=\"" + escape(rows[sound].name) + "\">" + html::figure(value) +
           "</td>";
  };
  return out + "<td class=\"value\">" + html::figure(figure.median) + "</td><td class=\"value\">" +
         html::figure(figure.spread) + "</td>" + extreme(figure.least, figure.least_sound) +
         extreme(figure.most, figure.most_sound) + "</tr>\n";
}

std::string summary_table(std::span<const FilesPageRow> rows, const CollectionSummary& summary) {
  std::string out =
      "<h2>How each figure is spread</h2><div class=\"scroll\"><table><thead><tr>"
      "<th scope=\"col\">Figure</th><th scope=\"col\">Unit</th>"
      "<th scope=\"col\" class=\"value\">Files</th><th scope=\"col\" class=\"value\">Median</th>"
      "<th scope=\"col\" class=\"value\">Spread</th><th scope=\"col\" class=\"value\">Least</th>"
      "<th scope=\"col\" class=\"value\">Most</th></tr></thead><tbody>\n";
  for (const FigureSummary& figure : summary.figures) out += summary_row(figure, rows);
  return out + "</tbody></table></div>\n";
}

// Each reason once, with how many sounds it holds for.
std::vector<MissingFigure> common_reasons(std::span<const FilesPageRow> rows) {
  std::vector<std::pair<MissingFigure, std::size_t>> found;
  for (const FilesPageRow& row : rows) {
    for (const MissingFigure& missing : row.report.missing) {
      const auto same = std::find_if(found.begin(), found.end(), [&](const auto& known) {
        return known.first.name == missing.name && known.first.reason == missing.reason;
      });
      if (same == found.end()) {
        found.emplace_back(missing, 1);
      } else {
        ++same->second;
      }
    }
  }
  std::vector<MissingFigure> reasons;
  for (const auto& [missing, count] : found)
    reasons.push_back({missing.name, missing.reason + " (" + std::to_string(count) +
                                         (count == 1 ? " file)" : " files)")});
  return reasons;
}

}  // namespace

Result<std::string> small_picture(AudioView audio) {
  SYRINX_ASSIGN(const Image image, html::thumbnail(audio));
  return html::picture_uri(image);
}

std::string files_page(std::span<const FilesPageRow> rows, const CollectionSummary& summary,
                       std::span<const std::string> failures) {
  html::Page page;
  page.title = std::to_string(rows.size()) + " sounds measured";
  page.script = html::table_script();
  page.body = "<header><h1>" + page.title + "</h1></header>\n<main>\n";
  if (!failures.empty())
    page.body += "<h2>Could not be measured</h2>\n" + html::paragraphs(failures);
  page.body += outlier_section(rows, summary) + file_table(rows, summary) +
               summary_table(rows, summary) + html::missing_table(common_reasons(rows)) +
               "</main>\n";
  return html::render(page);
}

}  // namespace syrinx::measure
