// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/text.h"
#include "syrinx/stages/text/input/input.h"

// What the layout of a text says about it: where chapters begin and who speaks.
namespace syrinx::tts {

// A chapter begins at `begin`; its title is written in `heading`, or, where that is empty, is
// `title`.
struct ChapterMark {
  std::size_t begin = 0;
  SourceSpan heading;
  std::string title;
};

// Where headings of the two upper levels stand, in order: "#", "##" and underlined lines of
// Markdown, <h1> and <h2> of HTML, and of plain text lines of their own as "Chapter 3", "CHAPTER
// III: The Door", "Prologue".
std::vector<SourceSpan> find_headings(std::string_view source, text::InputKind kind);

// The chapters that the headings begin. Headings with nothing between them are one chapter, named
// by the last.
std::vector<ChapterMark> find_chapters(std::string_view source, text::InputKind kind,
                                       const std::vector<SourceSpan>& headings);

// Where the HTML element with that `id` begins, or nothing.
std::optional<std::size_t> find_element(std::string_view source, std::string_view id);

// "[Alice]" at the beginning of a line: from here on she speaks, to the next mark or chapter.
struct SpeakerMark {
  SourceSpan source;  // With the colon and white space behind it.
  std::string name;
};

// The marks of plain text and Markdown that name one of `names`, in order; none of other kinds.
// Errors: kNotFound, with the line, for a mark that looks like one of theirs and names nobody.
Result<std::vector<SpeakerMark>> find_speakers(std::string_view source, text::InputKind kind,
                                               const std::vector<std::string>& names);

}  // namespace syrinx::tts
