// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/normalise/en/telephones.h"

#include <initializer_list>

namespace syrinx::text::en {
namespace {

// Groups of digits as they are read, and where they end.
struct Groups {
  std::vector<std::pair<std::size_t, std::size_t>> at;  // Pieces [first, second).
  std::size_t end = 0;
  std::size_t digits = 0;
  bool hyphens = false;
  bool dots = false;
  bool spaces = false;

  std::size_t size(const Pieces& pieces, std::size_t i) const {
    return pieces.text(at[i].first).size();
  }
};

constexpr std::size_t kMaxGroups = 8;

// Digits with hyphens, dots or single white space between.
Groups read_groups(const Reading& reading, std::size_t at) {
  const Pieces& pieces = reading.pieces;
  Groups groups;
  std::size_t i = at;
  while (pieces.is_digits(i) && groups.at.size() < kMaxGroups) {
    groups.at.emplace_back(i, i + 1);
    groups.digits += pieces.text(i).size();
    groups.end = i + 1;
    const bool hyphen = pieces.glued_symbol(i + 1, '-') && pieces.glued_digits(i + 2);
    const bool dot = pieces.glued_symbol(i + 1, '.') && pieces.glued_digits(i + 2);
    if (hyphen || dot) {
      (hyphen ? groups.hyphens : groups.dots) = true;
      i += 2;
    } else if (pieces.is_digits(i + 1)) {
      groups.spaces = true;
      i += 1;
    } else {
      break;
    }
  }
  return groups;
}

bool has_sizes(const Groups& groups, const Pieces& pieces,
               std::initializer_list<std::size_t> sizes) {
  if (groups.at.size() != sizes.size()) return false;
  std::size_t i = 0;
  for (const std::size_t size : sizes) {
    if (groups.size(pieces, i++) != size) return false;
  }
  return true;
}

bool is_free_number(std::string_view area) {
  return area.size() == 3 && area.front() == '8' && area.substr(1) == "00";
}

void say_group(const Reading& reading, std::size_t at, bool area, Match& match) {
  const std::string_view digits = reading.pieces.text(at);
  const std::string_view zero =
      reading.conventions.british ? std::string_view("oh") : reading.conventions.zero_digit;
  match.say(area && is_free_number(digits) ? "eight hundred" : digit_words(digits, zero), at,
            at + 1);
}

void say_groups(const Reading& reading, const Groups& groups, Match& match) {
  for (const auto& [from, to] : groups.at) say_group(reading, from, groups.at.size() > 2, match);
}

// "ext. 5" after a number: said, and past it.
std::size_t read_extension(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  const std::size_t word = pieces.is(at, ',') ? at + 1 : at;
  const std::string lower = lower_at(reading, word);
  if (lower != "ext" && lower != "extension" && lower != "x") return at;
  const std::size_t number = word + 1 + (pieces.is(word + 1, '.') ? 1U : 0U);
  if (!pieces.is_digits(number)) return at;
  match.say("extension", word, number);
  match.say(digit_words(pieces.text(number), reading.conventions.zero_digit), number, number + 1);
  return number + 1;
}

bool finish(const Reading& reading, std::size_t end, Match& match, std::string_view rule) {
  if (!ends_word(reading, end)) return false;
  end = read_extension(reading, end, match);
  return match.finish(end, TokenClass::kTelephone, rule);
}

// "(123) 456-7890", "(123)-456-7890".
bool bracketed_area(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  const std::size_t area = pieces.text(at + 1).size();
  if (!pieces.is(at, '(') || !pieces.glued_digits(at + 1) || area < 3 || area > 5) return false;
  if (!pieces.glued_symbol(at + 2, ')')) return false;
  const std::size_t local = at + 3 + (pieces.is(at + 3, '-') ? 1U : 0U);
  const Groups groups = read_groups(reading, local);
  const bool american = has_sizes(groups, pieces, {3, 4}) || has_sizes(groups, pieces, {3, 4, 4});
  const bool other = area != 3 && groups.digits >= 6 && groups.digits <= 8;
  if (!american && !other) return false;
  say_group(reading, at + 1, true, match);
  say_groups(reading, groups, match);
  return finish(reading, groups.end, match, "telephone: area code in brackets");
}

// "+44 20 7946 0958", "+1 123-456-7890".
bool international(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  if (!pieces.is(at, '+') || !pieces.glued_digits(at + 1) || !begins_word(reading, at))
    return false;
  if (pieces.text(at + 1).size() > 3 && pieces.text(at + 1).size() < 10) return false;
  match.say("plus", at, at + 1);
  const std::size_t next = at + 2 + (pieces.glued_symbol(at + 2, '-') ? 1U : 0U);
  if (pieces.is(next, '(')) {
    match.say(digit_words(pieces.text(at + 1), "zero"), at + 1, at + 2);
    return bracketed_area(reading, next, match);
  }
  const Groups groups = read_groups(reading, at + 1);
  if (groups.digits < 8 || groups.digits > 15) return false;
  say_groups(reading, groups, match);
  return finish(reading, groups.end, match, "telephone: country code");
}

bool is_social_security(const Groups& groups, const Pieces& pieces) {
  return groups.hyphens && has_sizes(groups, pieces, {3, 2, 4});
}

bool is_american(const Groups& groups, const Pieces& pieces) {
  if (!groups.hyphens && !groups.dots && !groups.spaces) return false;
  if (has_sizes(groups, pieces, {3, 4}) && groups.hyphens) return true;
  return has_sizes(groups, pieces, {3, 3, 4}) || has_sizes(groups, pieces, {3, 3, 4, 4}) ||
         (has_sizes(groups, pieces, {1, 3, 3, 4}) && pieces.text(groups.at[0].first) == "1");
}

// British numbers begin with 0 and have ten or eleven digits.
bool is_british(const Groups& groups, const Pieces& pieces) {
  return groups.spaces && !groups.hyphens && !groups.dots && groups.at.size() >= 2 &&
         groups.digits >= 10 && groups.digits <= 11 &&
         pieces.text(groups.at[0].first).front() == '0';
}

bool is_card(const Groups& groups, const Pieces& pieces) {
  return has_sizes(groups, pieces, {4, 4, 4, 4}) || has_sizes(groups, pieces, {4, 6, 5});
}

// Corpora have short serials that are read like telephone numbers: "49-30-4", "090-96".
bool is_corpus_serial(const Reading& reading, const Groups& groups) {
  return reading.conventions.spaced && groups.hyphens && !groups.dots && !groups.spaces &&
         groups.at.size() >= 2;
}

// "1-800-GO-2-HAUL": digits and capitals joined by hyphens.
bool vanity_number(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  if (pieces.text(at) != "1" && !is_free_number(pieces.text(at))) return false;
  std::size_t end = at;
  bool letters = false;
  for (std::size_t i = at; i < at + 16; i += 2) {
    const bool digits = pieces.is_digits(i);
    const bool word = pieces.is_letters(i) && pieces[i].letter_case == LetterCase::kUpper;
    if (!digits && !word) return false;
    letters = letters || word;
    if (digits && i > at + 2) {
      match.say(cardinal(pieces.text(i), HundredAnd::kNever), i, i + 1);
    } else if (digits) {
      say_group(reading, i, true, match);
    } else {
      match.say(std::string(pieces.text(i)), i, i + 1);
    }
    end = i + 1;
    if (!pieces.glued_symbol(end, '-') || !pieces.glued(end + 1)) break;
  }
  const std::size_t area = pieces.text(at) == "1" ? at + 2 : at;
  if (!letters || !is_free_number(pieces.text(area)) || !ends_word(reading, end)) return false;
  return match.finish(end, TokenClass::kTelephone, "telephone: letters for digits");
}

}  // namespace

bool telephone_rule(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  if (pieces.is(at, '(')) return bracketed_area(reading, at, match);
  if (pieces.is(at, '+')) return international(reading, at, match);
  if (!begins_word(reading, at) || !pieces.is_digits(at)) return false;
  if (pieces.text(at) == "1" && (pieces.is(at + 1, '(') || pieces.is(at + 2, '('))) {
    match.say("one", at, at + 1);
    const std::size_t area = pieces.is(at + 1, '(') ? at + 1 : at + 2;
    if (area == at + 2 && !pieces.is(at + 1, '-')) return false;
    return bracketed_area(reading, area, match);
  }
  const Groups groups = read_groups(reading, at);
  const bool known = is_american(groups, pieces) || is_social_security(groups, pieces) ||
                     is_british(groups, pieces) || is_card(groups, pieces) ||
                     is_corpus_serial(reading, groups);
  if (known && ends_word(reading, groups.end)) {
    say_groups(reading, groups, match);
    return finish(reading, groups.end, match, "telephone: groups of digits");
  }
  match.start(at);
  return vanity_number(reading, at, match);
}

bool ip_address(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  if (!begins_word(reading, at)) return false;
  for (std::size_t i = at; i < at + 7; i += 2) {
    if (!pieces.is_digits(i) || pieces.text(i).size() > 3) return false;
    if (i > at && (!pieces.glued(i) || !pieces.glued_symbol(i - 1, '.'))) return false;
  }
  if (pieces.glued_symbol(at + 7, '.') && pieces.glued_digits(at + 8)) return false;
  if (!ends_word(reading, at + 7)) return false;
  for (std::size_t i = at; i < at + 7; ++i) {
    const bool digits = pieces.is_digits(i);
    match.say(digits ? digit_words(pieces.text(i), "zero") : "dot", i, i + 1);
  }
  return match.finish(at + 7, TokenClass::kElectronic, "electronic: IP address");
}

bool book_number(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  if (!begins_word(reading, at) || !pieces.is_digits(at)) return false;
  const Groups groups = read_groups(reading, at);
  const bool check = pieces.glued_symbol(groups.end, '-') &&
                     lower_at(reading, groups.end + 1) == "x" && pieces.glued(groups.end + 1);
  const std::string cue = lower_at(reading, at - (at > 0 && pieces.is(at - 1, ':') ? 2 : 1));
  const bool named = at > 0 && (cue == "isbn" || cue == "issn");
  const bool shaped = groups.at.size() >= 4 && groups.hyphens && !groups.dots &&
                      (groups.digits == 13 || groups.digits == 10);
  const std::size_t end = check ? groups.end + 2 : groups.end;
  if ((!named && !shaped) || groups.digits < 8 || !ends_word(reading, end)) return false;
  say_groups(reading, groups, match);
  if (check) match.spell("X", groups.end, end);
  return match.finish(end, TokenClass::kSerial, "serial: number of a book");
}

}  // namespace syrinx::text::en
