// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/acoustic/symbol_line.h"

#include <gtest/gtest.h>

#include <cmath>

#include "syrinx/core/base/limits.h"

namespace syrinx::acoustic {
namespace {

SpokenToken word(const std::string& text, const std::string& ipa, std::size_t begin) {
  SpokenToken token;
  token.source = {begin, begin + text.size()};
  token.written = text;
  token.words.push_back(
      {text, token.source, false, "", Pronunciation{PhonemeSet::kIpa, ipa}, "test"});
  return token;
}

SpokenToken mark(const std::string& written) {
  SpokenToken token;
  token.token_class = TokenClass::kPunctuation;
  token.written = written;
  return token;
}

SymbolLine line_of(const std::vector<SpokenToken>& tokens, LineMarks marks = LineMarks::kPiper) {
  return symbol_line(tokens, PhonemeSet::kIpa, marks).value();
}

std::string written(const std::vector<SpokenToken>& tokens, LineMarks marks) {
  return to_string(line_of(tokens, marks));
}

TEST(SymbolLine, HasSpacesBetweenWordsAndMarksBehindThem) {
  const std::vector<SpokenToken> tokens = {word("yes", "jˈɛs", 0), mark(","), word("no", "nˈoʊ", 5),
                                           mark("!?")};
  EXPECT_EQ(written(tokens, LineMarks::kPiper), "jˈɛs, nˈoʊ?");
  EXPECT_EQ(written(tokens, LineMarks::kKokoro), "jˈɛs, nˈoʊ!?");
}

TEST(SymbolLine, KnowsTheMarksOfBothFamilies) {
  const std::vector<SpokenToken> tokens = {mark("“"),   word("a", "a", 1), mark("—"),
                                           mark("("),   word("b", "b", 6), mark(")"),
                                           mark("..."), mark("*")};
  EXPECT_EQ(written(tokens, LineMarks::kKokoro), "“a— (b)…");
  EXPECT_EQ(written(tokens, LineMarks::kPiper), "a; b;");
}

TEST(SymbolLine, NeedsAPronunciationInItsSetUnlessItTakesLetters) {
  std::vector<SpokenToken> tokens = {word("yes", "jˈɛs", 0)};
  const auto wrong = symbol_line(tokens, PhonemeSet::kKokoro, LineMarks::kKokoro);
  EXPECT_EQ(wrong.error().code, ErrorCode::kInvalidArgument);
  EXPECT_NE(wrong.error().message.find("'yes'"), std::string::npos);
  tokens[0].words[0].pronunciation.reset();
  const auto letters = symbol_line(tokens, PhonemeSet::kIpa, LineMarks::kPiper, true);
  EXPECT_EQ(to_string(letters.value()), "yes");
}

TEST(SymbolLine, RefusesMoreSymbolsThanTheLimit) {
  const std::vector<SpokenToken> tokens = {word("x", std::string(8'193, 'a'), 0)};
  EXPECT_EQ(symbol_line(tokens, PhonemeSet::kIpa, LineMarks::kPiper).error().code,
            ErrorCode::kLimitExceeded);
}

TEST(CutLine, CutsBehindMarksThenSpacesThenAnywhereAndLosesNothing) {
  const SymbolLine line = line_of(
      {word("aaa", "aaa", 0), mark(","), word("bbb", "bbb", 4), word("cccccccc", "cccccccc", 8)});
  ASSERT_EQ(to_string(line), "aaa, bbb cccccccc");
  const auto texts = [&](std::size_t first, std::size_t most) {
    std::vector<std::string> all;
    for (const LinePiece piece : cut_line(line, first, most)) {
      std::string text;
      for (std::size_t i = piece.begin; i < piece.end; ++i)
        text += static_cast<char>(line.symbols[i].code);
      all.push_back(text);
    }
    return all;
  };
  EXPECT_EQ(texts(100, 100), std::vector<std::string>{"aaa, bbb cccccccc"});
  EXPECT_EQ(texts(6, 12), (std::vector<std::string>{"aaa,", " bbb ", "cccccccc"}));
  EXPECT_EQ(texts(2, 3),
            (std::vector<std::string>{"aa", "a,", " ", "bbb", " ", "ccc", "ccc", "cc"}));
}

void expect_gap_free(const Utterance& utterance) {
  double at_s = 0;
  for (const TimedPhoneme& timed : utterance.phonemes) {
    EXPECT_DOUBLE_EQ(timed.begin_s, at_s) << timed.phoneme.symbol;
    EXPECT_GE(timed.end_s, timed.begin_s);
    at_s = timed.end_s;
  }
  EXPECT_NEAR(at_s, utterance.audio.duration_s(), 1e-9);
}

constexpr int kRate = 1'000;

PieceSound lasting(LinePiece piece, double lead_s, std::vector<double> durations_s, double all_s) {
  return {piece, std::vector<float>(static_cast<std::size_t>(std::lround(all_s * kRate)), 0.5f),
          lead_s, std::move(durations_s)};
}

TEST(UtteranceOf, GivesWordsAndPhonemesTheirTimesWithSpacesShared) {
  const SymbolLine line = line_of({word("yes", "jˈɛːs", 0), word("no", "no", 4), mark(".")});
  ASSERT_EQ(to_string(line), "jˈɛːs no.");
  const Utterance said = utterance_of(
      line, {lasting({0, 9}, 0.1, {0.1, 0.1, 0.1, 0.1, 0.1, 0.2, 0.1, 0.1, 0.2}, 1.5)}, kRate);
  expect_gap_free(said);
  ASSERT_EQ(said.words.size(), 2u);
  EXPECT_NEAR(said.words[0].begin_s, 0.1, 1e-9);
  EXPECT_NEAR(said.words[0].end_s, 0.7, 1e-9) << "half of the space is its own";
  EXPECT_NEAR(said.words[1].begin_s, 0.7, 1e-9);
  EXPECT_NEAR(said.words[1].end_s, 1.0, 1e-9);
  EXPECT_EQ(said.words[1].source, (SourceSpan{4, 6}));
  std::string symbols;
  for (const TimedPhoneme& timed : said.phonemes) symbols += timed.phoneme.symbol + " ";
  EXPECT_EQ(symbols, "pau j ɛː s n o pau ");
  EXPECT_EQ(said.phonemes[2].phoneme.stress, 1);
  EXPECT_NEAR(said.phonemes[2].begin_s, 0.2, 1e-9) << "the stress mark's time is the vowel's";
}

TEST(UtteranceOf, SharesTheTimeOfWordsThatAreSaidTogetherByTheirLetters) {
  const SymbolLine line = line_of({word("of", "ʌvðə", 0), word("the", "", 3), word("x", "x", 7)});
  const Utterance said =
      utterance_of(line, {lasting({0, 6}, 0, {0.1, 0.1, 0.1, 0.2, 0, 0.5}, 1.0)}, kRate);
  ASSERT_EQ(said.words.size(), 3u);
  EXPECT_NEAR(said.words[0].end_s, 0.2, 1e-9);
  EXPECT_NEAR(said.words[1].begin_s, 0.2, 1e-9);
  EXPECT_NEAR(said.words[1].end_s, 0.5, 1e-9);
  expect_gap_free(said);
}

TEST(UtteranceOf, CutsSilenceBetweenPiecesOfAClauseButNotAfterAMark) {
  const SymbolLine line = line_of({word("a", "a", 0), word("b", "b", 2)});
  const auto joined = [](const SymbolLine& whole, std::size_t cut) {
    return utterance_of(whole,
                        {lasting({0, cut}, 0.2, std::vector<double>(cut, 0.1), 1.0),
                         lasting({cut, whole.symbols.size()}, 0.2,
                                 std::vector<double>(whole.symbols.size() - cut, 0.1), 1.0)},
                        kRate);
  };
  const Utterance close = joined(line, 2);
  EXPECT_NEAR(close.audio.duration_s(), 0.2 + 0.2 + 0.03 + 0.03 + 0.8, 0.003);
  expect_gap_free(close);
  const Utterance far = joined(line_of({word("a", "a", 0), mark(","), word("b", "b", 2)}), 2);
  EXPECT_NEAR(far.audio.duration_s(), 2.0, 1e-9);
  expect_gap_free(far);
}

TEST(Apportioned, LeavesTheSilencesAtBothEndsAndSharesOutTheRest) {
  const SymbolLine line = line_of({word("ba", "ba", 0), mark(".")});
  std::vector<float> samples(1'000, 0.0f);
  for (std::size_t i = 200; i < 710; ++i) samples[i] = 0.5f;
  const PieceSound sound = apportioned({0, 3}, line, samples, kRate);
  EXPECT_NEAR(sound.lead_s, 0.2, 1e-9);
  ASSERT_EQ(sound.durations_s.size(), 3u);
  EXPECT_NEAR(sound.durations_s[0], 0.21, 1e-9) << "0.7 of 1.7";
  EXPECT_NEAR(sound.durations_s[1], 0.30, 1e-9);
  EXPECT_EQ(sound.durations_s[2], 0) << "the full stop is the silence at the end";
  expect_gap_free(utterance_of(line, {sound}, kRate));
}

TEST(Apportioned, OfSilenceIsNoDivisionByZero) {
  const SymbolLine line = line_of({word("ba", "ˈ", 0)});
  const PieceSound sound = apportioned({0, 1}, line, std::vector<float>(100, 0.0f), kRate);
  EXPECT_EQ(sound.durations_s, std::vector<double>{0});
  expect_gap_free(utterance_of(line, {sound}, kRate));
}

}  // namespace
}  // namespace syrinx::acoustic
