// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/alphabet/arpabet_table.h"

namespace syrinx::text {
namespace {

// clang-format off
constexpr ArpabetSymbol kSymbols[] = {
    // The CMU dictionary's.
    {"aa", "ɑ", "", true},   {"ae", "æ", "", true},   {"ah", "ʌ", "ə", true},
    {"ao", "ɔ", "", true},   {"aw", "aʊ", "", true},  {"ay", "aɪ", "", true},
    {"eh", "ɛ", "", true},   {"er", "ɝ", "ɚ", true},  {"ey", "eɪ", "", true},
    {"ih", "ɪ", "", true},   {"iy", "i", "", true},   {"ow", "oʊ", "", true},
    {"oy", "ɔɪ", "", true},  {"uh", "ʊ", "", true},   {"uw", "u", "", true},
    {"b", "b", "", false},   {"ch", "tʃ", "", false}, {"d", "d", "", false},
    {"dh", "ð", "", false},  {"f", "f", "", false},   {"g", "ɡ", "", false},
    {"hh", "h", "", false},  {"jh", "dʒ", "", false}, {"k", "k", "", false},
    {"l", "l", "", false},   {"m", "m", "", false},   {"n", "n", "", false},
    {"ng", "ŋ", "", false},  {"p", "p", "", false},   {"r", "ɹ", "", false},
    {"s", "s", "", false},   {"sh", "ʃ", "", false},  {"t", "t", "", false},
    {"th", "θ", "", false},  {"v", "v", "", false},   {"w", "w", "", false},
    {"y", "j", "", false},   {"z", "z", "", false},   {"zh", "ʒ", "", false},
    // The longer set's.
    {"ax", "ə", "", true},   {"axr", "ɚ", "", true},  {"ix", "ᵻ", "", true},
    {"ux", "ʉ", "", true},   {"el", "l̩", "", true},  {"em", "m̩", "", true},
    {"en", "n̩", "", true},  {"eng", "ŋ̩", "", true}, {"dx", "ɾ", "", false},
    {"nx", "ɾ̃", "", false}, {"q", "ʔ", "", false},   {"wh", "ʍ", "", false},
    {"h", "h", "", false},
};
// clang-format on

}  // namespace

const ArpabetSymbol* find_arpabet(std::string_view name) noexcept {
  for (const ArpabetSymbol& symbol : kSymbols) {
    if (symbol.name == name) return &symbol;
  }
  return nullptr;
}

}  // namespace syrinx::text
