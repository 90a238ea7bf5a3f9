// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "syrinx/core/base/result.h"

namespace syrinx::text {

// Says words that no lexicon knows, from their letters: a joint-sequence n-gram model (Bisani and
// Ney 2008, "Joint-sequence models for grapheme-to-phoneme conversion"), trained by training/g2p.
// Immutable; any thread may call.
class FallbackModel {
 public:
  // The English (US) model that is part of the library; read on the first call, in milliseconds.
  static const FallbackModel& english();
  // A model file as training/g2p writes it; `bytes` must outlive the model. Errors: kCorruptData.
  static Result<FallbackModel> from_bytes(std::span<const std::byte> bytes);

  FallbackModel(FallbackModel&&) noexcept;
  FallbackModel& operator=(FallbackModel&&) noexcept;
  ~FallbackModel();

  // ARPABET with stress digits, for the letters a-z and the apostrophe of `word` in any case; other
  // bytes are passed over. Empty when there is no letter. Time is linear in the length.
  std::string pronounce(std::string_view word) const;
  // The same of a word that the model was taught, in half the time; EnglishWords holds those for
  // which this is not what was taught.
  std::string recall(std::string_view word) const;

 private:
  struct Trie;
  explicit FallbackModel(std::unique_ptr<const Trie> trie);
  std::unique_ptr<const Trie> trie_;
};

}  // namespace syrinx::text
