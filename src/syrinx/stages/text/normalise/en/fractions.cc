// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/normalise/en/fractions.h"

#include <array>

namespace syrinx::text::en {
namespace {

struct Vulgar {
  char32_t sign;
  std::string_view numerator;
  std::string_view denominator;
};
constexpr std::array<Vulgar, 18> kVulgar = {{{U'½', "1", "2"},
                                             {U'⅓', "1", "3"},
                                             {U'⅔', "2", "3"},
                                             {U'¼', "1", "4"},
                                             {U'¾', "3", "4"},
                                             {U'⅕', "1", "5"},
                                             {U'⅖', "2", "5"},
                                             {U'⅗', "3", "5"},
                                             {U'⅘', "4", "5"},
                                             {U'⅙', "1", "6"},
                                             {U'⅚', "5", "6"},
                                             {U'⅐', "1", "7"},
                                             {U'⅛', "1", "8"},
                                             {U'⅜', "3", "8"},
                                             {U'⅝', "5", "8"},
                                             {U'⅞', "7", "8"},
                                             {U'⅑', "1", "9"},
                                             {U'⅒', "1", "10"}}};

std::optional<Fraction> read_vulgar(const Reading& reading, std::size_t at) {
  const Piece& piece = reading.pieces[at];
  if (piece.kind != PieceKind::kSymbol || piece.code < 0xbc) return std::nullopt;
  for (const Vulgar& known : kVulgar) {
    if (known.sign == piece.code) {
      return Fraction{{}, std::string(known.numerator), std::string(known.denominator), at + 1};
    }
  }
  return std::nullopt;
}

bool is_slash(const Reading& reading, std::size_t at) {
  const Pieces& pieces = reading.pieces;
  if (!pieces.is(at, '/') && !pieces.is(at, 0x2044)) return false;
  const bool glued = pieces.glued(at) && pieces.glued(at + 1);
  const bool apart = pieces[at].space_before && pieces[at + 1].space_before;
  return glued || (apart && !reading.conventions.spaced);
}

// "2/4th" without a whole number.
std::optional<Fraction> read_plain(const Reading& reading, std::size_t at) {
  const Pieces& pieces = reading.pieces;
  if (!pieces.is_digits(at) || !is_slash(reading, at + 1)) return std::nullopt;
  const auto top = read_number(reading, at);
  const auto bottom = read_number(reading, at + 2);
  if (!top || top->end != at + 1 || !bottom || bottom->point) return std::nullopt;
  if (bottom->whole.front() == '0' || top->whole.size() > 12 || bottom->whole.size() > 12) {
    return std::nullopt;
  }
  std::size_t end = bottom->end;
  if (pieces.glued_letters(end)) {
    const std::string suffix = lower_at(reading, end);
    const bool ordinal_follows = fits_ordinal(bottom->whole, suffix) || suffix == "ths";
    if (ordinal_follows) ++end;
  }
  const bool more = pieces.glued_symbol(end, '/') && pieces.glued_digits(end + 1);
  if (more) return std::nullopt;
  return Fraction{{}, top->whole, bottom->whole, end};
}

std::string say_denominator(std::string_view denominator, bool one) {
  if (denominator == "2") return one ? "half" : "halves";
  if (denominator == "4") return one ? "quarter" : "quarters";
  std::string word = ordinal(denominator, HundredAnd::kNever);
  if (denominator == "100" || denominator == "1000" || denominator == "1000000") word.erase(0, 4);
  return one ? word : word + "s";
}

}  // namespace

std::optional<Fraction> read_fraction(const Reading& reading, std::size_t at) {
  if (auto vulgar = read_vulgar(reading, at)) return vulgar;
  if (auto plain = read_plain(reading, at)) return plain;
  const Pieces& pieces = reading.pieces;
  if (!pieces.is_digits(at) || pieces.text(at).size() > 6) return std::nullopt;
  auto part = read_vulgar(reading, at + 1);
  const bool hyphen = pieces.glued_symbol(at + 1, '-') && pieces.glued(at + 2);
  if (!part && (pieces[at + 1].space_before || hyphen)) {
    part = read_plain(reading, at + (hyphen ? 2U : 1U));
    const bool proper = part && part->numerator.size() <= part->denominator.size() + 2 &&
                        (pieces.glued(part->end - 2) || hyphen);
    if (!proper) return std::nullopt;
  }
  if (!part) return std::nullopt;
  part->whole = pieces.text(at);
  return part;
}

std::string say_fraction(const Fraction& fraction) {
  const bool one = fraction.numerator == "1";
  std::string out;
  if (!fraction.whole.empty()) {
    out = cardinal(fraction.whole, HundredAnd::kNever) + " and ";
    if (one && fraction.denominator == "2") return out + "a half";
  }
  out += cardinal(fraction.numerator, HundredAnd::kNever);
  if (fraction.denominator == "1") return out + " over one";
  return out + " " + say_denominator(fraction.denominator, one);
}

bool fraction_rule(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  if (!begins_word(reading, at)) return false;
  const auto fraction = read_fraction(reading, at);
  if (!fraction || !(ends_word(reading, fraction->end))) return false;
  if (pieces.text(at, fraction->end) == "24/7") {
    match.say("twenty four seven");
    return match.finish(fraction->end, TokenClass::kFraction, "fraction: all day, every day");
  }
  if (pieces.text(at, fraction->end) == "9/11") {
    match.say("nine eleven");
    return match.finish(fraction->end, TokenClass::kDate, "date: known by its numbers");
  }
  const bool shares = fraction->numerator == "50" || fraction->numerator == "20";  // Eyesight.
  if (shares && fraction->numerator == fraction->denominator && fraction->whole.empty()) {
    const std::string part = cardinal(fraction->numerator, HundredAnd::kNever);
    match.say(part + " " + part);
    return match.finish(fraction->end, TokenClass::kFraction, "fraction: equal shares");
  }
  match.say(say_fraction(*fraction));
  return match.finish(fraction->end, TokenClass::kFraction, "fraction: numbers with a slash");
}

}  // namespace syrinx::text::en
