// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/lexicon/spelling.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>

namespace syrinx::text {
namespace {

constexpr UChar32 kLeftQuote = 0x2018, kRightQuote = 0x2019, kModifierApostrophe = 0x02BC;

template <class Change>
std::string each_character(std::string_view word, Change change) {
  const auto wide = icu::UnicodeString::fromUTF8({word.data(), static_cast<int>(word.size())});
  icu::UnicodeString changed;
  for (int at = 0; at < wide.length(); at = wide.moveIndex32(at, 1)) {
    changed.append(change(wide.char32At(at), at == 0));
  }
  std::string utf8;
  return changed.toUTF8String(utf8);
}

char upper_ascii(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
char lower_ascii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool is_ascii(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string lexicon_spelling(std::string_view word) {
  if (is_ascii(word)) return std::string(word);
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* const nfc = icu::Normalizer2::getNFCInstance(error);
  auto wide = icu::UnicodeString::fromUTF8({word.data(), static_cast<int>(word.size())});
  if (U_SUCCESS(error)) {
    auto composed = nfc->normalize(wide, error);
    if (U_SUCCESS(error)) wide = std::move(composed);
  }
  std::string utf8;
  wide.toUTF8String(utf8);
  return each_character(utf8, [](UChar32 c, bool) {
    return c == kLeftQuote || c == kRightQuote || c == kModifierApostrophe ? UChar32{'\''} : c;
  });
}

std::string lower_spelling(std::string_view word) {
  if (!is_ascii(word)) return each_character(word, [](UChar32 c, bool) { return u_tolower(c); });
  std::string lower(word);
  std::transform(lower.begin(), lower.end(), lower.begin(), lower_ascii);
  return lower;
}

std::string capital_spelling(std::string_view word) {
  if (is_ascii(word)) {
    std::string capital = lower_spelling(word);
    if (!capital.empty()) capital[0] = upper_ascii(capital[0]);
    return capital;
  }
  return each_character(
      word, [](UChar32 c, bool is_first) { return is_first ? u_toupper(c) : u_tolower(c); });
}

}  // namespace syrinx::text
