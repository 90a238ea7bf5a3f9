// SPDX-License-Identifier: Apache-2.0
// `syrinx media simulate` of a call with an agent as a user meets it.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "integration/program.h"
#include "support/test_data.h"
#include "syrinx/core/io/audio_file.h"

namespace syrinx {
namespace {

using nlohmann::json;
using support::run_syrinx;

json call_of(double caller_starts_at_s) {
  return {{"duration_s", 11},
          {"parties",
           {{{"name", "agent"},
             {"sound", support::data_path("speech/jfk.flac").string()},
             {"listens", true}},
            {{"name", "caller"},
             {"sound", support::data_path("speech/kerstin/de_rhasspy-0004.flac").string()},
             {"codec", "opus"},
             {"starts_at_s", caller_starts_at_s},
             {"echo", {{"delay_ms", 50}, {"loss_db", 10}}}}}},
          {"network", {{"to_agent", {{"delay_ms", 40}}}, {"to_caller", {{"delay_ms", 40}}}}}};
}

TEST(MediaAgent, AnInterruptedAgentIsSilentAndTheReportSaysHowMuchWasSaid) {
  SYRINX_NEED_DATA("speech/jfk.flac");
  SYRINX_NEED_DATA("speech/kerstin");
  const auto folder = support::scratch_dir();
  const std::string path = folder / "call.json";
  std::ofstream(path) << call_of(6.0);
  const auto done =
      run_syrinx({"media", "simulate", path, "-o", (folder / "heard").string(), "--json"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const json report = json::parse(done.out);
  const json& barge_ins = report["agent"]["barge_ins"];
  ASSERT_EQ(barge_ins.size(), 1u) << done.out;
  EXPECT_LE(barge_ins[0]["stop_ms"].get<double>(), 40.0);
  EXPECT_LE(barge_ins[0]["trigger_ms"].get<double>(), 200.0);
  EXPECT_NEAR(barge_ins[0]["said_s"].get<double>(), barge_ins[0]["at_s"].get<double>(), 0.2);
  EXPECT_LT(report["agent"]["said_s"].get<double>(), 7.0);
  for (const char* name : {"agent.wav", "caller.wav"})
    EXPECT_NEAR(io::read_audio(folder / "heard" / name).value().duration_s(), 11.5, 0.1) << name;
  std::ifstream timeline(folder / "heard/timeline.ndjson");
  std::string kinds;
  for (std::string line; std::getline(timeline, line);)
    kinds += json::parse(line)["event"].get<std::string>() + " ";
  EXPECT_EQ(kinds.find("began speech-began barge-in stopped "), 0u) << kinds;
  const auto capture =
      run_syrinx({"media", "report", (folder / "heard/agent.rtpdump").string(), "--json"});
  EXPECT_EQ(capture.exit_code, 0) << capture.err;
}

// The program sits in a room with two people, one of whom interrupts it.
TEST(MediaAgent, AnAgentJoinsARoomAndIsInterruptedThere) {
  SYRINX_NEED_DATA("speech/jfk.flac");
  SYRINX_NEED_DATA("speech/kerstin");
  const auto folder = support::scratch_dir();
  json call = call_of(6.0);
  call["conference"] = {{"talkers", 3}};
  call["parties"].push_back({{"name", "guest"},
                             {"sound", support::data_path("speech/jfk.flac").string()},
                             {"starts_at_s", 100}});
  call["network"] = {{"to_caller", {{"delay_ms", 40}}}, {"from_caller", {{"delay_ms", 40}}}};
  const std::string path = folder / "room.json";
  std::ofstream(path) << call;
  const auto done =
      run_syrinx({"media", "simulate", path, "-o", (folder / "heard").string(), "--json"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const json report = json::parse(done.out);
  const json& agent = report["parties"][0];
  EXPECT_EQ(agent["name"], "agent");
  ASSERT_EQ(agent["barge_ins"].size(), 1u) << done.out;
  EXPECT_LE(agent["barge_ins"][0]["stop_ms"].get<double>(), 40.0);
  EXPECT_LT(agent["said_s"].get<double>(), 7.5);
  EXPECT_GT(agent["echo"]["erle_db"].get<double>(), 6.0);
  for (const char* name : {"agent.wav", "agent.room.wav", "guest.wav"})
    EXPECT_NEAR(io::read_audio(folder / "heard" / name).value().duration_s(), 11.5, 0.2) << name;
  std::ifstream timeline(folder / "heard/timeline.ndjson");
  std::string kinds;
  for (std::string line; std::getline(timeline, line);)
    kinds += json::parse(line)["event"].get<std::string>() + " ";
  EXPECT_NE(kinds.find("barge-in"), std::string::npos) << kinds;
}

TEST(MediaAgent, MistakesAreNamedByPlace) {
  const auto folder = support::scratch_dir();
  json call = call_of(6.0);
  call["parties"][1]["listens"] = true;
  const std::string path = folder / "call.json";
  std::ofstream(path) << call;
  const auto done = run_syrinx({"media", "simulate", path, "-o", (folder / "none").string()});
  EXPECT_NE(done.exit_code, 0);
  EXPECT_NE(done.err.find("parties[1].listens is the other party's already"), std::string::npos)
      << done.err;
}

}  // namespace
}  // namespace syrinx
