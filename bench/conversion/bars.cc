// SPDX-License-Identifier: Apache-2.0
#include "conversion/bars.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>
#include <string>

namespace syrinx::bench {
namespace {

using nlohmann::json;

constexpr double kF0Rms = 0.01;
constexpr double kFormantsKept = 0.03;
constexpr double kFormantsMoved = 0.05;
constexpr double kDuration = 0.001;
constexpr double kMoreWordErrors = 0.03;

std::optional<double> figure(const json& sheets, const std::string& job, const char* changer,
                             const char* name) {
  if (!sheets.contains(job) || !sheets[job].contains(changer)) return std::nullopt;
  const json& value = sheets[job][changer][name];
  if (value.is_number()) return value.get<double>();
  if (!value.is_array()) return std::nullopt;
  double most = 0.0;  // Of the formants, the one that is furthest off.
  for (const json& one : value) most = std::max(most, std::abs(one.get<double>()));
  return most;
}

class Bars {
 public:
  explicit Bars(const json& sheets) : sheets_(sheets) {
    std::printf("\n%-22s %-28s %9s %9s %9s\n", "job", "high mode", "ours", "bar", "R3");
  }

  void most(const std::string& job, const char* name, const char* unit, double bar) {
    add(job, name, unit, bar, true);
  }
  // The formants beside those of the resynthesis, whose envelope is surely kept: what the measure
  // itself errs by at another F0 is taken off.
  void formants_beside_resynthesis(const std::string& job, double bar) {
    if (!sheets_[job].contains("resynthesis") || !sheets_[job].contains("high")) return;
    const json& kept = sheets_[job]["resynthesis"]["formant_errors"];
    const auto furthest = [&](const char* changer) {
      double most = 0.0;
      for (std::size_t i = 0; i < kept.size(); ++i)
        most = std::max(most, std::abs(sheets_[job][changer]["formant_errors"][i].get<double>() -
                                       kept[i].get<double>()));
      return most;
    };
    std::optional<double> peer;
    if (sheets_[job].contains("rubberband")) peer = furthest("rubberband");
    add(job, "formants_beside_resynthesis", "%", furthest("high"), peer, bar, true);
  }
  // Words as they are heard; where those miss the bar, also as a recogniser that is told hears
  // them.
  void words(const std::string& job, double bar) {
    most(job, "word_error_rate", "%", bar);
    const auto heard = figure(sheets_, job, "high", "word_error_rate");
    if (heard && *heard > bar) most(job, "word_error_rate_told", "%", bar);
  }
  // Words beside those of the resynthesis: what a recogniser loses by the F0 alone is taken off.
  void words_beside_resynthesis(const std::string& job) {
    const auto ours = figure(sheets_, job, "high", "word_error_rate");
    const auto kept = figure(sheets_, job, "resynthesis", "word_error_rate");
    if (ours && kept)
      add(job, "words_beside_resynthesis", "%", *ours,
          figure(sheets_, job, "rubberband", "word_error_rate"), *kept + kMoreWordErrors, true);
  }
  // Ours must be as good as R3's.
  void like_peer(const std::string& job, const char* name, const char* unit, bool low_is_good) {
    const auto peer = figure(sheets_, job, "rubberband", name);
    if (peer) add(job, name, unit, *peer, low_is_good);
  }
  json list() && { return std::move(list_); }

 private:
  void add(const std::string& job, const char* name, const char* unit, double bar,
           bool low_is_good) {
    const auto ours = figure(sheets_, job, "high", name);
    if (ours)
      add(job, name, unit, *ours, figure(sheets_, job, "rubberband", name), bar, low_is_good);
  }
  void add(const std::string& job, const char* name, const char* unit, double ours,
           std::optional<double> peer, double bar, bool low_is_good) {
    const bool reached = low_is_good ? std::abs(ours) <= bar : ours >= bar;
    const double scale = unit[0] == '%' ? 100.0 : 1.0;
    char beside[16] = "-";
    if (peer) std::snprintf(beside, sizeof beside, "%.2f", scale * *peer);
    const std::string what = std::string(name) + (unit[0] == '\0' ? "" : ", ") + unit;
    std::printf("%-22s %-28s %9.2f %9.2f %9s  %s\n", job.c_str(), what.c_str(), scale * ours,
                scale * bar, beside, reached ? "reached" : "MISSED");
    json row = {{"job", job}, {"name", name}, {"ours", ours}, {"bar", bar}, {"reached", reached}};
    if (peer) row["rubberband"] = *peer;
    list_.push_back(std::move(row));
  }

  const json& sheets_;
  json list_ = json::array();
};

}  // namespace

json hold_to_bars(const json& sheets) {
  Bars bars(sheets);
  const json& source = sheets["word_error_rate_of_source"];
  for (const auto& [job, ignored] : sheets.items()) {
    const bool pitch = job.rfind("pitch", 0) == 0;
    const bool speed = job.rfind("speed", 0) == 0;
    const bool formants = job.rfind("formants", 0) == 0;
    if (!pitch && !speed && !formants) continue;
    if (!speed) bars.most(job, "f0_error_rms", "%", kF0Rms);
    if (speed) bars.most(job, "f0_level_error", "%", kF0Rms);
    bars.most(job, "formant_errors", "%", formants ? kFormantsMoved : kFormantsKept);
    if (pitch) bars.formants_beside_resynthesis(job, kFormantsKept);
    bars.most(job, "worst_duration_error", "%", kDuration);
    if (source.is_number()) bars.words(job, source.get<double>() + kMoreWordErrors);
    if (pitch) bars.words_beside_resynthesis(job);
    bars.like_peer(job, "predicted_mos", "", false);
    bars.like_peer(job, "artifact_share", "%", true);
  }
  return std::move(bars).list();
}

}  // namespace syrinx::bench
