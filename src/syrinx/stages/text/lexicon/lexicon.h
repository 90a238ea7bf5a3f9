// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/phonemes.h"
#include "syrinx/core/flow/spoken.h"

namespace syrinx::text {

// How a lexicon file is written.
enum class LexiconFormat {
  kDetect,   // By its contents: XML, JSON, then ARPABET after a space, then tabs.
  kPls,      // W3C Pronunciation Lexicon Specification 1.0; alphabets ipa, x-sampa, x-arpabet.
  kCmudict,  // "tomato(2)  T AH0 M AA1 T OW2 # note": one reading a line, best first.
  kMisaki,   // JSON: {"word": "kokoro"} or {"word": {"DEFAULT": "kokoro", "VERB": ..., "None": ...}}.
  kTsv,      // word, pronunciation [, alphabet] [, part of speech], separated by tabs; see
             // parse_written_pronunciation().
};

// "pls", "cmudict", "misaki", "tsv", "detect".
std::string_view name_of(LexiconFormat format) noexcept;
std::optional<LexiconFormat> lexicon_format_of(std::string_view name) noexcept;

// One way to say a word, and where it says so.
struct LexiconReading {
  Pronunciation pronunciation;
  std::string part_of_speech;  // A Penn tag ("VBD"), a family ("VERB"), "None" (ends a phrase), "".
  std::size_t line = 0;        // Of the file, from 1.
};

// What a lexicon is asked about a word.
struct LexiconQuery {
  std::string_view part_of_speech;   // A Penn tag, or "".
  bool ends_phrase = false;          // Nothing, or a pause, follows.
};

// The words of one file and how they are said. Immutable, and so free to share between threads.
// Spellings are kept as written, in NFC with straight apostrophes. A spelling that stands more than
// once with the same part of speech keeps its first reading as the first choice.
class Lexicon {
 public:
  // Reads a file. Errors: kNotFound, kIo; kCorruptData with the line and what was expected;
  // kLimitExceeded (kMaxLexiconFileBytes, kMaxLexiconWords, ...).
  static Result<Lexicon> load(const std::filesystem::path& path,
                              LexiconFormat format = LexiconFormat::kDetect);
  // The same from memory. `name` is what answers call it.
  static Result<Lexicon> parse(std::string_view contents, std::string_view name,
                               LexiconFormat format = LexiconFormat::kDetect);

  Lexicon(Lexicon&&) noexcept;
  Lexicon& operator=(Lexicon&&) noexcept;
  ~Lexicon();

  const std::string& name() const noexcept { return name_; }  // "us_gold.json", "names.tsv".
  LexiconFormat format() const noexcept { return format_; }
  std::size_t words() const noexcept { return words_; }
  std::size_t bytes() const noexcept;  // Of memory held.

  // The reading for this very spelling: by part of speech, its family (VERB, NOUN, ADJ, ADV), the
  // phrase's end, else the first without one; nothing when the spelling is not there.
  std::optional<LexiconReading> find(std::string_view spelling, const LexiconQuery& query) const;
  // find(), and failing that in lower case, and then with a capital.
  std::optional<LexiconReading> find_any_case(std::string_view spelling,
                                              const LexiconQuery& query) const;
  bool contains(std::string_view spelling) const noexcept;
  // Every reading of this very spelling, first choice first.
  std::vector<LexiconReading> readings(std::string_view spelling) const;

 private:
  friend class LexiconBuilder;
  Lexicon() = default;

  std::string name_;
  LexiconFormat format_ = LexiconFormat::kTsv;
  std::size_t words_ = 0;
  std::string blob_;                   // The words' records, one after the other.
  std::vector<std::uint32_t> slots_;   // Hash table: where a record starts, plus one; 0 is free.
};

}  // namespace syrinx::text
