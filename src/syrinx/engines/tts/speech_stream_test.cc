// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/speech_stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "support/test_data.h"
#include "syrinx/engines/tts/text_source.h"

namespace syrinx::tts {
namespace {

std::vector<SpokenSentence> speak_all(std::unique_ptr<TextSource> text,
                                      const SpeakOptions& options = {}) {
  auto stream = SpeechStream::create(std::move(text), options).value();
  std::vector<SpokenSentence> sentences;
  SpokenSentence sentence;
  while (stream.next_sentence(sentence, {}).value()) sentences.push_back(sentence);
  return sentences;
}

std::vector<SpokenSentence> speak_all(const std::string& text, const SpeakOptions& options = {}) {
  return speak_all(text_from_string(text), options);
}

// Hands out a text in pieces of a fixed size and counts how much was asked for.
class PiecewiseText final : public TextSource {
 public:
  PiecewiseText(std::string text, std::size_t piece, std::size_t* given)
      : text_(std::move(text)), piece_(piece), given_(given) {}
  Result<bool> next(std::string& piece, const std::stop_token&) override {
    piece = text_.substr(std::min(*given_, text_.size()), piece_);
    *given_ += piece.size();
    return !piece.empty();
  }

 private:
  std::string text_;
  std::size_t piece_;
  std::size_t* given_;
};

TEST(SpeechStream, SpeaksEachSentenceWithWordsThatPointIntoTheText) {
  const std::string text = "It’s here. The café opens at 9.";
  const auto sentences = speak_all(text);
  ASSERT_EQ(sentences.size(), 2u);
  EXPECT_EQ(sentences[1].piece.text, "The café opens at 9.");
  const TimedWord& its = sentences[0].words.at(0);
  EXPECT_EQ(text.substr(its.source.begin, its.source.size()), "It’s");
  const TimedWord& cafe = sentences[1].words.at(1);
  EXPECT_EQ(text.substr(cafe.source.begin, cafe.source.size()), "café");
  EXPECT_GT(cafe.begin_s, sentences[0].end_s);
}

TEST(SpeechStream, TheFirstSoundComesBeforeTheTextHasBeenRead) {
  std::string text;
  for (int i = 0; i < 500; ++i) text += "This is one more sentence of a long book. ";
  std::size_t given = 0;
  auto stream = SpeechStream::create(std::make_unique<PiecewiseText>(text, 64, &given), {}).value();
  AudioBuffer block;
  ASSERT_TRUE(stream.next(block, {}).value());
  EXPECT_GT(block.frames(), 16'000u);
  EXPECT_LT(given, 200u);
}

TEST(SpeechStream, AnyPieceSizeOfTextGivesTheSameSound) {
  const std::string text = "Dr. Lee said “yes”. It cost $3.50 — so what?\n\nThe end… of it.";
  const auto whole = speak_all(text);
  for (const std::size_t piece : {1u, 7u, 64u}) {
    std::size_t given = 0;
    const auto parts = speak_all(std::make_unique<PiecewiseText>(text, piece, &given));
    ASSERT_EQ(parts.size(), whole.size());
    for (std::size_t i = 0; i < whole.size(); ++i) {
      const auto a = whole[i].audio.channel(0);
      const auto b = parts[i].audio.channel(0);
      EXPECT_TRUE(std::equal(a.begin(), a.end(), b.begin(), b.end())) << piece << " " << i;
    }
  }
}

TEST(SpeechStream, StoppingIsNoticedBeforeTheNextSentence) {
  auto stream = SpeechStream::create(text_from_string("One. Two. Three."), {}).value();
  std::stop_source stop;
  AudioBuffer block;
  ASSERT_TRUE(stream.next(block, stop.get_token()).value());
  stop.request_stop();
  const auto stopped = stream.next(block, stop.get_token());
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::kCancelled);
}

TEST(SpeechStream, ParagraphsArePausedBetween) {
  const auto joined = speak_all("One. Two.");
  const auto apart = speak_all("One.\n\nTwo.");
  EXPECT_NEAR(apart.back().end_s - joined.back().end_s, 0.4, 0.001);
}

TEST(SpeechStream, VolumeScalesAndCountsWhatItClips) {
  SpeakOptions options;
  options.prosody.volume_db = -6.0;
  const auto quiet = speak_all("Large size in stockings.", options).at(0).audio;
  const auto normal = speak_all("Large size in stockings.").at(0).audio;
  EXPECT_NEAR(quiet.channel(0)[9000], normal.channel(0)[9000] * 0.501187f, 1e-6);
  options.prosody.volume_db = 24.0;
  auto stream = SpeechStream::create(text_from_string("Large size."), options).value();
  AudioBuffer loud;
  ASSERT_TRUE(stream.next(loud, {}).value());
  EXPECT_GT(stream.clipped_samples(), 0u);
  for (const float sample : loud.channel(0)) EXPECT_LE(std::abs(sample), 1.0f);
}

TEST(SpeechStream, WhatCannotBeReadIsReportedWithItsPlace) {
  const auto sentences = speak_all("Go \xFF now.");
  ASSERT_EQ(sentences.size(), 1u);
  ASSERT_EQ(sentences[0].skipped.size(), 1u);
  EXPECT_EQ(sentences[0].skipped[0].reason, "not UTF-8");
  EXPECT_EQ(sentences[0].skipped[0].source, (SourceSpan{3, 4}));
}

TEST(SpeechStream, NothingToSayIsAnErrorNotAnEmptyFile) {
  for (const char* text : {"", "   ", "\n\n", "***", "\xFF", "* * *"}) {
    auto stream = SpeechStream::create(text_from_string(text), {}).value();
    AudioBuffer block;
    const auto refused = stream.next(block, {});
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
  }
}

TEST(SpeechStream, PassesOverSentencesWithoutWords) {
  EXPECT_EQ(speak_all("One.\n\n* * *\n\nTwo.").size(), 2u);
}

TEST(SpeechStream, RefusesUnknownVoicesAndOptionsOutOfRange) {
  const auto refused = [](auto change) {
    SpeakOptions options;
    change(options);
    return !SpeechStream::create(text_from_string("hi"), options).has_value();
  };
  EXPECT_TRUE(refused([](SpeakOptions& o) { o.voice = "../slt"; }));
  EXPECT_TRUE(refused([](SpeakOptions& o) { o.prosody.rate = 0; }));
  EXPECT_TRUE(refused([](SpeakOptions& o) { o.prosody.rate = std::nan(""); }));
  EXPECT_TRUE(refused([](SpeakOptions& o) { o.prosody.pitch_semitones = 12.5; }));
  EXPECT_TRUE(refused([](SpeakOptions& o) { o.prosody.volume_db = 100; }));
  EXPECT_TRUE(refused([](SpeakOptions& o) { o.paragraph_pause_s = -1; }));
}

TEST(FileText, ReadsAFileAndKnowsItsSize) {
  const auto path = support::scratch_dir() / "book.txt";
  std::ofstream(path) << "Hello there.";
  auto text = FileText::open(path).value();
  EXPECT_EQ(text->size_bytes(), 12u);
  EXPECT_EQ(speak_all(std::move(text)).size(), 1u);
}

TEST(FileText, RefusesFoldersMissingFilesAndBinary) {
  EXPECT_EQ(FileText::open("/nonexistent").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(FileText::open("/").error().code, ErrorCode::kInvalidArgument);
  const auto path = support::scratch_dir() / "binary";
  std::ofstream(path) << std::string("a\0b", 3);
  auto text = FileText::open(path).value();
  std::string piece;
  EXPECT_EQ(text->next(piece, {}).error().code, ErrorCode::kCorruptData);
}

}  // namespace
}  // namespace syrinx::tts
