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
#include "syrinx/core/flow/spoken.h"

namespace syrinx::text {

// How a lexicon file is written.
enum class LexiconFormat {
  kDetect,   // By its contents: XML, JSON, lines with tabs, else CMUdict's.
  kPls,      // W3C Pronunciation Lexicon Specification 1.0; alphabets ipa, x-sampa, arpabet.
  kCmudict,  // "tomato(2)  T AH0 M AA1 T OW2 # note": one reading a line, best first.
  kMisaki,   // JSON: {"word": "kokoro"} or {"word": {"DEFAULT": "kokoro", "VERB": .., "None": ..}}.
  kTsv,      // word, pronunciation [, alphabet] [, part of speech], separated by tabs; the
             // pronunciation as parse_written_pronunciation() takes it, or other words to say
             // instead where the alphabet is "alias". "#" begins a comment line.
};

// "pls", "cmudict", "misaki", "tsv", "detect".
std::string_view name_of(LexiconFormat format) noexcept;
std::optional<LexiconFormat> lexicon_format_of(std::string_view name) noexcept;

// One way to say a word, and where it says so.
struct LexiconReading {
  Pronunciation pronunciation;  // Without symbols where there is an alias, or is_spelt.
  std::string alias;            // Other words to say instead: "World Wide Web Consortium".
  bool is_spelt = false;        // Said letter by letter.
  std::string part_of_speech;  // A Penn tag ("VBD"), a family ("VERB"), "None" (ends a phrase), "".
  std::size_t line = 0;        // Of the file, from 1.
};

// What a lexicon is asked about a word.
struct LexiconQuery {
  std::string_view part_of_speech = {};  // A Penn tag, or "".
  bool ends_phrase = false;              // Nothing, or a pause, follows.
};

// VERB, NOUN, ADJ or ADV of a Penn tag; other tags are their own family.
std::string_view family_of(std::string_view part_of_speech) noexcept;

// The words of one file and how they are said. Immutable, and so free to share between threads.
// Spellings are kept as written, in NFC with straight apostrophes. Of readings with the same
// spelling and part of speech the first of the file is chosen.
class Lexicon {
 public:
  // Reads a file. Errors, with its path: kNotFound, kIo; kCorruptData with the line and what was
  // expected; kLimitExceeded (limits::kMaxLexicon...).
  static Result<Lexicon> load(const std::filesystem::path& path,
                              LexiconFormat format = LexiconFormat::kDetect);
  // The same from memory. `name` is what answers call it.
  static Result<Lexicon> parse(std::string_view contents, std::string_view name,
                               LexiconFormat format = LexiconFormat::kDetect);

  const std::string& name() const noexcept { return name_; }  // "us_gold.json", "names.tsv".
  LexiconFormat format() const noexcept { return format_; }
  std::size_t words() const noexcept { return words_; }
  std::size_t bytes() const noexcept;  // Of memory held.

  // The reading for this very spelling: the one that ends a phrase, if the word does; the one of
  // the part of speech; of its family; the first without one; and for a word of unknown part of
  // speech the first. Nothing when there is none of these.
  std::optional<LexiconReading> find(std::string_view spelling, const LexiconQuery& query) const;
  // find(), and failing that in lower case, and then with a capital.
  std::optional<LexiconReading> find_any_case(std::string_view spelling,
                                              const LexiconQuery& query) const;
  bool contains(std::string_view spelling) const;
  // Every reading of this very spelling, in the order of the file.
  std::vector<LexiconReading> readings(std::string_view spelling) const;

 private:
  friend class LexiconBuilder;
  Lexicon() = default;
  template <class Each>
  void for_readings(std::string_view spelling, Each each) const;

  std::string name_;
  LexiconFormat format_ = LexiconFormat::kTsv;
  std::size_t words_ = 0;
  std::string blob_;                  // The entries' records, one after the other.
  std::vector<std::uint32_t> slots_;  // Hash table: where a record starts, plus one; 0 is free.
};

}  // namespace syrinx::text
