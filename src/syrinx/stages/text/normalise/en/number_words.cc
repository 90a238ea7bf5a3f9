// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/normalise/en/number_words.h"

#include <array>
#include <utility>

namespace syrinx::text::en {
namespace {

constexpr std::array<std::string_view, 20> kSmall = {
    "zero",     "one",     "two",     "three",     "four",     "five",    "six",
    "seven",    "eight",   "nine",    "ten",       "eleven",   "twelve",  "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"};
constexpr std::array<std::string_view, 10> kTens = {
    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"};
constexpr std::array<std::string_view, 12> kScales = {
    "",           "thousand",   "million",   "billion",   "trillion", "quadrillion", "quintillion",
    "sextillion", "septillion", "octillion", "nonillion", "decillion"};
constexpr std::size_t kMaxCardinalDigits = 3 * kScales.size();

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kOddOrdinals = {
    {{"one", "first"},
     {"two", "second"},
     {"three", "third"},
     {"five", "fifth"},
     {"eight", "eighth"},
     {"nine", "ninth"},
     {"twelve", "twelfth"}}};

std::size_t value_of(std::string_view digits) {
  std::size_t value = 0;
  for (const char c : digits) value = value * 10 + static_cast<std::size_t>(c - '0');
  return value;
}

void add_word(std::string& out, std::string_view word) {
  if (!out.empty()) out += ' ';
  out += word;
}

void add_below_hundred(std::string& out, std::size_t value) {
  if (value < 20) return add_word(out, kSmall[value]);
  add_word(out, kTens[value / 10]);
  if (value % 10 != 0) add_word(out, kSmall[value % 10]);
}

// Of 1 to 999.
void add_group(std::string& out, std::size_t value, bool with_and) {
  if (value >= 100) {
    add_word(out, kSmall[value / 100]);
    add_word(out, "hundred");
    value %= 100;
    if (value == 0) return;
    if (with_and) add_word(out, "and");
  }
  add_below_hundred(out, value);
}

bool ends_with(std::string_view text, std::string_view tail) {
  return text.size() >= tail.size() && text.substr(text.size() - tail.size()) == tail;
}

constexpr std::array<std::pair<std::string_view, int>, 13> kRomanParts = {{{"M", 1000},
                                                                           {"CM", 900},
                                                                           {"D", 500},
                                                                           {"CD", 400},
                                                                           {"C", 100},
                                                                           {"XC", 90},
                                                                           {"L", 50},
                                                                           {"XL", 40},
                                                                           {"X", 10},
                                                                           {"IX", 9},
                                                                           {"V", 5},
                                                                           {"IV", 4},
                                                                           {"I", 1}}};

std::string roman_of(int value) {
  std::string out;
  for (const auto& [part, worth] : kRomanParts) {
    for (; value >= worth; value -= worth) out += part;
  }
  return out;
}

bool is_vowel(char c) { return std::string_view("aeiou").find(c) != std::string_view::npos; }

}  // namespace

std::string cardinal(std::string_view digits, HundredAnd hundred_and) {
  if (digits.size() > 1 && digits.find_first_not_of('0') == std::string_view::npos) return "zero";
  while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
  if (digits.size() > kMaxCardinalDigits) return digit_words(digits, "zero");
  if (digits.size() == 1 && digits.front() == '0') return "zero";
  std::string out;
  std::size_t groups = (digits.size() + 2) / 3;
  bool thousands = false;
  while (groups-- > 0) {
    const std::size_t take = digits.size() - 3 * groups;
    const std::size_t value = value_of(digits.substr(0, take));
    digits.remove_prefix(take);
    if (groups == 1) thousands = value != 0;
    if (value == 0) continue;
    const bool last = groups == 0;
    const bool with_and =
        hundred_and == HundredAnd::kAlways || (hundred_and == HundredAnd::kLastGroup && last);
    const bool after_thousand = hundred_and == HundredAnd::kAlways || thousands;
    if (last && value < 100 && after_thousand && !out.empty() && with_and) add_word(out, "and");
    add_group(out, value, with_and);
    if (!last) add_word(out, kScales[groups]);
  }
  return out;
}

std::string cardinal(long value, HundredAnd hundred_and) {
  if (value >= 0) return cardinal(std::to_string(value), hundred_and);
  return "minus " + cardinal(std::to_string(value).substr(1), hundred_and);
}

std::string to_ordinal(std::string cardinal) {
  const std::size_t space = cardinal.rfind(' ');
  const std::size_t begin = space == std::string::npos ? 0 : space + 1;
  for (const auto& [from, to] : kOddOrdinals) {
    if (std::string_view(cardinal).substr(begin) == from) {
      return cardinal.replace(begin, std::string::npos, to);
    }
  }
  if (ends_with(cardinal, "y")) return cardinal.replace(cardinal.size() - 1, 1, "ieth");
  return cardinal + "th";
}

std::string ordinal(std::string_view digits, HundredAnd hundred_and) {
  return to_ordinal(cardinal(digits, hundred_and));
}

std::string digit_words(std::string_view digits, std::string_view zero) {
  std::string out;
  out.reserve(digits.size() * 6);
  for (const char c : digits) {
    add_word(out, c == '0' ? zero : kSmall[static_cast<std::size_t>(c - '0')]);
  }
  return out;
}

std::string year(std::string_view digits, std::string_view zero, HundredAnd hundred_and) {
  const std::size_t value = value_of(digits);
  if (digits.size() == 3 && digits.front() != '0' && value % 100 != 0) {  // "three forty AD".
    std::string out(kSmall[value / 100]);
    if (value % 100 < 10) add_word(out, zero);
    add_below_hundred(out, value % 100);
    return out;
  }
  if (digits.size() != 4 || digits.front() == '0') return cardinal(digits, hundred_and);
  if (value % 1000 == 0 || (value % 1000 < 10 && (value / 1000 == 2 || value / 1000 == 1))) {
    return cardinal(digits, hundred_and);
  }
  std::string out;
  add_below_hundred(out, value / 100);
  if (value % 100 == 0) {
    add_word(out, "hundred");
  } else {
    if (value % 100 < 10) add_word(out, zero);
    add_below_hundred(out, value % 100);
  }
  return out;
}

std::string decade(std::string_view digits, std::string_view zero, HundredAnd hundred_and) {
  return plural(digits.size() == 4 ? year(digits, zero, hundred_and)
                                   : cardinal(digits, hundred_and));
}

std::string decimal(std::string_view whole, std::string_view fraction, std::string_view zero,
                    HundredAnd hundred_and) {
  std::string out;
  if (!whole.empty()) out = cardinal(whole, hundred_and);
  add_word(out, "point");
  add_word(out, fraction == "0" ? "zero" : digit_words(fraction, zero));
  return out;
}

std::string plural(std::string word) {
  if (word.empty()) return word;
  const bool y_after_consonant =
      word.size() > 1 && word.back() == 'y' && !is_vowel(word[word.size() - 2]);
  if (y_after_consonant) return word.replace(word.size() - 1, 1, "ies");
  const bool hisses = word.back() == 's' || word.back() == 'x' || word.back() == 'z' ||
                      ends_with(word, "ch") || ends_with(word, "sh");
  return word + (hisses ? "es" : "s");
}

int roman_value(std::string_view numeral) {
  if (numeral.empty() || numeral.size() > 15) return 0;
  const bool lower = numeral.front() >= 'a';
  std::string upper(numeral);
  for (char& c : upper) {
    if ((c >= 'a') != lower) return 0;
    if (lower) c = static_cast<char>(c - 32);
  }
  int value = 0;
  std::string_view rest = upper;
  for (const auto& [part, worth] : kRomanParts) {
    for (; rest.substr(0, part.size()) == part; rest.remove_prefix(part.size())) value += worth;
  }
  return rest.empty() && roman_of(value) == upper ? value : 0;
}

}  // namespace syrinx::text::en
