// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/report/page/figure_table.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "syrinx/stages/measure/report/page/curves.h"
#include "syrinx/stages/measure/report/page/explanations.h"
#include "syrinx/stages/measure/report/page/html.h"

namespace syrinx::measure::html {
namespace {

constexpr std::size_t kMostTiles = 7;
constexpr std::size_t kMostArtifactRows = 1'000;

// In the order in which they are shown.
constexpr auto kHeadlines = std::to_array<std::string_view>(
    {"integrated", "true_peak", "found", "dnsmos_overall", "pesq_wide_band", "stoi", "si_sdr",
     "delay", "f0_median", "noise_floor", "rms"});

std::string figure_row(const Figure& figure) {
  const Explanation* explanation = explain(figure.name);
  return "<tr><th scope=\"row\">" + escape(title_of(figure.name)) + " <code>" +
         escape(figure.name) + "</code></th><td class=\"value\">" + html::figure(figure.value) +
         "</td><td class=\"unit\">" + escape(figure.unit) + "</td><td class=\"says\">" +
         (explanation == nullptr ? std::string() : escape(explanation->sentence)) + "</td></tr>\n";
}

std::string artifact_row(const Artifact& artifact, bool playable) {
  const std::string at = clock(artifact.begin_s);
  const std::string words = artifact_words(artifact.kind);
  std::string play = at;
  if (playable)
    play = "<button data-at=\"" + number(artifact.begin_s, 3) + "\" disabled aria-label=\"Play " +
           escape(words) + " at " + at + "\">&#9654; " + at + "</button>";
  return "<tr><th scope=\"row\">" + escape(words) + "</th><td class=\"value\">" + play +
         "</td><td class=\"value\">" + number(1000.0 * (artifact.end_s - artifact.begin_s), 0) +
         " ms</td><td class=\"value\">" + html::figure(artifact.severity) +
         "</td><td class=\"cause\">" + escape(artifact.cause) + "</td></tr>\n";
}

}  // namespace

std::string title_of(std::string_view figure_name) {
  if (const Explanation* explanation = explain(figure_name)) return std::string(explanation->title);
  std::string words(figure_name);
  std::replace(words.begin(), words.end(), '_', ' ');
  if (!words.empty())
    words[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(words[0])));
  return words;
}

std::string figure_table(std::span<const Figure> figures) {
  std::string out =
      "<div class=\"scroll\"><table><caption>Every figure, with its unit and what it says. A dash: "
      "it does not exist for this sound.</caption><thead><tr><th scope=\"col\">Figure</th>"
      "<th scope=\"col\" class=\"value\">Value</th><th scope=\"col\">Unit</th>"
      "<th scope=\"col\" class=\"says\">What it says</th></tr></thead>\n";
  std::string group;
  for (const Figure& figure : figures) {
    if (group != figure.group || &figure == figures.data()) {
      out += (group.empty() ? "" : "</tbody>") + std::string("<tbody><tr><th colspan=\"4\" ") +
             "scope=\"rowgroup\">" + escape(figure.group) + "</th></tr>\n";
      group = figure.group;
    }
    out += figure_row(figure);
  }
  return out + (figures.empty() ? "" : "</tbody>") + "</table></div>\n";
}

std::string missing_table(std::span<const MissingFigure> missing) {
  if (missing.empty()) return {};
  std::string out =
      "<h2>Not measured</h2><div class=\"scroll\"><table><thead><tr><th scope=\"col\">Figure</th>"
      "<th scope=\"col\">Why</th></tr></thead><tbody>\n";
  for (const MissingFigure& one : missing) {
    out += "<tr><th scope=\"row\">" + escape(title_of(one.name)) + "</th><td>" +
           escape(one.reason) + "</td></tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

std::string artifact_table(std::span<const Artifact> artifacts, bool playable) {
  if (artifacts.empty()) return {};
  std::string out =
      "<h2>Artifacts</h2><div class=\"scroll\"><table><caption>Severity runs from 0, just noticed, "
      "to 1.";
  if (artifacts.size() > kMostArtifactRows)
    out += " The first " + std::to_string(kMostArtifactRows) + " of " +
           std::to_string(artifacts.size()) + ".";
  out +=
      "</caption><thead><tr><th scope=\"col\">Kind</th><th scope=\"col\" class=\"value\">At</th>"
      "<th scope=\"col\" class=\"value\">Length</th><th scope=\"col\" class=\"value\">Severity"
      "</th><th scope=\"col\">Cause</th></tr></thead><tbody>\n";
  for (const Artifact& artifact : artifacts.first(std::min(artifacts.size(), kMostArtifactRows))) {
    out += artifact_row(artifact, playable);
  }
  return out + "</tbody></table></div>\n";
}

std::string headline_tiles(std::span<const Figure> figures) {
  std::string tiles;
  std::size_t count = 0;
  for (const std::string_view name : kHeadlines) {
    const auto found = std::find_if(figures.begin(), figures.end(),
                                    [&](const Figure& figure) { return figure.name == name; });
    if (found == figures.end() || count == kMostTiles) continue;
    ++count;
    tiles += "<li><small>" + escape(title_of(name)) + "</small><b>" + html::figure(found->value) +
             " <small>" + escape(found->unit) + "</small></b></li>";
  }
  return tiles.empty() ? tiles : "<ul class=\"tiles\">" + tiles + "</ul>\n";
}

std::string facts_of(const SoundReport& report) {
  const double seconds =
      report.sample_rate_hz > 0 ? static_cast<double>(report.frames) / report.sample_rate_hz : 0;
  return html::figure(report.sample_rate_hz / 1000.0) + " kHz, " + std::to_string(report.channels) +
         (report.channels == 1 ? " channel, " : " channels, ") + clock(seconds);
}

std::string paragraphs(std::span<const std::string> sentences) {
  std::string out;
  for (const std::string& sentence : sentences) {
    if (!sentence.empty()) out += "<p class=\"soft\">" + escape(sentence) + "</p>\n";
  }
  return out;
}

}  // namespace syrinx::measure::html
