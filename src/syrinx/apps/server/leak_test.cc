// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <chrono>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "syrinx/apps/server/server.h"
#include "syrinx/apps/server/server_test_support.h"
#include "syrinx/core/base/log.h"

namespace syrinx::server {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

// Memory that is taken and held, piece after piece.
class Leaking {
 public:
  Leaking() : thread_([this](const std::stop_token& stop) { run(stop); }) {}

 private:
  void run(const std::stop_token& stop) {
    while (!stop.stop_requested() && held_.size() < 2'000) {
      held_.emplace_back(std::size_t{1} << 17, 'x');
      std::this_thread::sleep_for(milliseconds(20));
    }
  }
  std::vector<std::string> held_;
  std::jthread thread_;
};

TEST(Server, ALeakIsSeenInHealthMetricsAndFiguresAndInTheLogOnce) {
  auto options = test_options();
  options.leak = {100e6, 1.5};
  std::mutex mutex;
  std::vector<std::string> warnings;
  set_log_hook([&](LogLevel level, std::string_view message) {
    const std::lock_guard lock(mutex);
    if (level == LogLevel::kWarning) warnings.emplace_back(message);
  });
  {
    const auto server = started(options);
    const auto port = server->port();
    EXPECT_EQ(json::parse(ask(port, "GET", "/healthz").body)["status"], "ok");
    EXPECT_EQ(stats(port)["memory"]["leaking"], false);
    EXPECT_EQ(stats(port)["memory"]["bytes_per_hour"], nullptr);
    const Leaking leaking;
    EXPECT_TRUE(soon([&] {
      const json health = json::parse(ask(port, "GET", "/healthz").body);
      return health["status"] == "leaking" && health["memory_bytes"] > 1'000'000;
    }));
    const json memory = stats(port)["memory"];
    EXPECT_GE(memory["leaks"], 1) << memory;
    EXPECT_GT(memory["bytes_per_hour"], 100e6);
    const std::string text = ask(port, "GET", "/metrics").body;
    EXPECT_NE(text.find("\nsyrinx_memory_leaks_total "), std::string::npos);
    EXPECT_NE(text.find("\nsyrinx_memory_growth_bytes_per_hour "), std::string::npos);
    EXPECT_EQ(ask(port, "GET", "/readyz").status, 200) << "it still serves";
    EXPECT_TRUE(soon([&] {
      const auto leaks = stats(port)["memory"]["leaks"].get<std::size_t>();
      const std::lock_guard lock(mutex);
      return warnings.size() == leaks;
    }));
    const std::lock_guard lock(mutex);
    ASSERT_FALSE(warnings.empty());
    EXPECT_NE(warnings[0].find("limits.leak_megabytes_per_hour"), std::string::npos);
  }
  set_log_hook({});
}

TEST(Server, NobodyLooksForLeaksWhereTheLimitIsNone) {
  auto options = test_options();
  options.leak = {0, 0.06};
  const auto server = started(options);
  std::this_thread::sleep_for(milliseconds(200));
  EXPECT_EQ(stats(server->port())["memory"]["bytes_per_hour"], nullptr);
}

}  // namespace
}  // namespace syrinx::server
