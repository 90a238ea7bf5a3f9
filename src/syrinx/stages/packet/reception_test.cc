// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/packet/reception.h"

#include <gtest/gtest.h>

#include "syrinx/stages/packet/random.h"

namespace syrinx::packet {
namespace {

using namespace std::chrono_literals;

void take(Reception& reception, std::uint32_t number, std::chrono::nanoseconds late = 0ns) {
  reception.take(static_cast<std::uint16_t>(number), number * 160, number * 20ms + late);
}

TEST(Reception, LossIsExactThroughWrapsReorderingAndDuplicates) {
  Reception reception(1, 8'000, 0);
  Random random(3);
  std::int64_t lost = 0;
  for (std::uint32_t i = 65'000; i < 65'000 + 200'000; ++i) {
    const bool drop = i > 65'000 && i + 1 < 265'000 && random.chance(0.03);
    lost += drop ? 1 : 0;
    if (!drop) take(reception, i);
  }
  EXPECT_EQ(reception.lost(), lost);
  EXPECT_EQ(reception.expected(), 200'000u);
  take(reception, 264'999);
  EXPECT_EQ(reception.lost(), lost - 1) << "a duplicate counts as received (RFC 3550, A.3)";
}

TEST(Reception, AFractionIsOfWhatWasExpectedSinceTheLastReport) {
  Reception reception(5, 8'000, 0);
  for (std::uint32_t i = 0; i < 100; ++i) {
    if (i % 10 != 5) take(reception, i);
  }
  EXPECT_EQ(reception.report(0ns).fraction_lost, (10 << 8) / 100);
  for (std::uint32_t i = 100; i < 200; ++i) take(reception, i);
  const ReportBlock second = reception.report(0ns);
  EXPECT_EQ(second.fraction_lost, 0);
  EXPECT_EQ(second.cumulative_lost, 10);
  EXPECT_EQ(second.highest_sequence, 199u);
  EXPECT_EQ(second.ssrc, 5u);
}

TEST(Reception, JitterIsThatOfTheRfcsFormulaInFloatingPoint) {
  Reception reception(1, 8'000, 0);
  Random random(11);
  double jitter = 0.0;
  double last_transit = 0.0;
  for (std::uint32_t i = 0; i < 5'000; ++i) {
    const auto late = std::chrono::nanoseconds(static_cast<std::int64_t>(random.uniform() * 30e6));
    take(reception, i, late);
    const double transit = static_cast<double>(late.count()) * 8e-6;
    if (i > 0) jitter += (std::abs(transit - last_transit) - jitter) / 16.0;
    last_transit = transit;
  }
  EXPECT_NEAR(reception.jitter_s() * 8'000, jitter, 2.0);
  EXPECT_GT(jitter, 40.0);
}

TEST(Reception, ANewSourceProvesItselfWithTwoPacketsInOrder) {
  Reception reception(1, 8'000);
  EXPECT_EQ(reception.take(9, 0, 0ns), Reception::Verdict::kProbation);
  EXPECT_EQ(reception.take(10, 160, 20ms), Reception::Verdict::kValid);
  EXPECT_EQ(reception.expected(), 1u);
}

TEST(Reception, AJumpCountsOnlyWhenTheNextPacketFollowsIt) {
  Reception reception(1, 8'000, 0);
  for (std::uint32_t i = 0; i < 10; ++i) take(reception, i);
  EXPECT_EQ(reception.take(30'000, 0, 1s), Reception::Verdict::kBadSequence);
  EXPECT_EQ(reception.received(), 10u);
  EXPECT_EQ(reception.take(30'001, 160, 1s), Reception::Verdict::kValid);
  EXPECT_EQ(reception.restarts(), 1u);
  EXPECT_EQ(reception.lost(), 0);
}

TEST(Reception, AReportSaysHowLongAgoTheSenderReported) {
  Reception reception(1, 8'000, 0);
  take(reception, 0);
  EXPECT_EQ(reception.report(1s).last_sender_report, 0u);
  reception.sender_report(0x0000'1234'5678'0000, 2s);
  const ReportBlock block = reception.report(3'500ms);
  EXPECT_EQ(block.last_sender_report, 0x12345678u);
  EXPECT_EQ(block.delay_since_sender_report, 65'536u * 3 / 2);
}

}  // namespace
}  // namespace syrinx::packet
