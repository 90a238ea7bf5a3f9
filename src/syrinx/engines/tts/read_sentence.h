// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "syrinx/core/flow/spoken.h"
#include "syrinx/core/flow/text.h"
#include "syrinx/stages/text/script/script.h"

namespace syrinx::tts {

// Something that the author wrote and nobody will hear.
struct SkippedText {
  std::string text;
  SourceSpan source;
  std::string reason;  // "code block", "invisible character", "no reading", ...
};

// What happens between two words.
struct SentenceEvent {
  text::ScriptItemKind kind = text::ScriptItemKind::kPause;  // kPause, kMark or kAudio.
  std::size_t token = 0;  // Before this token of the sentence; tokens.size() is after the last.
  double pause_s = 0;
  std::string name;
  SourceSpan source;
};

// From this token on, how it is said.
struct StyleRun {
  std::size_t token = 0;
  text::SpeechStyle style;
};

// One sentence, understood: what its pieces are, how its words are said, and why.
struct ReadSentence {
  MappedText written;  // The words of the author, markup gone, and where they stand.
  bool ends_paragraph = false;
  std::vector<SpokenToken> tokens;    // Each word with its pronunciation.
  std::vector<StyleRun> styles;       // Ascending; the first begins at token 0. None: as usual.
  std::vector<SentenceEvent> events;  // Ascending.
  std::vector<SkippedText> skipped;
};

}  // namespace syrinx::tts
