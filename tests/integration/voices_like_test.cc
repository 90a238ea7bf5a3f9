// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "integration/program.h"
#include "support/test_data.h"

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

  // One of the built-in voices says something.
  std::string said(const std::string& voice) const {
    const std::string file = folder / (voice + ".wav");
    const auto done = run_syrinx({"say", "-q", "--voice", voice, "-o", file,
                                  "The old man walked along the river, and a boat came by."});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    return file;
  }

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
