// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/text_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <map>
#include <random>

#include "support/test_data.h"
#include "syrinx/core/base/json.h"
#include "syrinx/engines/tts/text_source.h"

namespace syrinx::tts {
namespace {

const TextFrontEnd& front_end() {
  static const TextFrontEnd made = TextFrontEnd::create({}).value();
  return made;
}

std::vector<ReadSentence> read_all(const std::string& text,
                                   const TextFrontEnd& with = front_end()) {
  auto reader = TextReader::open(with, text_from_string(text), {}).value();
  std::vector<ReadSentence> sentences;
  ReadSentence sentence;
  while (reader.next(sentence, {}).value()) sentences.push_back(sentence);
  return sentences;
}

std::string said(const ReadSentence& sentence) {
  std::string words;
  for (const SpokenToken& token : sentence.tokens) {
    for (const SpokenWord& word : token.words) words += (words.empty() ? "" : " ") + word.text;
  }
  return words;
}

// Places of letters and digits that are neither in a token that is said nor reported as skipped.
std::size_t lost(const std::string& text, const std::vector<ReadSentence>& sentences) {
  std::vector<bool> covered(text.size(), false);
  const auto cover = [&covered](SourceSpan span) {
    for (std::size_t i = span.begin; i < std::min(span.end, covered.size()); ++i) covered[i] = true;
  };
  for (const ReadSentence& sentence : sentences) {
    for (const SpokenToken& token : sentence.tokens) {
      if (!token.words.empty() || !token.skipped.empty()) cover(token.source);
    }
    for (const SkippedText& skipped : sentence.skipped) cover(skipped.source);
    for (const SentenceEvent& event : sentence.events) cover(event.source);
  }
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!covered[i] && std::isalnum(static_cast<unsigned char>(text[i])) != 0) ++count;
  }
  return count;
}

TEST(TextReader, EveryLetterAndDigitOfRealTextIsSaidOrReported) {
  SYRINX_NEED_DATA("text/google_tn/sentences.jsonl");
  std::ifstream lines(support::data_path("text/google_tn/sentences.jsonl"));
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const auto document = parse_json(line);
    ASSERT_TRUE(document);
    const std::string text = *document->find("text")->text();
    ASSERT_EQ(lost(text, {front_end().read_line(text)}), 0U) << text;
    if (count % 4 != 0) continue;
    ASSERT_EQ(lost(text, read_all(text)), 0U) << text;
  }
  EXPECT_EQ(count, 4'000U);
}

TEST(TextReader, EveryLetterAndDigitOfAnyTextIsSaidOrReported) {
  const std::string alphabet = "aB1 .,[]()/:<>&;#*`-$%'\"\n|pause:s=\xC3\xA9\xFF@";
  std::mt19937 random(11);
  for (int run = 0; run < 1500; ++run) {
    std::string text(random() % 60, ' ');
    for (char& c : text) c = alphabet[random() % alphabet.size()];
    for (const auto kind : {text::InputKind::kPlain, text::InputKind::kMarkdown,
                            text::InputKind::kHtml, text::InputKind::kChat}) {
      TextOptions options;
      options.input = kind;
      static std::map<text::InputKind, TextFrontEnd> made;
      auto found = made.find(kind);
      if (found == made.end())
        found = made.emplace(kind, TextFrontEnd::create(options).value()).first;
      ASSERT_EQ(lost(text, read_all(text, found->second)), 0U) << text << name_of(kind);
    }
  }
}

TEST(TextReader, WordsPointIntoTheMarkupThatTheyCameFrom) {
  const std::string text = "<speak>It is <emphasis>R&amp;D</emphasis> for $5.</speak>";
  const auto sentences = read_all(text);
  ASSERT_EQ(sentences.size(), 1U);
  EXPECT_EQ(said(sentences[0]), "It is R and D for five dollars");
  for (const SpokenToken& token : sentences[0].tokens) {
    const std::string source = text.substr(token.source.begin, token.source.size());
    EXPECT_EQ(source, token.written == "&" ? "&amp;" : token.written);
  }
}

TEST(TextReader, MarksSplitNothing) {
  const auto sentences =
      read_all("One [pause:500ms] two [tomato](/t\u0259\u02c8m\u0251\u02d0t\u0259\u028a/) three.");
  ASSERT_EQ(sentences.size(), 1U);
  EXPECT_EQ(said(sentences[0]), "One two tomato three");
  ASSERT_EQ(sentences[0].events.size(), 1U);
  EXPECT_EQ(sentences[0].events[0].token, 1U);
  EXPECT_DOUBLE_EQ(sentences[0].events[0].pause_s, 0.5);
  EXPECT_EQ(sentences[0].tokens[2].words[0].decided_by, "markup");
}

TEST(TextReader, SaysAsTheMarkupStates) {
  const auto sentences = read_all(
      "<speak>Call <say-as interpret-as=\"digits\">123</say-as> or "
      "<sub alias=\"World Wide Web\">WWW</sub>.</speak>");
  EXPECT_EQ(said(sentences.at(0)), "Call one two three or World Wide Web");
}

TEST(TextReader, StylesBeginWhereTheirElementsDo) {
  const auto sentences =
      read_all("<speak>One <prosody rate=\"slow\">two three</prosody> four.</speak>");
  const auto& styles = sentences.at(0).styles;
  ASSERT_EQ(styles.size(), 3U);
  EXPECT_EQ(styles[1].token, 1U);
  EXPECT_LT(styles[1].style.prosody.rate, 1.0);
  EXPECT_EQ(styles[2].token, 3U);
}

TEST(TextReader, PlainTextIsReadAsItArrives) {
  const auto one = read_all("First one. Second one.\n\nThird.");
  ASSERT_EQ(one.size(), 3U);
  EXPECT_TRUE(one[1].ends_paragraph);
  EXPECT_EQ(said(one[2]), "Third");
}

TEST(TextReader, LexiconsOfADocumentLieBesideItOrAreRefused) {
  const auto folder = support::scratch_dir();
  std::ofstream(folder / "own.tsv") << "zork\t/\u02c8b\u026at/\n";
  TextOptions options;
  options.lexicon_folder = folder;
  const auto with = TextFrontEnd::create(options).value();
  const auto pronounced = [&](const char* uri, const TextFrontEnd& how) {
    const auto sentences = read_all(
        std::string("<speak><lexicon uri=\"") + uri + "\" xml:id=\"a\"/>zork</speak>", how);
    return sentences.at(0).tokens.at(0).words.at(0).pronunciation->symbols;
  };
  EXPECT_EQ(pronounced("own.tsv", with), "B IH1 T");
  EXPECT_NE(pronounced("../own.tsv", with), "B IH1 T");
  EXPECT_NE(pronounced("own.tsv", front_end()), "B IH1 T");
}

}  // namespace
}  // namespace syrinx::tts
