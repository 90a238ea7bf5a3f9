// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/normalise/en/addresses.h"

#include <array>
#include <utility>

#include "syrinx/stages/text/normalise/en/word_tables.h"

namespace syrinx::text::en {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

constexpr std::array<Pair, 34> kStreets = {
    {{"st", "Street"},       {"street", "Street"},    {"ave", "Avenue"},
     {"av", "Avenue"},       {"avenue", "Avenue"},    {"rd", "Road"},
     {"road", "Road"},       {"blvd", "Boulevard"},   {"boulevard", "Boulevard"},
     {"dr", "Drive"},        {"drive", "Drive"},      {"ln", "Lane"},
     {"lane", "Lane"},       {"hwy", "Highway"},      {"highway", "Highway"},
     {"expy", "Expressway"}, {"expwy", "Expressway"}, {"ct", "Court"},
     {"court", "Court"},     {"pl", "Place"},         {"place", "Place"},
     {"sq", "Square"},       {"square", "Square"},    {"ter", "Terrace"},
     {"terrace", "Terrace"}, {"pkwy", "Parkway"},     {"parkway", "Parkway"},
     {"way", "Way"},         {"cir", "Circle"},       {"aly", "Alley"},
     {"plz", "Plaza"},       {"trl", "Trail"},        {"fwy", "Freeway"},
     {"rte", "Route"}}};
constexpr std::array<Pair, 8> kDirections = {{{"N", "North"},
                                              {"S", "South"},
                                              {"E", "East"},
                                              {"W", "West"},
                                              {"NE", "Northeast"},
                                              {"NW", "Northwest"},
                                              {"SE", "Southeast"},
                                              {"SW", "Southwest"}}};

constexpr std::size_t kMaxNameWords = 4;

template <std::size_t kCount>
std::string_view find(const std::array<Pair, kCount>& pairs, std::string_view key) {
  for (const auto& [written, spoken] : pairs) {
    if (written == key) return spoken;
  }
  return {};
}

// "2788": "twenty seven eighty eight"; "708": "seven zero eight"; "123": "one twenty three".
std::string say_house_number(const Reading& reading, std::string_view digits) {
  const HundredAnd no_and = HundredAnd::kNever;
  if (digits.size() == 3) {
    if (digits.substr(1) == "00") return cardinal(digits, no_and);
    if (digits[1] == '0') return digit_words(digits, reading.conventions.zero_digit);
    return cardinal(digits.substr(0, 1), no_and) + " " + cardinal(digits.substr(1), no_and);
  }
  if (digits.size() == 4) return year(digits, reading.conventions.zero_in_year, no_and);
  if (digits.size() > 4) return digit_words(digits, reading.conventions.zero_digit);
  return cardinal(digits, no_and);
}

// The words of a street's name, and the piece of its kind.
struct Street {
  std::vector<std::pair<std::string, std::size_t>> words;  // With their pieces.
  std::vector<std::size_t> ends;
  std::string_view kind;
  std::size_t kind_at = 0;
  bool capital = false;
};

// One word of the name at `at`: "San", "N", "1st"; returns the piece after it, or 0.
std::size_t read_name_word(const Reading& reading, std::size_t at, std::string& word) {
  const Pieces& pieces = reading.pieces;
  if (pieces.is_digits(at) && pieces.glued_letters(at + 1)) {
    if (!fits_ordinal(pieces.text(at), lower_at(reading, at + 1))) return 0;
    word = ordinal(pieces.text(at), HundredAnd::kNever);
    return at + 2;
  }
  if (!pieces.is_letters(at) || pieces[at].letter_case == LetterCase::kLower) return 0;
  const std::string_view direction = find(kDirections, pieces.text(at));
  word = direction.empty() ? std::string(pieces.text(at)) : std::string(direction);
  return at + 1 + (!direction.empty() && pieces.glued_symbol(at + 1, '.') ? 1U : 0U);
}

bool read_street(const Reading& reading, std::size_t at, Street& street) {
  const Pieces& pieces = reading.pieces;
  std::size_t i = at;
  while (street.words.size() <= kMaxNameWords) {
    const std::string_view kind = find(kStreets, lower_at(reading, i));
    if (!kind.empty() && !street.words.empty() && ends_word(reading, i + 1)) {
      street.kind = kind;
      street.kind_at = i;
      return true;
    }
    std::string word;
    const std::size_t end = read_name_word(reading, i, word);
    if (end == 0 || !pieces[i].space_before) return false;
    street.words.emplace_back(std::move(word), i);
    street.ends.push_back(end);
    i = end;
  }
  return false;
}

}  // namespace

bool street_address(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  if (!begins_word(reading, at) || pieces.text(at).size() > 5 || !pieces[at + 1].space_before) {
    return false;
  }
  Street street;
  if (!read_street(reading, at + 1, street)) return false;
  match.say(say_house_number(reading, pieces.text(at)), at, at + 1);
  for (std::size_t i = 0; i < street.words.size(); ++i) {
    match.say(street.words[i].first, street.words[i].second, street.ends[i]);
  }
  std::size_t end = street.kind_at + 1;
  const bool short_form = pieces.text(street.kind_at).size() < street.kind.size();
  if (short_form && pieces.glued_symbol(end, '.') && end + 1 < pieces.size()) ++end;
  match.say(std::string(street.kind), street.kind_at, end);
  return match.finish(end, TokenClass::kAddress, "address: number and street");
}

bool state_rule(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  if (at < 2 || !pieces.is(at - 1, ',') || reading.all_caps) return false;
  if (pieces[at].letter_case != LetterCase::kUpper || reading.conventions.spaced) return false;
  if (pieces[at - 2].letter_case != LetterCase::kCapitalised) return false;
  const std::string_view name = state_name(pieces.text(at));
  if (name.empty() || !ends_word(reading, at + 1)) return false;
  const std::size_t zip = at + 1 + (pieces.is(at + 1, ',') ? 1U : 0U);
  const bool has_zip = pieces.is_digits(zip) && pieces.text(zip).size() == 5;
  match.say(std::string(name), at, at + 1);
  if (!has_zip) return match.finish(at + 1, TokenClass::kAddress, "address: state after a town");
  match.say(digit_words(pieces.text(zip), reading.conventions.zero_digit), zip, zip + 1);
  std::size_t end = zip + 1;
  if (pieces.glued_symbol(end, '-') && pieces.glued_digits(end + 1) &&
      pieces.text(end + 1).size() == 4) {
    match.say(digit_words(pieces.text(end + 1), reading.conventions.zero_digit), end + 1, end + 2);
    end += 2;
  }
  return match.finish(end, TokenClass::kAddress, "address: state and ZIP code");
}

}  // namespace syrinx::text::en
