// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/book.h"

#include <gtest/gtest.h>

#include "syrinx/engines/tts/book_marks.h"

namespace syrinx::tts {
namespace {

using text::InputKind;

// Each sentence on a line: "*" begins a chapter, "#" is a heading, "Name:" speaks.
std::string outline(std::string source, const BookOptions& options) {
  auto book = Book::from_text(std::move(source), options);
  EXPECT_TRUE(book);
  std::string lines;
  BookSentence sentence;
  while (true) {
    const auto more = book->next(sentence, {});
    EXPECT_TRUE(more) << more.error().message;
    if (!more || !*more) return lines;
    if (sentence.raw.text.empty()) continue;  // Something that is not said.
    lines += (sentence.begins_chapter ? "*" : "") + std::string(sentence.is_heading ? "#" : "");
    if (!sentence.speaker.empty()) lines += sentence.speaker + ":";
    lines += sentence.raw.text.text() + "\n";
  }
}

TEST(Book, PlainTextHasChaptersByLinesOfTheirOwn) {
  EXPECT_EQ(outline("Prologue\n\nIt rained.\n\nCHAPTER II: The Door\n\nIt opened. Chapter 3 of it "
                    "was long.\n\nChapter Three\n\nThe end.\n",
                    {.input = InputKind::kPlain}),
            "*#Prologue\nIt rained.\n*#CHAPTER II: The Door\nIt opened.\nChapter 3 of it was "
            "long.\n*#Chapter Three\nThe end.\n");
}

TEST(Book, MarkdownHasChaptersByItsTwoUpperHeadings) {
  const std::string source =
      "# Title\n\n## One\n\nText.\n\n```\n# no heading\n```\n\n### "
      "Small\n\nMore.\n\nTwo\n---\n\nEnd.\n";
  EXPECT_EQ(outline(source, {.input = InputKind::kMarkdown}),
            "*#Title\n#One\nText.\nSmall\nMore.\n*#Two\nEnd.\n");
  EXPECT_EQ(Book::from_text(source, {.input = InputKind::kMarkdown})->title(), "Title");
}

TEST(Book, HtmlHasChaptersByItsTwoUpperHeadings) {
  EXPECT_EQ(outline("<body><H1 class='a'>One</H1><p>Text.</p><h2>Two</h2><h3>x</h3></body>",
                    {.input = InputKind::kHtml}),
            "*#One\nText.\n*#Two\nx\n");
}

TEST(Book, SpeakersHoldUntilTheNextAndEndWithTheirChapter) {
  EXPECT_EQ(
      outline("Hear.\n[Ann] Hello. How are you?\n[Ben]: Fine\n[Ann] Good.\n\nChapter 2\n\nOn.\n",
              {.input = InputKind::kPlain, .speakers = {"Ann", "Ben"}}),
      "*Hear.\nAnn:Hello.\nAnn:How are you?\nBen:Fine\nAnn:Good.\n*#Chapter 2\nOn.\n");
}

TEST(Book, SpeakersKeepThePlacesOfTheirWords) {
  const std::string source = "A\n[Ann] b c.\n";
  auto book = Book::from_text(source, {.input = InputKind::kPlain, .speakers = {"Ann"}});
  BookSentence sentence;
  ASSERT_TRUE(book->next(sentence, {}).value());
  ASSERT_TRUE(book->next(sentence, {}).value());
  EXPECT_EQ(sentence.raw.text.source(), (SourceSpan{8, 12}));
  EXPECT_EQ(sentence.raw.text.text(), "b c.");
}

TEST(Book, WhoHasNoVoiceIsAnErrorWithTheLine) {
  auto book =
      Book::from_text("Hear.\n[Zoe] Hello.\n", {.input = InputKind::kPlain, .speakers = {"Ann"}});
  BookSentence sentence;
  const auto more = book->next(sentence, {});
  ASSERT_FALSE(more);
  EXPECT_NE(more.error().message.find("line 2 is for [Zoe]"), std::string::npos);
}

TEST(Book, LinksNotesAndUncastBracketsNameNobody) {
  EXPECT_EQ(
      outline("[1] A note.\n[a link](x) too.\n", {.input = InputKind::kPlain, .speakers = {"Ann"}})
          .find("Ann:"),
      std::string::npos);
}

TEST(BookMarks, AnElementIsFoundByItsIdInEitherQuotes) {
  EXPECT_EQ(find_element("<a><b c='d' id='x'>", "x"), 3u);
  EXPECT_EQ(find_element("<a><b id=\"x\">", "x"), 3u);
  EXPECT_EQ(find_element("<a>", "x"), std::nullopt);
}

}  // namespace
}  // namespace syrinx::tts
