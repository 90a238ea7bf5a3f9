// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/normalise/en/symbols.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <array>

#include "syrinx/stages/text/normalise/emoji_table.h"

namespace syrinx::text::en {
namespace {

constexpr char32_t kJoiner = 0x200d;

bool is_punctuation(char32_t c) {
  static constexpr std::u32string_view kMarks =
      U".,;:!?'\"`()[]{}-\u2010\u2011\u2012\u2013\u2014\u2015\u2018\u2019\u201a\u201b\u201c\u201d"
      U"\u201e\u2026\u00ab\u00bb\u2039\u203a\u00a1\u00bf\u2032\u2033\u3001\u3002\uff0c\uff01\uff1f"
      U"|";
  return kMarks.find(c) != std::u32string_view::npos;
}

// Symbols that are said wherever they are.
struct Name {
  char32_t symbol;
  std::string_view spoken;
};
constexpr Name kNames[] = {{U'&', "and"},
                           {U'@', "at"},
                           {U'#', "hash"},
                           {U'%', "percent"},
                           {U'+', "plus"},
                           {U'=', "equals"},
                           {U'*', "asterisk"},
                           {U'/', "slash"},
                           {U'\\', "backslash"},
                           {U'^', "caret"},
                           {U'_', "underscore"},
                           {U'~', "tilde"},
                           {U'<', "less than"},
                           {U'>', "greater than"},
                           {U'$', "dollar"},
                           {U'£', "pound"},
                           {U'€', "euro"},
                           {U'¥', "yen"},
                           {U'₩', "won"},
                           {U'¢', "cent"},
                           {U'₹', "rupee"},
                           {U'₽', "ruble"},
                           {U'₿', "bitcoin"},
                           {U'§', "section"},
                           {U'¶', "paragraph"},
                           {U'©', "copyright"},
                           {U'®', "registered"},
                           {U'™', "trademark"},
                           {U'°', "degree"},
                           {U'º', "degree"},
                           {U'±', "plus or minus"},
                           {U'×', "times"},
                           {U'÷', "divided by"},
                           {U'≈', "approximately"},
                           {U'≠', "is not equal to"},
                           {U'≤', "is less than or equal to"},
                           {U'≥', "is greater than or equal to"},
                           {U'√', "square root of"},
                           {U'∞', "infinity"},
                           {U'∑', "sum"},
                           {U'∫', "integral"},
                           {U'²', "squared"},
                           {U'³', "cubed"},
                           {U'‰', "per mille"},
                           {U'¹', "one"},
                           {U'→', "to"},
                           {U'←', "from"},
                           {U'½', "one half"},
                           {U'¼', "one quarter"},
                           {U'¾', "three quarters"},
                           {U'−', "minus"},
                           {U'℃', "degrees Celsius"},
                           {U'№', "number"}};

bool is_emoji(char32_t c) {
  if (c < 0x203c) return false;
  const auto code = static_cast<UChar32>(c);
  return u_hasBinaryProperty(code, UCHAR_EMOJI) != 0 &&
         (u_hasBinaryProperty(code, UCHAR_EMOJI_PRESENTATION) != 0 || c >= 0x1f000 || c >= 0x2600);
}

bool is_emoji_part(char32_t c) {
  return c == kJoiner || c == 0xfe0f || c == 0xfe0e || c == 0x20e3 ||
         (c >= 0x1f3fb && c <= 0x1f3ff) || (c >= 0xe0020 && c <= 0xe007f) || c == 0x2640 ||
         c == 0x2642;
}

bool is_regional(char32_t c) { return c >= 0x1f1e6 && c <= 0x1f1ff; }

// Past an emoji with its modifiers and what joiners add.
std::size_t emoji_end(const Reading& reading, std::size_t at) {
  const Pieces& pieces = reading.pieces;
  std::size_t end = at + 1;
  if (is_regional(pieces[at].code) && pieces.glued(end) && is_regional(pieces[end].code))
    return end + 1;
  while (pieces.glued(end) && pieces[end].kind == PieceKind::kSymbol && end < at + 16) {
    if (is_emoji_part(pieces[end].code)) {
      ++end;
    } else if (pieces[end - 1].code == kJoiner) {
      ++end;
    } else {
      break;
    }
  }
  return end;
}

// Whether an en dash or a hyphen joins what it stands between, as in "mother-in-law".
bool is_joining(const Reading& reading, std::size_t at) {
  const Pieces& pieces = reading.pieces;
  if (at == 0 || !pieces.is(at, '-') || !pieces.glued(at) || !pieces.glued(at + 1)) return false;
  const auto word = [&](std::size_t i) { return pieces.is_letters(i) || pieces.is_digits(i); };
  if (!word(at - 1) || !word(at + 1)) return false;
  if (pieces.is_letters(at - 1) || pieces.is_letters(at + 1)) return true;
  constexpr std::size_t kReach = 16;  // A serial has letters somewhere.
  const std::size_t end = std::min(pieces.run_end(at), at + kReach);
  for (std::size_t i = at; i < end; ++i) {
    if (pieces.is_letters(i)) return true;
  }
  for (std::size_t i = at; i > 0 && at - i < kReach && pieces.glued(i); --i) {
    if (pieces.is_letters(i - 1)) return true;
  }
  return false;
}

// "<noise/>", "</b>": a mark-up tag's brackets are not said.
bool is_tag_mark(const Reading& reading, std::size_t at) {
  constexpr std::size_t kReach = 24;
  const Pieces& pieces = reading.pieces;
  if (pieces.is(at, '<')) {
    const std::size_t name = at + (pieces.is(at + 1, '/') ? 2U : 1U);
    if (!pieces.glued_letters(name)) return false;
    for (std::size_t i = name; i < name + kReach && i < pieces.size(); ++i) {
      if (pieces.is(i, '>')) return true;
    }
    return false;
  }
  if (pieces.is(at, '/')) return pieces.is(at - 1, '<') || pieces.glued_symbol(at + 1, '>');
  if (!pieces.is(at, '>') || at == 0) return false;
  for (std::size_t i = at; i > 0 && at - i < kReach; --i) {
    if (pieces.is(i - 1, '<')) return pieces.glued(i);
  }
  return false;
}

bool is_word_piece(const Reading& reading, std::size_t at) {
  return reading.pieces.is_letters(at) || reading.pieces.is_digits(at);
}

// Symbols that separate and are not said: a slash of "and/or", bars, bullets.
bool is_silent(const Reading& reading, std::size_t at) {
  const Pieces& pieces = reading.pieces;
  if (pieces.is(at, '/')) {
    if (reading.conventions.spaced) return true;
    const bool pair = at > 0 && pieces.glued(at) && pieces.glued_letters(at + 1);
    const std::string before = pair ? lower_at(reading, at - 1) : std::string{};
    return before == "and" || before == "he" || before == "she" || before == "his" ||
           before == "him";
  }
  return false;
}

// How many of the same symbol stand together.
std::size_t repeated_end(const Reading& reading, std::size_t at) {
  const Pieces& pieces = reading.pieces;
  std::size_t end = at + 1;
  while (pieces.glued_symbol(end, pieces[at].code)) ++end;
  return end;
}

std::string_view punctuation_rule(const Reading& reading, std::size_t at) {
  const bool spaced = reading.conventions.spaced && reading.pieces[at].space_before;
  return spaced ? kSpacedPunctuation : std::string_view("punctuation");
}

bool name_symbol(const Reading& reading, std::size_t at, Match& match) {
  const char32_t code = reading.pieces[at].code;
  if (reading.conventions.spaced &&
      (code == U'*' || code == U'~' || code == U'<' || code == U'>' || code == U'+' ||
       code == U'=' || code == U'\\' || code == U'^')) {
    return match.finish(at + 1, TokenClass::kPunctuation, kSpacedPunctuation);
  }
  if (const std::string_view name = symbol_name(code); !name.empty()) {
    match.say(std::string(name));
    return match.finish(at + 1, TokenClass::kVerbatim, "symbol: by its name");
  }
  return false;
}

}  // namespace

std::string_view symbol_name(char32_t symbol) {
  for (const Name& name : kNames) {
    if (name.symbol == symbol) return name.spoken;
  }
  return {};
}

std::string unicode_name(char32_t symbol) {
  char buffer[128];
  UErrorCode status = U_ZERO_ERROR;
  const auto length =
      u_charName(static_cast<UChar32>(symbol), U_UNICODE_CHAR_NAME, buffer, sizeof buffer, &status);
  if (U_FAILURE(status) || length <= 0) return {};
  std::string out(buffer,
                  static_cast<std::size_t>(std::min<std::int32_t>(length, sizeof buffer - 1)));
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    if (c == '-') c = ' ';
  }
  return out;
}

bool emoticon_rule(const Reading& reading, std::size_t at, Match& match) {
  static constexpr std::array<std::string_view, 34> kFaces = {
      ":-)", ":)",  ":-(", ":(", ";-)", ";)",  ":-D", ":D",  ":-P", ":P", ":-p", ":p",
      ":-/", ":'(", ":-|", ":|", ":-O", ":O",  ":o",  ":-*", ":*",  "<3", "</3", "xD",
      "XD",  "=)",  "=D",  "^^", "^_^", "-_-", "T_T", "o_O", ">:(", ":3"};
  const Pieces& pieces = reading.pieces;
  const Piece& piece = pieces[at];
  if (!piece.space_before) return false;
  const std::size_t end = pieces.run_end(at);
  const std::string_view run = pieces.text(at, end);
  if (run.size() > 4 || run.size() < 2) return false;
  if (std::find(kFaces.begin(), kFaces.end(), run) == kFaces.end()) return false;
  match.skip("emoticon");
  return match.finish(end, TokenClass::kEmoji, "emoji: emoticon");
}

bool emoji_rule(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  const char32_t code = pieces[at].code;
  if (!is_emoji(code)) return false;
  std::size_t end = emoji_end(reading, at);
  std::size_t repeats_end = end;
  while (pieces.glued(repeats_end) && pieces[repeats_end].code == code) {
    repeats_end = emoji_end(reading, repeats_end);  // One laugh is enough.
  }
  std::string name = emoji_name(pieces.text(at, end));
  if (name.empty()) name = std::string(emoji_name(pieces.text(at)));
  if (name.empty()) name = unicode_name(code);
  if (name.empty()) {
    match.skip("emoji without a name");
  } else {
    match.say(std::move(name));
  }
  return match.finish(std::max(end, repeats_end), TokenClass::kEmoji, "emoji: by its name");
}

bool number_sign(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  const bool numero = pieces.is(at, 0x2116);
  if (!numero && (!pieces.is(at, '#') || !begins_word(reading, at))) return false;
  if (!pieces.is_digits(at + 1)) return false;
  if (pieces[at + 1].space_before && !numero && !reading.conventions.spaced) return false;
  match.say("number");
  return match.finish(at + 1, TokenClass::kVerbatim, "symbol: number sign");
}

bool symbol_rule(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  const Piece& piece = pieces[at];
  if (piece.kind == PieceKind::kBroken) {
    match.skip("not UTF-8");
    std::size_t end = at + 1;
    while (pieces.glued(end) && pieces[end].kind == PieceKind::kBroken) ++end;
    return match.finish(end, TokenClass::kVerbatim, "broken text");
  }
  if (is_joining(reading, at))
    return match.finish(at + 1, TokenClass::kPunctuation, kJoiningHyphen);
  const std::size_t end = repeated_end(reading, at);
  if (is_punctuation(piece.code)) {
    return match.finish(end, TokenClass::kPunctuation, punctuation_rule(reading, at));
  }
  if (end > at + 2 ||
      (end > at + 1 && piece.code != '+' && piece.code != '$' && piece.code != '&')) {
    match.skip("ornament");
    return match.finish(end, TokenClass::kVerbatim, "symbol: repeated");
  }
  if (is_tag_mark(reading, at) || is_silent(reading, at)) {
    return match.finish(at + 1, TokenClass::kPunctuation, punctuation_rule(reading, at));
  }
  if (piece.code == '~' && pieces.glued_digits(at + 1) && begins_word(reading, at)) {
    match.say("about");
    return match.finish(at + 1, TokenClass::kVerbatim, "symbol: about");
  }
  if (piece.code == '/' && is_word_piece(reading, at - 1) && pieces.is_digits(at - 1) &&
      pieces.glued_letters(at + 1) && pieces.text(at + 1).size() == 1) {
    match.say("per");
    return match.finish(at + 1, TokenClass::kVerbatim, "symbol: per");
  }
  if (name_symbol(reading, at, match)) return true;
  match.skip("ornament");
  return match.finish(end, TokenClass::kVerbatim, "symbol: without a name");
}

}  // namespace syrinx::text::en
