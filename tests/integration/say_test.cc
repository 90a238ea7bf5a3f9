// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "integration/program.h"
#include "support/test_data.h"
#include "syrinx/core/dsp/pitch/autocorrelation_f0.h"
#include "syrinx/core/io/audio_file.h"

// `syrinx say` as a user meets it.
namespace syrinx {
namespace {

using nlohmann::json;
using support::Finished;
using support::Program;
using support::run_syrinx;
namespace fs = std::filesystem;

std::string book(int sentences) {
  std::string text;
  for (int i = 0; i < sentences; ++i) {
    text += "This is sentence number " + std::to_string(i) + " of a long and quiet book. ";
  }
  return text;
}

std::size_t files_in(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {}));
}

// Waits until the folder holds something, at most ten seconds.
bool something_appears(const fs::path& folder) {
  for (int i = 0; i < 1000 && files_in(folder) == 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return files_in(folder) > 0;
}

TEST(Say, SpeaksWithTheNeuralVoiceThatTheLibraryCarries) {
  const auto folder = support::scratch_dir();
  const std::string text = "The keeper of the light wrote down the weather every evening.";
  const Finished said =
      run_syrinx({"say", "--json", "--voice", "kathleen", "-o", folder / "said.wav", text});
  ASSERT_EQ(said.exit_code, 0) << said.err;
  const json told = json::parse(said.out);
  EXPECT_EQ(told.at("voice"), "kathleen");
  EXPECT_EQ(told.at("sample_rate_hz"), 22'050);
  // Eleven words: neither left out nor said twice.
  EXPECT_NEAR(told.at("duration_s").get<double>(), 3.7, 1.4);
  const auto audio = io::read_audio(folder / "said.wav").value();
  double power = 0;
  for (const float v : audio.channel(0)) power += double{v} * double{v};
  const double level_db = 10 * std::log10(power / static_cast<double>(audio.frames()));
  EXPECT_NEAR(level_db, -21, 7) << "about as loud as the other voices";
}

TEST(Say, WritesEveryFormatUnderTheNameGiven) {
  const auto folder = support::scratch_dir();
  for (const char* extension : {"wav", "flac", "ogg", "opus", "mp3", "aiff"}) {
    const std::string path = folder / (std::string("said.") + extension);
    const Finished said = run_syrinx({"say", "-o", path, "Hello from the front door."});
    ASSERT_EQ(said.exit_code, 0) << extension << ": " << said.err;
    const auto audio = io::read_audio(path);
    ASSERT_TRUE(audio) << audio.error().message;
    EXPECT_NEAR(audio->duration_s(), 1.7, 0.5) << extension;
    float peak = 0;
    for (const float sample : audio->channel(0)) peak = std::max(peak, std::abs(sample));
    EXPECT_GT(peak, 0.1f) << extension;
  }
  EXPECT_EQ(files_in(folder), 6u);
}

TEST(Say, RawIsHeaderlessInt16) {
  const std::string path = support::scratch_dir() / "said.raw";
  ASSERT_EQ(run_syrinx({"say", "-o", path, "Hi."}).exit_code, 0);
  EXPECT_EQ(fs::file_size(path) % 2, 0u);
  EXPECT_GT(fs::file_size(path), 10'000u);
}

TEST(Say, TellsWhereHowLongAndHowFast) {
  const std::string path = support::scratch_dir() / "said.wav";
  const Finished said = run_syrinx({"say", "-o", path, "Hello there."});
  for (const char* part : {"said.wav", " s, 16000 Hz", "voice slt", "real-time factor"}) {
    EXPECT_NE(said.err.find(part), std::string::npos) << said.err;
  }
}

TEST(Say, JsonSaysTheSameToMachines) {
  const std::string path = support::scratch_dir() / "said.wav";
  const Finished said = run_syrinx({"say", "--json", "-o", path, "One. Two \xFF three."});
  const json report = json::parse(said.out);
  EXPECT_EQ(report["sentences"], 2);
  EXPECT_EQ(report["words"], 3);
  EXPECT_EQ(report["skipped_count"], 1);
  EXPECT_GT(report["duration_s"].get<double>(), 0.5);
  EXPECT_GT(report["real_time_factor"].get<double>(), 0.0);
}

struct Manner {
  double seconds = 0;
  double median_f0_hz = 0;
  double rms = 0;
};

Manner said_with(const std::vector<std::string>& options, const std::string& text) {
  const std::string path = support::scratch_dir() / "said.wav";
  std::vector<std::string> command{"say", "-o", path};
  command.insert(command.end(), options.begin(), options.end());
  command.push_back(text);
  const Finished said = run_syrinx(command);
  EXPECT_EQ(said.exit_code, 0) << said.err;
  const AudioBuffer audio = io::read_audio(path).value();
  auto hz = dsp::autocorrelation_f0(audio.view()).value().hz;
  std::erase(hz, 0.0);
  std::sort(hz.begin(), hz.end());
  double power = 0;
  for (const float sample : audio.channel(0)) power += double{sample} * double{sample};
  return {audio.duration_s(), hz.empty() ? 0 : hz[hz.size() / 2],
          std::sqrt(power / static_cast<double>(audio.frames()))};
}

TEST(Say, AnEmotionIsHeardInRatePitchAndLoudness) {
  const std::string text = "The letter came this morning, and everybody read it twice.";
  const Manner plain = said_with({}, text);
  const Manner sad = said_with({"--emotion", "sad"}, text);
  const Manner happy = said_with({"--emotion", "happy:0.8"}, text);
  EXPECT_GT(sad.seconds, 1.1 * plain.seconds);
  EXPECT_LT(sad.median_f0_hz, 0.96 * plain.median_f0_hz);
  EXPECT_LT(sad.rms, 0.9 * plain.rms);
  EXPECT_LT(happy.seconds, 0.95 * plain.seconds);
  EXPECT_GT(happy.median_f0_hz, 1.05 * plain.median_f0_hz);
  const Manner marked = said_with(
      {"--ssml"}, "<speak><syrinx:emotion name=\"sad\">" + text + "</syrinx:emotion></speak>");
  EXPECT_NEAR(marked.seconds, sad.seconds, 0.02 * sad.seconds);
  const Finished refused = run_syrinx({"say", "--emotion", "hungry", text});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_NE(refused.err.find("no emotion is called 'hungry'; there are afraid"), std::string::npos)
      << refused.err;
}

TEST(Say, ReadsTextFromAFileAndFromAPipe) {
  const auto folder = support::scratch_dir();
  const std::string text_path = folder / "text.txt";
  std::ofstream(text_path) << "The same words.";
  const Finished from_file = run_syrinx({"say", "-f", text_path, "-o", "-"});
  const Finished from_pipe = run_syrinx({"say", "-o", "-"}, "The same words.");
  const Finished from_argument = run_syrinx({"say", "-o", "-", "The same words."});
  EXPECT_EQ(from_file.out, from_pipe.out);
  EXPECT_EQ(from_file.out, from_argument.out);
  EXPECT_GT(from_file.out.size(), 20'000u);
}

TEST(Say, AStreamOnStandardOutputIsAnAudioFile) {
  for (const char* format : {"wav", "flac", "ogg", "opus", "mp3", "aiff"}) {
    const Finished said = run_syrinx({"say", "-o", "-", "--format", format, "Hello again."});
    ASSERT_EQ(said.exit_code, 0) << said.err;
    const auto bytes = std::as_bytes(std::span(said.out));
    auto reader = io::AudioReader::from_memory(bytes);
    ASSERT_TRUE(reader) << format << reader.error().message;
    EXPECT_GT(io::read_all(*reader).value().duration_s(), 0.5) << format;
  }
}

TEST(Say, TheFirstSoundLeavesBeforeTheTextHasEnded) {
  Program program({"say", "-o", "-"});
  program.write("The first sentence is complete. The second one is still on its way to ");
  EXPECT_EQ(program.read_output(20'000).size(), 20'000u);
  program.write("us.");
  program.close_input();
  EXPECT_EQ(program.finish().exit_code, 0);
}

TEST(Say, InterruptedItLeavesNoFile) {
  for (const int number : {SIGINT, SIGTERM}) {
    const auto folder = support::scratch_dir();
    const auto text_path = support::scratch_dir() / "book.txt";
    std::ofstream(text_path) << book(20'000);
    Program program(
        {"say", "-f", text_path, "-o", folder / "book.wav", "--timings", folder / "book.ndjson"});
    ASSERT_TRUE(something_appears(folder));
    program.signal(number);
    EXPECT_EQ(program.finish().exit_code, 130);
    EXPECT_EQ(files_in(folder), 0u);
  }
}

TEST(Say, IsInterruptedWhileAPipeIsSilent) {
  for (const char* command : {"say", "text"}) {
    Program program({command, "-f", "-"});
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    const auto begin = std::chrono::steady_clock::now();
    program.signal(SIGINT);
    EXPECT_EQ(program.finish().exit_code, 130) << command;
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(8)) << command;
  }
}

TEST(Say, InterruptedItKeepsTheFileThatWasThere) {
  const auto folder = support::scratch_dir();
  const std::string path = folder / "kept.wav";
  std::ofstream(path) << "precious";
  Program program({"say", "-o", path});
  program.write(book(50));
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  program.signal(SIGINT);
  EXPECT_EQ(program.finish().exit_code, 130);
  EXPECT_EQ(files_in(folder), 1u);
  EXPECT_EQ(fs::file_size(path), 8u);
}

TEST(Say, AClosedPipeIsAnErrorNotACrash) {
  Program program({"say", "-o", "-"});
  program.write(book(5));
  program.read_output(1000);
  program.close_output();
  program.write(book(50));
  program.close_input();
  EXPECT_EQ(program.finish().exit_code, 6);
}

TEST(Say, DrawsProgressOnATerminalOnly) {
  const std::string path = support::scratch_dir() / "book.txt";
  std::ofstream(path) << book(30);
  const std::string sound = support::scratch_dir() / "book.wav";
  Program program({"say", "-f", path, "-o", sound}, true);
  const Finished on_terminal = program.finish();
  EXPECT_NE(on_terminal.err.find("times real time"), std::string::npos) << on_terminal.err;
  EXPECT_NE(on_terminal.err.find(" %"), std::string::npos);
  const Finished on_pipe = run_syrinx({"say", "-o", sound, book(6)});
  EXPECT_EQ(on_pipe.err.find("times real time"), std::string::npos);
}

TEST(Say, TimingsFollowTheSourceText) {
  const auto folder = support::scratch_dir();
  const std::string text = "It’s 3 o'clock. Café closed.";
  const std::string timings = folder / "timings.ndjson";
  ASSERT_EQ(run_syrinx({"say", "-o", folder / "a.wav", "--timings", timings, text}).exit_code, 0);
  std::ifstream file(timings);
  double at_s = 0;
  std::size_t words = 0;
  std::size_t characters = 0;
  for (std::string line; std::getline(file, line);) {
    const json sentence = json::parse(line);
    for (const json& word : sentence["words"]) {
      EXPECT_GE(word["begin_s"].get<double>(), at_s - 0.001);
      at_s = word["end_s"].get<double>();
      const std::size_t begin = word["source"][0], end = word["source"][1];
      EXPECT_FALSE(text.substr(begin, end - begin).empty());
      ++words;
    }
    for (const json& character : sentence["characters"]) {
      const std::size_t begin = character["source"][0], end = character["source"][1];
      EXPECT_EQ(character["text"], text.substr(begin, end - begin));
      ++characters;
    }
    EXPECT_EQ(sentence["visemes"].size(), sentence["phonemes"].size());
    EXPECT_EQ(sentence["visemes"][0]["id"], 0);  // Silence.
  }
  EXPECT_EQ(words, 5u);
  EXPECT_EQ(characters, 22u);  // "It’s", "3", "o'clock", "Café", "closed".
  EXPECT_NEAR(at_s, io::read_audio(folder / "a.wav")->duration_s(), 0.5);
}

TEST(Say, ResamplesToTheRateAskedFor) {
  const std::string path = support::scratch_dir() / "said.wav";
  ASSERT_EQ(run_syrinx({"say", "-s", "44100", "-o", path, "Hello."}).exit_code, 0);
  EXPECT_EQ(io::read_audio(path)->sample_rate_hz(), 44'100);
}

TEST(Say, RateMakesItShorter) {
  const auto folder = support::scratch_dir();
  run_syrinx({"say", "-o", folder / "1.wav", "One two three four five."});
  run_syrinx({"say", "-r", "2", "-o", folder / "2.wav", "One two three four five."});
  EXPECT_NEAR(io::read_audio(folder / "2.wav")->duration_s() * 2,
              io::read_audio(folder / "1.wav")->duration_s(), 0.15);
}

TEST(Say, PlaysIntoTheNullDevice) {
  const Finished said = run_syrinx({"say", "--play", "--device", "null", "Hello."});
  EXPECT_EQ(said.exit_code, 0) << said.err;
}

struct Refusal {
  std::vector<std::string> arguments;
  int exit_code;
  std::string says;
};

TEST(Say, RefusesWithASentenceAndAnExitCode) {
  const std::string wav = support::scratch_dir() / "x.wav";
  const std::vector<Refusal> refusals = {
      {{"say", "-o", wav, "--voice", "nobody", "Hi."}, 3, "slt"},
      {{"say", "-o", wav, "--rate", "9", "Hi."}, 2, "between 0.25 and 4"},
      {{"say", "-o", wav, "--rate", "fast", "Hi."}, 2, "rate"},
      {{"say", "-o", wav, "--pitch", "13", "Hi."}, 2, "-12 and 12"},
      {{"say", "-o", wav, "--volume", "nan", "Hi."}, 2, "volume"},
      {{"say", "-o", wav, ""}, 2, "nothing to say"},
      {{"say", "-o", wav, "-f", "/nonexistent.txt"}, 3, "nonexistent"},
      {{"say", "-o", wav, "-f", "/"}, 2, "folder"},
      {{"say", "-o", "x.docx", "Hi."}, 2, "wav"},
      {{"say", "-o", "/nonexistent/x.wav", "Hi."}, 3, "nonexistent"},
      {{"say", "-o", wav, "-s", "1", "Hi."}, 2, "1000"},
      {{"say", "-o", "x.opus", "-s", "44100", "Hi."}, 2, "48000"},
      {{"say", "-o", "-", "--json", "Hi."}, 2, "standard output"},
      {{"say", "-o", wav, "-f", "x", "Hi."}, 2, "both"},
      {{"say", "--play", "--device", "no such device", "Hi."}, 3, "device"},
  };
  for (const Refusal& refusal : refusals) {
    const Finished said = run_syrinx(refusal.arguments);
    EXPECT_EQ(said.exit_code, refusal.exit_code) << said.err;
    EXPECT_NE(said.err.find(refusal.says), std::string::npos) << said.err;
    EXPECT_FALSE(fs::exists(wav));
  }
}

TEST(Say, ErrorsAreJsonWithJson) {
  const Finished said = run_syrinx({"say", "--json", "--voice", "nobody", "Hi."});
  EXPECT_EQ(json::parse(said.err)["error"]["code"], "not_found");
}

}  // namespace
}  // namespace syrinx
