// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/voices.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "support/need_espeak.h"
#include "support/need_onnx.h"
#include "support/test_data.h"
#include "support/voice_graphs.h"
#include "syrinx/engines/tts/espeak_words.h"
#include "syrinx/engines/tts/speech_stream.h"
#include "syrinx/engines/tts/text_reader.h"
#include "syrinx/engines/tts/text_source.h"

namespace syrinx::tts {
namespace {

namespace fs = std::filesystem;

// A machine with these models and settings alone, for as long as this lives.
class Machine {
 public:
  Machine() : root_(support::scratch_dir()) {
    setenv("SYRINX_MODELS", root_.c_str(), 1);
    setenv("SYRINX_VOICES", (root_ / "voices.json").c_str(), 1);
  }
  ~Machine() {
    unsetenv("SYRINX_MODELS");
    unsetenv("SYRINX_VOICES");
  }
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  const fs::path& root() const { return root_; }
  void kokoro(const char* name, const std::vector<std::string>& voices) {
    support::write_kokoro_folder(root_ / name, voices);
  }
  void piper(const char* name, const support::PiperGraph& graph = {}) {
    fs::create_directories(root_ / name);
    support::write_piper_voice(root_ / name / "voice.onnx", graph);
  }
  void named(const std::string& json) { std::ofstream(root_ / "voices.json") << json; }

 private:
  fs::path root_;
};

std::string name_of(std::string_view name, const VoiceOptions& options = {}) {
  const auto voice = load_voice(name, options);
  return voice ? voice.value()->info().name : "error: " + voice.error().message;
}

ErrorCode refusal(std::string_view name, const VoiceOptions& options = {}) {
  const auto voice = load_voice(name, options);
  EXPECT_FALSE(voice.has_value()) << name;
  return voice ? ErrorCode::kInternal : voice.error().code;
}

bool lists(const std::vector<acoustic::VoiceInfo>& voices, std::string_view name) {
  return std::any_of(voices.begin(), voices.end(),
                     [name](const acoustic::VoiceInfo& info) { return info.name == name; });
}

TEST(Voices, OfInstalledModelsAreListedAndLoadedByEachOfTheirNames) {
  SYRINX_NEED_ONNX();
  Machine machine;
  machine.kokoro("kokoro", {"af_one", "am_two"});
  machine.kokoro("second", {"af_one"});
  machine.piper("en_US-amy");
  support::PiperGraph many;
  many.speakers = 2;
  machine.piper("en_US-many", many);
  const auto voices = available_voices();
  EXPECT_EQ(voices.front().name, kDefaultVoice);
  for (const char* name : {"af_one", "am_two", "second:af_one", "en_US-amy", "en_US-many:p101"}) {
    EXPECT_TRUE(lists(voices, name)) << name;
    EXPECT_TRUE(load_voice(name).has_value()) << name;
  }
  EXPECT_EQ(name_of("kokoro:am_two"), "am_two");
  EXPECT_EQ(name_of("en_US-many:1"), "en_US-many:1");
  EXPECT_EQ(refusal("en_US-many"), ErrorCode::kInvalidArgument) << "which speaker?";
  EXPECT_EQ(refusal("kokoro"), ErrorCode::kInvalidArgument) << "which voice?";
  EXPECT_EQ(refusal("kokoro:nobody"), ErrorCode::kNotFound);
  EXPECT_EQ(refusal("en_US-many:p999"), ErrorCode::kNotFound);
}

TEST(Voices, AreMixedWhereOneModelHasThemAll) {
  SYRINX_NEED_ONNX();
  Machine machine;
  machine.kokoro("kokoro", {"af_one", "am_two"});
  EXPECT_EQ(name_of("af_one(2)+am_two(1)"), "af_one(2)+am_two(1)");
  EXPECT_EQ(name_of("af_one-am_two"), "af_one-am_two");
  EXPECT_EQ(name_of("kokoro:af_one+am_two"), "af_one+am_two");
  EXPECT_EQ(refusal("af_one+af_none"), ErrorCode::kNotFound);
  EXPECT_EQ(refusal("af_one+"), ErrorCode::kInvalidArgument);
  EXPECT_EQ(refusal("slt+rms"), ErrorCode::kNotFound) << "built-in voices do not mix";
}

TEST(Voices, HaveOpenAisNamesForTheBestThatIsThere) {
  Machine machine;
  EXPECT_EQ(name_of("alloy"), "slt");
  EXPECT_EQ(name_of("onyx"), "rms");
  EXPECT_EQ(voice_aliases().size(), 13u);
  SYRINX_NEED_ONNX();
  machine.kokoro("kokoro", {"af_heart", "am_adam"});
  EXPECT_EQ(name_of("alloy"), "af_heart");
  EXPECT_EQ(name_of("onyx"), "am_adam");
  const auto aliases = voice_aliases();
  EXPECT_EQ(aliases.front().voice, "af_heart");
}

TEST(Voices, HaveTheUsersNamesAndSettings) {
  Machine machine;
  machine.named(R"({"voices": {"narrator": {"voice": "rms", "rate": 0.5},
                               "slt": {"rate": 1.5}, "alloy": {"voice": "awb"}}})");
  EXPECT_EQ(name_of("narrator"), "rms");
  EXPECT_EQ(load_voice("narrator").value()->traits().prosody.rate, 0.5);
  EXPECT_EQ(load_voice("slt").value()->traits().prosody.rate, 1.5);
  EXPECT_EQ(name_of("alloy"), "awb") << "the user's own come first";
  EXPECT_TRUE(voice_aliases().front().own);
  machine.named(R"({"voices": {"a": {"voice": "b"}, "b": {"voice": "a"}}})");
  EXPECT_EQ(refusal("a"), ErrorCode::kInvalidArgument);
  machine.named("{");
  EXPECT_EQ(refusal("slt"), ErrorCode::kCorruptData);
}

double spoken_s(const std::string& voice) {
  SpeakOptions options;
  options.voice = voice;
  auto stream = SpeechStream::create(text_from_string("One two three."), options).value();
  SpokenSentence sentence;
  EXPECT_TRUE(stream.next_sentence(sentence, {}).value());
  return sentence.audio.duration_s();
}

TEST(Voices, SpeakAsTheUserHasSetThemUp) {
  Machine machine;
  const double usual_s = spoken_s("rms");
  machine.named(R"({"voices": {"slow": {"voice": "rms", "rate": 0.5}}})");
  EXPECT_GT(spoken_s("slow"), 1.7 * usual_s);
}

TEST(Voices, NamesAreNeverPathsUnlessTheUserMayGiveThem) {
  SYRINX_NEED_ONNX();
  Machine machine;
  const auto folder = support::scratch_dir();
  support::write_piper_voice(folder / "amy.onnx");
  support::write_kokoro_folder(folder / "kokoro", {"af_one", "am_two"});
  const std::string piper = (folder / "amy.onnx").string();
  const std::string kokoro = (folder / "kokoro").string();
  for (const std::string& name : {piper, kokoro + ":af_one", std::string("../../etc/passwd")})
    EXPECT_EQ(refusal(name), ErrorCode::kNotFound) << name;
  const VoiceOptions mine{true, {}, 1};
  EXPECT_EQ(name_of(piper, mine), "amy");
  EXPECT_EQ(name_of(kokoro + ":af_one", mine), "af_one");
  EXPECT_EQ(name_of(kokoro + "/:af_one+am_two", mine), "af_one+am_two");
  EXPECT_EQ(name_of(kokoro + "/model.onnx:am_two", mine), "am_two");
  EXPECT_EQ(refusal((folder / "none.onnx").string(), mine), ErrorCode::kNotFound);
}

TEST(Voices, ThatAreNotThereAreToldWithThoseThatAre) {
  Machine machine;
  const auto voice = load_voice("nobody");
  EXPECT_EQ(voice.error().message, "there is no voice 'nobody'; there are slt, rms, awb, kathleen");
  EXPECT_EQ(refusal(""), ErrorCode::kInvalidArgument);
  EXPECT_EQ(refusal(std::string(2'000, 'x')), ErrorCode::kInvalidArgument);
  EXPECT_EQ(refusal(std::string_view("slt\0x", 5)), ErrorCode::kInvalidArgument);
}

TEST(Voices, OfABrokenModelAreRefusedWithTheReason) {
  Machine machine;
  fs::create_directories(machine.root() / "torn");
  std::ofstream(machine.root() / "torn/voice.onnx") << "x";
  std::ofstream(machine.root() / "torn/voice.onnx.json") << "{}";
  EXPECT_EQ(available_voices().size(), 4u);
  const auto voice = load_voice("torn");
  EXPECT_EQ(voice.error().code, ErrorCode::kCorruptData);
  EXPECT_NE(voice.error().message.find("audio.sample_rate"), std::string::npos);
}

TEST(Voices, OfPiperSpeakEnglishByEspeakAndWithoutIt) {
  SYRINX_NEED_ONNX();
  Machine machine;
  machine.piper("amy");
  SpeakOptions options;
  options.voice = "amy";
  options.voice_options.seed = 1;
  auto stream =
      SpeechStream::create(text_from_string("It is one of the best, for $5, and so on."), options)
          .value();
  SpokenSentence sentence;
  ASSERT_TRUE(stream.next_sentence(sentence, {}).value());
  std::string words;
  for (const TimedWord& word : sentence.words) words += word.text + "|";
  EXPECT_EQ(words, "It|is|one|of|the|best|for|$5|and|so|on|");
  for (std::size_t i = 1; i < sentence.words.size(); ++i)
    EXPECT_LE(sentence.words[i - 1].end_s, sentence.words[i].begin_s + 1e-9);
  EXPECT_TRUE(sentence.skipped.empty()) << sentence.skipped.front().text;
}

// The plugin cannot be hidden once a process has it, so this is what its absence leaves.
TEST(Voices, OfPiperAreGivenOurOwnPhonemesAsEspeakWritesThem) {
  TextOptions options;
  options.phonemes = PhonemeSet::kIpa;
  ReadSentence read = TextFrontEnd::create(options).value().read_line("The bird sees two chairs.");
  spell_like_espeak(read.tokens);
  std::string line;
  for (const SpokenToken& token : read.tokens) {
    for (const SpokenWord& word : token.words) line += word.pronunciation->symbols + " ";
  }
  EXPECT_EQ(line, "ðə bˈɜːd sˈiːz tˈuː tʃˈɛɹz ");
}

TEST(Voices, OfAnotherLanguageSpeakByEspeakAlone) {
  SYRINX_NEED_ONNX();
  SYRINX_NEED_ESPEAK();
  Machine machine;
  support::PiperGraph german;
  german.espeak_voice = "de";
  german.language = "de_DE";
  machine.piper("thorsten", german);
  SpeakOptions options;
  options.voice = "thorsten";
  auto stream = SpeechStream::create(text_from_string("Ich habe 3 Katzen."), options).value();
  SpokenSentence sentence;
  ASSERT_TRUE(stream.next_sentence(sentence, {}).value());
  EXPECT_EQ(sentence.words.size(), 4u);
}

TEST(Voices, ThatKeepTheirPitchRefuseAnother) {
  SYRINX_NEED_ONNX();
  Machine machine;
  machine.kokoro("kokoro", {"af_one"});
  SpeakOptions options;
  options.voice = "af_one";
  options.prosody.pitch_semitones = 2;
  const auto stream = SpeechStream::create(text_from_string("Hello."), options);
  EXPECT_EQ(stream.error().code, ErrorCode::kUnsupported);
  options.prosody.pitch_semitones = 0;
  const auto marked = SpeechStream::create(
      text_from_string("<speak><prosody pitch=\"high\">Hello.</prosody></speak>"), options);
  ASSERT_TRUE(marked.has_value()) << marked.error().message;
  const auto told = std::any_of(
      marked->markup().begin(), marked->markup().end(), [](const text::ElementReport& report) {
        return report.element.starts_with("prosody") && report.honoured == text::Honoured::kIgnored;
      });
  EXPECT_TRUE(told);
}

TEST(Voices, ThatTakeTheirTimeGiveTheFirstClauseByItself) {
  SYRINX_NEED_ONNX();
  Machine machine;
  machine.kokoro("kokoro", {"af_one"});
  SpeakOptions options;
  options.voice = "af_one";
  const std::string text =
      "First a few words, and then a good many more of them that go on for a while, you see. "
      "Another sentence, which is also long, and which stays as it is, because it is the second.";
  auto stream = SpeechStream::create(text_from_string(text), options).value();
  std::vector<SpokenSentence> sentences;
  SpokenSentence sentence;
  while (stream.next_sentence(sentence, {}).value()) sentences.push_back(sentence);
  ASSERT_EQ(sentences.size(), 3u);
  EXPECT_EQ(sentences[0].piece.text, "First a few words, ");
  EXPECT_EQ(sentences[1].piece.source.begin, sentences[0].piece.source.end);
  EXPECT_DOUBLE_EQ(sentences[1].begin_s, sentences[0].end_s);
}

}  // namespace
}  // namespace syrinx::tts
