// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/engines/tts/sentence_source.h"
#include "syrinx/stages/text/input/input.h"

namespace syrinx::tts {

struct BookOptions {
  std::optional<text::InputKind> input = {};  // Empty: by the file's name, then by its text.
  std::string language = "en-US";             // Whose abbreviations the text has.
  std::vector<std::string> speakers = {};     // Whose "[Name]" at the front of a line is heeded.
};

// One sentence of a book and where in it it stands.
struct BookSentence {
  RawSentence raw;
  std::size_t document = 0;  // Of Book::document_name().
  bool begins_chapter = false;
  bool is_heading = false;
  bool names_chapter = false;  // A heading whose words are the title of the chapter.
  std::string chapter_title;   // Where one begins and its title is not the heading's own words.
  std::string speaker;         // "" where nobody is named.
};

// What is read aloud from front to back: a text, or the documents of an EPUB, with its chapters and
// speakers. The text is held in memory, one document at a time, and no more than
// limits::kMaxTextBytes of it. One instance serves one thread.
class Book {
 public:
  // A text, Markdown, HTML or SSML file, or an EPUB, told by its content. Errors: kNotFound; kIo;
  // kCorruptData; kLimitExceeded; kUnsupported for a locked EPUB; kNotFound for a speaker whom
  // nobody plays.
  static Result<Book> open(const std::filesystem::path& path, const BookOptions& options);
  static Result<Book> from_text(std::string text, const BookOptions& options);
  Book(Book&&) noexcept;
  Book& operator=(Book&&) noexcept;
  ~Book();

  const std::string& title() const noexcept;   // "" where the book does not say.
  const std::string& author() const noexcept;  // The same.
  text::InputKind kind() const noexcept;       // Of every document.
  // The path within the EPUB; "" for a text, which is one document.
  const std::string& document_name(std::size_t document) const noexcept;
  const std::vector<std::string>& document_names() const noexcept;
  // The SHA-256 of all bytes that it was read from.
  const std::string& digest() const noexcept;
  std::uint64_t total_bytes() const noexcept;
  // What became of each element of the SSML that was read so far.
  const std::vector<text::ElementReport>& markup() const noexcept;
  // Bytes before the end of the last sentence that next() gave: progress.
  std::uint64_t read_bytes() const noexcept;

  // The next sentence, also one without words, or false at the end. Equal books give equal
  // sentences. Errors: as open(); kCancelled.
  Result<bool> next(BookSentence& sentence, const std::stop_token& stop);

 private:
  struct Impl;
  explicit Book(std::unique_ptr<Impl> impl) noexcept;
  std::unique_ptr<Impl> impl_;
};

}  // namespace syrinx::tts
