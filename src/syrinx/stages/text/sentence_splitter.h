// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "syrinx/core/flow/text.h"

namespace syrinx::text {

// A sentence and whether a paragraph ends with it.
struct Sentence {
  TextPiece piece;  // Without the white space around it.
  bool ends_paragraph = false;
};

// Cuts text into sentences as it arrives, so that speech can start before the text is complete.
// Knows English and German abbreviations, initials, decimals, quotations and blank lines; a
// sentence longer than limits::kMaxSentenceBytes is cut at a clause, a space, or between
// characters. Nothing is dropped but white space. One instance serves one text, one thread; cost is
// linear in the text.
class SentenceSplitter {
 public:
  // In German ("de", "de-DE") a number with a full stop goes on ("am 3. Mai"), and the
  // abbreviations are other ones; every other language is cut as English is.
  explicit SentenceSplitter(std::string_view language = "en");
  // Adds UTF-8 bytes; a character may be split between two calls.
  void push(std::string_view utf8);
  // No more will come: what is left is a sentence.
  void finish();
  // The next sentence that later text cannot change, or nothing until more is pushed.
  std::optional<Sentence> next();
  // Bytes of all text pushed so far.
  std::size_t pushed_bytes() const noexcept { return base_ + rest().size(); }

 private:
  struct Cut;
  std::optional<Cut> find_cut();
  std::optional<Sentence> take(const Cut& cut);
  std::string_view rest() const noexcept;
  void drop(std::size_t bytes);

  bool german_ = false;
  std::string buffer_;
  std::size_t head_ = 0;     // Bytes of buffer_ already given out.
  std::size_t base_ = 0;     // Where rest() starts in the source.
  std::size_t scanned_ = 0;  // Bytes of rest() known to hold no boundary.
  bool finished_ = false;
};

}  // namespace syrinx::text
