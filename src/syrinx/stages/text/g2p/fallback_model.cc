// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/g2p/fallback_model.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "syrinx/core/base/check.h"
#include "syrinx/stages/text/g2p/arpabet_codes.h"
#include "syrinx/stages/text/g2p/english_data.h"
#include "syrinx/stages/text/g2p/graphone_search.h"
#include "syrinx/stages/text/g2p/graphone_trie.h"

namespace syrinx::text {
namespace {

std::string lower_ascii(std::string_view word) {
  std::string lower(word);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::uint8_t stress_of(std::uint8_t code) {
  return static_cast<std::uint8_t>((code - kArpabetConsonants) % 3);
}
void set_stress(std::uint8_t& code, std::uint8_t stress) {
  code = static_cast<std::uint8_t>(code - stress_of(code) + stress);
}

// One primary stress a word: the first is kept; without one, the first secondary or else the first
// vowel gets it.
void mend_stress(std::vector<std::uint8_t>& codes) {
  std::uint8_t* primary = nullptr;
  std::uint8_t* candidate = nullptr;
  for (std::uint8_t& code : codes) {
    if (!is_vowel(code)) continue;
    if (stress_of(code) == 1 && primary != nullptr) set_stress(code, 2);
    if (stress_of(code) == 1) primary = &code;
    const bool is_better =
        stress_of(code) == 2 && candidate != nullptr && stress_of(*candidate) == 0;
    if (candidate == nullptr || is_better) candidate = &code;
  }
  if (primary == nullptr && candidate != nullptr) set_stress(*candidate, 1);
}

}  // namespace

struct FallbackModel::Trie {
  GraphoneTrie graphones;
};

FallbackModel::FallbackModel(std::unique_ptr<const Trie> trie) : trie_(std::move(trie)) {}
FallbackModel::FallbackModel(FallbackModel&&) noexcept = default;
FallbackModel& FallbackModel::operator=(FallbackModel&&) noexcept = default;
FallbackModel::~FallbackModel() = default;

Result<FallbackModel> FallbackModel::from_bytes(std::span<const std::byte> bytes) {
  SYRINX_ASSIGN(GraphoneTrie graphones, GraphoneTrie::read(bytes));
  return FallbackModel(std::make_unique<const Trie>(Trie{std::move(graphones)}));
}

const FallbackModel& FallbackModel::english() {
  static const FallbackModel model = [] {
    auto read = from_bytes(english_model_bytes());
    SYRINX_CHECK(read.has_value(), "the model in the library does not read");
    return std::move(read).value();
  }();
  return model;
}

namespace {

// The first reading in ARPABET.
std::string arpabet_of(std::vector<GraphoneReading> readings) {
  std::string symbols;
  if (readings.empty()) return symbols;
  mend_stress(readings.front().codes);
  for (const std::uint8_t code : readings.front().codes) append_arpabet(symbols, code);
  return symbols;
}

}  // namespace

std::string FallbackModel::pronounce(std::string_view word) const {
  return arpabet_of(search_graphones(trie_->graphones, lower_ascii(word), 1));
}

std::string FallbackModel::recall(std::string_view word) const {
  return arpabet_of(search_graphones(trie_->graphones, lower_ascii(word), 1, kRecallBeam));
}

}  // namespace syrinx::text
