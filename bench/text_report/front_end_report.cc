// SPDX-License-Identifier: Apache-2.0
#include "text_report/front_end_report.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iterator>

#include "syrinx/core/base/json.h"
#include "syrinx/engines/tts/text_reader.h"

namespace syrinx::bench {
namespace {

using tts::ReadSentence;
using tts::TextFrontEnd;

void cover(std::vector<bool>& covered, SourceSpan span) {
  for (std::size_t i = span.begin; i < std::min(span.end, covered.size()); ++i) covered[i] = true;
}

// Letters and digits of the line that were neither said nor reported.
std::size_t lost(const std::string& line, const ReadSentence& read) {
  std::vector<bool> covered(line.size(), false);
  for (const SpokenToken& token : read.tokens) {
    const bool said = std::any_of(token.words.begin(), token.words.end(),
                                  [](const SpokenWord& word) { return word.pronunciation; });
    if (said || !token.skipped.empty()) cover(covered, token.source);
  }
  for (const tts::SkippedText& skipped : read.skipped) cover(covered, skipped.source);
  std::size_t count = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (!covered[i] && std::isalnum(static_cast<unsigned char>(line[i])) != 0) ++count;
  }
  return count;
}

struct Word {
  std::string spelling;
  std::string kokoro;
};

// Words of small letters with one reading.
std::vector<Word> plain_words(const std::filesystem::path& file, std::size_t step) {
  std::ifstream in(file);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  std::vector<Word> words;
  const auto document = parse_json(text);
  if (!document || document->object() == nullptr) return words;
  std::size_t index = 0;
  for (const JsonMember& member : *document->object()) {
    const bool small = std::all_of(member.key.begin(), member.key.end(),
                                   [](char c) { return c >= 'a' && c <= 'z'; });
    if (!small || member.value.text() == nullptr || member.key.size() < 3) continue;
    if (index++ % step == 0) words.push_back({member.key, *member.value.text()});
  }
  return words;
}

void report_words(const std::filesystem::path& folder, const std::string& language,
                  std::size_t step) {
  const std::string place = language.substr(3) == "US" ? "us" : "gb";
  const auto gold = folder / (place + "_gold.json");
  auto lexicons = text::LexiconStack::open({{gold}, {folder / (place + "_silver.json")}});
  if (!lexicons) return void(std::printf("%s\n", lexicons.error().message.c_str()));
  tts::TextOptions options;
  options.language = language;
  options.phonemes = PhonemeSet::kKokoro;
  options.lexicons = std::move(lexicons).value();
  const auto front_end = TextFrontEnd::create(options);
  if (!front_end) return void(std::printf("%s\n", front_end.error().message.c_str()));
  std::size_t same = 0;
  const auto words = plain_words(gold, step);
  for (const Word& word : words) {
    const ReadSentence read = front_end->read_line(word.spelling + " it");
    const auto& said = read.tokens.at(0).words;
    if (said.size() == 1 && said[0].pronunciation && said[0].pronunciation->symbols == word.kokoro)
      ++same;
  }
  std::printf("%-44s %5zu %8.2f\n", ("Kokoro's phonemes as misaki's, " + language).c_str(),
              words.size(), 100.0 * static_cast<double>(same) / static_cast<double>(words.size()));
}

}  // namespace

void report_front_end(const std::vector<std::string>& lines) {
  const auto front_end = TextFrontEnd::create({});
  if (!front_end) return void(std::printf("%s\n", front_end.error().message.c_str()));
  std::size_t bytes = 0;
  for (const std::string& line : lines) bytes += line.size();
  // ICU reads its table of Chinese once, when the first such sign is met.
  const std::clock_t before = std::clock();
  (void)front_end->read_line("\u98a8");
  std::printf("%-44s %.0f ms\n", "Chinese signs, once",
              1e3 * static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC);
  std::size_t missing = 0;
  for (const char* pass :
       {"whole front end, words not seen before", "whole front end, seen words"}) {
    missing = 0;
    const std::clock_t begin = std::clock();
    for (const std::string& line : lines) missing += lost(line, front_end->read_line(line));
    const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    std::printf("%-44s %.2f MB/s\n", pass, static_cast<double>(bytes) / seconds / 1e6);
  }
  std::printf("%-44s %zu of %zu bytes\n", "letters and digits lost without a reason", missing,
              bytes);
}

void report_kokoro(const std::filesystem::path& misaki, std::size_t step) {
  report_words(misaki, "en-US", step);
  report_words(misaki, "en-GB", step);
}

}  // namespace syrinx::bench
