// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/timestamps.h"

#include <gtest/gtest.h>

#include <set>

#include "syrinx/engines/tts/text_source.h"

namespace syrinx::tts {
namespace {

SpokenSentence said(const std::string& text) {
  auto stream = SpeechStream::create(text_from_string(text), {});
  EXPECT_TRUE(stream);
  SpokenSentence sentence;
  EXPECT_TRUE(stream->next_sentence(sentence, {}).value());
  return sentence;
}

TEST(Timestamps, EveryCharacterOfEveryWordHasAPlaceAndATime) {
  const std::string text = "Doctor Smith paid $3.50, naïvely.";
  const SpokenSentence sentence = said(text);
  std::string all;
  double before_s = 0;
  for (const TimedCharacter& character : time_characters(sentence)) {
    all += character.text;
    EXPECT_EQ(text.substr(character.source.begin, character.source.size()), character.text);
    EXPECT_GE(character.begin_s, before_s - 1e-9);
    EXPECT_GT(character.end_s, character.begin_s);
    before_s = character.begin_s;
  }
  std::string words;
  for (const TimedWord& word : sentence.words) words += word.text;
  EXPECT_EQ(all, words);
  EXPECT_LE(before_s, sentence.end_s);
}

TEST(Timestamps, CharactersKeepToTheTimesOfTheirWordsPhonemes) {
  SpokenSentence sentence;
  sentence.words = {{"abcd", {10, 14}, 1.0, 2.0}};
  // Two phonemes: the second is three times as long as the first.
  sentence.phonemes = {{{"pau", 0, {}}, 0.0, 1.0},
                       {{"aa", 1, {10, 14}}, 1.0, 1.25},
                       {{"b", 0, {10, 14}}, 1.25, 2.0},
                       {{"pau", 0, {}}, 2.0, 2.5}};
  const auto characters = time_characters(sentence);
  ASSERT_EQ(characters.size(), 4u);
  EXPECT_DOUBLE_EQ(characters[1].begin_s, 1.125);
  EXPECT_DOUBLE_EQ(characters[2].begin_s, 1.25);
  EXPECT_DOUBLE_EQ(characters[3].begin_s, 1.625);
  EXPECT_DOUBLE_EQ(characters[3].end_s, 2.0);
  EXPECT_EQ(characters[3].source, (SourceSpan{13, 14}));
}

TEST(Timestamps, AWordWithoutPhonemesIsDividedEvenly) {
  SpokenSentence sentence;
  sentence.words = {{"é!", {0, 9}, 0.0, 1.0}};  // Written otherwise: the whole word's place.
  const auto characters = time_characters(sentence);
  ASSERT_EQ(characters.size(), 2u);
  EXPECT_EQ(characters[0].text, "é");
  EXPECT_DOUBLE_EQ(characters[1].begin_s, 0.5);
  EXPECT_EQ(characters[1].source, (SourceSpan{0, 9}));
}

TEST(Timestamps, EveryPhonemeOfTheBuiltInVoiceHasAViseme) {
  const SpokenSentence sentence =
      said("The quick brown fox jumps over a lazy dog; she chose just that joyous vision, though.");
  const auto visemes = time_visemes(sentence);
  ASSERT_EQ(visemes.size(), sentence.phonemes.size());
  std::set<int> seen;
  for (std::size_t i = 0; i < visemes.size(); ++i) {
    EXPECT_EQ(visemes[i].begin_s, sentence.phonemes[i].begin_s);
    EXPECT_EQ(visemes[i].source, sentence.phonemes[i].phoneme.source);
    seen.insert(visemes[i].id);
  }
  EXPECT_GT(seen.size(), 15u);
}

TEST(Timestamps, EveryWayOfWritingAPhonemeHasTheSameViseme) {
  EXPECT_EQ(viseme_of("AH0"), 1);
  EXPECT_EQ(viseme_of("dh"), 17);
  EXPECT_EQ(viseme_of("ð"), 17);
  EXPECT_EQ(viseme_of("EY1"), viseme_of("A"));
  EXPECT_EQ(viseme_of("eɪ"), viseme_of("A"));
  EXPECT_EQ(viseme_of("AY2"), viseme_of("I"));
  EXPECT_EQ(viseme_of("CH"), viseme_of("ʧ"));
  EXPECT_EQ(viseme_of("pau"), 0);
  EXPECT_EQ(viseme_of("?"), std::nullopt);
  EXPECT_EQ(viseme_of(""), std::nullopt);
}

}  // namespace
}  // namespace syrinx::tts
