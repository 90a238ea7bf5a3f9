// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "integration/program.h"
#include "support/need_onnx.h"
#include "support/need_recogniser.h"
#include "support/test_data.h"

// `syrinx validate`, as a user meets it.
namespace syrinx {
namespace {

using nlohmann::json;
using support::run_syrinx;

// Three sentences in a file.
std::string three_sentences() {
  const auto path = support::scratch_dir() / "three.txt";
  std::ofstream(path) << "The train was late because of heavy snow.\n"
                         "She poured cold milk into a large blue cup.\n"
                         "They found a map of the city in the top drawer.\n";
  return path.string();
}

std::string text_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST(Validate, TwoVoicesAreUnderstoodAndEveryFigureIsThere) {
  SYRINX_NEED_RECOGNISER();
  const auto done = run_syrinx(
      {"validate", "--voices", "slt,rms", "--texts", three_sentences(), "--json", "--quiet"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const json report = json::parse(done.out);
  EXPECT_EQ(report["program"], SYRINX_VERSION);
  EXPECT_EQ(report["texts"]["sentences"], 3);
  EXPECT_TRUE(report["baseline"].is_null());
  ASSERT_EQ(report["voices"].size(), 2u);
  for (const json& voice : report["voices"]) {
    EXPECT_EQ(voice["words"], 28);
    EXPECT_EQ(voice["sentences"].size(), 3u);
    EXPECT_LT(voice["word_error_rate"].get<double>(), 0.6) << voice["name"];
    EXPECT_GT(voice["words_per_minute"].get<double>(), 80.0);
    EXPECT_LT(voice["words_per_minute"].get<double>(), 300.0);
    EXPECT_GE(voice["artifact_share"].get<double>(), 0.0);
    EXPECT_LE(voice["artifact_share"].get<double>(), 1.0);
    EXPECT_EQ(voice["dnsmos"].is_null(), !report["missing"].empty());
  }
}

TEST(Validate, MeasuresDnsmosWhereItsModelIs) {
  SYRINX_NEED_RECOGNISER();
  SYRINX_NEED_ONNX();
  SYRINX_NEED_DATA("models/dnsmos/sig_bak_ovr.onnx");
  setenv("SYRINX_MODELS", support::data_path("models").c_str(), 1);
  const auto done =
      run_syrinx({"validate", "--voices", "rms", "--texts", three_sentences(), "--json", "-q"});
  unsetenv("SYRINX_MODELS");
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const json report = json::parse(done.out);
  const json scores = report["voices"][0]["dnsmos"];
  ASSERT_TRUE(scores.is_object()) << report["missing"];
  EXPECT_GT(scores["overall"].get<double>(), 1.5);
  EXPECT_LE(scores["overall"].get<double>(), 5.0);
}

TEST(Validate, ABaselineIsKeptAndARegressionEndsWithSeven) {
  SYRINX_NEED_RECOGNISER();
  const auto baseline = support::scratch_dir() / "baseline.json";
  const std::vector<std::string> command = {
      "validate", "--voices", "rms", "--texts", three_sentences(), "--baseline", baseline.string()};
  auto update = command;
  update.push_back("--update");
  EXPECT_EQ(run_syrinx(command).exit_code, 3) << "there is no baseline yet";
  ASSERT_EQ(run_syrinx(update).exit_code, 0);
  const auto same = run_syrinx(command);
  EXPECT_EQ(same.exit_code, 0) << same.out << same.err;
  EXPECT_NE(same.out.find("Nothing is worse"), std::string::npos) << same.out;

  json document = json::parse(text_of(baseline));
  document["voices"]["rms"]["words_per_minute"] = 60.0;
  std::ofstream(baseline) << document.dump();
  const auto worse = run_syrinx(command);
  EXPECT_EQ(worse.exit_code, 7) << worse.out << worse.err;
  EXPECT_NE(worse.out.find("worse: rms: words_per_minute was 60"), std::string::npos) << worse.out;

  const auto others = run_syrinx({"validate", "--voices", "rms", "--baseline", baseline.string()});
  EXPECT_EQ(others.exit_code, 2);
  EXPECT_NE(others.err.find("other sentences"), std::string::npos) << others.err;
}

TEST(Validate, WrongUseIsToldBeforeAnythingIsSpoken) {
  EXPECT_EQ(run_syrinx({"validate", "--texts", "/nowhere.txt"}).exit_code, 3);
  const auto update = run_syrinx({"validate", "--update"});
  EXPECT_EQ(update.exit_code, 2);
  EXPECT_NE(update.err.find("--baseline"), std::string::npos) << update.err;
  SYRINX_NEED_RECOGNISER();
  const auto nobody = run_syrinx({"validate", "--voices", "rms,nobody", "--json"});
  EXPECT_EQ(nobody.exit_code, 3);
  EXPECT_EQ(json::parse(nobody.err.substr(nobody.err.rfind("{\"error\"")))["error"]["code"],
            "not_found")
      << nobody.err;
  EXPECT_EQ(run_syrinx({"validate", "--recogniser-model", "/nowhere"}).exit_code, 3);
}

}  // namespace
}  // namespace syrinx
