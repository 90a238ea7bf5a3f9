// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

// Pronunciations in the alphabet of the misaki lexicons, one character a sound.
namespace syrinx::text {

inline constexpr char32_t kPrimaryStress = U'ˈ';
inline constexpr char32_t kSecondaryStress = U'ˌ';

std::u32string wide_of(std::string_view utf8);
std::string utf8_of(std::u32string_view wide);

bool is_kokoro_vowel(char32_t letter) noexcept;
// After which an American "t" between vowels becomes a tap.
bool is_before_tap(char32_t letter) noexcept;
bool has_letter(std::u32string_view symbols, char32_t letter) noexcept;

// misaki's levels of stress: below -1 takes all away; -1 and below 0.5 weaken it to secondary; 0 to
// 1 give secondary to what has none; 1 and more strengthen secondary to primary; above 1 gives
// primary to what has none.
std::u32string with_stress(std::u32string symbols, std::optional<double> level);

// Whether the first sound is a vowel; nothing when there is no sound.
std::optional<bool> begins_with_vowel(std::u32string_view symbols) noexcept;

}  // namespace syrinx::text
