// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/acoustic/flite/flite_voice.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <thread>

namespace syrinx::acoustic {
namespace {

Utterance say(const std::string& text, Prosody prosody = {}, std::string_view voice = "slt") {
  auto model = load_flite_voice(voice).value();
  return model->speak(MappedText(text, 0), prosody).value();
}

// F0 by the highest normalised autocorrelation of each loud 64 ms frame; the median in Hz.
double median_f0_hz(const AudioBuffer& audio) {
  const auto x = audio.channel(0);
  const auto rate = static_cast<double>(audio.sample_rate_hz());
  std::vector<double> f0;
  for (std::size_t at = 0; at + 1024 < x.size(); at += 320) {
    double best = 0.0;
    std::size_t best_lag = 0;
    for (std::size_t lag = 32; lag < 320; ++lag) {
      double cross = 0, head = 1e-9, tail = 1e-9;
      for (std::size_t i = 0; i < 640; ++i) {
        cross += static_cast<double>(x[at + i] * x[at + i + lag]);
        head += static_cast<double>(x[at + i] * x[at + i]);
        tail += static_cast<double>(x[at + i + lag] * x[at + i + lag]);
      }
      const double score = head > 0.5 ? cross / std::sqrt(head * tail) : 0.0;
      if (score > best * 1.03) best = score, best_lag = lag;
    }
    if (best > 0.8) f0.push_back(rate / static_cast<double>(best_lag));
  }
  std::sort(f0.begin(), f0.end());
  return f0.empty() ? 0.0 : f0[f0.size() / 2];
}

constexpr const char* kVoiced = "hello there my friend, we were away a year ago";

TEST(FliteVoice, EveryBuiltInVoiceSpeaksAudiblyAtItsRate) {
  for (const VoiceInfo& info : flite_voices()) {
    const Utterance spoken = say("The birch canoe slid on the smooth planks.", {}, info.name);
    EXPECT_EQ(spoken.audio.sample_rate_hz(), info.sample_rate_hz);
    EXPECT_GT(spoken.audio.duration_s(), 1.5);
    EXPECT_LT(spoken.audio.duration_s(), 6.0);
    float peak = 0;
    for (const float sample : spoken.audio.channel(0)) peak = std::max(peak, std::abs(sample));
    EXPECT_GT(peak, 0.1f);
    EXPECT_LE(peak, 1.0f);
  }
}

TEST(FliteVoice, AnUnknownVoiceIsAnErrorThatListsTheKnown) {
  const auto refused = load_flite_voice("kal");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kNotFound);
  EXPECT_NE(refused.error().message.find("slt"), std::string::npos);
}

TEST(FliteVoice, WordsCarryTheAuthorsTextAndItsPlace) {
  const std::string text = "Dr. Smith paid $3.50 on May 4th.";
  const Utterance spoken = say(text);
  ASSERT_EQ(spoken.words.size(), 7u);
  EXPECT_EQ(spoken.words[3].text, "$3.50");
  for (const TimedWord& word : spoken.words) {
    EXPECT_EQ(text.substr(word.source.begin, word.source.size()), word.text);
    EXPECT_LT(word.begin_s, word.end_s);
  }
}

TEST(FliteVoice, PhonemesCoverTheSoundWithoutGaps) {
  const Utterance spoken = say("Glue the sheet to the dark blue background.");
  double at_s = 0;
  for (const TimedPhoneme& timed : spoken.phonemes) {
    EXPECT_DOUBLE_EQ(timed.begin_s, at_s);
    EXPECT_GE(timed.end_s, timed.begin_s);
    at_s = timed.end_s;
  }
  EXPECT_NEAR(at_s, spoken.audio.duration_s(), 0.05);
  EXPECT_EQ(spoken.phonemes.front().phoneme.symbol, "pau");
}

TEST(FliteVoice, StressIsOnVowelsOnly) {
  std::vector<std::string> stressed;
  for (const TimedPhoneme& timed : say("banana").phonemes) {
    if (timed.phoneme.stress > 0) stressed.push_back(timed.phoneme.symbol);
  }
  EXPECT_EQ(stressed, std::vector<std::string>{"ae"});
}

TEST(FliteVoice, TheSameRequestGivesTheSameSamples) {
  const Utterance first = say("Rice is often served in round bowls.");
  const Utterance second = say("Rice is often served in round bowls.");
  ASSERT_EQ(first.audio.frames(), second.audio.frames());
  EXPECT_TRUE(std::equal(first.audio.channel(0).begin(), first.audio.channel(0).end(),
                         second.audio.channel(0).begin()));
}

TEST(FliteVoice, RateScalesTheDuration) {
  const double normal_s = say(kVoiced).audio.duration_s();
  Prosody prosody;
  prosody.rate = 2.0;
  EXPECT_NEAR(say(kVoiced, prosody).audio.duration_s(), normal_s / 2.0, normal_s * 0.05);
  prosody.rate = 0.5;
  EXPECT_NEAR(say(kVoiced, prosody).audio.duration_s(), normal_s * 2.0, normal_s * 0.1);
}

TEST(FliteVoice, PitchMovesF0OfEveryVoiceByTheSemitonesAsked) {
  for (const VoiceInfo& info : flite_voices()) {
    const double before_hz = median_f0_hz(say(kVoiced, {}, info.name).audio);
    for (const double semitones : {-4.0, 4.0}) {
      Prosody prosody;
      prosody.pitch_semitones = semitones;
      const Utterance moved = say(kVoiced, prosody, info.name);
      const double wanted_hz = before_hz * std::exp2(semitones / 12.0);
      EXPECT_NEAR(median_f0_hz(moved.audio) / wanted_hz, 1.0, 0.06) << info.name << semitones;
    }
  }
}

TEST(FliteVoice, PitchKeepsTheDuration) {
  Prosody prosody;
  prosody.pitch_semitones = 12;
  EXPECT_NEAR(say(kVoiced, prosody).audio.duration_s(), say(kVoiced).audio.duration_s(), 0.01);
}

TEST(FliteVoice, ProsodyOutOfRangeIsAnErrorNotSilence) {
  auto model = load_flite_voice("slt").value();
  for (const double rate : {0.0, -1.0, 0.49, 2.01, std::numeric_limits<double>::quiet_NaN()}) {
    Prosody prosody;
    prosody.rate = rate;
    EXPECT_FALSE(model->speak(MappedText("hi", 0), prosody)) << rate;
  }
  for (const double semitones : {-12.1, 13.0, std::numeric_limits<double>::infinity()}) {
    Prosody prosody;
    prosody.pitch_semitones = semitones;
    EXPECT_FALSE(model->speak(MappedText("hi", 0), prosody)) << semitones;
  }
}

TEST(FliteVoice, TextThatIsNotAsciiIsRefused) {
  auto model = load_flite_voice("slt").value();
  EXPECT_FALSE(model->speak(MappedText("caf\xC3\xA9", 0), {}));
  EXPECT_FALSE(model->speak(MappedText("a\x01z", 0), {}));
}

TEST(FliteVoice, OddSentencesNeitherFailNorCrash) {
  for (const char* text : {"",     "...",    "!!! ???",    "-",
                           "\"",   "()",     "$",          "$5.5.5",
                           "<b>",  "'",      "1/2/3",      "&",
                           "#1",   "@",      "3.14159e10", "12345678901234567890123456789012345",
                           "x\ny", "a/b\\c", "::;;,,",     "%d%s%n",
                           "Mr.",  "e.g."}) {
    auto model = load_flite_voice("rms").value();
    EXPECT_TRUE(model->speak(MappedText(text, 0), {})) << text;
  }
  EXPECT_TRUE(say("...").words.empty());
}

TEST(FliteVoice, SeveralThreadsSpeakAtOnceWithoutMixingUp) {
  const std::size_t expected = say("one two three").audio.frames();
  std::vector<std::thread> threads;
  std::vector<std::size_t> frames(4);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    threads.emplace_back([&frames, i] { frames[i] = say("one two three").audio.frames(); });
  }
  for (auto& thread : threads) thread.join();
  for (const std::size_t count : frames) EXPECT_EQ(count, expected);
}

}  // namespace
}  // namespace syrinx::acoustic
