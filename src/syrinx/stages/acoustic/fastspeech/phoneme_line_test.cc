// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/acoustic/fastspeech/phoneme_line.h"

#include <gtest/gtest.h>

#include "support/two_stage.h"
#include "syrinx/core/base/limits.h"

namespace syrinx::acoustic {
namespace {

using support::arpabet_word;
using support::mark;

FastSpeechConfig config_with(const std::vector<std::string>& symbols) {
  FastSpeechConfig config;
  for (const std::string& symbol : symbols) {
    config.ids[symbol] = static_cast<std::int32_t>(config.symbols.size());
    config.symbols.push_back(symbol);
  }
  return config;
}

FastSpeechConfig golden_config() {
  return read_fastspeech_config(parse_json(support::golden_settings()).value(), "golden").value();
}

std::string written(const FastSpeechConfig& config, const std::vector<SpokenToken>& tokens) {
  const auto line = phoneme_line(config, tokens);
  if (!line) return "error: " + line.error().message;
  std::string text;
  for (const LineSound& sound : line->sounds)
    text += "[" + config.symbols[static_cast<std::size_t>(sound.id)] + "]";
  return text;
}

TEST(PhonemeLine, HasBoundariesBetweenWordsAndMarksInTheirPlace) {
  EXPECT_EQ(written(golden_config(), support::golden_tokens()),
            "[HH][AH0][L][OW1][,][W][ER1][L][D][!][IH1][T][ ][IH1][Z][.]");
}

TEST(PhonemeLine, TakesOneMarkAtATimeAndNoneAtTheBeginning) {
  const FastSpeechConfig config = golden_config();
  EXPECT_EQ(
      written(config, {mark("...", 0), arpabet_word("a", "AH0", 3), mark("?!", 4), mark(".", 6)}),
      "[AH0][?]");
  EXPECT_EQ(written(config, {arpabet_word("a", "AH0", 0), mark("\"", 1), mark("—", 2),
                             arpabet_word("b", "B", 5)}),
            "[AH0][,][B]")
      << "a dash that the voice lacks is a comma; quotes are not heard";
  EXPECT_EQ(written(config, {arpabet_word("a", "AH0", 0), mark("…", 1)}), "[AH0][.]");
  const FastSpeechConfig bare = config_with({"^", "$", "AH", "B"});
  EXPECT_EQ(written(bare, {arpabet_word("a", "AH1", 0), mark(",", 1), arpabet_word("b", "B", 2)}),
            "[AH][B]")
      << "a voice without stress, boundaries and marks";
}

TEST(PhonemeLine, LeavesOutAndTellsWhatTheVoiceLacks) {
  const FastSpeechConfig config = config_with({"^", "$", " ", "AH0", "B"});
  const auto line =
      phoneme_line(config, {arpabet_word("one", "ZZ", 0), arpabet_word("two", "B ZZ AH0", 4)});
  ASSERT_TRUE(line.has_value());
  EXPECT_EQ(line->sounds.size(), 2u);
  ASSERT_EQ(line->unsaid.size(), 2u);
  EXPECT_EQ(line->unsaid[1].symbol, "ZZ");
  EXPECT_EQ(line->unsaid[1].source, (SourceSpan{4, 7}));
}

TEST(PhonemeLine, RefusesWordsThatItCannotReadAndTooMany) {
  const FastSpeechConfig config = golden_config();
  SpokenToken ipa = arpabet_word("x", "x", 0);
  ipa.words[0].pronunciation->set = PhonemeSet::kIpa;
  EXPECT_EQ(phoneme_line(config, {ipa}).error().code, ErrorCode::kInvalidArgument);
  const std::vector<SpokenToken> many(limits::kMaxVoiceSymbols, arpabet_word("b", "B", 0));
  EXPECT_EQ(phoneme_line(config, many).error().code, ErrorCode::kLimitExceeded);
}

TEST(PhonemeLine, IsCutBehindMarksThenBoundariesThenAnywhere) {
  const FastSpeechConfig config = golden_config();
  const auto line = phoneme_line(config, support::golden_tokens()).value();
  const auto ends = [&line](std::size_t most) {
    std::vector<std::size_t> all;
    for (const LineStretch& stretch : cut_phonemes(line, most)) all.push_back(stretch.end);
    return all;
  };
  EXPECT_EQ(ends(16), (std::vector<std::size_t>{16}));
  EXPECT_EQ(ends(12), (std::vector<std::size_t>{10, 16}));
  EXPECT_EQ(ends(5), (std::vector<std::size_t>{5, 10, 13, 16}));
  EXPECT_EQ(ends(2), (std::vector<std::size_t>{2, 4, 5, 7, 9, 10, 12, 13, 15, 16}));
  EXPECT_TRUE(cut_phonemes({}, 5).empty());
}

TEST(PhonemeLine, PlacesWordsAndPhonemesWithoutGaps) {
  const auto line = phoneme_line(golden_config(), support::golden_tokens()).value();
  std::vector<TimedWord> words;
  std::vector<TimedPhoneme> phonemes;
  // A boundary of two frames of 10 ms belongs to the "t" before it; marks are pauses.
  const StretchTimes times{{0, 16}, 3, {1, 2, 3, 4, 5, 1, 1, 1, 1, 0, 1, 1, 2, 1, 1, 0}, 4};
  place_phonemes(line, {&times, 1}, 0.01, words, phonemes);
  ASSERT_EQ(words.size(), 4u);
  EXPECT_EQ(words[0].text, "Hello");
  EXPECT_NEAR(words[0].begin_s, 0.03, 1e-12);
  EXPECT_NEAR(words[0].end_s, 0.13, 1e-12);
  EXPECT_NEAR(words[1].begin_s, 0.18, 1e-12);
  EXPECT_NEAR(words[3].begin_s, 0.26, 1e-12);
  EXPECT_EQ(words[3].source, (SourceSpan{17, 19}));
  double at_s = 0;
  std::string said;
  for (const TimedPhoneme& timed : phonemes) {
    EXPECT_NEAR(timed.begin_s, at_s, 1e-12);
    at_s = timed.end_s;
    said += timed.phoneme.symbol + std::to_string(timed.phoneme.stress) + " ";
  }
  EXPECT_NEAR(at_s, 0.32, 1e-12);
  EXPECT_EQ(said, "pau0 hh0 ah0 l0 ow1 pau0 w0 er1 l0 d0 ih1 t0 ih1 z0 pau0 ");
}

TEST(PhonemeLine, MakesALongBoundaryAPause) {
  const auto line =
      phoneme_line(golden_config(), {arpabet_word("a", "AH0", 0), arpabet_word("b", "B", 2)})
          .value();
  std::vector<TimedWord> words;
  std::vector<TimedPhoneme> phonemes;
  const StretchTimes times{{0, 3}, 0, {1, 5, 1}, 0};
  place_phonemes(line, {&times, 1}, 0.01, words, phonemes);
  ASSERT_EQ(phonemes.size(), 3u);
  EXPECT_EQ(phonemes[1].phoneme.symbol, "pau");
}

TEST(PhonemeLine, GivesWordsOfOneSourceOneTime) {
  // "50" is said as two words; a word without a sound lasts no time.
  const auto line =
      phoneme_line(golden_config(), {arpabet_word("50", "F", 0), arpabet_word("50", "T", 0),
                                     arpabet_word("of", "", 3)})
          .value();
  std::vector<TimedWord> words;
  std::vector<TimedPhoneme> phonemes;
  const StretchTimes times{{0, 3}, 0, {1, 0, 2}, 0};
  place_phonemes(line, {&times, 1}, 0.5, words, phonemes);
  ASSERT_EQ(words.size(), 2u);
  EXPECT_EQ(words[0].end_s, 1.5);
  EXPECT_EQ(words[1].begin_s, 1.5);
  EXPECT_EQ(words[1].end_s, 1.5);
}

}  // namespace
}  // namespace syrinx::acoustic
