// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/epub/epub.h"

#include <gtest/gtest.h>

#include <fstream>
#include <span>

#include "support/epub_file.h"
#include "support/test_data.h"
#include "syrinx/core/base/limits.h"

namespace syrinx::text {
namespace {

using support::EpubParts;
using support::make_zip;
using support::small_epub;

// The archive stays in memory as long as the book is read.
struct Opened {
  std::string bytes;
  Result<Epub> epub;
  explicit Opened(const EpubParts& parts)
      : bytes(make_zip(parts)),
        epub(Epub::from_memory(std::as_bytes(std::span(bytes)), "a.epub")) {}
};

std::string& part(EpubParts& parts, std::string_view name) {
  for (auto& [own, contents] : parts) {
    if (own == name) return contents;
  }
  parts.emplace_back(name, "");
  return parts.back().second;
}

std::string error_of(const EpubParts& parts) {
  const Opened opened(parts);
  return opened.epub ? "" : opened.epub.error().message;
}

TEST(Epub, SaysWhatTheBookIs) {
  const Opened opened(small_epub());
  ASSERT_TRUE(opened.epub) << opened.epub.error().message;
  EXPECT_EQ(opened.epub->title(), "The Small Book");
  EXPECT_EQ(opened.epub->author(), "A. Writer, B. Writer");
  EXPECT_EQ(opened.epub->language(), "en");
}

TEST(Epub, ReadsTheLinearSpineInItsOrder) {
  const Opened opened(small_epub());
  ASSERT_TRUE(opened.epub);
  const std::vector<std::string> wanted{"OEBPS/text/one.xhtml", "OEBPS/text/second part.xhtml"};
  EXPECT_EQ(opened.epub->documents(), wanted);
}

TEST(Epub, HasTheChaptersOfItsNavigationWithTheirPlaces) {
  const Opened opened(small_epub());
  ASSERT_TRUE(opened.epub);
  const auto& chapters = opened.epub->chapters();
  ASSERT_EQ(chapters.size(), 2u);
  EXPECT_EQ(chapters[0].title, "The Start");
  EXPECT_EQ(chapters[1].title, "The End");
  EXPECT_EQ(chapters[1].document, 1u);
  EXPECT_EQ(chapters[1].fragment, "here");
}

TEST(Epub, HasTheChaptersOfAnOldTableToo) {
  EpubParts parts = small_epub();
  std::string& package = part(parts, "OEBPS/book.opf");
  package.replace(package.find("properties=\"nav\""), 16, "");
  const Opened opened(parts);
  ASSERT_TRUE(opened.epub);
  ASSERT_EQ(opened.epub->chapters().size(), 1u);
  EXPECT_EQ(opened.epub->chapters()[0].title, "Old Start");
}

TEST(Epub, PagesKeepTheirPlacesAndLoseTheirHead) {
  const EpubParts parts = small_epub();
  const Opened opened(parts);
  ASSERT_TRUE(opened.epub);
  const auto page = opened.epub->read(0);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->find("Not read"), std::string::npos);
  const std::string& written = parts[5].second;
  EXPECT_EQ(page->find("dark"), written.find("dark"));
  EXPECT_EQ(page->size(), written.size());
}

TEST(Epub, IsReadFromAFileToo) {
  const auto path = support::scratch_dir() / "a.epub";
  const std::string bytes = make_zip(small_epub());
  std::ofstream(path, std::ios::binary) << bytes;
  const auto epub = Epub::open(path);
  ASSERT_TRUE(epub) << epub.error().message;
  EXPECT_EQ(epub->title(), "The Small Book");
  EXPECT_TRUE(epub->read(1));
  EXPECT_EQ(Epub::open(path.string() + "x").error().code, ErrorCode::kNotFound);
}

TEST(Epub, HostileArchivesAreRefusedWithASentence) {
  EXPECT_NE(error_of({{"a.txt", "x"}}).find("no META-INF/container.xml"), std::string::npos);
  EpubParts parts = small_epub();
  part(parts, "META-INF/container.xml") = "<container/>";
  EXPECT_NE(error_of(parts).find("names no package"), std::string::npos);
  parts = small_epub();
  part(parts, "OEBPS/book.opf").replace(0, 8, "<packag ");
  EXPECT_NE(error_of(parts).find("is not XML"), std::string::npos);
  parts = small_epub();
  parts.pop_back();
  EXPECT_NE(error_of(parts).find("which is not in it"), std::string::npos);
  parts = small_epub();
  part(parts, "META-INF/encryption.xml") = "<e><r URI=\"OEBPS/text/one.xhtml\"/></e>";
  EXPECT_NE(error_of(parts).find("locked"), std::string::npos);
}

TEST(Epub, PathsThatLeaveTheArchiveLeadNowhere) {
  EpubParts parts = small_epub();
  std::string& package = part(parts, "OEBPS/book.opf");
  package.replace(package.find("text/one.xhtml"), 14, "../../../etc/x");
  EXPECT_NE(error_of(parts).find("'etc/x', which is not in it"), std::string::npos);
}

TEST(Epub, ElementsTooDeepInEachOtherAreRefused) {
  EpubParts parts = small_epub();
  std::string deep;
  for (std::size_t i = 0; i <= limits::kMaxEpubDepth; ++i) deep += "<a>";
  part(parts, "OEBPS/book.opf") = deep;
  EXPECT_NE(error_of(parts).find("too deep"), std::string::npos);
}

TEST(Epub, AnUnreadableTableOfContentsLeavesTheBook) {
  EpubParts parts = small_epub();
  part(parts, "OEBPS/nav.xhtml") = "no XML";
  const Opened opened(parts);
  ASSERT_TRUE(opened.epub);
  EXPECT_TRUE(opened.epub->chapters().empty());
}

TEST(Epub, EntitiesThatGrowAreNotExpanded) {
  EpubParts parts = small_epub();
  std::string& package = part(parts, "OEBPS/book.opf");
  std::string bomb =
      "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\">";
  for (char c = 'b'; c < 'j'; ++c) {
    bomb += std::string("<!ENTITY ") + c + " \"";
    for (int i = 0; i < 40; ++i) bomb += std::string("&") + static_cast<char>(c - 1) + ";";
    bomb += "\">";
  }
  package = bomb + "]><package>&i;</package>";
  EXPECT_NE(error_of(parts).find("amplification"), std::string::npos) << error_of(parts);
}

}  // namespace
}  // namespace syrinx::text
