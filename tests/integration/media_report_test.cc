// SPDX-License-Identifier: Apache-2.0
// `syrinx media report report.json`: why a simulated call sounded as it did, as a user meets it.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <sstream>

#include "integration/program.h"
#include "support/test_data.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/measure/level/active_speech_level.h"

namespace syrinx {
namespace {

using nlohmann::json;
using support::Finished;
using support::run_syrinx;

constexpr int kRateHz = 16'000;
constexpr double kSeconds = 11.0;

// Speech at the level that a line is planned for, again and again.
AudioBuffer speech(const std::string& file, double dbov = -26.0) {
  const AudioBuffer read = io::read_audio(support::data_path(file)).value();
  const AudioBuffer once = dsp::resample(read, kRateHz).value();
  const double level = measure::measure_active_speech_level(once)->active_dbfs;
  const auto gain = static_cast<float>(std::pow(10.0, (dbov - level) / 20.0));
  AudioBuffer out(1, static_cast<std::size_t>(kSeconds * kRateHz), kRateHz);
  for (std::size_t i = 0; i < out.frames(); ++i)
    out.channel(0)[i] = gain * once.channel(0)[i % once.frames()];
  return out;
}

constexpr const char* kAlice = "speech/jfk.flac";
constexpr const char* kBob = "speech/kathleen/arctic_a0001.flac";

class MediaReport : public ::testing::Test {
 protected:
  void SetUp() override {
    SYRINX_NEED_DATA("speech/jfk.flac");
    SYRINX_NEED_DATA("speech/kathleen/arctic_a0001.flac");
    folder_ = support::scratch_dir();
    ASSERT_TRUE(io::write_audio(folder_ / "alice.wav", speech(kAlice)));
    ASSERT_TRUE(io::write_audio(folder_ / "bob.wav", speech(kBob)));
  }

  json scenario() const {
    return {{"seed", 5},
            {"parties",
             {{{"name", "alice"}, {"sound", "alice.wav"}, {"codec", "pcmu"}},
              {{"name", "bob"}, {"sound", "bob.wav"}, {"codec", "pcmu"}}}},
            {"network", {{"to_bob", {{"delay_ms", 30}}}, {"to_alice", {{"delay_ms", 30}}}}}};
  }
  // The folder of the simulated call.
  std::filesystem::path simulate(const json& scenario) const {
    std::ofstream(folder_ / "call.json") << scenario.dump(2);
    const Finished done = run_syrinx({"media", "simulate", (folder_ / "call.json").string(), "-o",
                                      (folder_ / "heard").string(), "--json"});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    return folder_ / "heard";
  }
  json explain(const json& scenario) const {
    const Finished done =
        run_syrinx({"media", "report", (simulate(scenario) / "report.json").string(), "--json"});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    return json::parse(done.out, nullptr, false);
  }

  std::filesystem::path folder_;
};

TEST_F(MediaReport, AGoodCallHasNoCause) {
  const json report = explain(scenario());
  ASSERT_EQ(report["ears"].size(), 2u);
  EXPECT_TRUE(report["notes"].empty()) << report["notes"].dump();
  const json& bob = report["ears"][0];
  EXPECT_EQ(bob["listener"], "bob");
  EXPECT_LT(bob["mos_lost"].get<double>(), 0.4) << bob.dump(1);
  EXPECT_NEAR(bob["mouth_to_ear_ms"].get<double>(), 85.0, 25.0);
  EXPECT_NEAR(bob["speech_dbov"].get<double>(), -26.0, 1.5);
}

TEST_F(MediaReport, TheCauseThatWasPlantedIsNamedFirst) {
  struct Row {
    const char* cause;
    std::function<void(json&)> plant;
  };
  const Row rows[] = {
      {"codec",
       [](json& s) {
         s["parties"][0]["codec"] = "opus";
         s["parties"][0]["bitrate_bps"] = 6'000;
       }},
      {"loss",
       [](json& s) {
         s["network"]["to_bob"]["loss"] = {{"kind", "bursts"}, {"percent", 6}, {"mean_packets", 2}};
       }},
      {"late",
       [](json& s) {
         s["network"]["to_bob"]["jitter"] = {{"kind", "uniform"}, {"ms", 100}};
         s["parties"][1]["jitter_buffer"] = {{"strategy", "fixed"}, {"start_ms", 60}};
       }},
      {"delay", [](json& s) { s["network"]["to_bob"]["delay_ms"] = 400; }},
      {"drift", [](json& s) { s["parties"][0]["clock_ppm"] = 25'000; }},
      {"level", [](json& s) { s["parties"][0]["sound"] = "quiet.wav"; }}};
  ASSERT_TRUE(io::write_audio(folder_ / "quiet.wav", speech(kAlice, -54.0)));
  for (const Row& row : rows) {
    json planted = scenario();
    row.plant(planted);
    const json report = explain(planted);
    ASSERT_FALSE(report.is_discarded()) << row.cause;
    const json& bob = report["ears"][0];
    const json& first = bob["causes"][0];
    EXPECT_EQ(first["cause"], row.cause) << bob["causes"].dump(1);
    EXPECT_GT(first["mos_lost"].get<double>(), 0.3) << row.cause;
    EXPECT_FALSE(first["when"].empty()) << row.cause;
    EXPECT_FALSE(first["evidence"].get<std::string>().empty()) << row.cause;
  }
}

// Bob's microphone hears Alice from his loudspeaker.
TEST_F(MediaReport, AnEchoIsChargedToTheEarThatHearsItself) {
  AudioBuffer bob = speech(kBob);
  const AudioBuffer alice = speech(kAlice);
  const std::size_t lag = kRateHz / 4;  // 250 ms, the network's not counted.
  for (std::size_t i = lag; i < bob.frames(); ++i)
    bob.channel(0)[i] += 0.15F * alice.channel(0)[i - lag];
  ASSERT_TRUE(io::write_audio(folder_ / "bob.wav", bob));
  const json report = explain(scenario());
  const json& ear = report["ears"][1];
  ASSERT_EQ(ear["listener"], "alice");
  EXPECT_EQ(ear["causes"][0]["cause"], "echo") << ear["causes"].dump(1);
  EXPECT_NE(ear["causes"][0]["evidence"].get<std::string>().find("came back after"),
            std::string::npos);
  for (const json& cause : report["ears"][0]["causes"]) {
    if (cause["cause"] == "echo") {
      EXPECT_EQ(cause["mos_lost"], 0.0);
    }
  }
}

TEST_F(MediaReport, APageShowsWhatWasFoundAndAsksNothingOfAnywhere) {
  json planted = scenario();
  planted["network"]["to_bob"]["loss"] = {{"kind", "uniform"}, {"percent", 8}};
  const auto heard = simulate(planted);
  const std::string page = folder_ / "call.html";
  const Finished done =
      run_syrinx({"media", "report", (heard / "report.json").string(), "--page", page});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_NE(done.out.find("bob heard alice (PCMU)"), std::string::npos) << done.out;
  std::ostringstream read;
  read << std::ifstream(page).rdbuf();
  const std::string html = read.str();
  EXPECT_NE(html.find("What bob heard of alice"), std::string::npos);
  EXPECT_NE(html.find("<audio controls"), std::string::npos);
  EXPECT_NE(html.find("data:image/png;base64,"), std::string::npos);
  EXPECT_EQ(html.find("http"), html.find("http-equiv"));
}

TEST_F(MediaReport, WhatIsMissingIsUnknownAndWhatIsWrongIsSaid) {
  const auto heard = simulate(scenario());
  std::filesystem::remove(heard / "timeline.ndjson");
  std::filesystem::remove(folder_ / "call.json");
  std::filesystem::remove(heard / "bob.wav");
  const Finished done = run_syrinx({"media", "report", (heard / "report.json").string(), "--json"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const json report = json::parse(done.out);
  EXPECT_EQ(report["notes"].size(), 3u);
  for (const json& cause : report["ears"][0]["causes"]) {
    if (cause["cause"] == "level" || cause["cause"] == "echo" || cause["cause"] == "other") {
      EXPECT_TRUE(cause["mos_lost"].is_null()) << cause["cause"];
    }
  }
  std::ofstream(heard / "report.json") << "{\"no\": \"ears\"}";
  const Finished wrong = run_syrinx({"media", "report", (heard / "report.json").string()});
  EXPECT_EQ(wrong.exit_code, 4);
  EXPECT_NE(wrong.err.find("media simulate"), std::string::npos) << wrong.err;
  EXPECT_EQ(run_syrinx({"media", "report", (heard / "alice.rtpdump").string(), "--page",
                        (folder_ / "x.html").string()})
                .exit_code,
            2);
}

}  // namespace
}  // namespace syrinx
