// SPDX-License-Identifier: Apache-2.0
#include "intelligibility/report.h"

#include <iomanip>
#include <nlohmann/json.hpp>
#include <ostream>

namespace syrinx::bench {
namespace {

constexpr std::size_t kDraws = 10'000;

nlohmann::json to_json(const Hearing& hearing) {
  return {{"said", hearing.said},
          {"heard", hearing.heard},
          {"words", hearing.errors.words},
          {"errors", hearing.errors.errors()}};
}

nlohmann::json to_json(const SpeakerScore& score) {
  const measure::WordErrors total = score.total();
  const measure::Interval interval = score.interval();
  nlohmann::json hearings = nlohmann::json::array();
  for (const auto& hearing : score.hearings) hearings.push_back(to_json(hearing));
  return {{"name", score.name},
          {"kind", score.is_human ? "human" : "voice"},
          {"sentences", score.hearings.size()},
          {"words", total.words},
          {"substitutions", total.substitutions},
          {"deletions", total.deletions},
          {"insertions", total.insertions},
          {"word_error_rate_percent", 100.0 * total.rate()},
          {"interval_95_percent", {100.0 * interval.low, 100.0 * interval.high}},
          {"hearings", hearings}};
}

}  // namespace

measure::WordErrors SpeakerScore::total() const {
  measure::WordErrors sum;
  for (const auto& hearing : hearings) sum += hearing.errors;
  return sum;
}

measure::Interval SpeakerScore::interval() const {
  std::vector<measure::WordErrors> sentences;
  for (const auto& hearing : hearings) sentences.push_back(hearing.errors);
  return measure::bootstrap_rate_interval(sentences, kDraws);
}

void print_table(std::ostream& out, const std::vector<SpeakerScore>& scores) {
  out << std::left << std::setw(20) << "speaker" << std::setw(8) << "kind" << std::right
      << std::setw(10) << "sentences" << std::setw(7) << "words" << std::setw(8) << "WER %"
      << std::setw(16) << "95 % interval" << '\n';
  out << std::fixed << std::setprecision(1);
  for (const auto& score : scores) {
    const measure::WordErrors total = score.total();
    const measure::Interval interval = score.interval();
    out << std::left << std::setw(20) << score.name << std::setw(8)
        << (score.is_human ? "human" : "voice") << std::right << std::setw(10)
        << score.hearings.size() << std::setw(7) << total.words << std::setw(8)
        << 100.0 * total.rate() << std::setw(8) << 100.0 * interval.low << " - " << std::setw(5)
        << 100.0 * interval.high << '\n';
  }
}

std::string to_json(const std::vector<SpeakerScore>& scores) {
  nlohmann::json speakers = nlohmann::json::array();
  for (const auto& score : scores) speakers.push_back(to_json(score));
  const nlohmann::json report{
      {"recogniser", "pocketsphinx en-us"}, {"bootstrap_draws", kDraws}, {"speakers", speakers}};
  return report.dump(2);
}

}  // namespace syrinx::bench
