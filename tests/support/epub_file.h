// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "syrinx/core/nn/weights/zip_archive.h"

// Small EPUBs for tests, made byte by byte.
namespace syrinx::support {

using EpubParts = std::vector<std::pair<std::string, std::string>>;  // Names and contents.

inline std::string little_endian(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(i < 8 ? value >> (8 * i) & 0xFF : 0);
  return text;
}

// A zip archive that stores its parts as they are (PKWARE APPNOTE 6.3.10).
inline std::string make_zip(const EpubParts& parts) {
  std::string file;
  std::string directory;
  for (const auto& [name, contents] : parts) {
    const std::uint32_t crc = nn::crc32_of(std::as_bytes(std::span(contents)));
    const std::string facts = little_endian(20, 2) + little_endian(0, 8) + little_endian(crc, 4) +
                              little_endian(contents.size(), 4) +
                              little_endian(contents.size(), 4) + little_endian(name.size(), 2) +
                              little_endian(0, 2);
    directory += "PK\x01\x02" + little_endian(20, 2) + facts + little_endian(0, 10) +
                 little_endian(file.size(), 4) + name;
    file += "PK\x03\x04" + facts + name + contents;
  }
  const std::size_t directory_at = file.size();
  return file + directory + "PK\x05\x06" + little_endian(0, 4) + little_endian(parts.size(), 2) +
         little_endian(parts.size(), 2) + little_endian(directory.size(), 4) +
         little_endian(directory_at, 4) + little_endian(0, 2);
}

// A book of two chapters in two documents, with the tables of both versions of EPUB.
inline EpubParts small_epub() {
  const std::string page_begin =
      "<?xml version=\"1.0\"?><html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title>Not "
      "read</title></head><body>";
  return {
      {"mimetype", "application/epub+zip"},
      {"META-INF/container.xml",
       "<container xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\"><rootfiles><rootfile "
       "full-path=\"OEBPS/book.opf\" "
       "media-type=\"application/oebps-package+xml\"/></rootfiles></container>"},
      {"OEBPS/book.opf",
       "<package xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><metadata><dc:title>The Small "
       "Book</dc:title><dc:creator>A. Writer</dc:creator><dc:creator>B. "
       "Writer</dc:creator><dc:language>en</dc:language></metadata><manifest><item id=\"nav\" "
       "href=\"nav.xhtml\" media-type=\"application/xhtml+xml\" properties=\"nav\"/><item "
       "id=\"ncx\" href=\"toc.ncx\" media-type=\"application/x-dtbncx+xml\"/><item id=\"two\" "
       "href=\"text/second%20part.xhtml\" media-type=\"application/xhtml+xml\"/><item id=\"one\" "
       "href=\"text/one.xhtml\" media-type=\"application/xhtml+xml\"/><item id=\"cover\" "
       "href=\"cover.png\" media-type=\"image/png\"/></manifest><spine toc=\"ncx\"><itemref "
       "idref=\"one\"/><itemref idref=\"nav\" linear=\"no\"/><itemref "
       "idref=\"two\"/></spine></package>"},
      {"OEBPS/nav.xhtml",
       page_begin +
           "<nav epub:type=\"toc\" xmlns:epub=\"http://www.idpf.org/2007/ops\"><ol><li><a "
           "href=\"text/one.xhtml\">The Start</a></li><li><a "
           "href=\"text/second%20part.xhtml#here\">The  End</a></li></ol></nav></body></html>"},
      {"OEBPS/toc.ncx",
       "<!DOCTYPE ncx PUBLIC \"-//NISO//DTD ncx 2005-1//EN\" "
       "\"http://www.daisy.org/z3986/2005/ncx-2005-1.dtd\"><ncx><navMap><navPoint "
       "id=\"a\"><navLabel><text>Old Start</text></navLabel><content "
       "src=\"text/one.xhtml\"/></navPoint></navMap></ncx>"},
      {"OEBPS/text/one.xhtml",
       page_begin + "<h1>The Start</h1><p>It was a <i>dark</i> night.</p></body></html>"},
      {"OEBPS/text/second part.xhtml",
       page_begin +
           "<p>Before it.</p><h1 id=\"here\">The End</h1><p>Fish &amp; chips.</p></body></html>"},
  };
}

}  // namespace syrinx::support
