// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/phonemes.h"
#include "syrinx/stages/text/lexicon/lexicon.h"

namespace syrinx::text {

// What an entry says: phonemes, other words to say instead, or the word's letters.
enum class EntryKind : std::uint8_t { kPhonemes, kAlias, kLetters };

// One reading as a reader of a file finds it.
struct LexiconEntry {
  std::string_view spelling;
  EntryKind kind = EntryKind::kPhonemes;
  std::string_view symbols;  // Of kAlias, the words; of kLetters, nothing.
  PhonemeSet set = PhonemeSet::kArpabet;
  std::string_view part_of_speech;
  std::size_t line = 0;
};

// Takes entries and makes the Lexicon of them.
class LexiconBuilder {
 public:
  LexiconBuilder(std::string_view name, LexiconFormat format) : name_(name), format_(format) {}

  // Errors: kCorruptData for an empty or overlong word or pronunciation, with the line;
  // kLimitExceeded beyond kMaxLexiconReadings.
  Result<void> add(const LexiconEntry& entry);
  Lexicon finish() &&;

 private:
  struct Mark {
    std::uint64_t hash = 0;
    std::uint32_t record = 0;
  };
  std::string name_;
  LexiconFormat format_;
  std::string blob_;         // Each entry's record, in the order of the file.
  std::vector<Mark> marks_;  // One per record.
};

// The readers of the formats: each adds all entries of `contents` to the builder, or says in which
// line the file is not what it should be (kCorruptData).
Result<void> read_tsv(std::string_view contents, LexiconBuilder& builder);
Result<void> read_cmudict(std::string_view contents, LexiconBuilder& builder);
Result<void> read_misaki(std::string_view contents, LexiconBuilder& builder);
Result<void> read_pls(std::string_view contents, LexiconBuilder& builder);

// kCorruptData: "line 12: " and what was given and expected.
Error lexicon_error(std::size_t line, std::string_view what);

}  // namespace syrinx::text
