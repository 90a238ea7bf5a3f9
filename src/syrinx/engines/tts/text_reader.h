// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/phonemes.h"
#include "syrinx/core/flow/stream.h"
#include "syrinx/engines/tts/read_sentence.h"
#include "syrinx/engines/tts/sentence_source.h"
#include "syrinx/stages/text/input/input.h"
#include "syrinx/stages/text/lexicon/lexicon_stack.h"
#include "syrinx/stages/text/script/script.h"

namespace syrinx::tts {

struct TextOptions {
  std::string language = "en-US";              // BCP 47, any letter case: "en", "en-gb", "de".
  std::optional<text::InputKind> input;        // Empty: told from the text.
  PhonemeSet phonemes = PhonemeSet::kArpabet;  // What pronunciations are written in.
  std::shared_ptr<text::LexiconStack> lexicons;
  // Where a document's <lexicon uri="..."> may lie; empty: such elements are reported as ignored.
  std::filesystem::path lexicon_folder;
};

// What is written becomes what is said: the whole front end. Immutable but for its lexicons, which
// follow their files; any thread may call.
class TextFrontEnd {
 public:
  // English is normalised and pronounced; German is normalised only, its words have no
  // pronunciations. Errors: kUnsupported for a language that there is not; kUnavailable when
  // Unicode data is missing on this machine.
  static Result<TextFrontEnd> create(const TextOptions& options);
  TextFrontEnd(TextFrontEnd&&) noexcept;
  TextFrontEnd& operator=(TextFrontEnd&&) noexcept;
  ~TextFrontEnd();

  const TextOptions& options() const noexcept;
  // Understands a sentence of a text of that kind, with what its markup said. Lexicons are as they
  // were read last.
  ReadSentence understand(RawSentence sentence, text::InputKind kind) const;
  // Understands one sentence of plain text, uncut. `source_begin` is where it stands in the whole.
  ReadSentence read_line(std::string_view line, std::size_t source_begin = 0) const;

 private:
  friend class TextReader;
  struct Parts;
  explicit TextFrontEnd(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// Reads a text sentence by sentence, as it arrives where it is plain. One instance serves one
// thread.
class TextReader {
 public:
  // `front_end` must outlive the reader. Errors: of the text; of its markup.
  static Result<TextReader> open(const TextFrontEnd& front_end, std::unique_ptr<TextSource> text,
                                 const std::stop_token& stop);
  TextReader(TextReader&&) noexcept;
  TextReader& operator=(TextReader&&) noexcept;
  ~TextReader();

  // The next sentence, which may have no tokens but events or skipped text, or false at the end.
  Result<bool> next(ReadSentence& sentence, const std::stop_token& stop);
  text::InputKind input() const noexcept;
  // What became of each element of the markup, for those who can honour less to say so; its items
  // are gone.
  text::Script& script() noexcept;

 private:
  struct State;
  explicit TextReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace syrinx::tts
