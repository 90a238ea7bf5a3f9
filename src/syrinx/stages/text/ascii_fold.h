// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/text.h"

namespace syrinx::text {

// A character that no ASCII reading was found for.
struct SkippedCharacter {
  std::string character;  // UTF-8; "\xEF\xBF\xBD" for bytes that are not UTF-8.
  SourceSpan source;
};

struct FoldedText {
  MappedText text;
  std::vector<SkippedCharacter> skipped;
};

// Rewrites Unicode text in ASCII for voices that read only ASCII: curly quotes and dashes become
// plain ones, accents fall away, other scripts are transliterated letter by letter (CLDR
// transforms Any-Latin and Latin-ASCII). Nothing vanishes in silence: what has no ASCII form is
// listed in `skipped`. One instance serves one thread.
class AsciiFolder {
 public:
  // Errors: kUnavailable when the Unicode library's data lacks the transforms.
  static Result<AsciiFolder> create();
  ~AsciiFolder();
  AsciiFolder(AsciiFolder&&) noexcept;
  AsciiFolder& operator=(AsciiFolder&&) noexcept;

  // Any bytes; those that are not valid UTF-8 are skipped and listed. `source_begin` is where
  // `utf8` starts in the author's text.
  FoldedText fold(std::string_view utf8, std::size_t source_begin) const;

 private:
  struct Transform;
  explicit AsciiFolder(std::unique_ptr<Transform> transform);

  std::unique_ptr<Transform> transform_;
};

// ICU's version, as "72.1".
std::string unicode_library_version();

}  // namespace syrinx::text
