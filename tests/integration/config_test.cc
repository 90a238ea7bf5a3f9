// SPDX-License-Identifier: Apache-2.0
// `syrinx config` from the front door.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "integration/program.h"
#include "support/test_data.h"

namespace syrinx {
namespace {

using nlohmann::json;
using support::run_syrinx;

class Config : public ::testing::Test {
 protected:
  Config() { ::setenv("SYRINX_CONFIG", folder_.c_str(), 1); }
  ~Config() override {
    ::unsetenv("SYRINX_CONFIG");
    ::unsetenv("SYRINX_SERVER_PORT");
  }
  void write(const std::string& text) const { std::ofstream(folder_ / "settings.json") << text; }
  static json setting(const std::string& path) {
    const json shown = json::parse(run_syrinx({"config", "show", path, "--json"}).out);
    return shown.at("settings").at(0);
  }
  const std::filesystem::path folder_ = support::scratch_dir();
};

TEST_F(Config, ShowsEachValueAndWhoSetIt) {
  EXPECT_EQ(setting("server.port").at("source"), "default");
  write(R"({"server": {"port": 81}})");
  EXPECT_EQ(setting("server.port").at("value"), 81);
  EXPECT_EQ(setting("server.port").at("source"), "settings.json:1:21");
  ::setenv("SYRINX_SERVER_PORT", "82", 1);
  EXPECT_EQ(setting("server.port").at("value"), 82);
  EXPECT_EQ(run_syrinx({"config", "show", "nothing"}).exit_code, 3);
}

TEST_F(Config, SaysWhereEveryMistakeIs) {
  write("{\n  \"server\": {\"port\": -1},\n  \"limit\": {}\n}");
  const auto checked = run_syrinx({"config", "check"});
  EXPECT_EQ(checked.exit_code, 2);
  EXPECT_NE(checked.err.find("settings.json:2:22"), std::string::npos) << checked.err;
  EXPECT_NE(checked.err.find("settings.json:3:12"), std::string::npos) << checked.err;
  write("{}");
  EXPECT_EQ(run_syrinx({"config", "check"}).exit_code, 0);
}

TEST_F(Config, IsBackedUpComparedAndRestoredWithoutShowingAKey) {
  EXPECT_EQ(run_syrinx({"config", "backup"}).exit_code, 3);
  write(R"({"keys": [{"name": "a", "key": "sesame"}]})");
  const json made = json::parse(run_syrinx({"config", "backup", "--json"}).out);
  write("{}");
  const std::string name = made.at("backup");
  const auto compared = run_syrinx({"config", "diff", "--backup", name, "--json"});
  EXPECT_EQ(json::parse(compared.out).at("changes").at(0).at("path"), "keys");
  EXPECT_EQ(compared.out.find("sesame"), std::string::npos) << compared.out;
  EXPECT_EQ(run_syrinx({"config", "restore", name}).exit_code, 0);
  EXPECT_EQ(setting("keys").at("value").at(0).at("name"), "a");
  EXPECT_EQ(run_syrinx({"config", "restore", "../x"}).exit_code, 3);
}

}  // namespace
}  // namespace syrinx
