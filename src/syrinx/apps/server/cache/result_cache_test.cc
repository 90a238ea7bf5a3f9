// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/cache/result_cache.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <thread>

#include "support/test_data.h"
#include "syrinx/core/base/sha256.h"

namespace syrinx::server {
namespace {

namespace fs = std::filesystem;

std::string key_of(int number) {
  const std::string text = std::to_string(number);
  return sha256_hex(std::as_bytes(std::span(text)));
}

class Cache : public ::testing::Test {
 protected:
  ResultCache open(std::uint64_t max_bytes = 1'000) const {
    auto cache = ResultCache::open(folder_, max_bytes);
    EXPECT_TRUE(cache) << cache.error().message;
    return std::move(cache).value();
  }
  fs::path file_of(int number) const {
    return folder_ / "results" / key_of(number).substr(0, 2) / key_of(number);
  }
  const fs::path folder_ = support::scratch_dir() / "cache";
};

TEST_F(Cache, GivesWhatWasPutOverARestartToo) {
  {
    ResultCache cache = open();
    EXPECT_FALSE(cache.find(key_of(1)));
    ASSERT_TRUE(cache.put(key_of(1), "sound", "{}"));
    ASSERT_TRUE(cache.find(key_of(1)));
  }
  ResultCache cache = open();
  const auto found = cache.find(key_of(1));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->bytes, "sound");
  EXPECT_EQ(found->about, "{}");
  EXPECT_FALSE(cache.find(key_of(2)));
  EXPECT_EQ(cache.counts().hits, 1U);
  EXPECT_EQ(cache.counts().misses, 1U);
  EXPECT_DOUBLE_EQ(cache.counts().hit_rate(), 0.5);
}

TEST_F(Cache, LetsTheLeastRecentlyUsedGo) {
  ResultCache cache = open(1'000);
  const std::string piece(240, 'x');
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(cache.put(key_of(i), piece, ""));
  ASSERT_TRUE(cache.find(key_of(0)));
  ASSERT_TRUE(cache.put(key_of(4), piece, ""));
  EXPECT_TRUE(cache.find(key_of(0)));
  EXPECT_FALSE(cache.find(key_of(1)));
  EXPECT_FALSE(fs::exists(file_of(1)));
  EXPECT_EQ(cache.counts().entries, 4U);
  EXPECT_EQ(cache.counts().evicted, 1U);
  ASSERT_TRUE(cache.set_max_bytes(250));
  EXPECT_EQ(cache.counts().entries, 1U);
}

TEST_F(Cache, DoesNotKeepWhatWouldPushMostOfItOut) {
  ResultCache cache = open(1'000);
  const auto kept = cache.put(key_of(1), std::string(251, 'x'), "");
  ASSERT_TRUE(kept);
  EXPECT_FALSE(*kept);
  EXPECT_EQ(cache.counts().entries, 0U);
}

TEST_F(Cache, DropsWhatTheDiskDamagedOrLost) {
  ResultCache cache = open();
  ASSERT_TRUE(cache.put(key_of(1), "sound", ""));
  ASSERT_TRUE(cache.put(key_of(2), "sound", ""));
  std::ofstream(file_of(1)) << "Sound";
  fs::remove(file_of(2));
  EXPECT_FALSE(cache.find(key_of(1)));
  EXPECT_FALSE(cache.find(key_of(2)));
  EXPECT_EQ(cache.counts().damaged, 2U);
  EXPECT_EQ(cache.counts().entries, 0U);
  EXPECT_EQ(cache.counts().bytes, 0U);
  ASSERT_TRUE(cache.put(key_of(1), "sound", ""));
  EXPECT_TRUE(cache.find(key_of(1)));
}

TEST_F(Cache, SweepsUpWhatACrashLeft) {
  { open(); }
  fs::create_directories(folder_ / "results" / "ab");
  std::ofstream(folder_ / "results" / "ab" / ".half.part") << "half";
  std::ofstream(folder_ / "results" / "ab" / key_of(9)) << "whole, but not in the index";
  ResultCache cache = open();
  EXPECT_TRUE(fs::is_empty(folder_ / "results" / "ab"));
}

TEST_F(Cache, IsOfOneProcessAtATime) {
  const ResultCache cache = open();
  const pid_t child = ::fork();
  if (child == 0) {
    const auto second = ResultCache::open(folder_, 1'000);
    ::_exit(!second && second.error().code == ErrorCode::kUnavailable ? 0 : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

// A writer is killed at any moment; what it said was kept is there, whole, and nothing else counts.
TEST_F(Cache, LosesNothingThatWasKeptWhenKilled) {
  int said[2];
  ASSERT_EQ(::pipe(said), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    auto cache = ResultCache::open(folder_, 1 << 20);
    for (int i = 0; cache; ++i) {
      if (!cache->put(key_of(i), std::string(1'000, static_cast<char>('a' + i % 26)), "")) break;
      if (::write(said[1], &i, sizeof i) != sizeof i) break;
    }
    ::_exit(1);
  }
  ::close(said[1]);
  int last = -1;
  for (int i = 0; i < 40; ++i) ASSERT_EQ(::read(said[0], &last, sizeof last), 4);
  ::kill(child, SIGKILL);
  int more = 0;
  while (::read(said[0], &more, sizeof more) == sizeof more) last = more;
  ::waitpid(child, nullptr, 0);
  ResultCache cache = open(1 << 20);
  for (int i = 0; i <= last; ++i) {
    const auto found = cache.find(key_of(i));
    ASSERT_TRUE(found) << i << " of " << last;
    EXPECT_EQ(found->bytes, std::string(1'000, static_cast<char>('a' + i % 26)));
  }
  EXPECT_EQ(cache.counts().damaged, 0U);
}

TEST_F(Cache, ServesManyThreads) {
  ResultCache cache = open(50'000);
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&cache, t] {
      for (int i = 0; i < 50; ++i) {
        const std::string bytes = std::to_string(i % 20);
        (void)cache.put(key_of(i % 20), bytes, "").has_value();
        const auto found = cache.find(key_of((i + t) % 20));
        EXPECT_TRUE(!found || found->bytes == std::to_string((i + t) % 20));
      }
    });
  }
  threads.clear();
  EXPECT_EQ(cache.counts().entries, 20U);
}

TEST(CacheKey, IsADigestAndNeverAPath) {
  EXPECT_TRUE(is_cache_key(key_of(1)));
  EXPECT_FALSE(is_cache_key("../../etc/passwd"));
  EXPECT_FALSE(is_cache_key(key_of(1).substr(1)));
  EXPECT_FALSE(is_cache_key(std::string(64, 'A')));
}

}  // namespace
}  // namespace syrinx::server
