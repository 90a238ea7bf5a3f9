// SPDX-License-Identifier: Apache-2.0
// Which sounds `syrinx convert`, `fx` and `live` read and write, as a user meets them.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "integration/program.h"
#include "support/test_data.h"
#include "syrinx/core/io/audio_file.h"

namespace syrinx {
namespace {

using nlohmann::json;
using support::run_syrinx;
namespace fs = std::filesystem;

class ConvertFiles : public testing::Test {
 protected:
  std::string said(const std::string& voice) const { return support::said_by(voice, folder); }
  // A second of ramps of 200 samples each.
  std::string ramp(const std::string& name, int rate_hz) const {
    AudioBuffer audio(1, static_cast<std::size_t>(rate_hz), rate_hz);
    for (std::size_t i = 0; i < audio.frames(); ++i)
      audio.channel(0)[i] = static_cast<float>(i % 200) / 400.0f - 0.25f;
    std::string file = folder / name;
    EXPECT_TRUE(io::write_audio(file, audio));
    return file;
  }
  static std::string bytes_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream all;
    all << in.rdbuf();
    return all.str();
  }
  static std::vector<std::string> names_in(const fs::path& in) {
    std::vector<std::string> names;
    for (const auto& one : fs::directory_iterator(in))
      names.push_back(one.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }

  const fs::path folder = support::scratch_dir();
};

TEST_F(ConvertFiles, AFormatThatCannotHaveTheRateGetsTheNearest) {
  const std::string in = ramp("in.wav", 22'050);
  const std::string out = folder / "out.opus";
  const std::vector<std::vector<std::string>> ways = {
      {"convert", in, "-o", out, "--pitch", "2"},
      {"fx", in, "-o", out, "--gain", "-1"},
      {"live", "--input", in, "--output", out, "--pitch", "2"}};
  for (const auto& way : ways) {
    const auto done = run_syrinx(way);
    ASSERT_EQ(done.exit_code, 0) << way.front() << ": " << done.err;
    EXPECT_NE(done.err.find("opus cannot have 22050 Hz; it has 24000 Hz"), std::string::npos)
        << way.front() << ": " << done.err;
    const AudioBuffer sound = io::read_audio(out).value();
    EXPECT_EQ(sound.sample_rate_hz(), 24'000);
    EXPECT_EQ(sound.frames(), 24'000u) << way.front();
    fs::remove(out);
  }
  const auto told = run_syrinx({"convert", in, "-o", out, "--pitch", "2", "--json"});
  const json file = json::parse(told.out)["files"][0];
  EXPECT_EQ(file["sample_rate_hz"], 22'050);
  EXPECT_EQ(file["written"]["sample_rate_hz"], 24'000);
  EXPECT_EQ(file["frames_out"], 22'050);
}

TEST_F(ConvertFiles, AFolderStandsForTheSoundsInIt) {
  const fs::path in = folder / "in";
  fs::create_directories(in / "deeper");
  ramp("in/b.wav", 16'000);
  ramp("in/a.flac", 16'000);
  ramp("in/deeper/c.wav", 16'000);
  std::ofstream(in / "notes.txt") << "no sound";
  std::ofstream(in / ".hidden.wav") << "no sound";
  for (const char* command : {"convert", "fx"}) {
    const std::string change = command == std::string("fx") ? "--gain" : "--pitch";
    const fs::path out = folder / command;
    const auto done = run_syrinx({command, in, "-o", out.string() + "/", change, "1"});
    ASSERT_EQ(done.exit_code, 0) << done.err;
    EXPECT_EQ(names_in(out), (std::vector<std::string>{"a.flac", "b.wav"})) << command;
    const auto to_one = run_syrinx({command, in, "-o", folder / "one.wav", change, "1"});
    EXPECT_EQ(to_one.exit_code, 2) << to_one.err;
    fs::create_directories(folder / "empty");
    const auto none = run_syrinx({command, folder / "empty", "-o", out, change, "1"});
    EXPECT_EQ(none.exit_code, 3);
    EXPECT_NE(none.err.find("no audio file in the folder"), std::string::npos) << none.err;
  }
}

TEST_F(ConvertFiles, SeveralSoundsSayWhomToBeLike) {
  const std::string in = said("slt");
  const std::string first = said("rms");
  const std::string second = said("awb");
  const std::string out = folder / "out.wav";
  const auto made = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"convert", "-q", "-o", out});
    const auto done = run_syrinx(arguments);
    EXPECT_EQ(done.exit_code, 0) << done.err;
    return bytes_of(out);
  };
  const std::string both = made({in, "--like", first, second});
  EXPECT_EQ(made({in, "--like", first + "," + second}), both);
  EXPECT_EQ(made({"--like", first, "--like", second, in}), both);
  const std::string one = made({in, "--like", first});
  EXPECT_NE(one, both);
  EXPECT_EQ(made({"--like", first, in}), one)
      << "what follows is the input where there is no other";
}

TEST_F(ConvertFiles, AVoiceLikeAnotherIsWrittenAsAnyOther) {
  const std::string in = said("slt");
  const std::string target = said("rms");
  const std::string out = folder / "out.wav";
  const auto done = run_syrinx({"convert", in, "-o", out, "--like", target});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_NE(done.err.find("similarity"), std::string::npos) << done.err;
  const auto piped = run_syrinx({"convert", "-", "-o", "-", "--like", target}, bytes_of(in));
  ASSERT_EQ(piped.exit_code, 0) << piped.err;
  const AudioBuffer from_file = io::read_audio(out).value();
  const std::string pipe = folder / "pipe.wav";
  std::ofstream(pipe, std::ios::binary) << piped.out;
  const AudioBuffer from_pipe = io::read_audio(pipe).value();
  ASSERT_EQ(from_pipe.frames(), from_file.frames());
  EXPECT_TRUE(std::equal(from_pipe.channel(0).begin(), from_pipe.channel(0).end(),
                         from_file.channel(0).begin()));
  const auto judged = run_syrinx(
      {"convert", "-", "-o", out, "--like", target, "--encoding", "float32", "--json", "--measure"},
      bytes_of(in));
  ASSERT_EQ(judged.exit_code, 0) << judged.err;
  const json file = json::parse(judged.out)["files"][0];
  EXPECT_EQ(file["written"]["encoding"], "float32");
  EXPECT_TRUE(file["quality"]["artifact_share"].is_number()) << file["quality"];
}

}  // namespace
}  // namespace syrinx
