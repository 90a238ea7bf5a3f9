// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/timestamps.h"

#include <algorithm>
#include <cctype>
#include <cmath>

namespace syrinx::tts {
namespace {

struct VisemeRow {
  std::string_view symbol;
  int id;
};

// ARPABET in lower case, then IPA and the letters that Kokoro's alphabet has of its own.
constexpr VisemeRow kRows[] = {
    {"pau", 0}, {"sil", 0}, {"aa", 2},  {"ae", 1}, {"ah", 1},  {"ao", 3},  {"aw", 9}, {"ax", 1},
    {"ay", 11}, {"b", 21},  {"ch", 16}, {"d", 19}, {"dh", 17}, {"eh", 4},  {"er", 5}, {"ey", 4},
    {"f", 18},  {"g", 20},  {"hh", 12}, {"ih", 6}, {"iy", 6},  {"jh", 16}, {"k", 20}, {"l", 14},
    {"m", 21},  {"n", 19},  {"ng", 20}, {"ow", 8}, {"oy", 10}, {"p", 21},  {"r", 13}, {"s", 15},
    {"sh", 16}, {"t", 19},  {"th", 19}, {"uh", 4}, {"uw", 7},  {"v", 18},  {"w", 7},  {"y", 6},
    {"z", 15},  {"zh", 16}, {"æ", 1},   {"ə", 1},  {"ʌ", 1},   {"ɐ", 1},   {"a", 1},  {"ᵻ", 6},
    {"ɑ", 2},   {"ɑː", 2},  {"ɒ", 2},   {"ɔ", 3},  {"ɔː", 3},  {"ɛ", 4},   {"e", 4},  {"eɪ", 4},
    {"ʊ", 4},   {"ɝ", 5},   {"ɜ", 5},   {"ɜː", 5}, {"ɚ", 5},   {"i", 6},   {"iː", 6}, {"ɪ", 6},
    {"j", 6},   {"u", 7},   {"uː", 7},  {"o", 8},  {"oʊ", 8},  {"əʊ", 8},  {"aʊ", 9}, {"ɔɪ", 10},
    {"aɪ", 11}, {"h", 12},  {"ɹ", 13},  {"ɾ", 19}, {"ɫ", 14},  {"ʃ", 16},  {"ʒ", 16}, {"tʃ", 16},
    {"dʒ", 16}, {"t͡ʃ", 16}, {"d͡ʒ", 16}, {"ʧ", 16}, {"ʤ", 16},  {"ð", 17},  {"θ", 19}, {"ɡ", 20},
    {"ŋ", 20},  {"x", 20},  {"ʔ", 19},  {"A", 4},  {"I", 11},  {"W", 9},   {"Y", 10}, {"O", 8},
    {"Q", 8},   {"ᵊ", 1}};

// The first row of the symbol as it is; only then the first of it in lower case, as "AH0" is
// written.
std::optional<int> row_of(std::string_view symbol) noexcept {
  for (const VisemeRow& row : kRows) {
    if (row.symbol == symbol) return row.id;
  }
  return std::nullopt;
}

bool is_lead_byte(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

// When the place `share` (0 to 1) of a word is reached, by its phonemes [first, last).
double time_at(const std::vector<TimedPhoneme>& phonemes, std::size_t first, std::size_t last,
               double share) {
  const double place = share * static_cast<double>(last - first);
  const auto index = std::min(static_cast<std::size_t>(place), last - first - 1);
  const TimedPhoneme& timed = phonemes[first + index];
  return timed.begin_s + (timed.end_s - timed.begin_s) * (place - static_cast<double>(index));
}

struct Range {
  std::size_t first = 0;
  std::size_t last = 0;
};

// The phonemes that sound within the word, silence left out at both ends.
Range phonemes_of(const TimedWord& word, const std::vector<TimedPhoneme>& phonemes,
                  std::size_t from) {
  constexpr double kSlackS = 1e-6;
  const auto silent = [&](std::size_t i) { return row_of(phonemes[i].phoneme.symbol) == 0; };
  while (from < phonemes.size() &&
         (phonemes[from].begin_s < word.begin_s - kSlackS || silent(from)))
    ++from;
  std::size_t to = from;
  while (to < phonemes.size() && phonemes[to].end_s <= word.end_s + kSlackS) ++to;
  while (to > from && silent(to - 1)) --to;
  return {from, to};
}

}  // namespace

std::vector<TimedCharacter> time_characters(const SpokenSentence& sentence) {
  std::vector<TimedCharacter> characters;
  std::size_t from = 0;
  for (const TimedWord& word : sentence.words) {
    const Range range = phonemes_of(word, sentence.phonemes, from);
    if (range.last > range.first) from = range.last;
    const auto count =
        static_cast<double>(std::count_if(word.text.begin(), word.text.end(), is_lead_byte));
    const bool verbatim = word.text.size() == word.source.size();
    double done = 0;
    const auto at = [&](double share) {
      if (range.last > range.first)
        return time_at(sentence.phonemes, range.first, range.last, share);
      return word.begin_s + share * (word.end_s - word.begin_s);
    };
    for (std::size_t begin = 0; begin < word.text.size(); ++done) {
      std::size_t end = begin + 1;
      while (end < word.text.size() && !is_lead_byte(word.text[end])) ++end;
      TimedCharacter character;
      character.text = word.text.substr(begin, end - begin);
      character.source =
          verbatim ? SourceSpan{word.source.begin + begin, word.source.begin + end} : word.source;
      character.begin_s = at(done / count);
      character.end_s = at((done + 1) / count);
      characters.push_back(std::move(character));
      begin = end;
    }
  }
  return characters;
}

std::optional<int> viseme_of(std::string_view symbol) noexcept {
  while (!symbol.empty() && symbol.back() >= '0' && symbol.back() <= '2') symbol.remove_suffix(1);
  for (const std::string_view stress : {"ˈ", "ˌ"}) {
    if (symbol.starts_with(stress)) symbol.remove_prefix(stress.size());
  }
  if (const auto found = row_of(symbol)) return found;
  char lower[4]{};
  if (symbol.size() > 3) return std::nullopt;
  for (std::size_t i = 0; i < symbol.size(); ++i)
    lower[i] = static_cast<char>(std::tolower(static_cast<unsigned char>(symbol[i])));
  return row_of({lower, symbol.size()});
}

std::vector<TimedViseme> time_visemes(const SpokenSentence& sentence) {
  std::vector<TimedViseme> visemes;
  for (const TimedPhoneme& timed : sentence.phonemes) {
    const auto id = viseme_of(timed.phoneme.symbol);
    if (id) visemes.push_back({*id, timed.phoneme.source, timed.begin_s, timed.end_s});
  }
  return visemes;
}

}  // namespace syrinx::tts
