// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/normalise/de/number_words.h"

#include <array>
#include <charconv>

namespace syrinx::text::de {
namespace {

using std::string;
using std::string_view;

constexpr std::array<string_view, 20> kSmall = {
    "null",     "eins",     "zwei",     "drei",     "vier",     "fünf",    "sechs",
    "sieben",   "acht",     "neun",     "zehn",     "elf",      "zwölf",   "dreizehn",
    "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn"};
constexpr std::array<string_view, 10> kTens = {
    "", "", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"};
struct Magnitude {
  string_view one;
  string_view many;
};
constexpr std::array<Magnitude, 6> kMagnitudes = {{{"tausend", "tausend"},
                                                   {"million", "millionen"},
                                                   {"milliarde", "milliarden"},
                                                   {"billion", "billionen"},
                                                   {"billiarde", "billiarden"},
                                                   {"trillion", "trillionen"}}};
constexpr std::size_t kMaxDigits = 21;

void add(string& words, string_view more) {
  if (more.empty()) return;
  if (!words.empty()) words += ' ';
  words += more;
}

int value_of(string_view digits) {
  int value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

string below_hundred(int value) {
  if (value < 20) return string(kSmall[static_cast<std::size_t>(value)]);
  const auto ten = kTens[static_cast<std::size_t>(value / 10)];
  const int one = value % 10;
  if (one == 0) return string(ten);
  const string_view unit = one == 1 ? "ein" : kSmall[static_cast<std::size_t>(one)];
  return string(unit) + " und " + string(ten);
}

// 1 to 999.
string group_words(int value) {
  string words;
  const int hundreds = value / 100;
  if (hundreds > 0)
    words =
        (hundreds == 1 ? "ein" : string(kSmall[static_cast<std::size_t>(hundreds)])) + " hundert";
  if (value % 100 > 0) add(words, below_hundred(value % 100));
  return words;
}

// The group that counts the magnitude of 1000 to the power `rank`.
string magnitude_words(int value, std::size_t rank) {
  const Magnitude& magnitude = kMagnitudes[rank - 1];
  if (value == 1) return (rank == 1 ? "ein " : "eine ") + string(magnitude.one);
  return group_words(value) + " " + string(magnitude.many);
}

struct Irregular {
  string_view cardinal;
  string_view stem;  // Before "r", "n" or nothing.
};
constexpr std::array<Irregular, 4> kIrregular = {
    {{"eins", "erste"}, {"drei", "dritte"}, {"sieben", "siebte"}, {"acht", "achte"}}};

// "-te" up to nineteen, "-ste" from twenty on; by the last part of the number.
string ordinal_stem(const string& words, int last_two) {
  for (const Irregular& irregular : kIrregular) {
    const std::size_t last = words.rfind(' ') == string::npos ? 0 : words.rfind(' ') + 1;
    if (string_view(words).substr(last) == irregular.cardinal)
      return words.substr(0, last) + string(irregular.stem);
  }
  return words + (last_two > 0 && last_two < 20 ? "te" : "ste");
}

int last_two_of(string_view digits) {
  return value_of(digits.substr(digits.size() - (digits.size() < 2 ? digits.size() : 2)));
}

}  // namespace

string digit_words(string_view digits) {
  string words;
  for (const char digit : digits) add(words, kSmall[static_cast<std::size_t>(digit - '0')]);
  return words;
}

string cardinal(string_view digits) {
  if (digits.empty() || digits.size() > kMaxDigits || (digits.size() > 1 && digits[0] == '0'))
    return digit_words(digits);
  if (digits == "0") return "null";
  string words;
  std::size_t at = 0;
  for (std::size_t rank = (digits.size() - 1) / 3 + 1; rank-- > 0;) {
    const std::size_t size = (digits.size() - at) - 3 * rank;
    const int value = value_of(digits.substr(at, size));
    at += size;
    if (value > 0) add(words, rank == 0 ? group_words(value) : magnitude_words(value, rank));
  }
  return words;
}

string counting(string_view digits, bool feminine) {
  string words = cardinal(digits);
  if (words == "eins") return feminine ? "eine" : "ein";
  return words;
}

string ordinal(string_view digits, string_view ending) {
  return ordinal_stem(cardinal(digits), last_two_of(digits)) + string(ending);
}

string year(string_view digits) {
  const int value = digits.size() == 4 ? value_of(digits) : 0;
  if (value < 1100 || value > 1999) return cardinal(digits);
  string words = below_hundred(value / 100) + " hundert";
  if (value % 100 > 0) add(words, below_hundred(value % 100));
  return words;
}

string decimal(string_view whole, string_view fraction) {
  return cardinal(whole.empty() ? "0" : whole) + " komma " + digit_words(fraction);
}

string fraction(string_view above, string_view below) {
  string words = counting(above, false);
  if (below == "2") return words + (above == "1" ? " halb" : " halbe");
  if (below == "0") return words + " nulltel";
  string stem = ordinal(below, "");  // "dritte", "zwanzigste": the part is a "drittel".
  return words + " " + stem.substr(0, stem.size() - 2) + "tel";
}

}  // namespace syrinx::text::de
