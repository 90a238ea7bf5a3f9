// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/normalise/en/words.h"

#include <algorithm>
#include <array>

#include "syrinx/stages/text/normalise/en/word_tables.h"

namespace syrinx::text::en {
namespace {

bool is_vowel(char c) { return std::string_view("aeiouy").find(c) != std::string_view::npos; }

bool is_apostrophe(const Reading& reading, std::size_t at) {
  return reading.pieces.is(at, '\'') || reading.pieces.is(at, 0x2019);
}

// Past a word and what apostrophes join to it: "don't", "o'clock".
std::size_t joined_end(const Reading& reading, std::size_t at) {
  const Pieces& pieces = reading.pieces;
  std::size_t end = at + 1;
  while (pieces.glued(end) && is_apostrophe(reading, end) && pieces.glued_letters(end + 1))
    end += 2;
  return end;
}

// The word with straight apostrophes.
std::string written_word(const Reading& reading, std::size_t at, std::size_t end) {
  std::string out(reading.pieces.text(at));
  for (std::size_t i = at + 1; i < end; ++i) {
    if (is_apostrophe(reading, i)) {
      out += '\'';
    } else {
      out += reading.pieces.text(i);
    }
  }
  return out;
}

bool is_capital(const Reading& reading, std::size_t at) {
  const LetterCase letters = reading.pieces[at].letter_case;
  return reading.pieces.is_letters(at) &&
         (letters == LetterCase::kCapitalised || letters == LetterCase::kUpper ||
          letters == LetterCase::kMixed);
}

// Whether the period at `at` ends the sentence and must stay.
bool ends_sentence(const Reading& reading, std::size_t at) {
  return at + 1 >= reading.pieces.size();
}

// Whether a street's name stands before `at`: "Elm", "1st", "Paul's".
bool name_is_before(const Reading& reading, std::size_t at) {
  if (at == 0) return false;
  const std::string last = lower_at(reading, at - 1);
  const bool genitive = at > 2 && last == "s" && is_apostrophe(reading, at - 2);
  return is_capital(reading, at - (genitive ? 3U : 1U)) || is_ordinal_suffix(last);
}

// "St." and "Dr." name streets after a name, and people before one.
bool street_or_person(const Reading& reading, std::size_t at, std::size_t after,
                      const std::string& word, Match& match) {
  const bool saint = word == "st";
  const bool name_follows = is_capital(reading, after) && reading.pieces[after].space_before;
  const bool name_before = name_is_before(reading, at) && reading.pieces[at].space_before;
  const std::string before = at > 0 ? lower_at(reading, at - 1) : std::string{};
  const bool title_before = before == "mr" || before == "mrs" || before == "of" ||
                            before == "the" || before == "in" || before == "at";
  const bool numbered = saint && reading.pieces.is(after, '#');
  const bool street = numbered || (name_before && !title_before && !name_follows);
  std::size_t end = after;
  if (end > at + 1 && ends_sentence(reading, at + 1)) end = at + 1;
  if (reading.pieces[at].letter_case == LetterCase::kUpper && !reading.all_caps) return false;
  if (street) {
    match.say(saint ? "street" : "drive");
    return match.finish(end, TokenClass::kAbbreviation,
                        "abbreviation: street, as a name is before it");
  }
  if (!name_follows && !(word == "dr" && after > at + 1)) return false;
  match.say(saint ? "saint" : "doctor");
  return match.finish(
      end, TokenClass::kAbbreviation,
      saint ? "abbreviation: saint, as a name follows" : "abbreviation: doctor, as a name follows");
}

bool number_follows(const Reading& reading, std::size_t at) {
  const Pieces& pieces = reading.pieces;
  return pieces.is_digits(at) || (pieces.is(at, '#') && pieces.is_digits(at + 1)) ||
         (pieces[at].letter_case == LetterCase::kUpper && roman_value(pieces.text(at)) > 0);
}

bool fits_use(const Reading& reading, const Abbreviation& entry, std::size_t at, bool dotted,
              std::size_t after) {
  const bool capital = is_capital(reading, after);
  const LetterCase letters = reading.pieces[at].letter_case;
  switch (entry.use) {
    case AbbreviationUse::kAnywhere:
      return letters != LetterCase::kUpper || reading.all_caps || dotted;
    case AbbreviationUse::kTitle:
      return capital && letters != LetterCase::kUpper;
    case AbbreviationUse::kDottedTitle:
      return capital && dotted && letters != LetterCase::kUpper;
    case AbbreviationUse::kDotted:
      return dotted && letters != LetterCase::kUpper;
    case AbbreviationUse::kBeforeNumber:
      if (entry.spoken == "number" && !reading.pieces.is_digits(after) &&
          !reading.pieces.is(after, '#')) {
        return false;  // "No. I said no."
      }
      return number_follows(reading, after) && (dotted || reading.pieces.is_digits(after)) &&
             (dotted || entry.written.size() > 1) &&
             (dotted || letters != LetterCase::kLower || entry.written == "wk");
    case AbbreviationUse::kChat:
      return !dotted;
  }
  return false;
}

// "e.g." and the like, which are written with periods inside.
struct DottedPhrase {
  std::string_view letters;
  std::string_view spoken;
};
constexpr std::array<DottedPhrase, 3> kDottedPhrases = {
    {{"eg", "for example"}, {"ie", "that is"}, {"ps", "postscript"}}};

// Letters that are each followed by a period: "U.S.", and white space where the style has it.
struct Initials {
  std::string letters;
  std::size_t end = 0;
};

Initials read_initials(const Reading& reading, std::size_t at) {
  const Pieces& pieces = reading.pieces;
  Initials initials;
  std::size_t i = at;
  while (initials.letters.size() < 32 && pieces.is_letters(i) &&
         pieces[i].end - pieces[i].begin <= 2) {
    const bool single = pieces[i].ascii ? pieces.text(i).size() == 1 : true;
    if (!single || (i > at && pieces[i].space_before)) break;
    initials.letters += pieces.text(i);
    initials.end = ++i;
    if (!pieces.glued_symbol(i, '.')) break;
    initials.end = ++i;
  }
  return initials;
}

constexpr std::array<std::string_view, 52> kOnsets = {
    "bl", "br", "ch", "cl", "cr", "dr", "dw", "fl", "fr", "gl", "gr", "kh", "kl",
    "kn", "kr", "ph", "pl", "pr", "qu", "sc", "sh", "sk", "sl", "sm", "sn", "sp",
    "st", "sw", "th", "tr", "tw", "wh", "wr", "b",  "c",  "d",  "f",  "g",  "h",
    "j",  "k",  "l",  "m",  "n",  "p",  "r",  "s",  "t",  "v",  "w",  "y",  "z"};
constexpr std::array<std::string_view, 50> kCodas = {
    "ch", "ck", "ct", "ds", "ff", "ft", "ld", "lf", "lk", "ll", "lm", "lp", "ls",
    "lt", "mp", "ms", "nd", "ng", "nk", "ns", "nt", "ps", "pt", "rb", "rd", "rf",
    "rk", "rl", "rm", "rn", "rp", "rs", "rt", "sh", "sk", "sp", "ss", "st", "th",
    "ts", "b",  "c",  "d",  "f",  "g",  "k",  "l",  "m",  "n",  "p"};
constexpr std::array<std::string_view, 18> kMoreCodas = {"r",   "s",   "t",   "x",   "z",   "w",
                                                         "rr",  "nts", "rts", "cts", "nds", "ngs",
                                                         "nks", "sts", "rks", "rms", "rbs", "lds"};

template <std::size_t kCount>
bool is_one_of(const std::array<std::string_view, kCount>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Whether letters split into onsets, vowels and codas as English allows.
bool is_pronounceable(std::string_view lower) {
  const auto is_v = [&](std::size_t i) {
    return is_vowel(lower[i]) && !(lower[i] == 'y' && i == 0);
  };
  std::size_t i = 0;
  while (i < lower.size() && !is_v(i)) ++i;
  if (i == lower.size() || (i > 0 && !is_one_of(kOnsets, lower.substr(0, i)))) return false;
  while (i < lower.size()) {
    const std::size_t vowels = i;
    while (i < lower.size() && is_v(i)) ++i;
    if (i - vowels > 2 || (i - vowels == 2 && lower[vowels] == lower[vowels + 1] &&
                           lower[vowels] != 'e' && lower[vowels] != 'o')) {
      return false;
    }
    const std::size_t consonants = i;
    while (i < lower.size() && !is_v(i)) ++i;
    const std::string_view run = lower.substr(consonants, i - consonants);
    if (i == lower.size()) {
      return run.empty() || is_one_of(kCodas, run) || is_one_of(kMoreCodas, run);
    }
    if (run.size() > 3) return false;
  }
  return true;
}

// A capital alone is its name, but for words; "C#" and "F#" are "sharp".
bool single_letter(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  if (pieces[at].letter_case != LetterCase::kUpper) return false;
  const std::string_view text = pieces.text(at);
  const bool sharp = (text == "C" || text == "F") && pieces.glued_symbol(at + 1, '#');
  const std::size_t end = sharp ? at + 2 : joined_end(reading, at);
  if (!sharp && (text == "A" || text == "I" || text == "O" || end > at + 3)) return false;
  if (!sharp && end == at + 3 && lower_at(reading, at + 2) != "s") return false;
  match.spell(sharp ? std::string(text) : written_word(reading, at, end));
  if (sharp) match.say("sharp");
  return match.finish(end, TokenClass::kLetters, "letters: one capital");
}

// Capitals, then a small s: "UFOs"; the letters without it, or "".
std::string_view plural_capitals(std::string_view text) {
  if (text.size() < 3 || text.back() != 's') return {};
  const std::string_view head = text.substr(0, text.size() - 1);
  const bool capitals =
      std::all_of(head.begin(), head.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  return capitals ? head : std::string_view{};
}

// "PhD", "NoSQL", "dsDNA": letter case says that it is no word.
bool is_mixed_code(std::string_view text) {
  std::size_t upper_run = 0;
  std::size_t lower_run = 0;
  std::size_t longest_lower = 0;
  for (const char c : text) {
    const bool upper = c >= 'A' && c <= 'Z';
    upper_run = upper ? upper_run + 1 : 0;
    lower_run = upper ? 0 : lower_run + 1;
    longest_lower = std::max(longest_lower, lower_run);
  }
  std::string lower;
  lower_ascii(text, lower);
  if (is_pronounceable(lower)) return false;
  if (text.size() <= 4 && longest_lower < 3 && text.substr(0, 2) != "Mc") return true;
  return upper_run >= 2 && longest_lower <= 3;
}

bool greek_rule(const Reading& reading, std::size_t at, Match& match) {
  const Piece& piece = reading.pieces[at];
  const bool one = piece.end - piece.begin == 2 && begins_word(reading, at);
  const std::string_view name = one ? greek_letter(piece.code) : std::string_view{};
  if (name.empty() || !ends_word(reading, at + 1)) return false;
  match.say(std::string(name));
  return match.finish(at + 1, TokenClass::kVerbatim, "symbol: Greek letter");
}

// "FBI", "CEO's"; where all is in capitals, only what cannot be a word.
bool capitals(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  const std::string_view text = pieces.text(at);
  if (text.size() > 6) return false;
  const std::size_t end = joined_end(reading, at);
  const std::string lower = lower_at(reading, at);
  if (reading.all_caps && is_sayable(lower) && !is_spelt_acronym(lower)) return false;
  const bool beside_ampersand = pieces.glued_symbol(end, '&') && pieces.glued_letters(end + 1);
  if (is_said_acronym(text) && !beside_ampersand) return false;
  match.spell(written_word(reading, at, end));
  return match.finish(end, TokenClass::kLetters, "letters: capitals that are no word");
}

// "UFOs", "PhD".
bool mixed_letters(const Reading& reading, std::size_t at, Match& match) {
  const std::string_view text = reading.pieces.text(at);
  if (joined_end(reading, at) != at + 1) return false;
  const std::string_view head = plural_capitals(text);
  if (!head.empty()) {
    if (head.size() >= 4 && is_said_acronym(head)) return false;
    match.spell_plural(head);
    return match.finish(at + 1, TokenClass::kLetters, "letters: plural of capitals");
  }
  if (text.size() > 6 || !is_mixed_code(text)) return false;
  match.spell(text);
  return match.finish(at + 1, TokenClass::kLetters, "letters: capitals among small letters");
}

// "pp", "db"; sounds such as "hmm" are words.
bool vowelless(const Reading& reading, std::size_t at, Match& match) {
  static constexpr std::array<std::string_view, 9> kSounds = {"hmm", "mm",   "mmm", "shh", "brr",
                                                              "pst", "psst", "nth", "tsk"};
  const std::string_view text = reading.pieces.text(at);
  if (text.size() > 6 || joined_end(reading, at) != at + 1) return false;
  const std::string lower = lower_at(reading, at);
  if (is_sayable(lower) || is_one_of(kSounds, lower)) return false;
  match.spell(text);
  return match.finish(at + 1, TokenClass::kLetters, "letters: no vowel to say them with");
}

}  // namespace

bool is_sayable(std::string_view lower) {
  return std::any_of(lower.begin(), lower.end(),
                     [](char c) { return is_vowel(c) || static_cast<unsigned char>(c) >= 0x80; });
}

bool is_said_acronym(std::string_view upper) {
  std::string lower;
  lower_ascii(upper, lower);
  if (is_spelt_acronym(lower)) return false;
  if (is_common_word(lower) || is_acronym_word(lower)) return true;
  return lower.size() >= 4 && is_pronounceable(lower);
}

bool abbreviation_rule(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  if (pieces[at].end - pieces[at].begin > 6 || !begins_word(reading, at)) return false;
  const std::string word = lower_at(reading, at);
  const bool period = pieces.is(at + 1, '.') && (pieces.glued(at + 1));
  const bool dotted = period && !pieces.glued_letters(at + 2);
  const std::size_t after = at + (period ? 2U : 1U);
  if (word == "st" || word == "dr") return street_or_person(reading, at, after, word, match);
  const Abbreviation* entry = find_abbreviation(word);
  if (entry == nullptr || (!period && !ends_word(reading, at + 1))) return false;
  if (reading.conventions.spaced && !entry->in_corpora) return false;
  if (period && !dotted) return false;
  if (!period && pieces.glued(at + 1) && is_apostrophe(reading, at + 1) &&
      pieces.glued_letters(at + 2)) {
    return false;
  }
  if (!fits_use(reading, *entry, at, dotted, after)) return false;
  std::size_t end = after;
  if (period && ends_sentence(reading, at + 1)) end = at + 1;
  if (word == "etc" && reading.conventions.spaced) {
    match.say("etcetera");
  } else {
    match.say(std::string(entry->spoken));
  }
  return match.finish(end, TokenClass::kAbbreviation, "abbreviation: expanded");
}

// "w/o", "w/".
bool with_slash(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  if (lower_at(reading, at) != "w" || !pieces.glued_symbol(at + 1, '/')) return false;
  const bool without = pieces.glued_letters(at + 2) && lower_at(reading, at + 2) == "o" &&
                       ends_word(reading, at + 3);
  if (!without && !pieces[at + 2].space_before) return false;
  match.say(without ? "without" : "with");
  return match.finish(at + (without ? 3U : 2U), TokenClass::kAbbreviation,
                      "abbreviation: with a slash");
}

bool initials_rule(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  if (!begins_word(reading, at) || !pieces.glued_symbol(at + 1, '.')) return false;
  const Initials initials = read_initials(reading, at);
  if (initials.end < at + 2) return false;
  const bool one = initials.end <= at + 2;
  if (one && pieces[at].letter_case != LetterCase::kUpper) return false;
  if (!one && pieces.glued_letters(initials.end)) return false;
  std::string lower = lower_case(initials.letters);
  if (!reading.conventions.spaced) {
    for (const DottedPhrase& phrase : kDottedPhrases) {
      if (phrase.letters == lower && !one && pieces[at].letter_case == LetterCase::kLower) {
        match.say(std::string(phrase.spoken));
        return match.finish(initials.end, TokenClass::kAbbreviation, "abbreviation: Latin");
      }
    }
  }
  std::size_t end = initials.end;
  const bool period_last = pieces.is(end - 1, '.');
  if (period_last && ends_sentence(reading, end - 1)) --end;
  if (one && !period_last) return false;
  std::string letters = initials.letters;
  if (pieces.glued(end) && is_apostrophe(reading, end) && lower_at(reading, end + 1) == "s") {
    letters += "'s";
    end += 2;
  }
  match.spell(letters);
  return match.finish(end, TokenClass::kLetters,
                      one ? "letters: an initial" : "letters: with periods");
}

bool letters_rule(const Reading& reading, std::size_t at, Match& match) {
  const Piece& piece = reading.pieces[at];
  if (!piece.ascii) return greek_rule(reading, at, match);
  if (piece.end - piece.begin < 2) return single_letter(reading, at, match);
  switch (piece.letter_case) {
    case LetterCase::kUpper:
      return capitals(reading, at, match);
    case LetterCase::kMixed:
      return mixed_letters(reading, at, match);
    default:
      return vowelless(reading, at, match);
  }
}

bool bracketed_phonemes(const Reading& reading, std::size_t at, Match& match) {
  constexpr std::size_t kReach = 64;
  const Pieces& pieces = reading.pieces;
  if (!pieces.is(at, '[')) return false;
  std::size_t i = at + 1;
  bool stressed = false;
  for (; i < at + kReach && !pieces.is(i, ']'); ++i) {
    const bool letters = pieces.is_letters(i) && pieces[i].letter_case == LetterCase::kUpper &&
                         pieces.text(i).size() <= 2;
    const bool stress = pieces.glued_digits(i) && value_at(reading, i) < 3 && i > at + 1;
    if (!letters && !stress) return false;
    stressed = stressed || stress;
  }
  if (!stressed || !pieces.is(i, ']')) return false;
  std::string said(pieces.text(at + 1, i));
  match.say(std::move(said), at + 1, i);
  return match.finish(i + 1, TokenClass::kVerbatim, "phonemes in brackets: left as they are");
}

bool plain_word(const Reading& reading, std::size_t at, Match& match) {
  const Piece& piece = reading.pieces[at];
  const std::size_t end = joined_end(reading, at);
  if (piece.letter_case == LetterCase::kUpper && !piece.ascii) {
    match.say(written_word(reading, at, end));
    return match.finish(end, TokenClass::kPlain, "word");
  }
  std::string word = written_word(reading, at, end);
  if (!reading.conventions.british && piece.ascii && word.size() > 3) {
    std::string lower;
    lower_ascii(word, lower);
    if (std::string american = american_spelling(lower); !american.empty()) {
      if (piece.letter_case == LetterCase::kCapitalised) {
        american[0] = static_cast<char>(american[0] - 32);
      }
      match.say(std::move(american));
      return match.finish(end, TokenClass::kPlain, "word: British spelling");
    }
  }
  match.say(std::move(word));
  return match.finish(end, TokenClass::kPlain, "word");
}

}  // namespace syrinx::text::en
