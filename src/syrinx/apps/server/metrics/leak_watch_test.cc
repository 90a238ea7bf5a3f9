// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/metrics/leak_watch.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>

namespace syrinx::server {
namespace {

constexpr double kMegabyte = 1e6;
constexpr double kStartBytes = 80 * kMegabyte;

struct Sample {
  double bytes = kStartBytes;
  std::size_t load = 0;
};

// The watch after so many hours of what a process had, which is told every six seconds.
LeakWatch watched(double hours, const std::function<Sample(double hour)>& process,
                  LeakLimits limits = {}) {
  LeakWatch watch(limits);
  for (double at_s = 0; at_s < 3'600 * hours; at_s += watch.interval_s()) {
    const Sample sample = process(at_s / 3'600);
    watch.add(at_s, sample.bytes, sample.load);
  }
  return watch;
}

// Noise as allocators and threads make it, the same each time.
class Noise {
 public:
  double operator()(double most_megabytes) {
    return most_megabytes * kMegabyte * std::uniform_real_distribution<double>(0, 1)(random_);
  }

 private:
  std::mt19937 random_{7};
};

TEST(LeakWatch, ASteadyProcessWithNoiseIsNone) {
  Noise noise;
  const auto watch = watched(48, [&](double) { return Sample{kStartBytes + noise(40)}; });
  EXPECT_EQ(watch.episodes(), 0U);
  ASSERT_TRUE(watch.bytes_per_hour());
  EXPECT_NEAR(*watch.bytes_per_hour(), 0, 4 * kMegabyte);
}

TEST(LeakWatch, ASlowLeakIsOneOnceTheSpanIsFull) {
  for (const double megabytes_per_hour : {40.0, 200.0, 2'000.0}) {
    Noise noise;
    const auto process = [&](double hour) {
      return Sample{kStartBytes + megabytes_per_hour * kMegabyte * hour + noise(10)};
    };
    EXPECT_FALSE(watched(1.1, process).is_leaking());
    const auto watch = watched(1.6, process);
    EXPECT_TRUE(watch.is_leaking()) << megabytes_per_hour;
    EXPECT_EQ(watch.episodes(), 1U);
    EXPECT_NEAR(*watch.bytes_per_hour() / kMegabyte, megabytes_per_hour, 3);
  }
}

TEST(LeakWatch, GrowthBelowTheLimitIsNone) {
  Noise noise;
  const auto watch = watched(
      24, [&](double hour) { return Sample{kStartBytes + 20 * kMegabyte * hour + noise(10)}; });
  EXPECT_EQ(watch.episodes(), 0U);
  EXPECT_NEAR(*watch.bytes_per_hour() / kMegabyte, 20, 2);
}

TEST(LeakWatch, ASawtoothThatIsShorterThanTheSpanIsNone) {
  for (const double period_minutes : {0.5, 7.0, 20.0, 30.0, 40.0, 50.0}) {
    Noise noise;
    const auto watch = watched(12, [&](double hour) {
      const double share = std::fmod(60 * hour, period_minutes) / period_minutes;
      return Sample{kStartBytes + 100 * kMegabyte * share + noise(2)};
    });
    EXPECT_EQ(watch.episodes(), 0U) << period_minutes;
  }
}

TEST(LeakWatch, ACacheThatFillsUpIsNone) {
  for (const double minutes : {5.0, 15.0, 25.0}) {
    Noise noise;
    const auto watch = watched(12, [&](double hour) {
      return Sample{kStartBytes + 300 * kMegabyte * (1 - std::exp(-60 * hour / minutes)) +
                    noise(2)};
    });
    EXPECT_EQ(watch.episodes(), 0U) << minutes;
  }
}

TEST(LeakWatch, ModelsThatAreLoadedOneAfterTheOtherAreNone) {
  Noise noise;
  const auto watch = watched(6, [&](double hour) {
    return Sample{kStartBytes + 150 * kMegabyte * std::floor(3 * hour) + noise(2)};
  });
  EXPECT_EQ(watch.episodes(), 0U);
}

TEST(LeakWatch, WorkThatComesAndGoesIsNone) {
  Noise noise;
  const auto watch = watched(12, [&](double hour) {
    const bool busy = std::fmod(hour, 0.9) > 0.4;
    return Sample{kStartBytes + noise(3) + (busy ? 200 * kMegabyte : 0), busy ? 40U : 0U};
  });
  EXPECT_EQ(watch.episodes(), 0U);
}

TEST(LeakWatch, ADayOfRisingLoadIsNone) {
  Noise noise;
  const auto watch = watched(8, [&](double hour) {
    const auto load = static_cast<std::size_t>(8 * hour);
    return Sample{kStartBytes + 3 * kMegabyte * static_cast<double>(load) + noise(3), load};
  });
  EXPECT_EQ(watch.episodes(), 0U);
}

TEST(LeakWatch, ALeakIsSeenThroughWorkThatComesAndGoes) {
  Noise noise;
  const auto watch = watched(3, [&](double hour) {
    const bool busy = std::fmod(60 * hour, 3.0) > 1.5;
    return Sample{kStartBytes + 60 * kMegabyte * hour + noise(3) + (busy ? 200 * kMegabyte : 0),
                  busy ? 40U : 0U};
  });
  EXPECT_TRUE(watch.is_leaking());
  EXPECT_EQ(watch.episodes(), 1U);
}

TEST(LeakWatch, EachEpisodeCountsOnce) {
  Noise noise;
  LeakWatch watch({});
  double leaked = 0;
  for (double at_s = 0; at_s < 12 * 3'600; at_s += 6) {
    const bool leaks = std::fmod(at_s, 6 * 3'600) < 3 * 3'600;
    leaked += leaks ? 100 * kMegabyte * 6 / 3'600 : 0;
    watch.add(at_s, kStartBytes + leaked + noise(4), 0);
    if (at_s == 2.5 * 3'600) {
      EXPECT_TRUE(watch.is_leaking());
    }
    if (at_s == 5 * 3'600) {
      EXPECT_FALSE(watch.is_leaking());
    }
  }
  EXPECT_EQ(watch.episodes(), 2U);
}

TEST(LeakWatch, TooFewMinutesOfLikeLoadTellNothing) {
  Noise noise;
  std::size_t load = 0;
  const auto watch = watched(6, [&](double hour) {
    load = std::size_t{1} << static_cast<int>(std::fmod(60 * hour, 20));
    return Sample{kStartBytes + 100 * kMegabyte * hour + noise(2), load};
  });
  EXPECT_FALSE(watch.bytes_per_hour());
  EXPECT_EQ(watch.episodes(), 0U);
}

TEST(LeakWatch, AClockThatStandsStillIsPassedOver) {
  LeakWatch watch({1, 1});
  for (int i = 0; i < 1'000; ++i) watch.add(5, i * kMegabyte, 0);
  EXPECT_FALSE(watch.bytes_per_hour());
}

}  // namespace
}  // namespace syrinx::server
