// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/validate_output.h"

#include <algorithm>
#include <cstdio>

namespace syrinx::cli {
namespace {

using validation::Change;
using validation::CheckedSentence;
using validation::Comparison;
using validation::VoiceCheck;

nlohmann::json to_json(const std::optional<measure::DnsmosScores>& scores) {
  if (!scores) return nullptr;
  return {
      {"signal", scores->signal}, {"background", scores->background}, {"overall", scores->overall}};
}

nlohmann::json to_json(const CheckedSentence& sentence) {
  return {{"said", sentence.said},
          {"heard", sentence.heard},
          {"words", sentence.errors.words},
          {"errors", sentence.errors.errors()},
          {"duration_s", sentence.duration_s},
          {"speech_s", sentence.speech_s},
          {"artifacts", sentence.artifacts},
          {"dnsmos", to_json(sentence.dnsmos)}};
}

nlohmann::json to_json(const VoiceCheck& check) {
  const auto words = check.words();
  const auto interval = check.word_error_interval();
  nlohmann::json sentences = nlohmann::json::array();
  for (const CheckedSentence& sentence : check.sentences) sentences.push_back(to_json(sentence));
  return {{"name", check.voice},
          {"words", words.words},
          {"substitutions", words.substitutions},
          {"deletions", words.deletions},
          {"insertions", words.insertions},
          {"word_error_rate", words.rate()},
          {"word_error_rate_95", {interval.low, interval.high}},
          {"dnsmos", to_json(check.dnsmos())},
          {"artifacts", check.artifacts()},
          {"artifact_share", check.artifact_share()},
          {"duration_s", check.duration_s()},
          {"words_per_minute", check.words_per_minute()},
          {"sentences", sentences}};
}

nlohmann::json to_json(const std::vector<Change>& changes) {
  nlohmann::json list = nlohmann::json::array();
  for (const Change& change : changes)
    list.push_back({{"voice", change.voice},
                    {"figure", change.figure},
                    {"before", change.before},
                    {"now", change.now},
                    {"tolerance", change.tolerance}});
  return list;
}

nlohmann::json baseline_json(const ValidationReport& report) {
  if (report.baseline_path.empty()) return nullptr;
  nlohmann::json document = {{"file", report.baseline_path}, {"updated", report.updated}};
  if (!report.comparison) return document;
  document["regressed"] = report.comparison->regressed();
  document["worse"] = to_json(report.comparison->worse);
  document["better"] = to_json(report.comparison->better);
  document["missing_voices"] = report.comparison->missing_voices;
  document["not_compared"] = report.comparison->not_compared;
  return document;
}

void print_row(const VoiceCheck& check, int width) {
  const auto interval = check.word_error_interval();
  const auto dnsmos = check.dnsmos();
  char mos[16] = "-";
  if (dnsmos) std::snprintf(mos, sizeof mos, "%.2f", dnsmos->overall);
  std::printf("%-*s %6.1f  %5.1f - %5.1f  %6s  %10.1f  %9.0f\n", width, check.voice.c_str(),
              100.0 * check.words().rate(), 100.0 * interval.low, 100.0 * interval.high, mos,
              100.0 * check.artifact_share(), check.words_per_minute());
}

void print_comparison(const Comparison& comparison) {
  for (const Change& change : comparison.worse)
    std::printf("worse: %s\n", sentence_of(change).c_str());
  for (const std::string& voice : comparison.missing_voices)
    std::printf("worse: %s: the baseline has this voice, which is not there now\n", voice.c_str());
  for (const Change& change : comparison.better)
    std::printf("better: %s\n", sentence_of(change).c_str());
  for (const std::string& sentence : comparison.not_compared)
    std::printf("not compared: %s\n", sentence.c_str());
  if (!comparison.regressed()) std::printf("Nothing is worse than the baseline.\n");
}

}  // namespace

nlohmann::json to_json(const ValidationReport& report) {
  nlohmann::json voices = nlohmann::json::array();
  for (const VoiceCheck& check : report.checks) voices.push_back(to_json(check));
  nlohmann::json missing = nlohmann::json::array();
  if (!report.without_dnsmos.empty())
    missing.push_back({{"name", "dnsmos"}, {"reason", report.without_dnsmos}});
  return {{"program", SYRINX_VERSION},
          {"recogniser", report.recogniser},
          {"texts",
           {{"name", report.texts.name},
            {"sha256", report.texts.sha256},
            {"sentences", report.texts.sentences.size()}}},
          {"missing", missing},
          {"voices", voices},
          {"baseline", baseline_json(report)}};
}

void print_table(const ValidationReport& report) {
  std::size_t longest = 5;
  for (const VoiceCheck& check : report.checks) longest = std::max(longest, check.voice.size());
  const int width = static_cast<int>(std::min<std::size_t>(longest, 40));
  std::printf("%-*s %6s  %13s  %6s  %10s  %9s\n", width, "VOICE", "WER %", "95 % INTERVAL",
              "DNSMOS", "ARTIFACT %", "WORDS/MIN");
  for (const VoiceCheck& check : report.checks) print_row(check, width);
  if (report.comparison) print_comparison(*report.comparison);
}

}  // namespace syrinx::cli
