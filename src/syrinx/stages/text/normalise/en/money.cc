// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/normalise/en/money.h"

#include <array>
#include <utility>

namespace syrinx::text::en {
namespace {

// The sign or code at `at`, and the piece after it.
struct Sign {
  const Currency* currency = nullptr;
  std::size_t end = 0;
};

Sign read_sign(const Reading& reading, std::size_t at) {
  const Pieces& pieces = reading.pieces;
  const Piece& piece = pieces[at];
  if (piece.kind == PieceKind::kSymbol) return {currency_of_sign(piece.code), at + 1};
  if (piece.kind != PieceKind::kLetters || piece.letter_case == LetterCase::kLower) return {};
  const std::string_view text = pieces.text(at);
  if (text.size() > 3) return {};
  if (pieces.glued_symbol(at + 1, '$')) return {dollar_of(text), at + 2};
  return {text.size() == 3 ? currency_of_code(text) : nullptr, at + 1};
}

// A number with its magnitude.
struct Amount {
  Number number;
  std::string_view magnitude;
  std::size_t end = 0;
};

std::optional<Amount> read_amount(const Reading& reading, std::size_t at, bool short_forms) {
  auto number = read_number(reading, at);
  if (!number) return std::nullopt;
  Amount amount{*number, {}, number->end};
  if (const auto magnitude = read_magnitude(reading, amount.end, short_forms)) {
    amount.magnitude = magnitude->word;
    amount.end = magnitude->end;
  }
  return amount;
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 26> kPer = {
    {{"mo", "month"},   {"month", "month"},   {"yr", "year"},     {"year", "year"},
     {"y", "year"},     {"hr", "hour"},       {"h", "hour"},      {"hour", "hour"},
     {"day", "day"},    {"d", "day"},         {"wk", "week"},     {"week", "week"},
     {"min", "minute"}, {"sec", "second"},    {"lb", "pound"},    {"kg", "kilogram"},
     {"oz", "ounce"},   {"gal", "gallon"},    {"l", "liter"},     {"unit", "unit"},
     {"ea", "each"},    {"person", "person"}, {"night", "night"}, {"kwh", "kilowatt hour"},
     {"mi", "mile"},    {"user", "user"}}};

// "/mo" after an amount: its words, and past it.
std::string read_per(const Reading& reading, std::size_t& end) {
  const Pieces& pieces = reading.pieces;
  if (!pieces.glued_symbol(end, '/') || !pieces.glued_letters(end + 1)) return {};
  const std::string unit = lower_at(reading, end + 1);
  if (!ends_word(reading, end + 2)) return {};
  for (const auto& [written, spoken] : kPer) {
    if (unit == written) {
      end += 2;
      return "per " + std::string(spoken);
    }
  }
  return {};
}

// The fraction in hundredths where it is one: "5" is 50, "010" is 1.
std::string_view trimmed(std::string_view fraction) {
  while (fraction.size() > 2 && fraction.back() == '0') fraction.remove_suffix(1);
  return fraction;
}

std::string say_major(const Reading& reading, const Number& number, const Currency& currency) {
  return cardinal(number.whole, reading.conventions.hundred_and) + " " +
         std::string(number.whole == "1" ? currency.singular : currency.plural);
}

std::string say_minor(const Reading& reading, std::string_view fraction, const Currency& currency) {
  const int tens = fraction[0] - '0';
  const int ones = fraction.size() > 1 ? fraction[1] - '0' : 0;
  const int value = tens * 10 + ones;
  return cardinal(value, reading.conventions.hundred_and) + " " +
         std::string(value == 1 ? currency.minor : currency.minor_plural);
}

bool is_zero(std::string_view digits) {
  return digits.find_first_not_of('0') == std::string_view::npos;
}

std::string say(const Reading& reading, const Amount& amount, const Currency& currency) {
  return say_amount(reading, amount.number, amount.magnitude, currency);
}

// "$5-10 million": the second amount of a range, or nothing.
std::optional<Amount> read_range(const Reading& reading, std::size_t end, Sign sign) {
  const auto next = range_dash(reading, end);
  if (!next) return std::nullopt;
  const Sign again = read_sign(reading, *next);
  if (again.currency != nullptr && again.currency != sign.currency) return std::nullopt;
  auto amount = read_amount(reading, again.currency != nullptr ? again.end : *next, true);
  if (amount && !ends_word(reading, amount->end)) return std::nullopt;
  return amount;
}

// "$1 million dollar home": the word that follows says the currency.
void drop_doubled(const Reading& reading, std::size_t end, std::string& said) {
  const std::string next = lower_at(reading, end);
  if (next.size() < 3) return;
  for (const std::string& doubled : {" " + next, " " + next + "s"}) {
    const bool ends = said.size() > doubled.size() &&
                      said.compare(said.size() - doubled.size(), doubled.size(), doubled) == 0;
    if (ends) return said.resize(said.size() - doubled.size());
  }
}

// "a $5 fee" is a "five dollar fee".
void make_attributive(const Reading& reading, std::size_t end, const Match& match,
                      std::string& said) {
  const bool plural = said.size() > 5 && said.back() == 's' && said.find(" cent") == said.npos;
  if (plural && is_attributive(reading, match.begin(), end)) said.pop_back();
}

bool finish(const Reading& reading, std::string said, std::size_t end, Match& match,
            std::string_view rule) {
  drop_doubled(reading, end, said);
  make_attributive(reading, end, match, said);
  const std::string per = read_per(reading, end);
  if (!per.empty()) said += " " + per;
  if (const std::size_t at = said.find("U S dollar"); at != std::string::npos) {
    if (at > 0) match.say(said.substr(0, at - 1));
    match.spell("US");
    said.erase(0, at + 4);
  }
  match.say(std::move(said));
  return match.finish(end, TokenClass::kMoney, rule);
}

}  // namespace

std::string say_amount(const Reading& reading, const Number& number, std::string_view magnitude,
                       const Currency& currency) {
  const std::string plural(currency.plural);
  if (!magnitude.empty()) {
    return en::say(reading, number, magnitude) + " " + plural;
  }
  if (!number.point || (is_zero(number.fraction) && !number.whole.empty())) {
    return say_major(reading, number, currency);
  }
  const std::string_view fraction = trimmed(number.fraction);
  if (fraction.size() > 2 || currency.minor.empty()) {
    return en::say(reading, number) + " " + plural;
  }
  const std::string minor = say_minor(reading, fraction, currency);
  if (is_zero(number.whole)) return minor;
  const std::string_view joint = reading.conventions.spaced ? " and " : " ";
  return say_major(reading, number, currency) + std::string(joint) + minor;
}

bool money_sign_first(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  const bool minus = (pieces.is(at, '-') || pieces.is(at, 0x2212)) && begins_word(reading, at) &&
                     pieces.glued(at + 1);
  const std::size_t sign_at = at + (minus ? 1U : 0U);
  const Sign sign = read_sign(reading, sign_at);
  if (sign.currency == nullptr || sign.currency->written == "¢") return false;
  const bool is_code = pieces.is_letters(sign.end - 1);
  if (is_code && !begins_word(reading, at)) return false;
  const auto amount = read_amount(reading, sign.end, true);
  if (!amount || (is_code && !ends_word(reading, amount->end))) return false;
  const std::string prefix = minus ? "minus " : "";
  if (const auto last = read_range(reading, amount->end, sign)) {
    const bool shares = amount->magnitude.empty() && !last->magnitude.empty() &&
                        !read_sign(reading, amount->end + 1).currency;
    const bool repeats = read_sign(reading, amount->end + 1).currency != nullptr;
    const std::string first = repeats && !shares ? say(reading, *amount, *sign.currency)
                                                 : en::say(reading, amount->number);
    return finish(reading, prefix + first + " to " + say(reading, *last, *sign.currency), last->end,
                  match, "money: from one amount to another");
  }
  return finish(reading, prefix + say(reading, *amount, *sign.currency), amount->end, match,
                is_code ? "money: code before the amount" : "money: sign before the amount");
}

bool money_number_first(const Reading& reading, std::size_t at, Match& match) {
  if (!begins_word(reading, at)) return false;
  auto amount = read_amount(reading, at, false);
  if (!amount) return false;
  const Pieces& pieces = reading.pieces;
  const Sign sign = read_sign(reading, amount->end);
  if (sign.currency == nullptr || !ends_word(reading, sign.end)) return false;
  const bool is_code = pieces.is_letters(sign.end - 1);
  const bool symbol_apart = pieces[amount->end].space_before;
  if (!is_code && symbol_apart && (pieces.glued_digits(sign.end) || pieces.is(sign.end - 1, '$'))) {
    return false;
  }
  if (pieces.glued_digits(sign.end)) return false;
  return finish(reading, say(reading, *amount, *sign.currency), sign.end, match,
                is_code ? "money: code after the amount" : "money: sign after the amount");
}

}  // namespace syrinx::text::en
