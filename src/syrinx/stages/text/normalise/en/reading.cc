// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/normalise/en/reading.h"

#include <algorithm>
#include <array>
#include <utility>

namespace syrinx::text::en {
namespace {

constexpr char32_t kEnDash = 0x2013;
constexpr char32_t kEmDash = 0x2014;
constexpr char32_t kMinusSign = 0x2212;

// Of digits in one number: what has more is a list, and is not looked through again and again.
constexpr std::size_t kMaxGroups = 20;

// A group mark: a comma, then exactly three digits.
bool group_follows(const Pieces& pieces, std::size_t at) {
  return pieces.glued_symbol(at, ',') && pieces.glued_digits(at + 1) &&
         pieces.text(at + 1).size() == 3;
}

std::size_t read_groups(const Pieces& pieces, std::size_t at, Number& number) {
  const bool may_group = number.whole.size() <= 3 && number.whole.front() != '0';
  // All groups, or none: "1,234,56" is a list.
  std::size_t end = at;
  while (may_group && end < at + 2 * kMaxGroups && group_follows(pieces, end)) end += 2;
  const bool broken = pieces.glued_symbol(end, ',') && pieces.glued_digits(end + 1);
  if (broken) return at;
  for (; at < end; at += 2) {
    number.whole += pieces.text(at + 1);
    number.grouped = true;
  }
  return at;
}

struct MagnitudeName {
  std::string_view written;
  std::string_view spoken;
};
constexpr std::array<MagnitudeName, 7> kMagnitudes = {{{"thousand", "thousand"},
                                                       {"million", "million"},
                                                       {"billion", "billion"},
                                                       {"trillion", "trillion"},
                                                       {"quadrillion", "quadrillion"},
                                                       {"mln", "million"},
                                                       {"bln", "billion"}}};
constexpr std::array<MagnitudeName, 8> kShortMagnitudes = {{{"k", "thousand"},
                                                            {"m", "million"},
                                                            {"mm", "million"},
                                                            {"mn", "million"},
                                                            {"b", "billion"},
                                                            {"bn", "billion"},
                                                            {"t", "trillion"},
                                                            {"tn", "trillion"}}};

}  // namespace

namespace {

// "1.234,56", as the rest of Europe writes 1,234.56: points in groups, then a comma and cents.
std::optional<Number> read_european(const Pieces& pieces, std::size_t at) {
  if (pieces.text(at).size() > 3) return std::nullopt;
  Number number;
  number.whole = pieces.text(at);
  std::size_t end = at + 1;
  while (end < at + 2 * kMaxGroups && pieces.glued_symbol(end, '.') &&
         pieces.glued_digits(end + 1) && pieces.text(end + 1).size() == 3) {
    number.whole += pieces.text(end + 1);
    end += 2;
  }
  const bool cents = pieces.glued_symbol(end, ',') && pieces.glued_digits(end + 1) &&
                     pieces.text(end + 1).size() == 2;
  if (end == at + 1 || !cents || pieces.glued_symbol(end + 2, ',')) return std::nullopt;
  number.fraction = pieces.text(end + 1);
  number.point = number.grouped = true;
  number.end = end + 2;
  return number;
}

}  // namespace

std::optional<Number> read_number(const Reading& reading, std::size_t at) {
  const Pieces& pieces = reading.pieces;
  if (pieces.is_digits(at) && pieces.is(at + 1, '.')) {
    if (auto european = read_european(pieces, at)) return european;
  }
  Number number;
  if (pieces.is_digits(at)) {
    number.whole = pieces.text(at);
    number.end = read_groups(pieces, at + 1, number);
  } else if (pieces.is(at, '.') && pieces.glued_digits(at + 1)) {
    number.end = at;
  } else {
    return std::nullopt;
  }
  if (pieces.is(number.end, '.') && (number.end == at || pieces.glued(number.end)) &&
      pieces.glued_digits(number.end + 1)) {
    number.point = true;
    number.fraction = pieces.text(number.end + 1);
    number.end += 2;
  }
  return number;
}

std::string say(const Reading& reading, const Number& number, std::string_view magnitude) {
  const Conventions& how = reading.conventions;
  const bool last_group = magnitude.empty() || how.hundred_and == HundredAnd::kAlways;
  const HundredAnd hundred_and = last_group ? how.hundred_and : HundredAnd::kNever;
  std::string out = number.point
                        ? decimal(number.whole, number.fraction, how.zero_digit, hundred_and)
                        : cardinal(number.whole, hundred_and);
  if (!magnitude.empty()) (out += ' ') += magnitude;
  return out;
}

bool is_dash(const Reading& reading, std::size_t at) {
  const Piece& piece = reading.pieces[at];
  return piece.kind == PieceKind::kSymbol &&
         (piece.code == '-' || piece.code == kEnDash || piece.code == kEmDash ||
          piece.code == kMinusSign || piece.code == 0x2010 || piece.code == 0x2011);
}

bool is_minus(const Reading& reading, std::size_t at) {
  const Pieces& pieces = reading.pieces;
  const bool sign = pieces.is(at, kMinusSign);
  if (!sign && !pieces.is(at, '-') && !pieces.is(at, kEnDash)) return false;
  const bool number = pieces.glued_digits(at + 1) ||
                      (pieces.glued_symbol(at + 1, '.') && pieces.glued_digits(at + 2));
  return number && (sign || begins_word(reading, at));
}

std::optional<std::size_t> range_dash(const Reading& reading, std::size_t at) {
  if (!is_dash(reading, at)) return std::nullopt;
  const bool apart = reading.pieces[at].space_before;
  if (apart != reading.pieces[at + 1].space_before) return std::nullopt;
  return at + 1;
}

std::optional<Magnitude> read_magnitude(const Reading& reading, std::size_t at, bool short_forms) {
  const Pieces& pieces = reading.pieces;
  if (!pieces.is_letters(at) || pieces.text(at).size() > 11) return std::nullopt;
  const std::string word = lower_at(reading, at);
  for (const auto& [written, spoken] : kMagnitudes) {
    if (word == written) return Magnitude{spoken, at + 1};
  }
  if (!short_forms || !pieces.glued(at) || !ends_word(reading, at + 1)) return std::nullopt;
  for (const auto& [written, spoken] : kShortMagnitudes) {
    if (word == written) return Magnitude{spoken, at + 1};
  }
  return std::nullopt;
}

long value_at(const Reading& reading, std::size_t at) {
  if (!reading.pieces.is_digits(at)) return -1;
  const std::string_view digits = reading.pieces.text(at);
  if (digits.size() > 9) return -1;
  long value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

std::string lower_at(const Reading& reading, std::size_t at) {
  std::string out;
  if (reading.pieces.is_letters(at)) lower_ascii(reading.pieces.text(at), out);
  return out;
}

bool ends_word(const Reading& reading, std::size_t end) {
  const Piece& piece = reading.pieces[end];
  if (piece.space_before) return true;
  return piece.kind == PieceKind::kSymbol && piece.code != '$' && piece.code != '@' &&
         piece.code != '#' && piece.code != '_';
}

bool begins_word(const Reading& reading, std::size_t at) {
  if (reading.pieces[at].space_before) return true;
  const Piece& before = reading.pieces[at - 1];
  if (before.kind != PieceKind::kSymbol) return before.kind == PieceKind::kEnd;
  static constexpr std::u32string_view kOpening = U"([{<\"'`?!,;:=|“‘«„¿¡~^*×÷…";
  return kOpening.find(before.code) != std::u32string_view::npos;
}

bool is_attributive(const Reading& reading, std::size_t at, std::size_t end) {
  static constexpr std::array<std::string_view, 26> kNoNouns = {
      "of",   "in",  "a",     "an",   "per", "and",  "or",   "for",   "to",
      "from", "on",  "at",    "is",   "was", "each", "more", "less",  "than",
      "by",   "the", "every", "with", "as",  "that", "if",   "apiece"};
  const Pieces& pieces = reading.pieces;
  if (at == 0 || !pieces.is_letters(end) || !pieces[end].space_before) return false;
  const std::string before = lower_at(reading, at - 1);
  if (before != "a" && before != "an") return false;
  if (pieces[end].letter_case != LetterCase::kLower) return false;
  const std::string after = lower_at(reading, end);
  return std::find(kNoNouns.begin(), kNoNouns.end(), after) == kNoNouns.end();
}

bool is_ordinal_suffix(std::string_view lower) {
  return lower == "st" || lower == "nd" || lower == "rd" || lower == "th";
}

bool fits_ordinal(std::string_view digits, std::string_view suffix) {
  if (digits.empty()) return false;
  const bool teen = digits.size() > 1 && digits[digits.size() - 2] == '1';
  const char last = digits.back();
  if (!teen && last == '1') return suffix == "st";
  if (!teen && last == '2') return suffix == "nd";
  if (!teen && last == '3') return suffix == "rd";
  return suffix == "th";
}

}  // namespace syrinx::text::en
