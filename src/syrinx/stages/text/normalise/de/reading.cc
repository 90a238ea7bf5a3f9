// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/normalise/de/reading.h"

#include <array>
#include <charconv>

#include "syrinx/stages/text/normalise/de/number_words.h"

namespace syrinx::text::de {
namespace {

// A hyphen or minus glued to the number, with nothing glued before it.
bool is_minus(const Reading& reading, std::size_t at) {
  const Pieces& p = reading.pieces;
  return (p.is(at, U'-') || p.is(at, U'−')) && p.glued_digits(at + 1) && !p.glued(at);
}

}  // namespace

std::optional<Number> read_number(const Reading& reading, std::size_t at) {
  const Pieces& p = reading.pieces;
  Number number;
  number.negative = is_minus(reading, at);
  if (number.negative) ++at;
  if (!p.is_digits(at)) return std::nullopt;
  number.whole = p.text(at++);
  if (number.whole.size() <= 3) {
    while (p.glued_symbol(at, U'.') && p.glued_digits(at + 1) && p.text(at + 1).size() == 3) {
      number.whole += p.text(at + 1);
      at += 2;
    }
  }
  if (p.glued_symbol(at, U',') && p.glued_digits(at + 1)) {
    number.comma = true;
    number.fraction = p.text(at + 1);
    at += 2;
  }
  number.end = at;
  return number;
}

std::string say(const Number& number) {
  const std::string words =
      number.comma ? decimal(number.whole, number.fraction) : cardinal(number.whole);
  return (number.negative ? "minus " : "") + words;
}

std::string say_counting(const Number& number, bool feminine) {
  if (number.comma) return say(number);
  return (number.negative ? "minus " : "") + counting(number.whole, feminine);
}

long value_at(const Reading& reading, std::size_t at) {
  const std::string_view text = reading.pieces.text(at);
  if (!reading.pieces.is_digits(at) || text.size() > 9) return -1;
  long value = -1;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string lower_at(const Reading& reading, std::size_t at) {
  return reading.pieces.is_letters(at) ? lower_case(reading.pieces.text(at)) : std::string();
}

bool takes_weak_ending(const Reading& reading, std::size_t at) {
  constexpr auto kBefore = std::to_array<std::string_view>(
      {"am",    "vom",   "zum",    "beim",  "im",     "dem",    "den",
       "des",   "der",   "zur",    "ab",    "seit",   "bis",    "jeden",
       "jedem", "ihrem", "seinem", "ihren", "seinen", "meinem", "meinen"});
  if (at == 0) return false;
  const std::string before = lower_at(reading, at - 1);
  for (const std::string_view word : kBefore) {
    if (before == word) return true;
  }
  return false;
}

bool begins_word(const Reading& reading, std::size_t at) {
  return at == 0 || !reading.pieces.glued(at) || reading.pieces[at - 1].kind == PieceKind::kSymbol;
}

}  // namespace syrinx::text::de
