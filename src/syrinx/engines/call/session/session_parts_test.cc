// SPDX-License-Identifier: Apache-2.0
// The small parts of a session: rings, values between threads, the times of reports.
#include <gtest/gtest.h>

#include <numeric>
#include <thread>

#include "support/realtime_guard.h"
#include "syrinx/engines/call/session/datagram_ring.h"
#include "syrinx/engines/call/session/latest_value.h"
#include "syrinx/engines/call/session/rtcp_schedule.h"

namespace syrinx::call {
namespace {

using std::chrono::nanoseconds;

TEST(DatagramRing, GivesEachDatagramWholeAndInOrderBetweenTwoThreads) {
  DatagramRing ring(4'096);
  constexpr std::uint32_t kCount = 20'000;
  std::thread writer([&] {
    std::vector<std::uint8_t> bytes(300);
    for (std::uint32_t i = 0; i < kCount;) {
      std::fill(bytes.begin(), bytes.end(), static_cast<std::uint8_t>(i));
      if (ring.write(i, nanoseconds(i), std::span(bytes).first(i % 300))) ++i;
    }
  });
  std::vector<std::uint8_t> out(300);
  std::uint32_t wrong = 0;
  for (std::uint32_t i = 0; i < kCount;) {
    DatagramRing::Head head;
    if (!ring.read(head, out)) continue;
    wrong += head.kind != i || head.bytes != i % 300 || head.time_ns != i ? 1 : 0;
    for (std::uint32_t k = 0; k < head.bytes; ++k) wrong += out[k] != (i & 255u) ? 1 : 0;
    ++i;
  }
  writer.join();
  EXPECT_EQ(wrong, 0u);
}

TEST(DatagramRing, RefusesWhatDoesNotFitAndCutsWhatIsTooLong) {
  DatagramRing ring(64);
  const std::vector<std::uint8_t> bytes(40, 7);
  EXPECT_TRUE(ring.write(0, nanoseconds(0), bytes));
  EXPECT_FALSE(ring.write(0, nanoseconds(0), bytes));
  std::vector<std::uint8_t> out(10);
  DatagramRing::Head head;
  EXPECT_REALTIME_SAFE(ring.read(head, out));
  EXPECT_EQ(head.bytes, 10u);
  EXPECT_FALSE(ring.read(head, out));
  EXPECT_TRUE(ring.write(0, nanoseconds(0), bytes));
}

TEST(LatestValue, IsTheNewestAndNeverHalfOfTwo) {
  struct Pair {
    std::uint64_t a = 0;
    std::array<std::uint64_t, 30> more{};
    std::uint64_t b = 0;
  };
  LatestValue<Pair> value;
  constexpr std::uint64_t kCount = 200'000;
  std::thread writer([&] {
    for (std::uint64_t i = 1; i <= kCount; ++i) value.publish({i, {}, i});
  });
  std::uint64_t last = 0;
  std::uint64_t wrong = 0;
  while (last < kCount) {
    const Pair& pair = value.read();
    wrong += pair.a != pair.b || pair.a < last ? 1 : 0;
    last = pair.a;
  }
  writer.join();
  EXPECT_EQ(wrong, 0u);
  EXPECT_EQ(value.read().a, kCount);
}

// RFC 3550, A.7: uniform in [0.5, 1.5] of 5 s over e - 3/2.
TEST(RtcpSchedule, ReportsComeAtRandomTimesOfTheRightMean) {
  RtcpSchedule schedule(64'000.0, 5);
  nanoseconds now{0};
  schedule.start(now);
  EXPECT_GE(schedule.next(), std::chrono::milliseconds(1'025));
  EXPECT_LE(schedule.next(), std::chrono::milliseconds(3'079));
  std::vector<double> gaps;
  for (int i = 0; i < 2'000; ++i) {
    now = schedule.next();
    EXPECT_TRUE(schedule.due(now));
    schedule.took(120);
    schedule.sent(now, 2);
    gaps.push_back(static_cast<double>((schedule.next() - now).count()) * 1e-9);
  }
  const auto [least, most] = std::minmax_element(gaps.begin(), gaps.end());
  EXPECT_GE(*least, 2.5 / 1.21829);
  EXPECT_LE(*most, 7.5 / 1.21828);
  EXPECT_NEAR(std::accumulate(gaps.begin(), gaps.end(), 0.0) / 2'000.0, 5.0 / 1.21828, 0.1);
}

// 5 % of 2 kbit/s are 12.5 bytes a second for two.
TEST(RtcpSchedule, ANarrowSessionReportsLessOften) {
  RtcpSchedule schedule(2'000.0, 5);
  schedule.start(nanoseconds(0));
  double sum = 0.0;
  for (int i = 0; i < 2'000; ++i) {
    const nanoseconds now = schedule.next();
    schedule.took(120);
    schedule.sent(now, 2);
    sum += static_cast<double>((schedule.next() - now).count()) * 1e-9;
  }
  EXPECT_NEAR(sum / 2'000.0, 240.0 / 12.5 / 1.21828, 0.4);
}

}  // namespace
}  // namespace syrinx::call
