// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace syrinx::text {

// The codes by which the model's files name ARPABET's phonemes: 24 consonants, then 15 vowels with
// stress 0, 1 and 2 each.
inline constexpr std::size_t kArpabetConsonants = 24;
inline constexpr std::size_t kArpabetVowels = 15;
inline constexpr std::size_t kArpabetCodes = kArpabetConsonants + 3 * kArpabetVowels;

inline constexpr std::array<std::string_view, kArpabetConsonants> kConsonantNames = {
    "B",  "CH", "D", "DH", "F",  "G", "HH", "JH", "K", "L", "M", "N",
    "NG", "P",  "R", "S",  "SH", "T", "TH", "V",  "W", "Y", "Z", "ZH"};
inline constexpr std::array<std::string_view, kArpabetVowels> kVowelNames = {
    "AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"};

inline bool is_vowel(std::uint8_t code) noexcept { return code >= kArpabetConsonants; }

// Adds " AH0" to `symbols`. Pre: code < kArpabetCodes.
void append_arpabet(std::string& symbols, std::uint8_t code);

}  // namespace syrinx::text
