// SPDX-License-Identifier: Apache-2.0
#include "fuzz/epub_target.h"

#include <span>

#include "syrinx/core/base/limits.h"
#include "syrinx/stages/text/epub/epub.h"

namespace syrinx::fuzz {

EpubOutcome read_as_epub(std::string_view bytes) {
  EpubOutcome outcome;
  const auto epub = text::Epub::from_memory(std::as_bytes(std::span(bytes)), "a mutant");
  outcome.is_epub = epub.has_value();
  if (!epub) {
    if (epub.error().message.empty()) outcome.broken = "an error without a sentence";
    return outcome;
  }
  if (epub->documents().empty()) outcome.broken = "a book without documents";
  if (epub->total_bytes() > limits::kMaxEpubTextBytes) outcome.broken = "more text than is allowed";
  std::size_t last = 0;
  for (const text::EpubChapter& chapter : epub->chapters()) {
    if (chapter.document >= epub->documents().size()) outcome.broken = "a chapter of no document";
    if (chapter.document < last) outcome.broken = "chapters out of order";
    last = chapter.document;
  }
  for (std::size_t i = 0; i < epub->documents().size(); ++i) {
    const std::string& path = epub->documents()[i];
    if (path.find("..") == 0 || path.find("/../") != std::string::npos)
      outcome.broken = "a path out of the archive";
    const auto page = epub->read(i);
    if (!page && page.error().message.empty()) outcome.broken = "an error without a sentence";
    if (page && page->size() > limits::kMaxMarkupBytes) outcome.broken = "a page beyond its limit";
  }
  return outcome;
}

}  // namespace syrinx::fuzz
