// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/input/input.h"

#include <gtest/gtest.h>

#include <random>

#include "syrinx/stages/text/input/entities.h"

namespace syrinx::text {
namespace {

// What is said, with "/" where a sentence and "//" where a paragraph ends.
std::string said(const Script& script) {
  std::string text;
  for (const ScriptItem& item : script.items) {
    if (item.kind == ScriptItemKind::kText) text += item.text.text();
    if (item.kind == ScriptItemKind::kSentenceEnd) text += "/";
    if (item.kind == ScriptItemKind::kParagraphEnd) text += "//";
  }
  return text;
}

std::string skipped(const Script& script, std::string_view source) {
  std::string text;
  for (const ScriptItem& item : script.items) {
    if (item.kind != ScriptItemKind::kSkipped) continue;
    text +=
        std::string(source.substr(item.source.begin, item.source.size())) + "=" + item.name + ";";
  }
  return text;
}

TEST(Markdown, SaysTextAndSkipsMarks) {
  const std::string source = "# Title\n\nSome *fine* text &amp; `code`,\nmore.\n";
  const Script script = read_markdown(source).value();
  EXPECT_EQ(said(script), "Title//Some fine text & code, more.//");
}

TEST(Markdown, SaysALinkAndNotItsAddress) {
  const std::string source = "See [the page](https://a.example/x?y=1) and ![a cat](cat.png).";
  const Script script = read_markdown(source).value();
  EXPECT_EQ(said(script), "See the page and a cat.//");
  EXPECT_NE(skipped(script, source).find("](https://a.example/x?y=1)"), std::string::npos);
  EXPECT_NE(skipped(script, source).find("address of a picture"), std::string::npos);
}

TEST(Markdown, SkipsCodeBlocksFrontMatterAndComments) {
  const std::string source =
      "---\ntitle: x\n---\nBefore.\n\n```cpp\nint x = 1;\n```\n\n<!-- no -->\n\nAfter.\n";
  const Script script = read_markdown(source).value();
  EXPECT_EQ(said(script), "Before.//After.//");
  EXPECT_NE(skipped(script, source).find("int x = 1;=code block"), std::string::npos);
  EXPECT_NE(skipped(script, source).find("front matter"), std::string::npos);
}

TEST(Markdown, ReadsListsAndTablesItemByItem) {
  const Script list = read_markdown("- one\n- [x] two\n").value();
  EXPECT_EQ(said(list), "one/two/");
  const Script table = read_markdown("| a | b |\n|---|---|\n| 1 | 2 |\n").value();
  EXPECT_EQ(said(table), "a, b/1, 2//");
}

TEST(Markdown, TakesAPhoneticLinkAsAPronunciation) {
  const Script script = read_markdown("My [tomato](/təˈmɑːtəʊ/) is red.").value();
  ASSERT_GE(script.items.size(), 2U);
  ASSERT_TRUE(script.items[2].pronunciation.has_value());
  EXPECT_EQ(script.items[2].pronunciation->symbols, "təˈmɑːtəʊ");
}

TEST(Html, SaysTextAndSkipsTheRest) {
  const std::string source =
      "<html><head><title>T</title><style>p{}</style></head><body><p>One &lt; <b>two</b>&nbsp;3"
      "<script>var a='</p>';</script><ul><li>x<li>y</ul><img alt=\"a &amp; b\" src=q></body>";
  const Script script = read_html(source).value();
  EXPECT_EQ(said(script), "T//One < two 3//x/y//a & b//");
  EXPECT_NE(skipped(script, source).find("script"), std::string::npos);
}

TEST(Html, ALoneLessThanIsACharacter) {
  EXPECT_EQ(said(read_html("1 < 2 and 3<4 <").value()), "1 < 2 and 3<4 <");
}

TEST(Html, TableCellsAreApart) {
  EXPECT_EQ(said(read_html("<table><tr><td>a</td><td>b</td></tr></table>").value()), "a, b//");
}

TEST(Email, SaysTheNewText) {
  const std::string source =
      "From: Ann Lee <ann@x.example>\nTo: bob@x.example\nSubject: Lunch\n\nHi Bob,\n12:30?\n\n"
      "On 3 May 2024, Bob wrote:\n> When?\n> Where?\n\nAnn\n-- \nAnn Lee, Inc.\n";
  const Script script = read_email(source).value();
  const std::string text = said(script);
  EXPECT_NE(text.find("From: Ann Lee /Subject: Lunch/"), std::string::npos) << text;
  EXPECT_NE(text.find("Hi Bob,\n12:30?\n"), std::string::npos);
  for (const char* not_said : {"bob@", "When?", "wrote:", "Inc.", "ann@"}) {
    EXPECT_EQ(text.find(not_said), std::string::npos) << not_said;
  }
  EXPECT_NE(skipped(script, source).find("signature"), std::string::npos);
}

TEST(Chat, SaysWhoAndWhat) {
  const std::string source = "[12:30] Ann: hi :)\n[12:31:05] <bob> lol\n";
  const Script script = read_chat(source).value();
  EXPECT_EQ(said(script), "Ann: hi :)/bob: lol/");
}

TEST(Detecting, NamesTheKindByGoodEvidence) {
  EXPECT_EQ(detect_input("Plain text, 3 * 4 = 12.\n"), InputKind::kPlain);
  EXPECT_EQ(detect_input("A [pause:1s] and a [word](/w\u025c\u02d0d/)."), InputKind::kPlain);
  EXPECT_EQ(detect_input("# Title\n\nText."), InputKind::kMarkdown);
  EXPECT_EQ(detect_input("This is **bold** and [x](http://y)."), InputKind::kMarkdown);
  EXPECT_EQ(detect_input("<p>Hello<br>you</p>"), InputKind::kHtml);
  EXPECT_EQ(detect_input("  <speak>Hi</speak>"), InputKind::kSsml);
  EXPECT_EQ(detect_input("<?xml version=\"1.0\"?>\n<speak>Hi</speak>"), InputKind::kSsml);
  EXPECT_EQ(detect_input("From: a\nSubject: b\n\nc"), InputKind::kEmail);
  EXPECT_EQ(detect_input("[12:30] A: hi\n[12:31] B: ho\n"), InputKind::kChat);
  EXPECT_EQ(detect_input(""), InputKind::kPlain);
}

TEST(Entities, AreNamesAndNumbers) {
  EXPECT_EQ(entity_at("&amp;x").text, "&");
  EXPECT_EQ(entity_at("&#8217;").text, "\u2019");
  EXPECT_EQ(entity_at("&#x1F600;").text, "\U0001F600");
  for (const char* none : {"&", "&;", "&nosuch;", "&#xD800;", "&#0;", "&amp", "&#99999999;"}) {
    EXPECT_EQ(entity_at(none).size, 0U) << none;
  }
}

// Every byte that is no white space is said or skipped, whatever the source.
TEST(EveryReader, LosesNothing) {
  const std::string alphabet = "ab <>&#;*_[](){}`\n\n|-/!:1\"'=>pre>td";
  std::mt19937 random(3);
  for (int run = 0; run < 3000; ++run) {
    std::string source(random() % 80, ' ');
    for (char& c : source) c = alphabet[random() % alphabet.size()];
    for (const auto read : {read_markdown, read_html, read_email, read_chat, read_plain}) {
      const auto script = read(source);
      ASSERT_TRUE(script);
      std::vector<bool> covered(source.size(), false);
      for (const ScriptItem& item : script.value().items) {
        ASSERT_LE(item.source.end, source.size());
        for (std::size_t i = item.source.begin; i < item.source.end; ++i) covered[i] = true;
      }
      for (std::size_t i = 0; i < source.size(); ++i) {
        if (std::isspace(static_cast<unsigned char>(source[i])) != 0) continue;
        ASSERT_TRUE(covered[i]) << source << " at " << i;
      }
    }
  }
}

}  // namespace
}  // namespace syrinx::text
