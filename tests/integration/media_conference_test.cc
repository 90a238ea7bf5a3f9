// SPDX-License-Identifier: Apache-2.0
// `syrinx media simulate` of a conference as a user meets it.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "integration/program.h"
#include "support/test_data.h"
#include "syrinx/core/io/audio_file.h"

namespace syrinx {
namespace {

using nlohmann::json;
using support::Finished;
using support::run_syrinx;

// Three voices of their own pitch, who speak one after another.
class MediaConference : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = support::scratch_dir();
    const char* names[] = {"alice", "bob", "carol"};
    const char* codecs[] = {"opus", "pcmu", "g722"};
    for (int i = 0; i < 3; ++i) {
      AudioBuffer sound(1, 32'000, 16'000);
      for (std::size_t k = 0; k < sound.frames(); ++k) {
        const double t = static_cast<double>(k) / 16'000.0;
        const double syllable = 0.6 + 0.4 * std::sin(19.0 * t);
        sound.channel(0)[k] =
            static_cast<float>(0.3 * syllable * std::sin(6.283185307179586 * pitch_hz(i) * t));
      }
      ASSERT_TRUE(io::write_audio(folder_ / (std::string(names[i]) + ".wav"), sound));
      scenario_["parties"].push_back({{"name", names[i]},
                                      {"sound", std::string(names[i]) + ".wav"},
                                      {"codec", codecs[i]},
                                      {"starts_at_s", 2.5 * i}});
    }
    scenario_["conference"] = {{"talkers", 2}};
    scenario_["network"] = {
        {"to_carol", {{"delay_ms", 60}, {"loss", {{"kind", "uniform"}, {"percent", 4}}}}}};
  }
  static double pitch_hz(int party) { return 200.0 + 110.0 * party; }
  Finished simulate(const std::string& into) {
    const std::string path = folder_ / "room.json";
    std::ofstream(path) << scenario_.dump(2);
    return run_syrinx({"media", "simulate", path, "-o", (folder_ / into).string(), "--json"});
  }
  // How much of a second of this file is at a party's pitch.
  double share(const std::string& file, double from_s, int party) const {
    const AudioBuffer sound = io::read_audio(folder_ / file).value();
    const double rate = sound.sample_rate_hz();
    const auto part = sound.channel(0).subspan(static_cast<std::size_t>(from_s * rate),
                                               static_cast<std::size_t>(rate));
    double re = 0.0;
    double im = 0.0;
    double all = 1e-9;
    for (std::size_t i = 0; i < part.size(); ++i) {
      const double angle = 6.283185307179586 * pitch_hz(party) * static_cast<double>(i) / rate;
      re += part[i] * std::cos(angle);
      im += part[i] * std::sin(angle);
      all += static_cast<double>(part[i]) * part[i];
    }
    return 2.0 * (re * re + im * im) / rate / all;
  }
  std::string file(const std::string& name) const {
    std::ifstream in(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  std::filesystem::path folder_;
  json scenario_;
};

TEST_F(MediaConference, EachHearsTheOthersAndTheRoomHearsEach) {
  const Finished done = simulate("heard");
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const json report = json::parse(done.out);
  ASSERT_EQ(report["parties"].size(), 3u);
  EXPECT_GT(share("heard/bob.wav", 0.7, 0), 0.4);
  EXPECT_GT(share("heard/carol.wav", 3.2, 1), 0.3);
  EXPECT_GT(share("heard/alice.wav", 5.8, 2), 0.4);
  EXPECT_LT(share("heard/bob.wav", 3.2, 1), 0.05);
  EXPECT_GT(share("heard/bob.room.wav", 3.2, 1), 0.4);
  EXPECT_LT(share("heard/bob.room.wav", 0.7, 0), 0.05);
  const json& carol = report["parties"][2];
  EXPECT_GT(carol["from_room"]["packets_lost"].get<int>(), 3);
  EXPECT_GT(carol["hears"]["concealed_percent"].get<double>(), 1.0);
  EXPECT_TRUE(carol["hears"]["mos"]["listening"].is_null()) << "G.113 says nothing of G.722";
  EXPECT_GT(report["parties"][1]["hears"]["mos"]["listening"].get<double>(), 4.3);
  EXPECT_GT(report["room"]["encodes_shared"].get<int>(), 100);
  EXPECT_NEAR(carol["told_talkers_s"].value("alice", 0.0), 2.0, 0.7);
  EXPECT_NEAR(carol["told_talkers_s"].value("bob", 0.0), 2.0, 0.7);
  EXPECT_FALSE(carol["told_talkers_s"].contains("carol"));
  EXPECT_EQ(json::parse(file("heard/report.json")), report);
  std::istringstream timeline(file("heard/timeline.ndjson"));
  std::string floor;
  for (std::string line; std::getline(timeline, line);) {
    const json moment = json::parse(line);
    if (moment["event"] == "active-speaker" && moment["party"].is_string())
      floor += moment["party"].get<std::string>() + " ";
  }
  EXPECT_EQ(floor, "alice bob carol ");
}

TEST_F(MediaConference, TheCapturesAreReadByTheReport) {
  ASSERT_EQ(simulate("heard").exit_code, 0);
  const Finished done =
      run_syrinx({"media", "report", (folder_ / "heard/carol.rtpdump").string(), "--json"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const json stream = json::parse(done.out)["streams"][0];
  EXPECT_GT(stream["lost"].get<int>(), 3);
  EXPECT_EQ(stream["payload_types"][0]["name"], "G722");
  EXPECT_GE(stream["sender_reports"].get<int>(), 1);
}

TEST_F(MediaConference, TheSameScenarioGivesTheSameBytes) {
  ASSERT_EQ(simulate("one").exit_code, 0);
  ASSERT_EQ(simulate("two").exit_code, 0);
  for (const char* name : {"alice.wav", "bob.room.wav", "carol.rtpdump", "timeline.ndjson"}) {
    EXPECT_FALSE(file(std::string("one/") + name).empty()) << name;
    EXPECT_EQ(file(std::string("one/") + name), file(std::string("two/") + name)) << name;
  }
}

// A link that carries G.711 in packets of 60 ms (69 kbit/s with headers) and not of 20 (80): the
// sender finds out, and comes back when the link is wide again.
TEST_F(MediaConference, ANarrowLinkLengthensPacketsUntilItIsWideAgain) {
  scenario_["parties"].erase(2);
  scenario_["parties"][0]["codec"] = "pcmu";
  scenario_["parties"][0]["adaptation"] = {{"strategy", "save-network"}};
  scenario_["duration_s"] = 150;
  scenario_["network"] = {{"from_alice",
                           {{"bandwidth_bps", 70'000},
                            {"queue_ms", 100},
                            {"steps", {{{"at_s", 70}, {"bandwidth_bps", 1'000'000}}}}}}};
  const Finished done = simulate("narrow");
  ASSERT_EQ(done.exit_code, 0) << done.err;
  std::istringstream timeline(file("narrow/timeline.ndjson"));
  std::vector<int> lengths;
  double last_s = 0.0;
  for (std::string line; std::getline(timeline, line);) {
    const json moment = json::parse(line);
    EXPECT_GE(moment["time_s"].get<double>(), last_s);
    last_s = moment["time_s"].get<double>();
    if (moment["event"] != "adapted") continue;
    EXPECT_EQ(moment["sender"], "alice");
    lengths.push_back(moment["sends"]["packet_ms"].get<int>());
  }
  ASSERT_GE(lengths.size(), 4u);
  EXPECT_EQ(lengths[0], 40);
  EXPECT_EQ(lengths[1], 60);
  EXPECT_EQ(lengths.back(), 20);
  const json alice = json::parse(done.out)["parties"][0];
  EXPECT_EQ(alice["hears"]["packet_ms"], 20);
  EXPECT_GT(alice["to_room"]["packets_lost"].get<int>(), 20);
  scenario_["parties"][0]["adaptation"]["strategy"] = "save";
  const Finished wrong = simulate("wrong");
  EXPECT_NE(wrong.err.find("parties[0].adaptation.strategy"), std::string::npos) << wrong.err;
}

TEST_F(MediaConference, MistakesAreNamedByPlace) {
  scenario_["parties"][1]["whispers_to"] = {"dave"};
  const Finished done = simulate("none");
  EXPECT_NE(done.exit_code, 0);
  EXPECT_NE(done.err.find("parties[1].whispers_to[0]"), std::string::npos) << done.err;
  EXPECT_FALSE(std::filesystem::exists(folder_ / "none"));
}

}  // namespace
}  // namespace syrinx
