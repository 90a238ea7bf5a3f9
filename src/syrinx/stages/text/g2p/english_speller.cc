// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/g2p/english_speller.h"

#include <algorithm>
#include <array>
#include <vector>

#include "syrinx/stages/text/g2p/ascii_case.h"
#include "syrinx/stages/text/g2p/letter_names.h"
#include "syrinx/stages/text/g2p/morphology.h"

namespace syrinx::text {
namespace {

constexpr std::size_t kLongestSpelt = 3;  // Letters of capitals that are spelt whatever they are.
constexpr std::size_t kLongestWord = 64;  // Letters; what is longer is no word and is spelt.

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_vowel_letter(char c) {
  return std::string_view("aeiouy").find(c) != std::string_view::npos;
}

// Two consonants that begin an English word, in the order of the alphabet.
constexpr std::string_view kOnsets =
    " bl br ch cl cr dr dw fl fr gh gl gn gr kl kn kr ll mc ph pl pr ps qu rh sc sh sk sl sm sn sp "
    "sq st sv sw th tr ts tw vl wh wr zh ";

bool can_begin_word(std::string_view lower) {
  if (lower.size() < 2 || is_vowel_letter(lower[0]) || is_vowel_letter(lower[1])) return true;
  const std::string pair = " " + std::string(lower.substr(0, 2)) + " ";
  return kOnsets.find(pair) != std::string_view::npos;
}

// Parts of a word where its writing shows them: at hyphens and other marks, between letters and
// digits, and at "tT" of "YouTube".
std::vector<std::string_view> visible_parts(std::string_view word) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  const auto cut = [&](std::size_t at) {
    if (at > begin) parts.push_back(word.substr(begin, at - begin));
    begin = at;
  };
  for (std::size_t at = 0; at < word.size(); ++at) {
    const char c = word[at], before = at > begin ? word[at - 1] : '\0';
    const bool is_said = is_ascii_letter(c) || is_digit(c) || c == '\'';
    const bool turns =
        before != '\0' && is_digit(before) != is_digit(c) && c != '\'' && before != '\'';
    const bool is_camel = is_ascii_lower(before) && is_ascii_upper(c) && at >= begin + 2;
    if (!is_said || turns || is_camel) cut(at);
    if (!is_said) begin = at + 1;
  }
  cut(word.size());
  return parts;
}

}  // namespace

bool is_acronym(std::string_view word) noexcept {
  const std::string lower = ascii_lower(word);
  if (std::none_of(lower.begin(), lower.end(), is_vowel_letter)) return true;
  if (!has_no_lower(word)) return false;
  return word.size() <= kLongestSpelt || !can_begin_word(lower);
}

const EnglishSpeller& EnglishSpeller::builtin() {
  static const EnglishSpeller speller(EnglishWords::builtin(), FallbackModel::english());
  return speller;
}

std::string EnglishSpeller::known(std::string_view lower) const {
  std::string symbols = words_.by_heart(lower);
  if (!symbols.empty() || !words_.was_taught(lower)) return symbols;
  return model_.recall(lower);
}

SpeltWord EnglishSpeller::say(std::string_view word) const {
  const std::string lower = ascii_lower(word);
  if (std::string symbols = known(lower); !symbols.empty()) return {symbols, "built-in words"};
  const auto parts = visible_parts(word);
  if (parts.size() == 1) return say_part(parts[0]);
  SpeltWord whole;
  for (const std::string_view part : parts) {
    const SpeltWord one = say_part(part);
    if (one.symbols.empty()) continue;
    if (!whole.symbols.empty()) {
      whole.symbols += ' ';
      whole.decided_by += " + ";
    }
    whole.symbols += one.symbols;
    whole.decided_by += one.decided_by;
  }
  return whole;
}

SpeltWord EnglishSpeller::say_part(std::string_view part) const {
  if (is_digit(part.front())) return {letter_names(part), "digit by digit"};
  const std::string lower = ascii_lower(part);
  if (std::string symbols = known(lower); !symbols.empty()) return {symbols, "built-in words"};
  return say_unknown(part, lower);
}

SpeltWord EnglishSpeller::say_unknown(std::string_view part, const std::string& lower) const {
  const StemLookup look_up = [this](std::string_view stem) { return known(stem); };
  const bool has_apostrophe = lower.find('\'') != std::string::npos;
  auto derived = has_apostrophe ? with_apostrophe(lower, look_up, Affixes::kBetterThanModel)
                                : with_affix(lower, look_up, Affixes::kBetterThanModel);
  if (derived) return {std::move(derived->symbols), "morphology: " + derived->parts};
  if (is_acronym(part) || part.size() > kLongestWord)
    return {letter_names(part), "letter by letter"};
  return {model_.pronounce(lower), "fallback model"};
}

}  // namespace syrinx::text
