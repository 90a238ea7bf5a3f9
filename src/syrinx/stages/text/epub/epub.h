// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"

// Electronic books: EPUB 3.3 (W3C) and EPUB 2.0.1 (IDPF).
namespace syrinx::text {

// An entry of the table of contents.
struct EpubChapter {
  std::string title;
  std::size_t document = 0;
  std::string fragment;  // The id within the document; "" for its beginning.
};

// An EPUB, whose documents are unpacked one at a time and only into memory. One instance serves one
// thread.
class Epub {
 public:
  // Whether a file that begins so is a zip archive, and so may be an EPUB.
  static bool may_be(std::string_view first_bytes) noexcept;

  // Reads the container, the package and the table of contents. Errors: kNotFound; kIo;
  // kCorruptData for an archive or package that contradicts itself, with the name of the file in
  // it; kUnsupported for a book that is locked (encrypted) or whose spine has no XHTML;
  // kLimitExceeded.
  static Result<Epub> open(const std::filesystem::path& path);
  // A book that is in memory, and stays there while this lives. `name` is for messages.
  static Result<Epub> from_memory(std::span<const std::byte> bytes, const std::string& name);
  Epub(Epub&&) noexcept;
  Epub& operator=(Epub&&) noexcept;
  ~Epub();

  const std::string& title() const noexcept;
  const std::string& author() const noexcept;
  const std::string& language() const noexcept;  // BCP 47, or "".
  // The paths of the documents in reading order (the linear spine), within the archive.
  const std::vector<std::string>& documents() const noexcept;
  // In the order of the book. Empty when the book has no table.
  const std::vector<EpubChapter>& chapters() const noexcept;
  // SHA-256 of the file's bytes.
  const std::string& digest() const noexcept;
  // Bytes of all documents together, unpacked.
  std::size_t total_bytes() const noexcept;

  // A document as it is written, but for its head, whose bytes are spaces: what a page is called is
  // not part of the book. Errors: kCorruptData; kLimitExceeded (kMaxMarkupBytes).
  Result<std::string> read(std::size_t document) const;

 private:
  struct Impl;
  explicit Epub(std::unique_ptr<Impl> impl) noexcept;
  std::unique_ptr<Impl> impl_;
};

}  // namespace syrinx::text
