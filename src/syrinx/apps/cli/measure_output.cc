// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/measure_output.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "syrinx/apps/json/report_json.h"
#include "syrinx/stages/measure/quality/quality_targets.h"

namespace syrinx::cli {
namespace {

using measure::CollectionSummary;
using measure::Figure;
using measure::FigureSummary;
using measure::Outlier;

std::string in_quotes(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

// Names may hold anything; a terminal must not be steered by them.
std::string printable(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  }
  return text;
}

void print_outliers(const std::vector<MeasuredFile>& files, const CollectionSummary& summary) {
  if (files.size() < measure::kLeastForOutliers) {
    std::printf("Too few files to say which stand out: that takes %zu.\n",
                measure::kLeastForOutliers);
    return;
  }
  if (summary.outliers.empty()) {
    std::printf("No file stands out (none is more than %.1f spreads from a median).\n",
                measure::kOutlierZ);
    return;
  }
  std::printf("What stands out (more than %.1f spreads from the median):\n", measure::kOutlierZ);
  for (const Outlier& outlier : summary.outliers) {
    const FigureSummary& figure = summary.figures[outlier.figure];
    const std::string unit = figure.unit.empty() ? "" : " " + figure.unit;
    std::printf("  %s: %s %.4g%s, %.1f spreads %s the median of %.4g\n",
                printable(files[outlier.sound].path).c_str(), figure.name.c_str(), outlier.value,
                unit.c_str(), std::abs(outlier.z), outlier.z > 0 ? "above" : "below",
                figure.median);
  }
}

}  // namespace

void print_table(const MeasuredFile& file) {
  std::printf("%s\n", printable(file.path).c_str());
  std::string group;
  for (const Figure& figure : file.report.figures) {
    std::printf("  %-15s %-24s ", figure.group == group ? "" : figure.group.c_str(),
                figure.name.c_str());
    if (std::isfinite(figure.value)) {
      std::printf("%10.3f %s\n", figure.value, figure.unit.c_str());
    } else {
      std::printf("%10s\n", "none");
    }
    group = figure.group;
  }
  for (const measure::Artifact& artifact : file.report.artifacts) {
    std::printf("  %8.2f s  %-18s severity %.2f  %s\n", artifact.begin_s,
                json::artifact_name(artifact.kind).c_str(), artifact.severity,
                artifact.cause.c_str());
  }
  const auto quality = json::quality_of(file.report);
  if (quality.verdict != measure::QualityVerdict::kUnknown)
    std::printf("  %s\n", describe(quality).c_str());
  for (const std::string& sentence : file.notes) std::printf("  -- %s\n", sentence.c_str());
  for (const measure::MissingFigure& missing : file.report.missing)
    std::printf("  -- %s: %s\n", missing.name.c_str(), printable(missing.reason).c_str());
}

nlohmann::json to_json(const MeasuredFile& file) {
  nlohmann::json document = json::report_json(file.report);
  document["file"] = file.path;
  document["notes"] = file.notes;
  return document;
}

void print_summary(const std::vector<MeasuredFile>& files, const CollectionSummary& summary) {
  std::printf("%zu files\n  %-15s %-24s %6s %11s %11s %11s %11s  %s\n", files.size(), "group",
              "figure", "files", "median", "spread", "least", "most", "unit");
  std::string group;
  for (const FigureSummary& figure : summary.figures) {
    std::printf("  %-15s %-24s %6zu", figure.group == group ? "" : figure.group.c_str(),
                figure.name.c_str(), figure.sounds);
    group = figure.group;
    if (figure.sounds == 0) {
      std::printf(" %11s\n", "none");
      continue;
    }
    std::printf(" %11.3f %11.3f %11.3f %11.3f  %s\n", figure.median, figure.spread, figure.least,
                figure.most, figure.unit.c_str());
  }
  print_outliers(files, summary);
  for (const MeasuredFile& file : files) {
    for (const std::string& sentence : file.notes)
      std::printf("  -- %s: %s\n", printable(file.path).c_str(), sentence.c_str());
  }
}

void print_csv(const std::vector<MeasuredFile>& files, const CollectionSummary& summary) {
  std::printf("file");
  for (const FigureSummary& figure : summary.figures) {
    const std::string unit = figure.unit.empty() ? "" : " (" + figure.unit + ")";
    std::printf(",%s", in_quotes(figure.group + "." + figure.name + unit).c_str());
  }
  std::printf("\r\n");
  for (std::size_t i = 0; i < files.size(); ++i) {
    std::printf("%s", in_quotes(files[i].path).c_str());
    for (const auto& values : summary.values) {
      std::printf(std::isfinite(values[i]) ? ",%.9g" : ",", values[i]);
    }
    std::printf("\r\n");
  }
}

nlohmann::json summary_json(const std::vector<MeasuredFile>& files,
                            const CollectionSummary& summary) {
  nlohmann::json document = nlohmann::json::object();
  for (const FigureSummary& figure : summary.figures) {
    nlohmann::json row = {{"unit", figure.unit}, {"files", figure.sounds}};
    if (figure.sounds > 0) {
      row.update({{"median", figure.median},
                  {"spread", figure.spread},
                  {"least", figure.least},
                  {"least_file", files[figure.least_sound].path},
                  {"most", figure.most},
                  {"most_file", files[figure.most_sound].path}});
    }
    document[figure.group][figure.name] = row;
  }
  return document;
}

nlohmann::json outliers_json(const std::vector<MeasuredFile>& files,
                             const CollectionSummary& summary) {
  nlohmann::json list = nlohmann::json::array();
  for (const Outlier& outlier : summary.outliers) {
    const FigureSummary& figure = summary.figures[outlier.figure];
    list.push_back({{"file", files[outlier.sound].path},
                    {"group", figure.group},
                    {"figure", figure.name},
                    {"value", outlier.value},
                    {"unit", figure.unit},
                    {"median", figure.median},
                    {"z", outlier.z}});
  }
  return list;
}

}  // namespace syrinx::cli
