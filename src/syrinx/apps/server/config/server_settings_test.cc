// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/config/server_settings.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <fstream>
#include <mutex>

#include "support/test_data.h"
#include "syrinx/apps/server/config/settings_watch.h"

namespace syrinx::server {
namespace {

namespace fs = std::filesystem;

class ServerSettings : public ::testing::Test {
 protected:
  ServerSettings() {
    sources_.settings_file = folder_ / "settings.json";
    sources_.override_file = folder_ / "override.json";
  }
  void write(const std::string& text) const {
    std::ofstream(folder_ / "new") << text;
    fs::rename(folder_ / "new", sources_.settings_file);
  }
  Result<ServerOptions> options() const {
    SYRINX_ASSIGN(const auto settings, io::Settings::load(server_settings(), sources_));
    return server_options(settings);
  }

  const fs::path folder_ = support::scratch_dir();
  io::SettingSources sources_;
};

TEST_F(ServerSettings, AreTheServersOwnWhereNobodySetThem) {
  const ServerOptions standard;
  const auto got = options();
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->http.host, standard.http.host);
  EXPECT_EQ(got->http.port, standard.http.port);
  EXPECT_FALSE(got->wyoming);
  EXPECT_FALSE(got->tls);
  EXPECT_EQ(got->work.max_tasks, standard.work.max_tasks);
  EXPECT_EQ(got->max_input_characters, standard.max_input_characters);
  EXPECT_EQ(got->request_timeout_s, standard.request_timeout_s);
  EXPECT_EQ(got->work.stall_s, standard.work.stall_s);
  EXPECT_EQ(got->leak.bytes_per_hour, standard.leak.bytes_per_hour);
  EXPECT_EQ(got->leak.span_s, standard.leak.span_s);
  EXPECT_TRUE(got->batches.folder.empty());
  EXPECT_EQ(got->batches.max_items, standard.batches.max_items);
  EXPECT_EQ(got->batches.max_bytes, standard.batches.max_bytes);
  EXPECT_EQ(got->batches.max_bytes_per_client, standard.batches.max_bytes_per_client);
  EXPECT_EQ(got->batches.keep_s, standard.batches.keep_s);
  EXPECT_TRUE(got->keys.empty());
}

TEST_F(ServerSettings, ReachEveryPartOfTheServer) {
  write(R"({"server": {"host": "::1", "port": 9, "voice": "rms", "threads": 3, "drain_s": 4},
            "wyoming": {"port": 10, "open": true}, "cors": {"origins": ["https://a.example"]},
            "lexicons": ["a.pls"], "limits": {"requests": 5, "requests_per_client": 2,
            "wait_s": 1.5, "timeout_s": 60, "characters": 99, "requests_per_minute": 7,
            "leak_megabytes_per_hour": 8, "leak_minutes": 30},
            "tls": {"certificate": "c.pem", "key": "k.pem"},
            "keys": [{"name": "a", "key": "secret", "scopes": ["text"], "weight": 2,
             "priority": "batch"}],
            "jobs": {"folder": "batches", "items": 11, "characters": 12, "batches_per_client": 13,
            "megabytes_per_client": 14, "megabytes": 15, "keep_hours": 16},
            "cache": {"warm": "warm.jsonl"}})");
  const auto got = options();
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->http.host, "::1");
  EXPECT_EQ(got->voice, "rms");
  EXPECT_EQ(got->work.threads, 3U);
  EXPECT_EQ(got->drain_s, 4);
  EXPECT_EQ(got->leak.bytes_per_hour, 8e6);
  EXPECT_EQ(got->leak.span_s, 1'800);
  ASSERT_TRUE(got->wyoming);
  EXPECT_EQ(got->wyoming->host, "::1");
  EXPECT_EQ(got->wyoming->port, 10);
  EXPECT_TRUE(got->wyoming_open);
  EXPECT_EQ(got->origins, std::vector<std::string>{"https://a.example"});
  ASSERT_EQ(got->lexicons.size(), 1U);
  EXPECT_EQ(got->work.max_tasks, 5U);
  EXPECT_EQ(got->work.max_tasks_per_client, 2U);
  EXPECT_EQ(got->work.max_wait_s, 1.5);
  EXPECT_EQ(got->request_timeout_s, 60);
  EXPECT_EQ(got->max_input_characters, 99U);
  EXPECT_EQ(got->requests_per_minute, 7);
  ASSERT_TRUE(got->tls);
  ASSERT_EQ(got->keys.size(), 1U);
  EXPECT_EQ(got->keys[0].sha256,  // Of "secret".
            "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b");
  EXPECT_EQ(got->keys[0].scopes, std::vector<std::string>{"text"});
  EXPECT_EQ(got->keys[0].weight, 2);
  EXPECT_EQ(got->keys[0].priority, work::Priority::kBatch);
  EXPECT_EQ(got->batches.folder, "batches");
  EXPECT_EQ(got->batches.max_items, 11U);
  EXPECT_EQ(got->batches.max_characters, 12U);
  EXPECT_EQ(got->batches.max_batches_per_client, 13U);
  EXPECT_EQ(got->batches.max_bytes_per_client, 14'000'000U);
  EXPECT_EQ(got->batches.max_bytes, 15'000'000U);
  EXPECT_EQ(got->batches.keep_s, 16 * 3'600);
  EXPECT_EQ(got->warm_file, "warm.jsonl");
}

TEST_F(ServerSettings, RefuseHalfOfWhatBelongsTogether) {
  write(R"({"tls": {"key": "k.pem"}})");
  EXPECT_EQ(options().error().code, ErrorCode::kInvalidArgument);
  write(R"({"keys": [{"name": "a", "key": "secret", "priority": "high"}]})");
  EXPECT_NE(options().error().message.find("interactive"), std::string::npos);
  write(R"({"keys": [{"name": "a"}]})");
  EXPECT_NE(options().error().message.find("'a' needs"), std::string::npos);
}

TEST_F(ServerSettings, AreWatchedAndMistakesInThemLeaveWhatWasThere) {
  auto now = io::Settings::load(server_settings(), sources_);
  ASSERT_TRUE(now);
  std::mutex mutex;
  std::condition_variable told;
  std::vector<std::string> events;
  SettingsEvents on;
  on.changed = [&](const io::Settings& settings, const std::vector<io::SettingChange>& changes) {
    const std::lock_guard lock(mutex);
    for (const auto& change : changes)
      events.push_back(change.spec.path + "=" + settings.text(change.spec.path));
    told.notify_all();
  };
  on.refused = [&](const Error& error) {
    const std::lock_guard lock(mutex);
    events.push_back(error.message);
    told.notify_all();
  };
  const SettingsWatch watch(server_settings(), sources_, *now, on);
  const auto wait_for_events = [&](std::size_t count) {
    std::unique_lock lock(mutex);
    return told.wait_for(lock, std::chrono::seconds(20), [&] { return events.size() >= count; });
  };
  write(R"({"server": {"voice": "rms"}})");
  ASSERT_TRUE(wait_for_events(1));
  write(R"({"server": {"voice": 5}})");
  ASSERT_TRUE(wait_for_events(2));
  write(R"({"server": {"voice": "awb"}, "lexicons": []})");
  ASSERT_TRUE(wait_for_events(3));
  const std::lock_guard lock(mutex);
  EXPECT_EQ(events[0], "server.voice=rms");
  EXPECT_NE(events[1].find("settings.json:1:22"), std::string::npos) << events[1];
  EXPECT_EQ(events[2], "server.voice=awb");
}

}  // namespace
}  // namespace syrinx::server
