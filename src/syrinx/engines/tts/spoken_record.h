// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/text.h"

namespace syrinx::tts {

// A word of a sentence that was spoken.
struct RecordedWord {
  std::size_t begin = 0;  // Bytes of the sentence's text.
  std::size_t end = 0;
  SourceSpan source;   // Bytes of the document.
  double begin_s = 0;  // From the start of the sentence's sound.
  double end_s = 0;
};

// What is kept of a sentence that was spoken: where its sound is, and all that captions and
// chapters need. Sentences without sound are kept too, so that they can be counted.
struct SpokenRecord {
  std::uint64_t pause_frames = 0;  // Silence before it.
  std::uint64_t frames = 0;        // Of sound, in the order of the records.
  std::string sound_digest;        // The first 16 hexadecimal digits of its SHA-256.
  std::string voice;
  std::string speaker;  // "" where nobody is named.
  std::size_t document = 0;
  std::size_t skipped = 0;  // Pieces of it that were not said.
  bool begins_chapter = false;
  bool names_chapter = false;
  std::string chapter_title;
  std::string text;  // As the author wrote it, markup gone.
  SourceSpan source;
  std::vector<RecordedWord> words;
};

// One line, with its own checksum in front, and back. Errors: kCorruptData.
std::string line_of(const SpokenRecord& record);
Result<SpokenRecord> parse_record(std::string_view line);

}  // namespace syrinx::tts
