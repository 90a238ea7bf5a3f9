// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "integration/program.h"
#include "support/test_data.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/measure/reference/spectral_distance.h"

// Voices that are learnt from recordings, as a user of the program meets them.
namespace syrinx {
namespace {

using nlohmann::json;
using support::run_syrinx;
namespace fs = std::filesystem;

class LearntVoices : public testing::Test {
 protected:
  LearntVoices() { setenv("SYRINX_PROFILES", (folder / "profiles").c_str(), 1); }
  ~LearntVoices() override { unsetenv("SYRINX_PROFILES"); }

  std::string said(const std::string& voice) const { return support::said_by(voice, folder); }

  const fs::path folder = support::scratch_dir();
};

TEST_F(LearntVoices, AreKeptWithConsentAndCompared) {
  const std::string rms = said("rms");
  const std::string slt = said("slt");
  const auto learnt =
      run_syrinx({"voices", "learn", "--json", "robert", rms, "--consent", "Robert, in an e-mail"});
  ASSERT_EQ(learnt.exit_code, 0) << learnt.err;
  EXPECT_TRUE(fs::exists(json::parse(learnt.out)["file"].get<std::string>()));
  const auto list = run_syrinx({"voices", "learnt", "--json"});
  EXPECT_EQ(json::parse(list.out)["voices"][0]["consent"], "Robert, in an e-mail");
  const auto pair = run_syrinx({"voices", "compare", "--json", "robert", slt});
  ASSERT_EQ(pair.exit_code, 0) << pair.err;
  EXPECT_GT(json::parse(pair.out)["apart"]["f0_semitones"].get<double>(), 4.0);
  EXPECT_LT(json::parse(pair.out)["apart"]["similarity"].get<double>(), 0.8);
  const double speakers = json::parse(pair.out)["apart"]["speaker_similarity"].get<double>();
  const auto same = run_syrinx({"voices", "compare", "--json", "robert", rms});
  EXPECT_LT(speakers + 0.1, json::parse(same.out)["apart"]["speaker_similarity"].get<double>());
  EXPECT_EQ(run_syrinx({"voices", "compare", rms, slt}).exit_code, 0);
}

TEST_F(LearntVoices, AreNotLearntWithoutConsentNorTwice) {
  const std::string rms = said("rms");
  EXPECT_EQ(run_syrinx({"voices", "learn", "robert", rms}).exit_code, 2);
  EXPECT_FALSE(fs::exists(folder / "profiles"));
  EXPECT_EQ(run_syrinx({"voices", "learn", "robert", rms, "--consent", "yes"}).exit_code, 0);
  EXPECT_EQ(run_syrinx({"voices", "learn", "robert", rms, "--consent", "yes"}).exit_code, 2);
  EXPECT_EQ(
      run_syrinx({"voices", "learn", "robert", rms, "--consent", "yes", "--replace"}).exit_code, 0);
  const auto unknown = run_syrinx({"voices", "compare", "robert", "nobody"});
  EXPECT_EQ(unknown.exit_code, 3);
  EXPECT_NE(unknown.err.find("learnt are robert"), std::string::npos) << unknown.err;
}

TEST_F(LearntVoices, AreSoundedLike) {
  const std::string rms = said("rms");
  const std::string slt = said("slt");
  const std::string out = folder / "like.wav";
  const auto done = run_syrinx({"voices", "like", rms, "--to", slt, "-o", out, "--json"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const json report = json::parse(done.out);
  const auto semitones = [&](const char* when) {
    return std::abs(report[when]["f0_semitones"].get<double>());
  };
  EXPECT_LT(semitones("after"), 0.4 * semitones("before"));
  EXPECT_LT(report["after"]["mcd_db"].get<double>(),
            0.4 * report["before"]["mcd_db"].get<double>());
}

TEST_F(LearntVoices, AreSpokenLikeByTheNetwork) {
  const std::string rms = said("rms");
  const std::string slt = said("slt");
  const std::string out = folder / "out.wav";
  const auto done = run_syrinx(
      {"convert", rms, "-o", out, "--like", slt, "--network", "1", "--exemplars", "0", "--json"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const json file = json::parse(done.out)["files"][0];
  EXPECT_GT(file["after"]["speaker_similarity"].get<double>(),
            file["before"]["speaker_similarity"].get<double>() + 0.1);
  const auto share = run_syrinx({"convert", rms, "-o", out, "--like", slt, "--network", "1.5"});
  EXPECT_EQ(share.exit_code, 2);
  EXPECT_NE(share.err.find("share of the network"), std::string::npos) << share.err;
  const auto weights = run_syrinx(
      {"convert", rms, "-o", out, "--like", slt, "--network", "1", "--network-weights", slt});
  EXPECT_NE(weights.exit_code, 0);
  EXPECT_NE(weights.err.find("slt.wav"), std::string::npos) << weights.err;
  const auto mixed = run_syrinx(
      {"convert", rms, "-o", out, "--morph", rms + ":1," + slt + ":1", "--network", "0.5"});
  EXPECT_EQ(mixed.exit_code, 2);
  EXPECT_NE(mixed.err.find("a mix of voices has none"), std::string::npos) << mixed.err;
}

// Both read the same sentence: what the other really says is known. Nobody here taught the network.
class LikeReading : public testing::TestWithParam<std::pair<const char*, const char*>> {};
INSTANTIATE_TEST_SUITE_P(Directions, LikeReading,
                         testing::Values(std::pair{"ljspeech", "matthes"},
                                         std::pair{"matthes", "ljspeech"}));

TEST_P(LikeReading, ComesNearerToTheOthersOwnByTheNetwork) {
  const std::string from = std::string("speech/") + GetParam().first;
  const std::string to = std::string("speech/") + GetParam().second;
  SYRINX_NEED_DATA(from + "/LJ001-0009.flac");
  const std::string source = support::data_path(from + "/LJ001-0009.flac");
  const std::string taught = support::data_path(to + "/LJ001-0001.flac");
  const auto at_16khz = [](const std::string& file) {
    return dsp::resample(io::read_audio(file).value(), 16'000).value();
  };
  const AudioBuffer reading = at_16khz(support::data_path(to + "/LJ001-0009.flac"));
  const std::string out = support::scratch_dir() / "out.wav";
  const auto distortion = [&](const char* network) {
    const auto done = run_syrinx(
        {"convert", source, "-o", out, "--like", taught, "--exemplars", "0", "--network", network});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    return measure::mel_cepstral_distortion_db(reading, at_16khz(out), {24, true}).value();
  };
  const double as_it_is =
      measure::mel_cepstral_distortion_db(reading, at_16khz(source), {24, true}).value();
  const double statistics = distortion("0");
  EXPECT_LT(distortion("1"), statistics - 0.2);
  EXPECT_LT(statistics, as_it_is - 1.0);
}

TEST_F(LearntVoices, MeetHalfWay) {
  const std::string rms = said("rms");
  const std::string slt = said("slt");
  const std::string out = folder / "between.wav";
  const auto done = run_syrinx(
      {"voices", "like", rms, "--morph", rms + ":0.5," + slt + ":0.5", "-o", out, "--json"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const auto apart = run_syrinx({"voices", "compare", "--json", rms, out});
  const auto whole = run_syrinx({"voices", "compare", "--json", rms, slt});
  const auto semitones = [](const support::Finished& done_) {
    return json::parse(done_.out)["apart"]["f0_semitones"].get<double>();
  };
  EXPECT_NEAR(semitones(apart) / semitones(whole), 0.5, 0.15);
  for (const char* bad : {"", ":1", "a.wav", "a.wav:x"})
    EXPECT_NE(run_syrinx({"voices", "like", rms, "--morph", bad, "-o", out}).exit_code, 0) << bad;
}

}  // namespace
}  // namespace syrinx
