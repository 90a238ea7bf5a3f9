// SPDX-License-Identifier: Apache-2.0
#include "dictionary.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

namespace syrinx::training {
namespace {

constexpr std::array<const char*, 24> kConsonants = {"B",  "CH", "D",  "DH", "F",  "G", "HH", "JH",
                                                     "K",  "L",  "M",  "N",  "NG", "P", "R",  "S",
                                                     "SH", "T",  "TH", "V",  "W",  "Y", "Z",  "ZH"};
constexpr std::array<const char*, 15> kVowels = {"AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER",
                                                 "EY", "IH", "IY", "OW", "OY", "UH", "UW"};

bool is_letters(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(),
                                      [](char c) { return (c >= 'a' && c <= 'z') || c == '\''; });
}

std::uint32_t fnv1a(std::string_view text) {
  std::uint32_t hash = 2166136261U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash;
}

std::vector<PhoneCode> phones_of(std::istringstream& line) {
  std::vector<PhoneCode> phones;
  for (std::string name; line >> name && name[0] != '#';) {
    const int code = phone_code(name);
    if (code < 0) throw std::runtime_error("'" + name + "' is no ARPABET phoneme");
    phones.push_back(static_cast<PhoneCode>(code));
  }
  return phones;
}

}  // namespace

std::string phone_name(PhoneCode code) {
  if (code < 24) return kConsonants[code];
  const std::size_t vowel = code - 24U;
  return kVowels[vowel / 3] + std::to_string(vowel % 3);
}

int phone_code(std::string_view name) {
  static const auto codes = [] {
    std::map<std::string, int, std::less<>> all;
    for (std::size_t code = 0; code < kPhoneCodes; ++code) {
      all[phone_name(static_cast<PhoneCode>(code))] = static_cast<int>(code);
    }
    return all;
  }();
  const auto found = codes.find(name);
  return found == codes.end() ? -1 : found->second;
}

PhoneCode without_stress(PhoneCode code) {
  return code < 24 ? code : static_cast<PhoneCode>(24 + (code - 24) / 3 * 3);
}

std::vector<Word> read_cmudict(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("no dictionary at " + path.string());
  std::vector<Word> words;
  for (std::string text; std::getline(file, text);) {
    std::istringstream line(text);
    std::string spelling;
    line >> spelling;
    spelling = spelling.substr(0, spelling.find('('));
    if (words.empty() || words.back().spelling != spelling) {
      words.push_back({spelling, {}, is_letters(spelling), fnv1a(spelling) % 10 == 0});
    }
    words.back().readings.push_back(phones_of(line));
  }
  return words;
}

}  // namespace syrinx::training
