// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "syrinx/stages/text/script/script.h"

namespace syrinx::text {

// Makes a Script from a source that is read from front to back. What is passed over between two
// said parts and is no white space becomes a skipped item by itself, so that nothing that was
// written vanishes without a reason.
class ScriptBuilder {
 public:
  // `source` must outlive the builder.
  explicit ScriptBuilder(std::string_view source) : source_(source) {}

  // Says source[begin, end) as it stands. Pre: begin is not before what was said or skipped last.
  void say(std::size_t begin, std::size_t end);
  // Says `made` for source[begin, end), as "&" for "&amp;".
  void say_instead(std::string_view made, std::size_t begin, std::size_t end);
  // White space that the source has no character for, as between two table cells.
  void say_space();
  // A pause that punctuation makes where the source has none, as after a table cell.
  void say_comma();
  // Does not say source[begin, end).
  void skip(std::size_t begin, std::size_t end, std::string reason);
  // What is passed over from here to the next call is `reason` and no longer "markup".
  void name_gaps(std::string reason) { gap_reason_ = std::move(reason); }
  void end_sentence() { end(ScriptItemKind::kSentenceEnd); }
  void end_paragraph() { end(ScriptItemKind::kParagraphEnd); }
  // The style of what is said from here on.
  SpeechStyle& style() noexcept { return style_; }
  // All that is said until this is called again with nothing is pronounced so.
  void pronounce(std::optional<Pronunciation> as);

  // The whole, with what was left at the end of the source.
  Script finish();

 private:
  ScriptItem& text_item();
  void cover(std::size_t begin);
  void end(ScriptItemKind kind);

  std::string_view source_;
  std::size_t covered_ = 0;
  std::string gap_reason_ = "markup";
  SpeechStyle style_;
  std::optional<Pronunciation> pronunciation_;
  bool new_item_ = true;
  // The item that ends what was said last; past all items where nothing was said yet.
  std::optional<std::size_t> ended_ = std::numeric_limits<std::size_t>::max();
  Script script_;
};

}  // namespace syrinx::text
