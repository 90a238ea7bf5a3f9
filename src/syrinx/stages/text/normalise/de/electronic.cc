// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "syrinx/stages/text/normalise/de/number_words.h"
#include "syrinx/stages/text/normalise/de/reading.h"

namespace syrinx::text::de {
namespace {

using std::string_view;

struct Mark {
  char32_t code;
  string_view name;
};
constexpr auto kMarks = std::to_array<Mark>({{U'.', "punkt"},
                                             {U'@', "at"},
                                             {U'-', "bindestrich"},
                                             {U'_', "unterstrich"},
                                             {U'/', "slash"},
                                             {U':', "doppelpunkt"},
                                             {U'?', "fragezeichen"},
                                             {U'=', "gleichheitszeichen"},
                                             {U'&', "und"},
                                             {U'#', "raute"},
                                             {U'%', "prozent"},
                                             {U'+', "plus"},
                                             {U'~', "tilde"}});
// Parts of addresses that people say as words.
constexpr auto kWords = std::to_array<string_view>({"com", "edu", "org", "net", "de", "info", "at",
                                                    "amazon", "google", "yahoo", "mail", "online",
                                                    "web", "wikipedia", "spiegel", "zeit", "shop"});
constexpr auto kEndings =
    std::to_array<string_view>({"com", "edu", "org", "net", "de", "info", "at", "ch", "eu", "io",
                                "abc", "uk", "fr", "it", "tv"});

template <class List>
bool listed(const List& list, string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

string_view mark_name(char32_t code) {
  for (const Mark& mark : kMarks) {
    if (mark.code == code) return mark.name;
  }
  return {};
}

std::string letters_of(string_view utf8) {
  std::string words;
  for (std::size_t at = 0; at < utf8.size();) {
    std::size_t end = at + 1;
    while (end < utf8.size() && (static_cast<unsigned char>(utf8[end]) & 0xC0U) == 0x80U) ++end;
    if (!words.empty()) words += ' ';
    words += utf8.substr(at, end - at);
    at = end;
  }
  return words;
}

std::string part_words(const Reading& reading, std::size_t at) {
  const Pieces& p = reading.pieces;
  if (p.is_digits(at)) return digit_words(p.text(at));
  if (!p.is_letters(at)) return std::string(mark_name(p[at].code));
  const std::string lower = lower_at(reading, at);
  if (lower == "gmail") return "g mail";
  return listed(kWords, lower) ? lower : letters_of(lower);
}

// Past what belongs to the address: a last mark is the sentence's.
std::size_t address_end(const Reading& reading, std::size_t at) {
  const Pieces& p = reading.pieces;
  std::size_t end = std::min(p.run_end(at), at + 120);
  while (end > at + 1 && p[end - 1].kind == PieceKind::kSymbol && !p.is(end - 1, U'/')) --end;
  return end;
}

bool looks_electronic(const Reading& reading, std::size_t at, std::size_t end) {
  const Pieces& p = reading.pieces;
  if (p.is(at, U'@')) return end - at == 2 && p.is_letters(at + 1);
  const std::string first = lower_at(reading, at);
  if (first == "www" && p.glued_symbol(at + 1, U'.')) return true;
  if ((first == "http" || first == "https") && p.glued_symbol(at + 1, U':')) return true;
  for (std::size_t i = at; i < end; ++i) {
    if (p.is(i, U'@')) return i > at && i + 1 < end;
  }
  const bool dotted = end - at >= 3 && p.is(end - 2, U'.') && p.is_letters(end - 1);
  return dotted && p.is_letters(at) && listed(kEndings, lower_at(reading, end - 1));
}

}  // namespace

bool match_electronic(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& p = reading.pieces;
  if (p.glued(at) || (!p.is_letters(at) && !p.is_digits(at) && !p.is(at, U'@'))) return false;
  const std::size_t end = address_end(reading, at);
  if (end <= at + 1 || !looks_electronic(reading, at, end)) return false;
  for (std::size_t i = at; i < end; ++i) {
    if (p[i].kind == PieceKind::kSymbol && mark_name(p[i].code).empty()) return false;
  }
  for (std::size_t i = at; i < end; ++i) match.say(part_words(reading, i), i, i + 1);
  return match.finish(end, TokenClass::kElectronic, "electronic: address");
}

}  // namespace syrinx::text::de
