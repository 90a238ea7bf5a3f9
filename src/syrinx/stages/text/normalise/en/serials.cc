// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/normalise/en/serials.h"

#include <algorithm>
#include <array>

#include "syrinx/stages/text/normalise/en/numbers.h"
#include "syrinx/stages/text/normalise/en/words.h"

namespace syrinx::text::en {
namespace {

void say_part(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  if (pieces.is_digits(at)) {
    match.say(say_code_digits(reading, pieces.text(at)), at, at + 1);
    return;
  }
  const bool capitals = pieces[at].letter_case == LetterCase::kUpper;
  const bool spelt = pieces.text(at).size() == 1 || (capitals && pieces.text(at).size() < 5) ||
                     pieces.text(at).size() == 2 || !is_sayable(lower_at(reading, at));
  if (spelt) {
    match.spell(pieces.text(at), at, at + 1);
  } else {
    match.say(std::string(pieces.text(at)), at, at + 1);
  }
}

// Formulas are known by their letters, not by their shape: "A4" is paper.
constexpr std::array<std::string_view, 24> kFormulas = {
    "CO2",  "H2O",  "O2",      "N2",   "H2",   "O3",   "NO2",   "SO2",
    "CH4",  "NH3",  "H2SO4",   "HNO3", "TiO2", "SiO2", "Fe2O3", "CaCO3",
    "NaOH", "NaCl", "C6H12O6", "H2O2", "N2O",  "SnO2", "Al2O3", "PbS"};

}  // namespace

bool serial_rule(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  const auto is_part = [&](std::size_t i) { return pieces.is_letters(i) || pieces.is_digits(i); };
  if (!is_part(at) || !is_part(at + 1) || !pieces.glued(at + 1)) return false;
  std::size_t end = at;
  do {
    say_part(reading, end, match);
    ++end;
  } while (is_part(end) && pieces.glued(end));
  return match.finish(end, TokenClass::kSerial, "serial: letters and digits");
}

bool round_plural(const Reading& reading, std::size_t at, Match& match) {
  const std::string_view digits = reading.pieces.text(at);
  const bool round = digits == "10" || digits == "100" || digits == "1000" || digits == "10000";
  if (!round || !reading.pieces.glued_letters(at + 1) || reading.pieces.text(at + 1) != "s") {
    return false;
  }
  const std::string word = cardinal(digits, HundredAnd::kNever);
  const bool one = word.substr(0, 4) == "one ";
  match.say(plural(one ? word.substr(4) : word));
  return match.finish(at + 2, TokenClass::kCardinal, "cardinal: about so many");
}

bool formula_rule(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  if (!begins_word(reading, at) || pieces[at].letter_case == LetterCase::kLower) return false;
  std::size_t end = at + 1;
  while (end < at + 8 && pieces.glued(end) && (pieces.is_letters(end) || pieces.is_digits(end))) {
    ++end;
  }
  const std::string_view written = pieces.text(at, end);
  if (std::find(kFormulas.begin(), kFormulas.end(), written) == kFormulas.end()) return false;
  for (std::size_t i = at; i < end; ++i) {
    if (pieces.is_digits(i)) {
      match.say(cardinal(pieces.text(i), HundredAnd::kNever), i, i + 1);
    } else {
      match.spell(pieces.text(i), i, i + 1);
    }
  }
  return match.finish(end, TokenClass::kMath, "chemistry: formula");
}

bool plan_rule(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  const std::string_view digits = pieces.text(at);
  if (digits != "401" && digits != "403" && digits != "457" && digits != "501") return false;
  if (!pieces.glued_symbol(at + 1, '(') || !pieces.glued_letters(at + 2)) return false;
  if (!pieces.glued_symbol(at + 3, ')')) return false;
  if (digits == "457") {
    match.say("four fifty seven", at, at + 1);
  } else {
    match.say(digit_words(digits, "oh"), at, at + 1);
  }
  match.spell(pieces.text(at + 2), at + 1, at + 4);
  return match.finish(at + 4, TokenClass::kSerial, "serial: section of the tax law");
}

}  // namespace syrinx::text::en
