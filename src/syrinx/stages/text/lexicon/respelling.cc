// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "syrinx/stages/text/lexicon/spelling.h"
#include "syrinx/stages/text/lexicon/written_pronunciation.h"

namespace syrinx::text {
namespace {

struct Sound {
  std::string_view letters;
  std::string_view phonemes;  // Of a vowel "AA#", where "#" is the stress digit's place.
};

// Longer letters stand before their beginnings.
constexpr std::array<Sound, 72> kSounds = {{
    {"tch", "CH"},      {"igh", "AY#"}, {"eye", "AY#"},  {"eer", "IH# R"}, {"air", "EH# R"},
    {"ire", "AY# ER0"}, {"ah", "AA#"},  {"aa", "AA#"},   {"ay", "EY#"},    {"ai", "EY#"},
    {"ar", "AA# R"},    {"aw", "AO#"},  {"au", "AO#"},   {"eh", "EH#"},    {"ee", "IY#"},
    {"er", "ER#"},      {"ir", "ER#"},  {"ur", "ER#"},   {"ih", "IH#"},    {"oh", "OW#"},
    {"oe", "OW#"},      {"oo", "UW#"},  {"or", "AO# R"}, {"ow", "AW#"},    {"oi", "OY#"},
    {"oy", "OY#"},      {"uh", "AH#"},  {"uu", "UH#"},   {"bb", "B"},      {"cc", "K"},
    {"ch", "CH"},       {"ck", "K"},    {"ce", "S EH#"}, {"ci", "S IH#"},  {"dd", "D"},
    {"dh", "DH"},       {"ff", "F"},    {"gg", "G"},     {"kk", "K"},      {"ll", "L"},
    {"mm", "M"},        {"nn", "N"},    {"ng", "NG"},    {"nk", "NG K"},   {"ph", "F"},
    {"pp", "P"},        {"qu", "K W"},  {"rr", "R"},     {"ss", "S"},      {"sh", "SH"},
    {"tt", "T"},        {"th", "TH"},   {"vv", "V"},     {"wh", "W"},      {"zh", "ZH"},
    {"zz", "Z"},        {"a", "AE#"},   {"b", "B"},      {"c", "K"},       {"d", "D"},
    {"e", "EH#"},       {"f", "F"},     {"g", "G"},      {"h", "HH"},      {"i", "IH#"},
    {"j", "JH"},        {"k", "K"},     {"l", "L"},      {"m", "M"},       {"n", "N"},
    {"o", "AA#"},       {"p", "P"},
}};
constexpr std::array<Sound, 9> kMoreSounds = {{{"r", "R"},
                                               {"s", "S"},
                                               {"t", "T"},
                                               {"u", "AH#"},
                                               {"v", "V"},
                                               {"w", "W"},
                                               {"x", "K S"},
                                               {"y", "Y"},
                                               {"z", "Z"}}};

const Sound* sound_at(std::string_view letters) {
  const auto begins = [&](const Sound& sound) {
    return letters.substr(0, sound.letters.size()) == sound.letters;
  };
  for (const Sound& sound : kSounds) {
    if (begins(sound)) return &sound;
  }
  for (const Sound& sound : kMoreSounds) {
    if (begins(sound)) return &sound;
  }
  return nullptr;
}

Error misspelt(std::string_view syllable, std::string_view what) {
  return make_error(ErrorCode::kInvalidArgument, "the respelt syllable '", syllable, "' ", what,
                    "; write syllables as in kuh-KAH-roh, the stressed one in capitals");
}

bool is_capital(std::string_view syllable) {
  return std::none_of(syllable.begin(), syllable.end(),
                      [](char c) { return c >= 'a' && c <= 'z'; });
}

std::vector<std::string_view> syllables_of(std::string_view text) {
  std::vector<std::string_view> syllables;
  while (true) {
    const std::size_t end = std::min(text.find_first_of("- "), text.size());
    syllables.push_back(text.substr(0, end));
    if (end == text.size()) return syllables;
    text.remove_prefix(end + 1);
  }
}

Result<std::string> phonemes_of(std::string_view syllable, char stress) {
  const std::string letters = lower_spelling(syllable);
  std::string phonemes;
  std::size_t vowels = 0;
  for (std::size_t at = 0; at < letters.size();) {
    const Sound* const sound = sound_at(std::string_view(letters).substr(at));
    if (sound == nullptr) return misspelt(syllable, "has a character that stands for no sound");
    const bool is_last_y = sound->letters == "y" && at + 1 == letters.size() && vowels == 0;
    const std::string_view said = is_last_y ? "AY#" : sound->phonemes;
    vowels += said.find('#') != std::string_view::npos ? 1 : 0;
    if (!phonemes.empty()) phonemes += ' ';
    phonemes += said;
    at += sound->letters.size();
  }
  if (vowels != 1) return misspelt(syllable, vowels == 0 ? "has no vowel" : "has several vowels");
  std::replace(phonemes.begin(), phonemes.end(), '#', stress);
  return phonemes;
}

}  // namespace

Result<std::string> respelling_to_arpabet(std::string_view respelling) {
  const auto syllables = syllables_of(respelling);
  const bool has_capitals = std::any_of(syllables.begin(), syllables.end(), is_capital);
  bool has_primary = false;
  std::string phonemes;
  for (std::size_t i = 0; i < syllables.size(); ++i) {
    const bool is_stressed = has_capitals ? is_capital(syllables[i]) : i == 0;
    const char stress = !is_stressed ? '0' : has_primary ? '2' : '1';
    has_primary |= is_stressed;
    SYRINX_ASSIGN(const std::string said, phonemes_of(syllables[i], stress));
    if (!phonemes.empty()) phonemes += ' ';
    phonemes += said;
  }
  return phonemes;
}

}  // namespace syrinx::text
