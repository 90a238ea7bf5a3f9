// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/normalise/en/romans.h"

#include <string>
#include <unordered_set>

namespace syrinx::text::en {
namespace {

// Nouns that are numbered.
bool is_numbered(const std::string& word) {
  static const std::unordered_set<std::string> kWords = {
      "chapter",  "part",     "parts",    "war",      "volume",  "vol",    "section",
      "act",      "scene",    "book",     "type",     "phase",   "class",  "division",
      "article",  "appendix", "level",    "grade",    "stage",   "mark",   "bowl",
      "title",    "figure",   "table",    "fantasy",  "episode", "group",  "category",
      "olympiad", "legion",   "corps",    "schedule", "unit",    "module", "lesson",
      "canto",    "psalm",    "symphony", "opus",     "series",  "tier",   "zone",
      "region",   "annex",    "exhibit",  "plate",    "rocky",   "page",   "chapters",
      "volumes",  "sections", "saturn",   "apollo",   "factor",  "region", "generation"};
  return kWords.count(word) != 0;
}

// Names that kings, queens and popes shared.
bool is_regnal(const std::string& word) {
  static const std::unordered_set<std::string> kNames = {
      "henry",      "louis",     "elizabeth",  "george",      "edward",    "richard",
      "charles",    "james",     "william",    "john",        "paul",      "pius",
      "benedict",   "leo",       "gregory",    "clement",     "innocent",  "urban",
      "alexander",  "napoleon",  "philip",     "ferdinand",   "frederick", "francis",
      "catherine",  "peter",     "nicholas",   "ivan",        "mary",      "anne",
      "victoria",   "otto",      "ramesses",   "rameses",     "ptolemy",   "cleopatra",
      "darius",     "xerxes",    "artaxerxes", "mithridates", "antiochus", "seleucus",
      "boniface",   "celestine", "sixtus",     "julius",      "adrian",    "constantine",
      "theodosius", "justinian", "basil",      "leopold",     "joseph",    "maximilian",
      "rudolf",     "sigismund", "albert",     "baldwin",     "alfonso",   "sancho",
      "pedro",      "manuel",    "isabella",   "margaret",    "christian", "gustav",
      "haakon",     "harald",    "olaf",       "eric",        "magnus",    "wilhelm",
      "robert",     "david",     "malcolm",    "stephen",     "harold",    "edmund",
      "amenhotep",  "thutmose"};
  return kNames.count(word) != 0;
}

// A text that is one numeral of I, V and X: a heading.
bool numeral_alone(const Reading& reading, Match& match) {
  const std::string_view text = reading.pieces.text(0);
  const bool heading = reading.pieces.size() <= 2 && text.size() > 1 &&
                       text.find_first_not_of("IVX") == std::string_view::npos;
  const int value = heading ? roman_value(text) : 0;
  if (value == 0) return false;
  match.say(cardinal(value, HundredAnd::kNever));
  return match.finish(1, TokenClass::kRoman, "roman: a heading");
}

}  // namespace

bool roman_rule(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  if (pieces[at].letter_case != LetterCase::kUpper || !pieces[at].ascii) return false;
  if (at == 0) return numeral_alone(reading, match);
  const std::string_view text = pieces.text(at);
  if (text.size() > 8 || !ends_word(reading, at + 1) || !pieces[at].space_before) return false;
  const int value = roman_value(text);
  if (value == 0 || value > 4000) return false;
  const std::string before = lower_at(reading, at - 1);
  const bool initial = pieces.is(at + 1, '.') && text.size() == 1 && pieces.is_letters(at + 2);
  if (is_numbered(before) && !initial) {
    match.say(cardinal(value, HundredAnd::kNever));
    return match.finish(at + 1, TokenClass::kRoman, "roman: a numbered thing");
  }
  if (text.size() == 1) {
    const bool royal = (text == "V" || text == "X") && is_regnal(before) && !initial;
    if (!royal) return false;
  }
  const bool capital = pieces.is_letters(at - 1) &&
                       (pieces[at - 1].letter_case == LetterCase::kCapitalised || reading.all_caps);
  if (is_regnal(before) && capital && value < 100) {
    match.say("the " + ordinal(std::to_string(value), HundredAnd::kNever));
    return match.finish(at + 1, TokenClass::kRoman, "roman: of a ruler's name");
  }
  const bool plain = text == "II" || text == "III" || (value < 40 && value > 5 && text.size() > 2);
  if (!plain || !pieces.is_letters(at - 1)) return false;
  match.say(cardinal(value, HundredAnd::kNever));
  return match.finish(at + 1, TokenClass::kRoman, "roman: a numbered thing");
}

}  // namespace syrinx::text::en
