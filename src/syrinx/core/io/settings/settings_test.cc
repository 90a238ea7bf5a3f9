// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/settings/settings.h"

#include <gtest/gtest.h>

#include <fstream>

#include "support/test_data.h"

namespace syrinx::io {
namespace {

namespace fs = std::filesystem;

std::vector<SettingSpec> specs() {
  SettingSpec port{"server.port", SettingType::kCount, "Where it listens.", JsonValue(8080.0)};
  port.least = 1;
  port.most = 65'535;
  SettingSpec level{"log.level", SettingType::kText, "How much is told.",
                    JsonValue(std::string("info"))};
  level.choices = {"info", "debug"};
  SettingSpec name{"name", SettingType::kText, "Whose it is."};
  name.required = true;
  SettingSpec secret{"sha256", SettingType::kText, "What it is."};
  secret.secret = true;
  SettingSpec rate{"rate", SettingType::kNumber, "How often."};
  SettingSpec keys{"keys", SettingType::kRecords, "Who may call.", JsonValue(JsonValue::Array{})};
  keys.fields = {name, secret, rate};
  return {port,
          level,
          keys,
          {"server.tls", SettingType::kSwitch, "Encrypted.", JsonValue(false)},
          {"origins", SettingType::kTexts, "Pages.", JsonValue(JsonValue::Array{})}};
}

class SettingsFiles : public ::testing::Test {
 protected:
  SettingsFiles() {
    sources_.settings_file = folder_ / "settings.json";
    sources_.override_file = folder_ / "override.json";
  }
  static void write(const fs::path& path, const std::string& text) { std::ofstream(path) << text; }
  std::string load_error() const {
    const auto settings = Settings::load(specs(), sources_);
    return settings ? "" : settings.error().message;
  }

  const fs::path folder_ = support::scratch_dir();
  SettingSources sources_;
};

TEST_F(SettingsFiles, AreStandardWhereNobodySetThem) {
  const auto settings = Settings::load(specs(), sources_);
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(settings->count("server.port"), 8080U);
  EXPECT_EQ(settings->at("server.port").source, "default");
  EXPECT_FALSE(settings->flag("server.tls"));
}

TEST_F(SettingsFiles, GoBeforeOneAnotherInOrderAndSayWhoSetThem) {
  write(sources_.settings_file,
        "{\"server\": {\"port\": 1, \"tls\": true},\n \"log\": {\"level\": \"debug\"},\n"
        " \"origins\": [\"a\"]}");
  write(sources_.override_file, "{\"server\": {\"port\": 2}}");
  sources_.environment = [](const char* name) {
    return std::string_view(name) == "SYRINX_SERVER_PORT" ? "3" : nullptr;
  };
  auto settings = Settings::load(specs(), sources_);
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(settings->count("server.port"), 3U);
  EXPECT_EQ(settings->at("server.port").source, "SYRINX_SERVER_PORT");
  EXPECT_EQ(settings->at("log.level").source, "settings.json:2:19");
  EXPECT_TRUE(settings->flag("server.tls"));
  sources_.flags = {{"server.port", "4"}, {"origins", "b,c"}};
  settings = Settings::load(specs(), sources_);
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(settings->count("server.port"), 4U);
  EXPECT_EQ(settings->texts("origins"), (std::vector<std::string>{"b", "c"}));
}

TEST_F(SettingsFiles, TellEveryMistakeWithItsPlace) {
  write(sources_.settings_file,
        "{\n"
        "  \"server\": {\"prot\": 1, \"tls\": \"yes\"},\n"
        "  \"log\": {\"level\": \"loud\"},\n"
        "  \"keys\": [{\"name\": \"a\"}, {\"name\": \"b\", \"rate\": \"x\"}, {\"rate\": 1}]\n"
        "}\n");
  sources_.flags = {{"server.port", "70000"}};
  const std::string error = load_error();
  for (const char* part :
       {"settings.json:2:22: there is no setting 'server.prot'; did you mean 'server.port'?",
        "settings.json:2:32: server.tls is \"yes\"; it must be true or false",
        "settings.json:3:20: log.level is \"loud\"; it must be one of info, debug",
        "settings.json:4:49: in keys, rate is \"x\"; it must be a number",
        "--server.port: server.port is 70000; it must be a number without a fraction from 1 to "
        "65535"})
    EXPECT_NE(error.find(part), std::string::npos) << part << "\n" << error;
}

TEST_F(SettingsFiles, WantEveryRequiredMemberOfARecord) {
  write(sources_.settings_file, R"({"keys": [{"rate": 1}]})");
  EXPECT_NE(load_error().find("in keys, 'name' is missing"), std::string::npos) << load_error();
  write(sources_.settings_file, R"({"keys": [{"name": "a", "colour": 1}]})");
  EXPECT_NE(load_error().find("keys has no member 'colour'"), std::string::npos) << load_error();
}

TEST_F(SettingsFiles, NameTheFileThatIsNotJson) {
  write(sources_.override_file, "{\"server\": }");
  const auto settings = Settings::load(specs(), sources_);
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().code, ErrorCode::kCorruptData);
  EXPECT_NE(settings.error().message.find("override.json"), std::string::npos);
}

TEST_F(SettingsFiles, NeverShowASecret) {
  write(sources_.settings_file, R"({"keys": [{"name": "a", "sha256": "abc"}]})");
  const auto settings = Settings::load(specs(), sources_);
  ASSERT_TRUE(settings) << settings.error().message;
  const Setting& keys = settings->at("keys");
  EXPECT_EQ(json_text(shown(keys.spec, keys.value)), R"x([{"name": "a", "sha256": "(secret)"}])x");
  write(sources_.settings_file, R"({"keys": [{"name": "a", "sha256": 12345}]})");
  EXPECT_EQ(load_error().find("12345"), std::string::npos) << load_error();
}

TEST_F(SettingsFiles, TellWhatChanged) {
  const auto before = Settings::load(specs(), sources_);
  write(sources_.settings_file, R"({"server": {"port": 8080, "tls": true}})");
  const auto after = Settings::load(specs(), sources_);
  ASSERT_TRUE(before && after);
  const auto changes = changed(*before, *after);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].spec.path, "server.tls");
}

TEST_F(SettingsFiles, AreBackedUpAndRestored) {
  const SettingBackups backups(sources_);
  EXPECT_EQ(backups.make().error().code, ErrorCode::kNotFound);
  write(sources_.settings_file, R"({"server": {"port": 1}})");
  const auto first = backups.make();
  ASSERT_TRUE(first) << first.error().message;
  write(sources_.settings_file, R"({"server": {"port": 2}})");
  write(sources_.override_file, R"({"server": {"port": 3}})");
  const auto second = backups.restore(*first);
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(Settings::load(specs(), sources_)->count("server.port"), 1U);
  EXPECT_FALSE(fs::exists(sources_.override_file));
  ASSERT_TRUE(backups.restore(*second));
  EXPECT_EQ(Settings::load(specs(), sources_)->count("server.port"), 3U);
  EXPECT_EQ(backups.list()->size(), 3U);
  EXPECT_EQ(backups.restore("../x").error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace syrinx::io
