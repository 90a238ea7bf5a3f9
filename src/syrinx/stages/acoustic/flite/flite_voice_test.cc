// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/acoustic/flite/flite_voice.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <thread>

namespace syrinx::acoustic {
namespace {

struct Said {
  const char* word;
  const char* arpabet;  // "" for a mark.
};

// Words as they stand in a text with a space between them, and marks without.
UtterancePlan plan_of(const std::vector<Said>& said, Prosody prosody = {}) {
  UtterancePlan plan;
  plan.prosody = prosody;
  std::size_t at = 0;
  for (const Said& one : said) {
    const std::string word = one.word;
    SpokenToken token;
    token.written = word;
    const bool mark = *one.arpabet == '\0';
    if (mark && at > 0) --at;
    token.source = {at, at + word.size()};
    if (mark) token.token_class = TokenClass::kPunctuation;
    if (!mark)
      token.words.push_back({word, token.source, false, "",
                             Pronunciation{PhonemeSet::kArpabet, one.arpabet}, "test"});
    plan.tokens.push_back(std::move(token));
    at += word.size() + 1;
  }
  return plan;
}

Utterance say(const std::vector<Said>& said, Prosody prosody = {}, std::string_view voice = "slt") {
  auto model = load_flite_voice(voice).value();
  return model->speak(plan_of(said, prosody)).value();
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

// All voiced, for what is measured on F0.
const std::vector<Said> kVoiced = {{"hello", "HH AH0 L OW1"},
                                   {"there", "DH EH1 R"},
                                   {"my", "M AY1"},
                                   {"lion", "L AY1 AH0 N"},
                                   {",", ""},
                                   {"we", "W IY1"},
                                   {"were", "W ER1"},
                                   {"away", "AH0 W EY1"},
                                   {"a", "AH0"},
                                   {"year", "Y IH1 R"},
                                   {"ago", "AH0 G OW1"}};
const std::vector<Said> kBanana = {{"banana", "B AH0 N AE1 N AH0"}, {".", ""}};

TEST(FliteVoice, EveryBuiltInVoiceSpeaksAudiblyAtItsRate) {
  for (const VoiceInfo& info : flite_voices()) {
    const Utterance spoken = say(kVoiced, {}, info.name);
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

TEST(FliteVoice, WordsSayWhereTheyStandInTheText) {
  const Utterance spoken = say(kVoiced);
  ASSERT_EQ(spoken.words.size(), 10u);
  EXPECT_EQ(spoken.words[0].source, (SourceSpan{0, 5}));
  EXPECT_EQ(spoken.words[4].text, "we");
  double at_s = 0;
  for (const TimedWord& word : spoken.words) {
    EXPECT_GE(word.begin_s, at_s);
    EXPECT_LT(word.begin_s, word.end_s);
    at_s = word.end_s;
  }
}

TEST(FliteVoice, WordsOfOneSourceAreOneTimedWord) {
  UtterancePlan plan = plan_of({{"three", "TH R IY1"}, {"dollars", "D AA1 L ER0 Z"}});
  for (SpokenToken& token : plan.tokens) token.words[0].source = {0, 2};
  const Utterance spoken = load_flite_voice("slt").value()->speak(plan).value();
  ASSERT_EQ(spoken.words.size(), 1u);
  EXPECT_EQ(spoken.words[0].source, (SourceSpan{0, 2}));
  EXPECT_GT(spoken.words[0].end_s - spoken.words[0].begin_s, 0.4);
}

TEST(FliteVoice, SaysWhatIsPronouncedNotWhatIsWritten) {
  const auto phones = [](const char* arpabet) {
    std::vector<std::string> symbols;
    for (const TimedPhoneme& timed : say({{"lead", arpabet}}).phonemes) {
      if (timed.phoneme.symbol != "pau") symbols.push_back(timed.phoneme.symbol);
    }
    return symbols;
  };
  EXPECT_EQ(phones("L EH1 D"), (std::vector<std::string>{"l", "eh", "d"}));
  EXPECT_EQ(phones("L IY1 D"), (std::vector<std::string>{"l", "iy", "d"}));
}

TEST(FliteVoice, AMarkInsideMakesAPause) {
  const auto pauses = [](const std::vector<Said>& said) {
    const auto phonemes = say(said).phonemes;
    return std::count_if(phonemes.begin(), phonemes.end(),
                         [](const TimedPhoneme& timed) { return timed.phoneme.symbol == "pau"; });
  };
  EXPECT_EQ(pauses(kVoiced), 3);  // Before, at the comma, after.
  auto without = kVoiced;
  without.erase(without.begin() + 4);
  EXPECT_EQ(pauses(without), 2);
}

TEST(FliteVoice, PhonemesCoverTheSoundWithoutGaps) {
  const Utterance spoken = say(kVoiced);
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
  for (const TimedPhoneme& timed : say(kBanana).phonemes) {
    if (timed.phoneme.stress > 0) stressed.push_back(timed.phoneme.symbol);
  }
  EXPECT_EQ(stressed, std::vector<std::string>{"ae"});
}

TEST(FliteVoice, TheSameRequestGivesTheSameSamples) {
  const Utterance first = say(kVoiced);
  const Utterance second = say(kVoiced);
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

TEST(FliteVoice, EveryVoiceKeepsToTheEndsOfTheRange) {
  for (const VoiceInfo& info : flite_voices()) {
    const double normal_s = say(kVoiced, {}, info.name).audio.duration_s();
    for (const double rate : {0.25, 3.0, 4.0}) {
      Prosody prosody;
      prosody.rate = rate;
      const double said_s = say(kVoiced, prosody, info.name).audio.duration_s();
      EXPECT_NEAR(said_s * rate / normal_s, 1.0, 0.08) << info.name << " " << rate;
    }
  }
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
  for (const double rate : {0.0, -1.0, 0.24, 4.01, std::numeric_limits<double>::quiet_NaN()}) {
    Prosody prosody;
    prosody.rate = rate;
    EXPECT_FALSE(model->speak(plan_of(kBanana, prosody))) << rate;
  }
  for (const double semitones : {-12.1, 13.0, std::numeric_limits<double>::infinity()}) {
    Prosody prosody;
    prosody.pitch_semitones = semitones;
    EXPECT_FALSE(model->speak(plan_of(kBanana, prosody))) << semitones;
  }
}

TEST(FliteVoice, AWordWithoutAPronunciationIsRefusedByName) {
  UtterancePlan plan = plan_of(kBanana);
  plan.tokens[0].words[0].pronunciation.reset();
  const auto refused = load_flite_voice("slt").value()->speak(plan);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("banana"), std::string::npos);
}

TEST(FliteVoice, OddPlansNeitherFailNorCrash) {
  auto model = load_flite_voice("rms").value();
  EXPECT_TRUE(model->speak({}).value().words.empty());
  EXPECT_TRUE(model->speak(plan_of({{"...", ""}, {"?!", ""}})).value().words.empty());
  for (const char* word : {"\xC3\xA9", "1/2", "%d%s%n", "Mr.", "I'm", "St", "II", "..."}) {
    EXPECT_EQ(model->speak(plan_of({{word, "K AE1 T"}})).value().words.size(), 1u) << word;
  }
  EXPECT_TRUE(model->speak(plan_of({{"x", " "}})).value().words.empty());
  EXPECT_TRUE(model->speak(plan_of({{"mmm", "M"}, {"s", "S S S S"}})));
}

TEST(FliteVoice, SeveralThreadsSpeakAtOnceWithoutMixingUp) {
  const std::size_t expected = say(kBanana).audio.frames();
  std::vector<std::thread> threads;
  std::vector<std::size_t> frames(4);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    threads.emplace_back([&frames, i] { frames[i] = say(kBanana).audio.frames(); });
  }
  for (auto& thread : threads) thread.join();
  for (const std::size_t count : frames) EXPECT_EQ(count, expected);
}

}  // namespace
}  // namespace syrinx::acoustic
