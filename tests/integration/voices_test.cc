// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "integration/program.h"
#include "support/need_espeak.h"
#include "support/need_onnx.h"
#include "support/test_data.h"
#include "support/two_stage.h"
#include "support/voice_graphs.h"

// Voices of models, as a user of the program meets them.
namespace syrinx {
namespace {

using nlohmann::json;
using support::Finished;
using support::run_syrinx;
namespace fs = std::filesystem;

// The user's models and settings, for as long as this lives.
class Machine {
 public:
  Machine() : root(support::scratch_dir()) {
    setenv("SYRINX_MODELS", root.c_str(), 1);
    setenv("SYRINX_VOICES", (root / "voices.json").c_str(), 1);
  }
  ~Machine() {
    unsetenv("SYRINX_MODELS");
    unsetenv("SYRINX_VOICES");
  }
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  const fs::path root;
};

json said(std::vector<std::string> arguments) {
  const std::string file = support::scratch_dir() / "out.wav";
  arguments.insert(arguments.begin(), {"say", "--json", "-o", file});
  const Finished done = run_syrinx(arguments);
  EXPECT_EQ(done.exit_code, 0) << done.err;
  return done.exit_code == 0 ? json::parse(done.out) : json();
}

std::string bytes_of(const std::vector<std::string>& arguments) {
  std::vector<std::string> all = {"say", "-q", "-o", "-"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return run_syrinx(all).out;
}

TEST(InstalledVoices, AreListedAndSpoken) {
  SYRINX_NEED_ONNX();
  const Machine machine;
  support::write_kokoro_folder(machine.root / "kokoro", {"af_heart", "am_adam"});
  fs::create_directories(machine.root / "en_US-many");
  support::PiperGraph many;
  many.speakers = 9;
  support::write_piper_voice(machine.root / "en_US-many/voice.onnx", many);
  std::ofstream(machine.root / "en_US-many/model.json") << R"({"licence": "CC0-1.0"})";

  const json listed = json::parse(run_syrinx({"voices", "--json"}).out);
  EXPECT_EQ(listed["voices"].size(), 4u + 2u + 9u);
  EXPECT_EQ(listed["voices"][4]["name"], "af_heart");
  EXPECT_EQ(listed["voices"][4]["language"], "en-US");
  EXPECT_EQ(listed["voices"][6]["licence"], "CC0-1.0");
  EXPECT_EQ(listed["aliases"].size(), 13u);
  const std::string table = run_syrinx({"voices"}).out;
  EXPECT_NE(table.find("and 5 more speakers of en_US-many"), std::string::npos) << table;
  EXPECT_NE(table.find("alloy (af_heart)"), std::string::npos) << table;

  const json kokoro = said({"--voice", "af_heart(2)+am_adam", "Hello, world."});
  EXPECT_EQ(kokoro["voice"], "af_heart(2)+am_adam");
  EXPECT_EQ(kokoro["sample_rate_hz"], 24'000);
  EXPECT_EQ(said({"--voice", "en_US-many:p104", "Hello."})["sample_rate_hz"], 22'050);
}

TEST(InstalledVoices, TellWhenTheirWordsSound) {
  SYRINX_NEED_ONNX();
  const Machine machine;
  support::write_kokoro_folder(machine.root / "kokoro", {"af_heart"});
  const std::string timings = support::scratch_dir() / "words.ndjson";
  said({"--voice", "af_heart", "--timings", timings, "It cost $5, I think."});
  std::ifstream file(timings);
  std::string line;
  ASSERT_TRUE(std::getline(file, line));
  const json sentence = json::parse(line);
  std::vector<std::string> words;
  for (const json& word : sentence["words"]) words.push_back(word["text"]);
  EXPECT_EQ(words, (std::vector<std::string>{"It", "cost", "$5", "I", "think"}));
}

TEST(InstalledVoices, OfTwoStagesSpeakByNameAndByPathWithExactTimes) {
  const Machine machine;
  support::copy_golden_voice(machine.root / "kate");
  std::ofstream(machine.root / "kate/model.json") << R"({"kind": "two-stage"})";
  const json listed = json::parse(run_syrinx({"voices", "--json"}).out);
  ASSERT_EQ(listed["voices"].size(), 5u);
  EXPECT_EQ(listed["voices"][4]["name"], "kate");
  EXPECT_EQ(listed["voices"][4]["engine"], "two-stage");
  EXPECT_EQ(listed["voices"][4]["licence"], "Apache-2.0");

  const std::string timings = support::scratch_dir() / "words.ndjson";
  const json spoken = said({"--voice", "kate", "--timings", timings, "It cost $5, I think."});
  EXPECT_EQ(spoken["voice"], "kate");
  EXPECT_EQ(spoken["sample_rate_hz"], 22'050);
  EXPECT_EQ(spoken["skipped_count"], 0) << spoken["skipped"];
  std::ifstream file(timings);
  std::string line;
  ASSERT_TRUE(std::getline(file, line));
  const json sentence = json::parse(line);
  EXPECT_EQ(sentence["words"].size(), 5u);
  EXPECT_EQ(sentence["words"][2]["text"], "$5");

  // Twice as slow is about twice as long; the pitch is heard, the text is the same.
  const auto bytes = [](const std::vector<std::string>& more) {
    std::vector<std::string> all = {"--voice", "kate", "Hello there, my friend."};
    all.insert(all.begin(), more.begin(), more.end());
    return bytes_of(all);
  };
  const std::string usual = bytes({});
  EXPECT_GT(usual.size(), 10'000u);
  EXPECT_EQ(bytes({}), usual) << "the same each time";
  EXPECT_NE(bytes({"--pitch", "5"}), usual);
  EXPECT_GT(bytes({"--rate", "0.5"}).size(), usual.size() * 3 / 2);
  EXPECT_EQ(bytes_of({"--voice", (machine.root / "kate").string(), "Hello there, my friend."}),
            usual);

  fs::remove(machine.root / "kate/vocoder.safetensors");
  const Finished broken = run_syrinx({"say", "--voice", "kate", "-o", "-", "Hello."});
  EXPECT_NE(broken.exit_code, 0);
  EXPECT_NE(broken.err.find("vocoder.safetensors"), std::string::npos) << broken.err;
}

TEST(InstalledVoices, SpeakARealVitsGraphByItsPathTheSameWithASeed) {
  SYRINX_NEED_ONNX();
  SYRINX_NEED_DATA("models/piper_small/en_US-small-test.onnx");
  const std::string model = support::data_path("models/piper_small/en_US-small-test.onnx");
  const std::vector<std::string> arguments = {"--voice", model, "--seed", "7",
                                              "Hello there. How are you, my friend?"};
  const json first = said(arguments);
  EXPECT_EQ(first["voice"], "en_US-small-test");
  EXPECT_EQ(first["words"], 7);
  EXPECT_EQ(first["skipped_count"], 0) << first["skipped"];
  EXPECT_EQ(bytes_of(arguments), bytes_of(arguments));
}

TEST(InstalledVoices, HaveTheUsersNamesAndSettings) {
  const Machine machine;
  std::ofstream(machine.root / "voices.json")
      << R"({"voices": {"narrator": {"voice": "rms", "rate": 0.5}}})";
  const json slow = said({"--voice", "narrator", "One two three."});
  const json usual = said({"--voice", "rms", "One two three."});
  EXPECT_EQ(slow["voice"], "rms");
  EXPECT_GT(slow["duration_s"].get<double>(), 1.7 * usual["duration_s"].get<double>());
  EXPECT_EQ(said({"--voice", "onyx", "Hello."})["voice"], "rms");
}

TEST(InstalledVoices, RefuseWithASentence) {
  const Machine machine;
  const Finished unknown = run_syrinx({"say", "--voice", "nobody", "Hello."});
  EXPECT_NE(unknown.exit_code, 0);
  EXPECT_NE(unknown.err.find("there is no voice 'nobody'; there are slt"), std::string::npos);
  const Finished path = run_syrinx({"say", "--voice", "./none.onnx", "Hello."});
  EXPECT_NE(path.err.find("there is no model at ./none.onnx"), std::string::npos) << path.err;
  SYRINX_NEED_ONNX();
  support::write_kokoro_folder(machine.root / "kokoro", {"af_heart"});
  const Finished pitch = run_syrinx({"say", "--voice", "af_heart", "--pitch", "3", "Hello."});
  EXPECT_NE(pitch.exit_code, 0);
  EXPECT_NE(pitch.err.find("cannot be moved"), std::string::npos) << pitch.err;
}

TEST(InstalledVoices, OfPiperSayWhatTheyLackWithoutEspeak) {
  SYRINX_NEED_ONNX();
  const Machine machine;
  fs::create_directories(machine.root / "de");
  support::PiperGraph german;
  german.espeak_voice = "de";
  german.language = "de_DE";
  support::write_piper_voice(machine.root / "de/voice.onnx", german);
  // A file that is no plugin stands where the plugin is looked for first.
  const auto plugins = support::scratch_dir();
  std::ofstream(plugins / "libsyrinx_espeak.so") << "no library";
  setenv("SYRINX_PLUGINS", plugins.c_str(), 1);
  const Finished refused = run_syrinx({"say", "--voice", "de", "-o", "-", "Hallo."});
  const Finished text = run_syrinx({"text", "--phonemes", "piper", "Hello."});
  const json doctor = json::parse(run_syrinx({"doctor", "--json"}).out);
  unsetenv("SYRINX_PLUGINS");
  EXPECT_NE(refused.exit_code, 0);
  EXPECT_NE(refused.err.find("espeak"), std::string::npos) << refused.err;
  EXPECT_NE(text.err.find("cannot be loaded"), std::string::npos) << text.err;
  EXPECT_NE(text.err.find("libespeak-ng"), std::string::npos) << text.err;
  for (const json& part : doctor["optional"]) {
    if (part["name"] == "espeak-ng plugin") {
      EXPECT_FALSE(part["found"]);
    }
  }
}

}  // namespace
}  // namespace syrinx
