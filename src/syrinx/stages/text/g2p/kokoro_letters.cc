// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/g2p/kokoro_letters.h"

#include <algorithm>

namespace syrinx::text {
namespace {

constexpr std::u32string_view kVowels = U"AIOQWYaiuæɑɒɔəɛɜɪʊʌᵻ";
constexpr std::u32string_view kConsonants = U"bdfhjklmnpstvwzðŋɡɹɾʃʒʤʧθ";
constexpr std::u32string_view kBeforeTap = U"AIOWYiuæɑəɛɪɹʊʌ";

bool is_stress(char32_t letter) noexcept {
  return letter == kPrimaryStress || letter == kSecondaryStress;
}

std::u32string without(std::u32string symbols, char32_t letter) {
  symbols.erase(std::remove(symbols.begin(), symbols.end(), letter), symbols.end());
  return symbols;
}

// Puts a mark right before the first vowel, where these lexicons have it.
std::u32string marked(std::u32string symbols, char32_t mark) {
  const auto vowel = std::find_if(symbols.begin(), symbols.end(), is_kokoro_vowel);
  if (vowel != symbols.end()) symbols.insert(vowel, mark);
  return symbols;
}

}  // namespace

std::u32string wide_of(std::string_view utf8) {
  std::u32string wide;
  for (std::size_t at = 0; at < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[at++]);
    const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
    char32_t letter = more == 0 ? lead : lead & (0x3FU >> more);
    for (int i = 0; i < more && at < utf8.size(); ++i) {
      letter = letter << 6 | (static_cast<unsigned char>(utf8[at++]) & 0x3FU);
    }
    wide.push_back(letter);
  }
  return wide;
}

std::string utf8_of(std::u32string_view wide) {
  std::string utf8;
  for (const char32_t letter : wide) {
    const auto put = [&utf8](char32_t byte) { utf8.push_back(static_cast<char>(byte)); };
    if (letter < 0x80) {
      put(letter);
    } else if (letter < 0x800) {
      put(0xC0 | letter >> 6);
      put(0x80 | (letter & 0x3F));
    } else if (letter < 0x10000) {
      put(0xE0 | letter >> 12);
      put(0x80 | (letter >> 6 & 0x3F));
      put(0x80 | (letter & 0x3F));
    } else {
      put(0xF0 | (letter >> 18 & 0x07));
      put(0x80 | (letter >> 12 & 0x3F));
      put(0x80 | (letter >> 6 & 0x3F));
      put(0x80 | (letter & 0x3F));
    }
  }
  return utf8;
}

bool is_kokoro_vowel(char32_t letter) noexcept {
  return kVowels.find(letter) != std::u32string_view::npos;
}

bool is_before_tap(char32_t letter) noexcept {
  return kBeforeTap.find(letter) != std::u32string_view::npos;
}

bool has_letter(std::u32string_view symbols, char32_t letter) noexcept {
  return symbols.find(letter) != std::u32string_view::npos;
}

std::u32string with_stress(std::u32string symbols, std::optional<double> level) {
  if (!level) return symbols;
  const bool has_primary = has_letter(symbols, kPrimaryStress);
  const bool has_secondary = has_letter(symbols, kSecondaryStress);
  const bool has_none = !has_primary && !has_secondary;
  if (*level < -1) return without(without(std::move(symbols), kPrimaryStress), kSecondaryStress);
  if (*level == -1 || (*level <= 0 && has_primary)) {
    symbols = without(std::move(symbols), kSecondaryStress);
    std::replace(symbols.begin(), symbols.end(), kPrimaryStress, kSecondaryStress);
  } else if (*level >= 0 && *level <= 1 && has_none) {
    symbols = marked(std::move(symbols), kSecondaryStress);
  } else if (*level >= 1 && !has_primary && has_secondary) {
    std::replace(symbols.begin(), symbols.end(), kSecondaryStress, kPrimaryStress);
  } else if (*level > 1 && has_none) {
    symbols = marked(std::move(symbols), kPrimaryStress);
  }
  return symbols;
}

std::optional<bool> begins_with_vowel(std::u32string_view symbols) noexcept {
  for (const char32_t letter : symbols) {
    if (is_kokoro_vowel(letter)) return true;
    if (!is_stress(letter) && kConsonants.find(letter) != std::u32string_view::npos) return false;
  }
  return std::nullopt;
}

}  // namespace syrinx::text
