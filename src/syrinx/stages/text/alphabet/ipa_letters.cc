// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/alphabet/ipa_letters.h"

#include <algorithm>
#include <vector>

namespace syrinx::text {
namespace {

constexpr IpaKind kV = IpaKind::kVowel;
constexpr IpaKind kC = IpaKind::kConsonant;
constexpr IpaKind kM = IpaKind::kModifier;

// clang-format off
constexpr IpaCharacter kCharacters[] = {
    // Vowels.
    {U'i', kV, "i"}, {U'y', kV, "y"}, {U'ɨ', kV, "1"}, {U'ʉ', kV, "}"}, {U'ɯ', kV, "M"},
    {U'u', kV, "u"}, {U'ɪ', kV, "I"}, {U'ʏ', kV, "Y"}, {U'ᵻ', kV, "I\\"}, {U'ᵿ', kV, "U\\"},
    {U'ʊ', kV, "U"}, {U'e', kV, "e"}, {U'ø', kV, "2"}, {U'ɘ', kV, "@\\"}, {U'ɵ', kV, "8"},
    {U'ɤ', kV, "7"}, {U'o', kV, "o"}, {U'ə', kV, "@"}, {U'ɛ', kV, "E"}, {U'œ', kV, "9"},
    {U'ɜ', kV, "3"}, {U'ɞ', kV, "3\\"}, {U'ʌ', kV, "V"}, {U'ɔ', kV, "O"}, {U'æ', kV, "{"},
    {U'ɐ', kV, "6"}, {U'a', kV, "a"}, {U'ɶ', kV, "&"}, {U'ɑ', kV, "A"}, {U'ɒ', kV, "Q"},
    {U'ɚ', kV, "@`"}, {U'ɝ', kV, "3`"}, {U'ᵊ', kV, ""},
    // Plosives and implosives.
    {U'p', kC, "p"}, {U'b', kC, "b"}, {U't', kC, "t"}, {U'd', kC, "d"}, {U'ʈ', kC, "t`"},
    {U'ɖ', kC, "d`"}, {U'c', kC, "c"}, {U'ɟ', kC, "J\\"}, {U'k', kC, "k"}, {U'ɡ', kC, "g"},
    {U'q', kC, "q"}, {U'ɢ', kC, "G\\"}, {U'ʡ', kC, ">\\"}, {U'ʔ', kC, "?"},
    {U'ɓ', kC, "b_<"}, {U'ɗ', kC, "d_<"}, {U'ʄ', kC, "J\\_<"}, {U'ɠ', kC, "g_<"},
    {U'ʛ', kC, "G\\_<"},
    // Nasals, trills, taps.
    {U'm', kC, "m"}, {U'ɱ', kC, "F"}, {U'n', kC, "n"}, {U'ɳ', kC, "n`"}, {U'ɲ', kC, "J"},
    {U'ŋ', kC, "N"}, {U'ɴ', kC, "N\\"}, {U'ʙ', kC, "B\\"}, {U'r', kC, "r"}, {U'ʀ', kC, "R\\"},
    {U'ⱱ', kC, ""}, {U'ɾ', kC, "4"}, {U'ɽ', kC, "r`"},
    // Fricatives.
    {U'ɸ', kC, "p\\"}, {U'β', kC, "B"}, {U'f', kC, "f"}, {U'v', kC, "v"}, {U'θ', kC, "T"},
    {U'ð', kC, "D"}, {U's', kC, "s"}, {U'z', kC, "z"}, {U'ʃ', kC, "S"}, {U'ʒ', kC, "Z"},
    {U'ʂ', kC, "s`"}, {U'ʐ', kC, "z`"}, {U'ç', kC, "C"}, {U'ʝ', kC, "j\\"}, {U'x', kC, "x"},
    {U'ɣ', kC, "G"}, {U'χ', kC, "X"}, {U'ʁ', kC, "R"}, {U'ħ', kC, "X\\"}, {U'ʕ', kC, "?\\"},
    {U'h', kC, "h"}, {U'ɦ', kC, "h\\"}, {U'ɬ', kC, "K"}, {U'ɮ', kC, "K\\"}, {U'ɕ', kC, "s\\"},
    {U'ʑ', kC, "z\\"}, {U'ɧ', kC, "x\\"}, {U'ʜ', kC, "H\\"}, {U'ʢ', kC, "<\\"},
    // Approximants.
    {U'ʋ', kC, "v\\"}, {U'ʋ', kC, "P"}, {U'ɹ', kC, "r\\"}, {U'ɻ', kC, "r\\`"}, {U'j', kC, "j"},
    {U'ɰ', kC, "M\\"}, {U'l', kC, "l"}, {U'ɭ', kC, "l`"}, {U'ʎ', kC, "L"}, {U'ʟ', kC, "L\\"},
    {U'ɫ', kC, "5"}, {U'ɫ', kC, "l_G"}, {U'ɺ', kC, "l\\"}, {U'ʍ', kC, "W"}, {U'w', kC, "w"},
    {U'ɥ', kC, "H"},
    // Clicks.
    {U'ʘ', kC, "O\\"}, {U'ǀ', kC, "|\\"}, {U'ǃ', kC, "!\\"}, {U'ǂ', kC, "=\\"},
    {U'ǁ', kC, "|\\|\\"},
    // Diacritics below and above.
    {U'\u0329', kM, "_="}, {U'\u0329', kM, "="}, {U'\u030D', kM, "_="}, {U'\u032F', kM, "_^"},
    {U'\u0311', kM, "_^"}, {U'\u0303', kM, "~"}, {U'\u0303', kM, "_~"}, {U'\u0325', kM, "_0"},
    {U'\u030A', kM, "_0"}, {U'\u032C', kM, "_v"}, {U'\u0308', kM, "_\""}, {U'\u031F', kM, "_+"},
    {U'\u0320', kM, "_-"}, {U'\u0318', kM, "_A"}, {U'\u0319', kM, "_q"}, {U'\u033A', kM, "_a"},
    {U'\u032A', kM, "_d"}, {U'\u033B', kM, "_m"}, {U'\u033C', kM, "_N"}, {U'\u031C', kM, "_c"},
    {U'\u0339', kM, "_O"}, {U'\u031D', kM, "_r"}, {U'\u031E', kM, "_o"}, {U'\u0330', kM, "_k"},
    {U'\u0324', kM, "_t"}, {U'\u0334', kM, "_e"}, {U'\u031A', kM, "_}"}, {U'\u033D', kM, "_x"},
    {U'\u0306', kM, "_X"}, {U'\u0301', kM, "_H"}, {U'\u0300', kM, "_L"}, {U'\u0304', kM, "_M"},
    {U'\u030B', kM, "_T"}, {U'\u030F', kM, "_B"}, {U'\u030C', kM, "_R"}, {U'\u0302', kM, "_F"},
    // Modifier letters, length, tone.
    {U'ː', kM, ":"}, {U'ˑ', kM, ":\\"}, {U'˞', kM, "`"}, {U'ʰ', kM, "_h"}, {U'ʱ', kM, "_h\\"},
    {U'ʲ', kM, "_j"}, {U'ʲ', kM, "'"}, {U'ʷ', kM, "_w"}, {U'ˠ', kM, "_G"}, {U'ˤ', kM, "_?\\"},
    {U'ⁿ', kM, "_n"}, {U'ˡ', kM, "_l"}, {U'ʼ', kM, "_>"}, {U'ᵝ', kM, ""},
    {U'˥', kM, ""}, {U'˦', kM, ""}, {U'˧', kM, ""}, {U'˨', kM, ""}, {U'˩', kM, ""},
    {U'ꜛ', kM, "^"}, {U'ꜜ', kM, "!"}, {U'↗', kM, "<R>"}, {U'↘', kM, "<F>"},
    // What is between letters.
    {U'\u0361', IpaKind::kTie, ""}, {U'\u035C', IpaKind::kTie, ""},
    {U'ˈ', IpaKind::kPrimary, "\""}, {U'ˌ', IpaKind::kSecondary, "%"},
    {U'.', IpaKind::kSilent, "."}, {U'.', IpaKind::kSilent, "-"},
    {U'‿', IpaKind::kSilent, "-\\"}, {U' ', IpaKind::kBoundary, " "},
    {U' ', IpaKind::kBoundary, "#"}, {U'|', IpaKind::kBoundary, "|"},
    {U'‖', IpaKind::kBoundary, "||"},
};
// clang-format on

bool by_code(const IpaCharacter& a, const IpaCharacter& b) { return a.code < b.code; }

std::vector<IpaCharacter> sorted_characters() {
  std::vector<IpaCharacter> sorted(std::begin(kCharacters), std::end(kCharacters));
  std::stable_sort(sorted.begin(), sorted.end(), by_code);
  return sorted;
}

}  // namespace

const IpaCharacter* find_ipa(char32_t code) noexcept {
  static const std::vector<IpaCharacter> sorted = sorted_characters();
  const auto found =
      std::lower_bound(sorted.begin(), sorted.end(), IpaCharacter{code, kC, ""}, by_code);
  return found != sorted.end() && found->code == code ? &*found : nullptr;
}

std::span<const IpaCharacter> ipa_characters() noexcept { return kCharacters; }

}  // namespace syrinx::text
