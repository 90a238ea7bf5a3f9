// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace syrinx::training {

// ARPABET's 24 consonants, then its 15 vowels three times, with stress 0, 1 and 2: the codes that
// the model's files are written in.
using PhoneCode = std::uint8_t;
inline constexpr std::size_t kPhoneCodes = 24 + 15 * 3;

std::string phone_name(PhoneCode code);  // "AH0".
int phone_code(std::string_view name);   // -1 for what is none.
PhoneCode without_stress(PhoneCode code);

struct Word {
  std::string spelling;                          // Lower case.
  std::vector<std::vector<PhoneCode>> readings;  // As the dictionary orders them.
  bool is_letters = false;  // Nothing but a to z and apostrophes: what the model is taught.
  bool held_out = false;    // FNV-1a (32 bits) of the spelling, modulo 10, is 0.
};

// The words of a CMUdict file, in its order.
std::vector<Word> read_cmudict(const std::filesystem::path& path);

}  // namespace syrinx::training
