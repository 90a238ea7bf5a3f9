// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <utility>

#include "syrinx/core/base/limits.h"
#include "syrinx/stages/text/lexicon/lexicon_entry.h"
#include "syrinx/stages/text/lexicon/lexicon_record.h"
#include "syrinx/stages/text/lexicon/spelling.h"

namespace syrinx::text {
namespace {

Result<void> check(const LexiconEntry& entry, std::string_view spelling) {
  if (spelling.empty()) return lexicon_error(entry.line, "expected a word, found none");
  if (spelling.size() > limits::kMaxLexiconWordBytes) {
    return lexicon_error(entry.line, "the word is longer than 255 bytes");
  }
  if (entry.symbols.empty() && entry.kind != EntryKind::kLetters) {
    return lexicon_error(
        entry.line, "expected a pronunciation after '" + std::string(spelling) + "', found none");
  }
  if (entry.symbols.size() > limits::kMaxPronunciationBytes) {
    return lexicon_error(entry.line, "the pronunciation of '" + std::string(spelling) +
                                         "' is longer than 4,096 bytes");
  }
  if (entry.part_of_speech.size() > limits::kMaxLexiconTagBytes) {
    return lexicon_error(entry.line, "the part of speech is longer than 32 bytes");
  }
  return {};
}

}  // namespace

Error lexicon_error(std::size_t line, std::string_view what) {
  return make_error(ErrorCode::kCorruptData, "line ", line, ": ", what);
}

Result<void> LexiconBuilder::add(const LexiconEntry& entry) {
  const std::string spelling = lexicon_spelling(entry.spelling);
  SYRINX_TRY(check(entry, spelling));
  if (marks_.size() >= limits::kMaxLexiconReadings ||
      blob_.size() > limits::kMaxLexiconMemoryBytes) {
    return make_error(ErrorCode::kLimitExceeded, "line ", entry.line, ": more than ",
                      limits::kMaxLexiconReadings, " readings or ", limits::kMaxLexiconMemoryBytes,
                      " bytes; divide the lexicon");
  }
  marks_.push_back({hash_of_spelling(spelling), static_cast<std::uint32_t>(blob_.size())});
  append_record(blob_, spelling, entry);
  return {};
}

// Readings of one spelling lie along one chain of slots, in the order of the file.
Lexicon LexiconBuilder::finish() && {
  Lexicon lexicon;
  lexicon.name_ = std::move(name_);
  lexicon.format_ = format_;
  blob_.shrink_to_fit();
  lexicon.blob_ = std::move(blob_);
  lexicon.slots_.assign(std::bit_ceil(marks_.size() + marks_.size() / 2 + 1), 0);
  const std::size_t mask = lexicon.slots_.size() - 1;
  for (const Mark& mark : marks_) {
    const std::string_view spelling = record_at(lexicon.blob_, mark.record).spelling;
    std::size_t slot = mark.hash & mask;
    bool is_new = true;
    for (; lexicon.slots_[slot] != 0; slot = (slot + 1) & mask) {
      is_new &= record_at(lexicon.blob_, lexicon.slots_[slot] - 1).spelling != spelling;
    }
    lexicon.slots_[slot] = mark.record + 1;
    lexicon.words_ += is_new ? 1 : 0;
  }
  return lexicon;
}

}  // namespace syrinx::text
