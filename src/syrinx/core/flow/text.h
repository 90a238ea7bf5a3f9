// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace syrinx {

// The bytes [begin, end) of the text that the author wrote, before anything was made of it. Travels
// with every word and phoneme, so that captions can show what was written, not what was normalised.
struct SourceSpan {
  std::size_t begin = 0;
  std::size_t end = 0;

  std::size_t size() const noexcept { return end - begin; }
  friend bool operator==(const SourceSpan&, const SourceSpan&) = default;
};

// UTF-8 text with the place where it came from.
struct TextPiece {
  std::string text;
  SourceSpan source;
};

// Text made from the author's text, byte by byte traceable: normalising may replace, insert and
// drop, but where each remaining byte came from is kept. Costs memory by the number of
// replacements, not of bytes.
class MappedText {
 public:
  MappedText() = default;
  // The author's own bytes, which start at `source_begin` of the whole.
  MappedText(std::string_view verbatim, std::size_t source_begin);

  const std::string& text() const noexcept { return text_; }
  std::size_t size() const noexcept { return text_.size(); }
  bool empty() const noexcept { return text_.empty(); }
  // Everything that this was made of, dropped parts included.
  SourceSpan source() const noexcept { return source_; }

  // Adds `made`, which stands for the author's bytes `from`. Pre: `from` begins at or after the end
  // of what was added before.
  void append(std::string_view made, SourceSpan from);
  // Adds the author's own bytes, which start at `source_begin`. Pre: as above.
  void append_verbatim(std::string_view bytes, std::size_t source_begin);
  void append(const MappedText& more);
  // The author's bytes that text()[begin, end) stands for. Pre: begin <= end <= size().
  SourceSpan source_of(std::size_t begin, std::size_t end) const;
  // text()[begin, end) with its origins. Pre: begin <= end <= size().
  MappedText slice(std::size_t begin, std::size_t end) const;

 private:
  // Bytes of text_ from `begin` to the next run: the author's own, one for one, or all of them made
  // from all of `from`.
  struct Run {
    std::size_t begin = 0;
    SourceSpan from;
    bool verbatim = false;
  };
  std::size_t run_at(std::size_t byte) const;
  SourceSpan origin_of(std::size_t byte) const;
  std::size_t run_end(std::size_t run) const noexcept;
  void widen(SourceSpan from);

  std::string text_;
  std::vector<Run> runs_;  // Ascending by begin; none is empty.
  SourceSpan source_;
};

// How something is to be said. Defaults change nothing.
struct Prosody {
  double rate = 1.0;             // Tempo factor: 2 speaks twice as fast.
  double pitch_semitones = 0.0;  // F0 shift; formants stay.
  double volume_db = 0.0;        // Gain on the finished sound.
};

// A spoken word and when it sounds, in seconds from the start of what it belongs to.
struct TimedWord {
  std::string text;  // As the author wrote it.
  SourceSpan source;
  double begin_s = 0;
  double end_s = 0;
};

}  // namespace syrinx
