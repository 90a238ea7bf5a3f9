// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "syrinx/core/flow/stream.h"
#include "syrinx/engines/tts/read_sentence.h"
#include "syrinx/stages/text/input/input.h"
#include "syrinx/stages/text/script/script.h"

// From a source, whatever it is written in, to sentences that are not yet understood.
namespace syrinx::tts {

// A part of a sentence for which the markup says something.
struct MarkedArea {
  SourceSpan source;
  text::SpeechStyle style;
  std::optional<text::SayAs> say_as;
  std::optional<Pronunciation> pronunciation;
  std::string part_of_speech;  // Penn tag, or "".
};

struct RawSentence {
  MappedText text;
  bool ends_paragraph = false;
  std::vector<MarkedArea> areas;      // In source order.
  std::vector<SentenceEvent> events;  // In source order; their token is not known yet.
  std::vector<SkippedText> skipped;
};

// Hands out sentences one after the other. Plain text is read only as far as is needed; every other
// kind is read whole first. One instance serves one thread.
class SentenceSource {
 public:
  // `kind` empty: told from the first piece that the text hands out. `language` is whose
  // abbreviations the text has. Errors: those of the text and
  // of the kind's reader.
  static Result<SentenceSource> open(std::unique_ptr<TextSource> text,
                                     std::optional<text::InputKind> kind, std::string_view language,
                                     const std::stop_token& stop);

  // The next sentence, or nothing at the end.
  Result<std::optional<RawSentence>> next(const std::stop_token& stop);
  text::InputKind kind() const noexcept { return kind_; }
  // What became of the markup, and the lexicons that it names. Empty for plain text.
  text::Script& script() noexcept { return script_; }

  SentenceSource(SentenceSource&&) noexcept;
  SentenceSource& operator=(SentenceSource&&) noexcept;
  ~SentenceSource();

 private:
  struct Plain;
  explicit SentenceSource(text::InputKind kind);

  text::InputKind kind_;
  std::unique_ptr<Plain> plain_;       // Of plain text.
  text::Script script_;                // Of every other kind.
  std::deque<RawSentence> sentences_;  // Of every other kind.
};

// One sentence of plain text: its marks read, nothing cut.
RawSentence plain_sentence(const MappedText& text, bool ends_paragraph);

}  // namespace syrinx::tts
