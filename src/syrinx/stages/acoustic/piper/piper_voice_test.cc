// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/acoustic/piper/piper_voice.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "support/need_onnx.h"
#include "support/onnx_graph.h"
#include "support/test_data.h"
#include "support/voice_graphs.h"

namespace syrinx::acoustic {
namespace {

using support::PiperGraph;

SpokenToken word(const std::string& text, const std::string& ipa, std::size_t begin) {
  SpokenToken token;
  token.source = {begin, begin + text.size()};
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

UtterancePlan hello() {
  return {{word("Hello", "həlˈoʊ", 0), mark(","), word("world", "wˈɜːld", 7), mark(".")}, {}};
}

std::filesystem::path made(const PiperGraph& graph = {}) {
  const auto file = support::scratch_dir() / "made.onnx";
  support::write_piper_voice(file, graph);
  return file;
}

std::unique_ptr<SpeechModel> loaded(const std::filesystem::path& file, const char* speaker = "",
                                    bool steady = true) {
  auto voice = load_piper_voice(open_piper_model(file).value(), speaker, {1, steady});
  EXPECT_TRUE(voice.has_value()) << voice.error().message;
  return std::move(voice).value();
}

TEST(PiperIds, StandBetweenBeginAndEndWithAPadBehindEach) {
  PiperConfig config;
  config.ids = {{U'_', {0}}, {U'^', {1}}, {U'$', {2}}, {U' ', {3}}, {U'a', {14}}, {U',', {8}}};
  const std::vector<SpokenToken> tokens = {word("a", "aʘ", 0), mark(",")};
  const SymbolLine line = symbol_line(tokens, PhonemeSet::kIpa, LineMarks::kPiper).value();
  const PiperIds made_ids = piper_ids(config, line, {0, line.symbols.size()});
  EXPECT_EQ(made_ids.ids, (std::vector<double>{1, 0, 14, 0, 8, 0, 3, 0, 2}))
      << "a space behind the comma, as Piper's clauses have it";
  EXPECT_EQ(made_ids.counts, (std::vector<std::size_t>{2, 0, 4}));
  ASSERT_EQ(made_ids.unsaid.size(), 1u);
  EXPECT_EQ(made_ids.unsaid[0].symbol, "ʘ");
  EXPECT_EQ(made_ids.unsaid[0].source, (SourceSpan{0, 1}));
}

TEST(PiperIds, TakeAPrecomposedLetterWhereTheModelKnowsOnlyThat) {
  PiperConfig config;
  config.ids = {{U'_', {0}}, {U'^', {1}}, {U'$', {2}}, {U'ç', {41}}, {U'c', {16}}};
  const std::vector<SpokenToken> tokens = {word("ich", "c\u0327", 0)};
  const SymbolLine line = symbol_line(tokens, PhonemeSet::kIpa, LineMarks::kPiper).value();
  EXPECT_EQ(piper_ids(config, line, {0, 2}).ids, (std::vector<double>{1, 0, 41, 0, 2}));
  config.ids[0x327] = {140};
  EXPECT_EQ(piper_ids(config, line, {0, 2}).ids, (std::vector<double>{1, 0, 16, 0, 140, 0, 2}));
}

TEST(PiperVoice, SpeaksARealVitsGraphTheSameEachTime) {
  SYRINX_NEED_ONNX();
  SYRINX_NEED_DATA("models/piper_small/en_US-small-test.onnx");
  const auto file = support::data_path("models/piper_small/en_US-small-test.onnx");
  const PiperModel model = open_piper_model(file).value();
  EXPECT_EQ(model.name, "en_US-small-test");
  const auto voice = loaded(file);
  EXPECT_EQ(voice->info().language, "en-US");
  EXPECT_EQ(voice->info().sample_rate_hz, 22'050);
  EXPECT_EQ(voice->traits().espeak_voice, "en-us");
  const auto said = voice->speak(hello());
  ASSERT_TRUE(said.has_value()) << said.error().message;
  EXPECT_GT(said->audio.duration_s(), 0.05);
  ASSERT_EQ(said->words.size(), 2u);
  EXPECT_EQ(said->words[1].source, (SourceSpan{7, 12}));
  EXPECT_LE(said->words[0].end_s, said->words[1].begin_s + 1e-9);
  EXPECT_TRUE(said->unsaid.empty());
  const auto again = voice->speak(hello());
  EXPECT_TRUE(std::ranges::equal(said->audio.view().channel(0), again->audio.view().channel(0)));
}

TEST(PiperVoice, SpeaksFasterAndSlowerByItsLengthScale) {
  SYRINX_NEED_ONNX();
  const auto voice = loaded(made());
  UtterancePlan plan = hello();
  const double usual_s = voice->speak(plan)->audio.duration_s();
  plan.prosody.rate = 2;
  EXPECT_NEAR(voice->speak(plan)->audio.duration_s(), usual_s / 2, 1e-6);
  plan.prosody.rate = 0.5;
  EXPECT_NEAR(voice->speak(plan)->audio.duration_s(), usual_s * 2, 1e-6);
  plan.prosody.rate = 0.25;
  EXPECT_NEAR(voice->speak(plan)->audio.duration_s(), usual_s * 4, 1e-6);
  plan.prosody.rate = 4.5;
  EXPECT_EQ(voice->speak(plan).error().code, ErrorCode::kInvalidArgument);
}

TEST(PiperVoice, TakesItsTimesFromTheModelWhereItGivesThem) {
  SYRINX_NEED_ONNX();
  PiperGraph graph;
  graph.durations = true;
  const auto voice = loaded(made(graph));
  EXPECT_FALSE(voice->traits().estimated_times);
  EXPECT_TRUE(loaded(made())->traits().estimated_times);
  const auto said = voice->speak(hello());
  ASSERT_TRUE(said.has_value()) << said.error().message;
  // Each id lasts 4 hops of 256 samples; ^ and its pad come first, then two ids a symbol.
  const double id_s = 4 * 256 / 22'050.0;
  ASSERT_EQ(said->words.size(), 2u);
  EXPECT_NEAR(said->words[0].begin_s, 2 * id_s, 1e-6);
  EXPECT_NEAR(said->words[0].end_s, (2 + 2 * 6) * id_s, 1e-6) << "h ə l ˈ o ʊ";
  EXPECT_NEAR(said->words[1].begin_s, (2 + 2 * 7 + 2) * id_s, 1e-6) << "after the comma and space";
  EXPECT_NEAR(said->phonemes.back().end_s, said->audio.duration_s(), 1e-9);
}

TEST(PiperVoice, IsOneOfSeveralSpeakersByNameOrNumber) {
  SYRINX_NEED_ONNX();
  PiperGraph graph;
  graph.speakers = 3;
  const auto file = made(graph);
  const PiperModel model = open_piper_model(file).value();
  const auto voices = piper_voices(model);
  ASSERT_EQ(voices.size(), 3u);
  EXPECT_EQ(voices[2].name, "made:p102");
  const auto level = [&](const char* speaker) {
    const Utterance said = loaded(file, speaker)->speak(hello()).value();
    return said.audio.view().channel(0)[0];
  };
  EXPECT_NEAR(level("p100"), 0.002, 1e-6) << "the id of ^ is 1";
  EXPECT_NEAR(level("p102"), 0.102, 1e-6);
  EXPECT_NEAR(level("1"), 0.052, 1e-6);
  const auto none = load_piper_voice(model, "", {});
  EXPECT_EQ(none.error().code, ErrorCode::kInvalidArgument);
  EXPECT_NE(none.error().message.find("choose one, as made:p100"), std::string::npos);
  for (const char* wrong : {"p103", "3", "-1", "1x"}) {
    const auto voice = load_piper_voice(model, wrong, {});
    EXPECT_EQ(voice.error().code, ErrorCode::kNotFound) << wrong;
    EXPECT_NE(voice.error().message.find("p100, p101, p102"), std::string::npos);
  }
}

TEST(PiperVoice, VariesUnlessItIsToBeSteady) {
  SYRINX_NEED_ONNX();
  const auto file = made();
  const auto same_twice = [&](bool steady) {
    const auto voice = loaded(file, "", steady);
    const auto first = voice->speak(hello()).value();
    const auto second = voice->speak(hello()).value();
    return std::ranges::equal(first.audio.view().channel(0), second.audio.view().channel(0));
  };
  EXPECT_TRUE(same_twice(true));
  EXPECT_FALSE(same_twice(false));
}

TEST(PiperVoice, SaysLongSentencesInPiecesAndLosesNoWord) {
  SYRINX_NEED_ONNX();
  const auto voice = loaded(made());
  UtterancePlan plan;
  for (std::size_t i = 0; i < 300; ++i) {
    plan.tokens.push_back(word("wa", "wˈɑː", i * 3));
    if (i % 20 == 19) plan.tokens.push_back(mark(","));
  }
  const auto said = voice->speak(plan);
  ASSERT_TRUE(said.has_value()) << said.error().message;
  ASSERT_EQ(said->words.size(), 300u);
  for (std::size_t i = 0; i < 300; ++i) EXPECT_EQ(said->words[i].source.begin, i * 3);
}

TEST(PiperVoice, StopsWhenItIsAsked) {
  SYRINX_NEED_ONNX();
  const auto voice = loaded(made());
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(voice->speak(hello(), stop.get_token()).error().code, ErrorCode::kCancelled);
  EXPECT_TRUE(voice->speak(hello()).has_value()) << "the voice is as good as before";
}

TEST(PiperVoice, SaysNothingForNothing) {
  SYRINX_NEED_ONNX();
  const auto said = loaded(made())->speak({});
  ASSERT_TRUE(said.has_value());
  EXPECT_TRUE(said->words.empty());
  EXPECT_GT(said->audio.frames(), 0u);
}

TEST(PiperVoice, OfLettersReadsThem) {
  SYRINX_NEED_ONNX();
  PiperGraph graph;
  graph.phoneme_type = "text";
  const auto voice = loaded(made(graph));
  EXPECT_TRUE(voice->traits().reads_letters);
  UtterancePlan plan = hello();
  for (SpokenToken& token : plan.tokens) {
    for (SpokenWord& spoken : token.words) {
      spoken.pronunciation.reset();
      spoken.text[0] = static_cast<char>(spoken.text[0] | 0x20);
    }
  }
  const auto said = voice->speak(plan);
  ASSERT_TRUE(said.has_value()) << said.error().message;
  EXPECT_TRUE(said->unsaid.empty());
  EXPECT_EQ(said->words.size(), 2u);
}

TEST(PiperVoice, TellsWhatIsWrongWithAModel) {
  SYRINX_NEED_ONNX();
  const auto folder = support::scratch_dir();
  EXPECT_NE(open_piper_model(folder / "none.onnx").error().message.find("no model at"),
            std::string::npos);
  std::ofstream(folder / "alone.onnx") << "x";
  const auto alone = open_piper_model(folder / "alone.onnx");
  EXPECT_EQ(alone.error().code, ErrorCode::kNotFound);
  EXPECT_NE(alone.error().message.find("alone.onnx.json"), std::string::npos);

  PiperModel wrong = open_piper_model(made()).value();
  support::write_kokoro_graph(wrong.onnx);
  const auto other = load_piper_voice(wrong, "", {});
  EXPECT_EQ(other.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(other.error().message.find("is not a Piper voice: its inputs are tokens, style, speed"),
            std::string::npos)
      << other.error().message;

  PiperModel torn = open_piper_model(made()).value();
  torn.config.speakers = 2;
  torn.config.speaker_ids = {{"a", 0}, {"b", 1}};
  const auto unmatched = load_piper_voice(torn, "a", {});
  EXPECT_EQ(unmatched.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(unmatched.error().message.find("no input sid"), std::string::npos);

  PiperModel broken = open_piper_model(made()).value();
  std::ofstream(broken.onnx) << "not a graph";
  EXPECT_EQ(load_piper_voice(broken, "", {}).error().code, ErrorCode::kCorruptData);
}

}  // namespace
}  // namespace syrinx::acoustic
