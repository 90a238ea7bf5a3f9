// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/alphabet/voice_symbols.h"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include "syrinx/stages/text/alphabet/characters.h"

namespace syrinx::text {

std::string piper_letters(std::string_view text) {
  const auto folded = icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
  std::string lower;
  icu::UnicodeString(folded).foldCase().toUTF8String(lower);
  return piper_spelling(lower);
}

std::string espeak_spelling(std::string_view ipa) {
  const std::vector<Character> characters = characters_of(ipa);
  std::string out;
  for (std::size_t i = 0; i < characters.size(); ++i) {
    const char32_t code = characters[i].code;
    const char32_t before = i > 0 ? characters[i - 1].code : U' ';
    const char32_t after = i + 1 < characters.size() ? characters[i + 1].code : U' ';
    const bool stressed = before == U'ˈ' || before == U'ˌ';
    const bool grows = code == U'ɑ' || (code == U'ɔ' && after != U'ɪ') ||
                       ((code == U'i' || code == U'u') && stressed) || code == U'ɝ';
    append_utf8(out, code == U'ɝ' ? U'ɜ' : code);
    if (grows && after != U'ː') append_utf8(out, U'ː');
  }
  return out;
}

std::string piper_spelling(std::string_view ipa) {
  std::string out;
  for (const char32_t code : piper_code_points(ipa)) append_utf8(out, code);
  return out;
}

std::u32string piper_code_points(std::string_view ipa) {
  UErrorCode status = U_ZERO_ERROR;
  const auto text = icu::UnicodeString::fromUTF8(
      icu::StringPiece(ipa.data(), static_cast<std::int32_t>(ipa.size())));
  const icu::Normalizer2* nfd = icu::Normalizer2::getNFDInstance(status);
  const icu::UnicodeString decomposed = U_SUCCESS(status) ? nfd->normalize(text, status) : text;
  std::u32string out;
  for (std::int32_t i = 0; i < decomposed.length(); i = decomposed.moveIndex32(i, 1)) {
    out += static_cast<char32_t>(decomposed.char32At(i));
  }
  return out;
}

}  // namespace syrinx::text
