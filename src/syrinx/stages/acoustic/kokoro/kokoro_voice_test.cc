// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/acoustic/kokoro/kokoro_voice.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "support/need_onnx.h"
#include "support/test_data.h"
#include "support/voice_graphs.h"

namespace syrinx::acoustic {
namespace {

using support::KokoroGraph;

SpokenToken word(const std::string& text, const std::string& symbols, std::size_t begin) {
  SpokenToken token;
  token.source = {begin, begin + text.size()};
  token.words.push_back(
      {text, token.source, false, "", Pronunciation{PhonemeSet::kKokoro, symbols}, "test"});
  return token;
}

SpokenToken mark(const std::string& written) {
  SpokenToken token;
  token.token_class = TokenClass::kPunctuation;
  token.written = written;
  return token;
}

UtterancePlan hello() {
  return {{word("Hello", "həlˈO", 0), mark(","), word("world", "wˈɜɹld", 7), mark(".")}, {}};
}

KokoroModel made(const KokoroGraph& graph = {}) {
  const auto folder = support::scratch_dir() / "kokoro";
  support::write_kokoro_folder(folder, {"af_one", "am_two", "bf_three"}, graph);
  return open_kokoro_model(folder).value();
}

std::unique_ptr<SpeechModel> loaded(const KokoroModel& model, const char* mix = "af_one") {
  auto voice = load_kokoro_voice(model, mix, {});
  EXPECT_TRUE(voice.has_value()) << voice.error().message;
  return std::move(voice).value();
}

// What the graph was given for the token at `place`, 0 being the one before the first symbol.
double heard(const Utterance& said, std::size_t place) {
  return said.audio.view().channel(0)[place * 4 * 600 + 10];
}

TEST(KokoroVoice, SpeaksByBothExports) {
  SYRINX_NEED_ONNX();
  for (const bool huggingface : {false, true}) {
    KokoroGraph graph;
    graph.huggingface = huggingface;
    const auto voice = loaded(made(graph));
    const auto said = voice->speak(hello());
    ASSERT_TRUE(said.has_value()) << said.error().message;
    EXPECT_EQ(said->audio.sample_rate_hz(), 24'000);
    EXPECT_EQ(said->audio.frames(), (2u + 5 + 2 + 6 + 1) * 4 * 600);
    EXPECT_NEAR(heard(*said, 0), 0.1, 1e-4) << "0 before, and the style's mean";
    EXPECT_NEAR(heard(*said, 1), 0.1 + 50 * 0.002, 1e-4) << "h is 50";
    EXPECT_NEAR(heard(*said, 7), 0.1 + 16 * 0.002, 1e-4) << "the space is 16";
  }
}

TEST(KokoroVoice, TakesItsTimesFromTheModel) {
  SYRINX_NEED_ONNX();
  const auto voice = loaded(made());
  EXPECT_FALSE(voice->traits().estimated_times);
  const auto said = voice->speak(hello());
  ASSERT_TRUE(said.has_value()) << said.error().message;
  ASSERT_EQ(said->words.size(), 2u);
  // 40 frames a second; four a symbol; the sound begins three frames before the durations say.
  EXPECT_NEAR(said->words[0].begin_s, 1 / 40.0, 1e-9);
  EXPECT_NEAR(said->words[0].end_s, (1 + 5 * 4) / 40.0, 1e-9);
  EXPECT_NEAR(said->words[1].begin_s, (1 + 7 * 4) / 40.0, 1e-9) << "the comma is a pause";
  EXPECT_NEAR(said->words[1].end_s, (1 + 13 * 4) / 40.0, 1e-9);
  double at_s = 0;
  for (const TimedPhoneme& timed : said->phonemes) {
    EXPECT_DOUBLE_EQ(timed.begin_s, at_s);
    at_s = timed.end_s;
  }
  EXPECT_NEAR(at_s, said->audio.duration_s(), 1e-9);
}

TEST(KokoroVoice, SplitsASpaceInHalf) {
  SYRINX_NEED_ONNX();
  const auto said = loaded(made())->speak({{word("a", "a", 0), word("b", "b", 2)}, {}});
  ASSERT_TRUE(said.has_value());
  EXPECT_NEAR(said->words[0].end_s, (1 + 4 + 2) / 40.0, 1e-9);
  EXPECT_NEAR(said->words[1].begin_s, (1 + 4 + 2) / 40.0, 1e-9);
}

TEST(KokoroVoice, EstimatesTimesWhereTheModelGivesNone) {
  SYRINX_NEED_ONNX();
  KokoroGraph graph;
  graph.durations = false;
  const auto voice = loaded(made(graph));
  EXPECT_TRUE(voice->traits().estimated_times);
  const auto said = voice->speak(hello());
  ASSERT_EQ(said->words.size(), 2u);
  EXPECT_LT(said->words[0].end_s, said->words[1].begin_s);
}

TEST(KokoroVoice, UsesTheStyleOfTheNumberOfSymbols) {
  SYRINX_NEED_ONNX();
  const auto folder = support::scratch_dir() / "kokoro";
  support::write_kokoro_folder(folder, {"af_one"});
  std::vector<float> values(510 * 256);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<float>(i / 256) * 0.001f;  // Row r is r thousandths.
  std::ofstream(folder / "voices/af_one.bin", std::ios::binary)
      .write(reinterpret_cast<const char*>(values.data()),
             static_cast<std::streamsize>(values.size() * sizeof(float)));
  const auto voice = loaded(open_kokoro_model(folder).value());
  const auto said = voice->speak(hello());
  EXPECT_NEAR(heard(*said, 0), (14 - 1) * 0.001, 1e-5) << "14 symbols: the row 13";
}

TEST(KokoroVoice, DropsWhatTheNetworkDoesNotKnowAndTellsIt) {
  SYRINX_NEED_ONNX();
  const auto said = loaded(made())->speak({{word("button", "bˈʌtn\u0329", 0)}, {}});
  ASSERT_TRUE(said.has_value());
  EXPECT_EQ(said->audio.frames(), (2u + 5) * 4 * 600);
  ASSERT_EQ(said->unsaid.size(), 1u);
  EXPECT_EQ(said->unsaid[0].symbol, "\u0329");
  EXPECT_EQ(said->words.size(), 1u);
}

TEST(KokoroVoice, SpeaksFasterAndRoundsWhereTheExportTakesWholeSpeeds) {
  SYRINX_NEED_ONNX();
  UtterancePlan fast = hello();
  fast.prosody.rate = 2;
  UtterancePlan brisk = hello();
  brisk.prosody.rate = 1.3;
  const auto any = loaded(made());
  EXPECT_FALSE(any->traits().whole_rates);
  const std::size_t usual = any->speak(hello())->audio.frames();
  EXPECT_EQ(any->speak(fast)->audio.frames(), usual / 2);
  EXPECT_EQ(any->speak(brisk)->audio.frames(), usual * 3 / 4);
  KokoroGraph graph;
  graph.whole_speed = true;
  const auto whole = loaded(made(graph));
  EXPECT_TRUE(whole->traits().whole_rates);
  EXPECT_EQ(whole->speak(fast)->audio.frames(), usual / 2);
  EXPECT_EQ(whole->speak(brisk)->audio.frames(), usual);
  UtterancePlan slow = hello();
  slow.prosody.rate = 0.25;
  EXPECT_EQ(any->speak(slow)->audio.frames(), usual * 4);
  EXPECT_EQ(whole->speak(slow)->audio.frames(), usual) << "a whole rate is 1 at least";
}

TEST(KokoroVoice, SaysMoreThanTheNetworkTakesInPieces) {
  SYRINX_NEED_ONNX();
  UtterancePlan plan;
  for (std::size_t i = 0; i < 200; ++i) plan.tokens.push_back(word("wa", "wˈɑ", i * 3));
  const auto said = loaded(made())->speak(plan);
  ASSERT_TRUE(said.has_value()) << said.error().message;
  ASSERT_EQ(said->words.size(), 200u);
  for (std::size_t i = 1; i < 200; ++i)
    EXPECT_LE(said->words[i - 1].end_s, said->words[i].begin_s + 1e-9);
}

TEST(KokoroVoice, MixesVoicesOfOneLanguage) {
  SYRINX_NEED_ONNX();
  const KokoroModel model = made();
  const auto mixed = loaded(model, "af_one(3)+am_two(1)");
  EXPECT_EQ(mixed->info().name, "af_one(3)+am_two(1)");
  EXPECT_NEAR(heard(mixed->speak(hello()).value(), 0), (3 * 0.1 + 0.2) / 4, 1e-4);
  const auto two = load_kokoro_voice(model, "af_one+bf_three", {});
  EXPECT_EQ(two.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(two.error().message.find("en-US and en-GB"), std::string::npos);
}

TEST(KokoroVoice, ReadsTheRealVoices) {
  SYRINX_NEED_ONNX();
  SYRINX_NEED_DATA("models/kokoro_voices/af_heart.pt");
  const auto folder = support::scratch_dir() / "real";
  std::filesystem::create_directories(folder);
  for (const auto& file :
       std::filesystem::directory_iterator(support::data_path("models/kokoro_voices")))
    std::filesystem::copy_file(file.path(), folder / file.path().filename());
  support::write_kokoro_graph(folder / "kokoro-v1.0.onnx");
  const auto model = open_kokoro_model(folder);
  ASSERT_TRUE(model.has_value()) << model.error().message;
  EXPECT_EQ(model->voices.size(), 4u);
  EXPECT_EQ(kokoro_voice_info(*model, "bf_emma").language, "en-GB");
  EXPECT_EQ(kokoro_voice_info(*model, "am_adam").gender, "male");
  EXPECT_TRUE(loaded(*model, "af_heart(2)+am_adam(1)")->speak(hello()).has_value());
}

TEST(KokoroVoice, CannotPromiseTheSameSoundOfAGraphThatDrawsNoise) {
  SYRINX_NEED_ONNX();
  EXPECT_TRUE(load_kokoro_voice(made(), "af_one", {1, true}).has_value());
  KokoroGraph graph;
  graph.noise = true;
  const auto noisy = load_kokoro_voice(made(graph), "af_one", {1, true});
  EXPECT_EQ(noisy.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(noisy.error().message.find("takes no seed"), std::string::npos);
}

TEST(KokoroVoice, StopsWhenItIsAsked) {
  SYRINX_NEED_ONNX();
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(loaded(made())->speak(hello(), stop.get_token()).error().code, ErrorCode::kCancelled);
}

TEST(KokoroVoice, TellsWhatIsWrongWithAModel) {
  SYRINX_NEED_ONNX();
  const auto folder = support::scratch_dir();
  EXPECT_NE(open_kokoro_model(folder).error().message.find("no .onnx file"), std::string::npos);
  support::write_kokoro_graph(folder / "model.onnx");
  EXPECT_NE(open_kokoro_model(folder).error().message.find("has no voices"), std::string::npos);
  const KokoroModel model = made();
  const auto missing = load_kokoro_voice(model, "af_nobody", {});
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_NE(missing.error().message.find("there are af_one, am_two, bf_three"), std::string::npos);

  KokoroModel wrong = model;
  support::write_piper_voice(wrong.onnx);
  const auto other = load_kokoro_voice(wrong, "af_one", {});
  EXPECT_EQ(other.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(other.error().message.find("its inputs are input, input_lengths, scales"),
            std::string::npos)
      << other.error().message;

  KokoroGraph small;
  small.style = 128;
  EXPECT_NE(load_kokoro_voice(made(small), "af_one", {}).error().message.find("takes 256 numbers"),
            std::string::npos);
  std::ofstream(folder / "config.json") << R"({"vocab": {"a": 44}})";
  support::write_kokoro_voice(folder / "af_one.bin", 0);
  EXPECT_NE(open_kokoro_model(folder).error().message.find("version 1.0"), std::string::npos);
}

}  // namespace
}  // namespace syrinx::acoustic
