// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/ssml/shorthand.h"

#include <gtest/gtest.h>

#include <random>

namespace syrinx::text {
namespace {

std::string spoken(const Script& script) {
  std::string text;
  for (const ScriptItem& item : script.items) {
    if (item.kind == ScriptItemKind::kText) text += item.text.text();
  }
  return text;
}

TEST(Shorthand, PausesAreBetweenTexts) {
  const Script script = parse_shorthand("Wait[pause:1.5s] here [PAUSE:300ms]now.", 10);
  ASSERT_EQ(script.items.size(), 5u);
  EXPECT_EQ(script.items[0].text.text(), "Wait");
  EXPECT_EQ(script.items[1].kind, ScriptItemKind::kPause);
  EXPECT_DOUBLE_EQ(script.items[1].pause_s, 1.5);
  EXPECT_EQ(script.items[1].source, (SourceSpan{14, 26}));
  EXPECT_DOUBLE_EQ(script.items[3].pause_s, 0.3);
  EXPECT_EQ(script.items[4].source, (SourceSpan{45, 49}));
  ASSERT_EQ(script.report.size(), 2u);
  EXPECT_EQ(script.report[0].honoured, Honoured::kHonoured);
}

TEST(Shorthand, APauseThatIsTooLongIsCut) {
  const Script script = parse_shorthand("[pause:90s]");
  ASSERT_EQ(script.items.size(), 1u);
  EXPECT_DOUBLE_EQ(script.items[0].pause_s, 60.0);
  EXPECT_EQ(script.report[0].honoured, Honoured::kApproximated);
}

TEST(Shorthand, AWordTakesItsPronunciation) {
  const Script script = parse_shorthand("See [Kokoro](/kˈOkəɹO/) and [Ghent](/ɡɛnt/)!");
  ASSERT_EQ(script.items.size(), 5u);
  EXPECT_EQ(script.items[1].text.text(), "Kokoro");
  EXPECT_EQ(script.items[1].text.source(), (SourceSpan{5, 11}));
  EXPECT_EQ(script.items[1].source.begin, 4u);
  EXPECT_EQ(script.items[1].pronunciation, (Pronunciation{PhonemeSet::kKokoro, "kˈOkəɹO"}));
  EXPECT_EQ(script.items[3].pronunciation, (Pronunciation{PhonemeSet::kIpa, "ɡɛnt"}));
  EXPECT_EQ(spoken(script), "See Kokoro and Ghent!");
}

TEST(Shorthand, AnUnreadablePronunciationIsSkippedAndItsWordSaid) {
  const Script script = parse_shorthand("a [word](/w0rd!/) b");
  EXPECT_EQ(spoken(script), "a word b");
  ASSERT_EQ(script.items.size(), 3u);
  EXPECT_EQ(script.items[1].kind, ScriptItemKind::kSkipped);
  EXPECT_EQ(script.items[1].source, (SourceSpan{7, 17}));
  EXPECT_EQ(script.report[0].honoured, Honoured::kIgnored);
  EXPECT_NE(script.report[0].note.find("'0'"), std::string::npos) << script.report[0].note;
}

TEST(Shorthand, AnEscapedBracketBeginsNothing) {
  const Script script = parse_shorthand("\\[pause:1s\\] x");
  ASSERT_EQ(script.items.size(), 1u);
  EXPECT_EQ(script.items[0].text.text(), "[pause:1s] x");
  EXPECT_EQ(script.items[0].text.source_of(0, 1), (SourceSpan{0, 2}));
  EXPECT_TRUE(script.report.empty());
}

TEST(Shorthand, WhatOnlyLooksLikeAMarkIsSaidAndReported) {
  for (const char* text :
       {"[pause:soon]", "[pause:", "x [pause:-1s] y", "[word](/ipa", "[pause:1"}) {
    const Script script = parse_shorthand(text);
    EXPECT_EQ(spoken(script), text);
    ASSERT_EQ(script.report.size(), 1u) << text;
    EXPECT_EQ(script.report[0].honoured, Honoured::kIgnored);
  }
}

TEST(Shorthand, OtherBracketsAreText) {
  for (const char* text : {"[1] and [sic]", "[a](https://example.org/b/)", "[](/a/)", "[", "]",
                           "\\", "[[x]]", "a\\b", ""}) {
    const Script script = parse_shorthand(text);
    EXPECT_EQ(spoken(script), text);
    EXPECT_TRUE(script.report.empty()) << text;
  }
}

TEST(Shorthand, SpansAreThoseOfTextThatCameFromElsewhere) {
  MappedText text;
  text.append("[pause:1s]", {100, 140});
  text.append("&", {140, 145});
  const Script script = parse_shorthand(text);
  ASSERT_EQ(script.items.size(), 2u);
  EXPECT_EQ(script.items[0].source, (SourceSpan{100, 140}));
  EXPECT_EQ(script.items[1].text.source_of(0, 1), (SourceSpan{140, 145}));
}

// Every byte is said, or within a mark, a skipped part or an escape.
TEST(Shorthand, NoByteOfRandomTextIsLost) {
  std::mt19937 random(3);
  const std::string_view pieces[] = {"[",   "]",  "(",    "/", ")",  "\\",   "[pause:", "1s",
                                     "](/", "/)", "word", "ə", "\n", "\xFF", "0"};
  for (int run = 0; run < 5'000; ++run) {
    std::string text;
    for (std::size_t i = 0; i < random() % 12; ++i) text += pieces[random() % std::size(pieces)];
    const Script script = parse_shorthand(text);
    std::size_t at = 0;
    for (const ScriptItem& item : script.items) {
      EXPECT_EQ(item.source.begin, at) << text;
      at = item.source.end;
    }
    EXPECT_EQ(at, text.size()) << text;
  }
}

}  // namespace
}  // namespace syrinx::text
