// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/stages/text/script/script.h"

namespace syrinx::text {

// What holds for the text of an element.
struct TextManner {
  SpeechStyle style;
  std::optional<SayAs> say_as;
  std::string part_of_speech;
};

// Adds a document's items to a script in order. Spans come as the document counts and leave as the
// whole source does.
class ItemWriter {
 public:
  explicit ItemWriter(std::size_t source_begin) : source_begin_(source_begin) {}

  // Text that follows on the text before it becomes one item with it, until interrupt().
  void add_text(std::string_view text, SourceSpan from, const TextManner& manner);
  void interrupt() noexcept { text_is_open_ = false; }
  // One item, whatever comes before and after.
  void add_whole(MappedText text, const TextManner& manner,
                 std::optional<Pronunciation> pronunciation);
  // Anything else but a boundary.
  void add(ScriptItem item);
  // kSentenceEnd or kParagraphEnd, unless nothing was said since one that is as strong. White space
  // before it goes.
  void add_boundary(ScriptItemKind kind, SourceSpan at);

  // Adds a piece of the document to `text`, each byte with its own source where they are equal.
  void append(MappedText& text, std::string_view made, SourceSpan from) const;
  SourceSpan shifted(SourceSpan span) const noexcept {
    return {span.begin + source_begin_, span.end + source_begin_};
  }
  std::vector<ScriptItem>& items() noexcept { return items_; }

 private:
  std::size_t source_begin_;
  std::vector<ScriptItem> items_;
  bool text_is_open_ = false;
  // As if a paragraph had ended before the document.
  std::optional<ScriptItemKind> boundary_ = ScriptItemKind::kParagraphEnd;
};

// Whether there is nothing but white space.
bool is_blank(std::string_view text) noexcept;

// Gives each text among items[first, end) that has no contour its part of `points`, which cover all
// of them by the length of their texts.
void spread_contour(const std::vector<ContourPoint>& points, std::vector<ScriptItem>& items,
                    std::size_t first);

}  // namespace syrinx::text
