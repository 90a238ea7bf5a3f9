// SPDX-License-Identifier: Apache-2.0
// `syrinx media simulate` and `media report` as a user meets them.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "integration/program.h"
#include "support/test_data.h"
#include "syrinx/core/io/audio_file.h"

namespace syrinx {
namespace {

using nlohmann::json;
using support::Finished;
using support::run_syrinx;

// Two sounds and a scenario between them.
class MediaCommand : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = support::scratch_dir();
    write_voice("alice.wav", 120.0);
    write_voice("bob.wav", 190.0);
  }
  void write_voice(const std::string& name, double pitch_hz) {
    AudioBuffer sound(1, 16'000 * 8, 16'000);
    for (std::size_t i = 0; i < sound.frames(); ++i) {
      const double t = static_cast<double>(i) / 16'000.0;
      double sum = 0.0;
      for (int k = 1; k <= 8; ++k) sum += std::sin(6.283185307179586 * k * pitch_hz * t) / k;
      const double syllable = 0.5 + 0.5 * std::sin(6.283185307179586 * 3.0 * t);
      sound.channel(0)[i] = static_cast<float>(0.2 * syllable * sum);
    }
    ASSERT_TRUE(io::write_audio(folder_ / name, sound));
  }
  std::string write_scenario(const json& scenario) {
    const std::string path = folder_ / "call.json";
    std::ofstream(path) << scenario.dump(2);
    return path;
  }
  json scenario(const std::string& codec = "pcmu") const {
    return {{"seed", 3},
            {"parties",
             {{{"name", "alice"}, {"sound", "alice.wav"}, {"codec", codec}},
              {{"name", "bob"}, {"sound", "bob.wav"}, {"codec", "pcma"}}}},
            {"network",
             {{"to_bob",
               {{"delay_ms", 40},
                {"jitter", {{"kind", "uniform"}, {"ms", 30}}},
                {"loss", {{"kind", "uniform"}, {"percent", 4}}}}}}}};
  }
  json simulate(const json& scenario, const std::string& folder = "heard") {
    const Finished done = run_syrinx({"media", "simulate", write_scenario(scenario), "-o",
                                      (folder_ / folder).string(), "--json"});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    return done.exit_code == 0 ? json::parse(done.out) : json();
  }
  std::string file(const std::string& name) const {
    std::ifstream in(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  std::filesystem::path folder_;
};

TEST_F(MediaCommand, ASimulatedCallIsHeardAtBothEnds) {
  const json report = simulate(scenario());
  ASSERT_EQ(report["ears"].size(), 2u);
  const json& bob = report["ears"][0];
  EXPECT_EQ(bob["listener"], "bob");
  EXPECT_EQ(bob["codec"], "PCMU");
  EXPECT_EQ(bob["network"]["packets_sent"], 400);
  EXPECT_NEAR(bob["network"]["loss_percent"].get<double>(), 4.0, 2.5);
  EXPECT_EQ(bob["rtcp"]["cumulative_lost"], bob["network"]["packets_lost"]);
  EXPECT_LE(bob["concealed_percent"].get<double>(), 9.0);
  EXPECT_EQ(report["ears"][1]["network"]["packets_lost"], 0);
  const auto heard = io::read_audio(folder_ / "heard" / "bob.wav");
  ASSERT_TRUE(heard);
  EXPECT_EQ(heard->sample_rate_hz(), 8'000);
  EXPECT_NEAR(heard->duration_s(), 8.5, 0.1);
  double energy = 0.0;
  for (const float x : heard->channel(0)) energy += static_cast<double>(x) * x;
  EXPECT_GT(energy / static_cast<double>(heard->frames()), 0.005);
  EXPECT_EQ(json::parse(file("heard/report.json")), report);
  std::istringstream timeline(file("heard/timeline.ndjson"));
  std::size_t sent = 0;
  for (std::string line; std::getline(timeline, line);)
    sent += json::parse(line)["event"] == "sent" ? 1 : 0;
  EXPECT_EQ(sent, 800u);
}

TEST_F(MediaCommand, TheSameScenarioGivesTheSameBytes) {
  simulate(scenario(), "one");
  simulate(scenario(), "two");
  for (const char* name : {"bob.wav", "alice.wav", "bob.rtpdump", "timeline.ndjson"}) {
    ASSERT_GT(file(std::string("one/") + name).size(), 1'000u);
    EXPECT_EQ(file(std::string("one/") + name), file(std::string("two/") + name)) << name;
  }
}

TEST_F(MediaCommand, EveryCodecCarriesACall) {
  for (const char* codec : {"opus", "g722", "pcma", "l16"}) {
    const json report = simulate(scenario(codec));
    ASSERT_FALSE(report.is_null()) << codec;
    const json& buffer = report["ears"][0]["buffer"];
    EXPECT_GT(buffer["packets"]["decoded"].get<int>(), 350) << codec;
    EXPECT_EQ(buffer["packets"]["refused"], 0) << codec;
  }
}

TEST_F(MediaCommand, RedundancyOfOpusRecoversLonelyLosses) {
  json with = scenario("opus");
  with["parties"][0]["fec"] = true;
  with["parties"][0]["expected_loss_percent"] = 10;
  with["parties"][0]["bitrate_bps"] = 24'000;
  const json bob = simulate(with)["ears"][0];
  EXPECT_GT(bob["buffer"]["packets"]["recovered"].get<int>(), 4);
  const json plain = simulate(scenario("opus"))["ears"][0];
  EXPECT_EQ(plain["buffer"]["packets"]["recovered"], 0);
  EXPECT_LT(bob["concealed_percent"].get<double>(), plain["concealed_percent"].get<double>());
}

// 48 kbit/s carry no G.711: its sender changes to Opus, and the report says when.
TEST_F(MediaCommand, ASenderThatAdaptsIsShownInTimelineAndReport) {
  json narrow = scenario();
  narrow["duration_s"] = 60;
  narrow["parties"][0]["adaptation"] = {{"strategy", "save-network"}, {"codec", "opus"}};
  narrow["network"]["to_bob"] = {{"delay_ms", 40}, {"bandwidth_bps", 48'000}, {"queue_ms", 100}};
  const json ears = simulate(narrow)["ears"];
  ASSERT_GE(ears[0]["adaptations"].size(), 1u);
  EXPECT_EQ(ears[0]["adaptations"][0]["sends"]["codec"], "opus");
  EXPECT_EQ(ears[0]["adaptations"][0]["sender"], "alice");
  EXPECT_LT(ears[0]["adaptations"][0]["time_s"].get<double>(), 21.0);
  EXPECT_TRUE(ears[1]["adaptations"].empty());
  EXPECT_GE(ears[0]["buffer"]["payload_type_changes"].get<int>(), 1);
  EXPECT_NE(file("heard/timeline.ndjson").find("\"event\":\"adapted\""), std::string::npos);
  narrow["parties"][0].erase("adaptation");
  const json plain = simulate(narrow)["ears"];
  EXPECT_LT(2.0 * ears[0]["network"]["loss_percent"].get<double>(),
            plain[0]["network"]["loss_percent"].get<double>());
  simulate(scenario());
  const Finished told = run_syrinx({"media", "report", (folder_ / "heard/report.json").string()});
  EXPECT_EQ(told.exit_code, 0) << told.err;
}

// A party may be a text, which the program speaks; the explanation finds what was said.
TEST_F(MediaCommand, APartySaysATextByAVoiceOfTheProgram) {
  json spoken = scenario();
  spoken["parties"][0].erase("sound");
  spoken["parties"][0]["says"] = "Hello. I am calling about the invoice of last week.";
  spoken["network"]["to_bob"] = {{"delay_ms", 40}};
  const json report = simulate(spoken);
  const auto said = io::read_audio(folder_ / "heard/alice.said.wav").value();
  const auto heard = io::read_audio(folder_ / "heard/bob.wav").value();
  EXPECT_GT(said.duration_s(), 2.0);
  double energy = 0.0;
  for (const float x : heard.channel(0)) energy += static_cast<double>(x) * x;
  EXPECT_GT(energy / static_cast<double>(heard.frames()), 1e-4);
  const Finished told =
      run_syrinx({"media", "report", (folder_ / "heard/report.json").string(), "--json"});
  ASSERT_EQ(told.exit_code, 0) << told.err;
  EXPECT_TRUE(json::parse(told.out)["notes"].empty()) << told.out;
  simulate(spoken, "again");
  EXPECT_EQ(file("heard/bob.wav"), file("again/bob.wav"));
  spoken["parties"][0]["voice"] = "nobody";
  const Finished wrong =
      run_syrinx({"media", "simulate", write_scenario(spoken), "-o", (folder_ / "x").string()});
  EXPECT_EQ(wrong.exit_code, 3) << wrong.err;
  EXPECT_NE(wrong.err.find("what alice says"), std::string::npos) << wrong.err;
}

TEST_F(MediaCommand, TheReportOfACaptureAgreesWithWhatTheNetworkDid) {
  const json call = simulate(scenario());
  const Finished done =
      run_syrinx({"media", "report", (folder_ / "heard/bob.rtpdump").string(), "--json"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const json report = json::parse(done.out);
  ASSERT_EQ(report["streams"].size(), 1u);
  const json& stream = report["streams"][0];
  // A packet lost after the last that came cannot be known.
  EXPECT_NEAR(stream["lost"].get<double>(),
              call["ears"][0]["network"]["packets_lost"].get<double>(), 1.0);
  EXPECT_EQ(stream["payload_types"][0]["name"], "PCMU");
  EXPECT_NEAR(stream["jitter_ms"].get<double>(),
              call["ears"][0]["network"]["jitter_ms"].get<double>(), 1.0);
  EXPECT_DOUBLE_EQ(stream["packet_ms"].get<double>(), 20.0);
  EXPECT_EQ(stream["sender_reports"], 2);
  const json& quality = stream["quality"];
  EXPECT_GT(quality["listening"]["with_concealment"]["mos"].get<double>(), 3.7);
  EXPECT_LT(quality["listening"]["without_concealment"]["mos"].get<double>(), 3.0);
  EXPECT_TRUE(quality["conversation"]["with_concealment"].is_null());
  EXPECT_NE(quality["unknown"][0].get<std::string>().find("delay"), std::string::npos);
}

TEST_F(MediaCommand, AReportWithoutAKnownCodecSaysUnknown) {
  simulate(scenario("opus"));
  const std::string path = folder_ / "heard/bob.rtpdump";
  const Finished text = run_syrinx({"media", "report", path});
  EXPECT_EQ(text.exit_code, 0);
  EXPECT_NE(text.out.find("MOS listening unknown"), std::string::npos) << text.out;
  const json stream =
      json::parse(run_syrinx({"media", "report", path, "--json"}).out)["streams"][0];
  EXPECT_EQ(stream["clock_rate_hz"], 48'000);
  EXPECT_EQ(stream["clock_was_measured"], true);
}

TEST_F(MediaCommand, ACaptureWithoutRtpHasNoStreams) {
  SYRINX_NEED_DATA("media/pcap/wireshark.pcap");
  const Finished done = run_syrinx(
      {"media", "report", support::data_path("media/pcap/wireshark.pcap").string(), "--json"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const json report = json::parse(done.out);
  EXPECT_EQ(report["streams"].size(), 0u);
  EXPECT_GT(report["other_datagrams"].get<int>(), 50);
}

TEST_F(MediaCommand, MistakesAreNamedByPlace) {
  json wrong = scenario();
  wrong["parties"][1]["codec"] = "mp3";
  const Finished done =
      run_syrinx({"media", "simulate", write_scenario(wrong), "-o", (folder_ / "x").string()});
  EXPECT_NE(done.exit_code, 0);
  EXPECT_NE(done.err.find("line "), std::string::npos) << done.err;
  EXPECT_NE(done.err.find("parties[1].codec"), std::string::npos) << done.err;
  EXPECT_FALSE(std::filesystem::exists(folder_ / "x"));
  EXPECT_EQ(run_syrinx({"media", "report", (folder_ / "alice.wav").string()}).exit_code, 4);
  EXPECT_EQ(run_syrinx({"media", "report", "/nowhere.pcap"}).exit_code, 3);
  EXPECT_EQ(run_syrinx({"media"}).exit_code, 2);
}

}  // namespace
}  // namespace syrinx
