// SPDX-License-Identifier: Apache-2.0
// What a jitter buffer must hold, on a virtual clock.
#include <gtest/gtest.h>

#include "syrinx/stages/packet/packet_test_support.h"

namespace syrinx::packet {
namespace {

using test::LinkRun;
using test::run_link;

double percent_concealed(const JitterBufferStatistics& statistics) {
  const auto sounded = statistics.frames_out - statistics.frames_before_first;
  return 100.0 * static_cast<double>(statistics.frames_concealed) / static_cast<double>(sounded);
}

// The longest run of blocks, within the given seconds, that are not speech.
double longest_gap_ms(const LinkRun& run, double from_s, double to_s) {
  int longest = 0;
  int now = 0;
  for (const LinkEvent& block : run.blocks) {
    const double t = static_cast<double>(block.time.count()) * 1e-9;
    if (t < from_s || t > to_s) continue;
    now = block.played == PlayKind::kSpeech ? 0 : now + 1;
    longest = std::max(longest, now);
  }
  return longest * 10.0;
}

TEST(PassLevels, ACleanNetworkAddsAtMostSixtyMillisecondsAndConcealsNothing) {
  LinkOptions options;
  options.network.delay.base_ms = 30;
  options.tail_s = 0.0;
  const LinkRun run = run_link(options, 30);
  const auto& buffer = run.result.buffer;
  EXPECT_EQ(buffer.frames_concealed, 0u);
  EXPECT_EQ(buffer.packets_late, 0u);
  EXPECT_LE(buffer.max_delay_ms, 62.0);
  EXPECT_LE(buffer.mean_delay_ms, 60.0);
  EXPECT_LE(buffer.delay_ms, 40.0);
}

TEST(PassLevels, TwoPercentLossAndFiftyMillisecondsOfJitterConcealAtMostThreePercent) {
  for (const JitterKind kind : {JitterKind::kUniform, JitterKind::kNormal}) {
    LinkOptions options;
    options.network.loss.kind = LossKind::kUniform;
    options.network.loss.percent = 2;
    options.network.delay.jitter = kind;
    options.network.delay.jitter_ms = kind == JitterKind::kUniform ? 100 : 25;  // ±50; 2 sigma.
    options.tail_s = 0.0;
    const LinkRun run = run_link(options, 120);
    EXPECT_LE(percent_concealed(run.result.buffer), 3.0) << static_cast<int>(kind);
    for (const LinkEvent& block : run.blocks) ASSERT_LE(block.target_ms, 120.0);
  }
}

TEST(PassLevels, ADelayStepIsRecoveredWithinASecondAndShrinksBackWithinTen) {
  LinkOptions options;
  options.network.delay.base_ms = 30;
  options.network.steps = {{10.0, 230.0}, {25.0, 30.0}};
  options.tail_s = 0.0;
  const LinkRun run = run_link(options, 40);
  double last_bad_s = 0.0;
  double back_s = 0.0;
  for (const LinkEvent& block : run.blocks) {
    const double t = static_cast<double>(block.time.count()) * 1e-9;
    if (t >= 10.0 && t < 25.0 && block.played != PlayKind::kSpeech) last_bad_s = t;
    if (t > 25.1 && block.delay_ms > 60.0) back_s = t;
  }
  EXPECT_LE(last_bad_s, 11.0);
  EXPECT_LE(back_s, 35.0);
  EXPECT_EQ(run.result.buffer.resets, 0u);
  EXPECT_LE(longest_gap_ms(run, 24.9, 39.5), 20.0);
  // And from the step up the added delay is soon as before.
  for (const LinkEvent& block : run.blocks) {
    const double t = static_cast<double>(block.time.count()) * 1e-9;
    if (t > 20.0 && t < 25.0) {
      ASSERT_LE(block.delay_ms, 60.0) << t;
    }
  }
}

void expect_steady_delay(double ppm, double seconds, double settled_s) {
  LinkOptions options;
  options.sender_ppm = ppm;
  options.network.delay.jitter = JitterKind::kUniform;
  options.network.delay.jitter_ms = 10;
  options.tail_s = 0.0;
  const LinkRun run = run_link(options, seconds, {}, false, false);
  const double sent_s = seconds / (1.0 + std::max(ppm, 0.0) * 1e-6);
  EXPECT_EQ(run.result.buffer.resets, 0u) << ppm;
  EXPECT_EQ(run.result.buffer.packets_overflow, 0u) << ppm;
  const auto concealed =
      std::count_if(run.blocks.begin(), run.blocks.end(), [&](const auto& block) {
        const double t = static_cast<double>(block.time.count()) * 1e-9;
        return t >= settled_s && t < sent_s && block.played == PlayKind::kConcealed;
      });
  EXPECT_LE(static_cast<std::size_t>(concealed), run.blocks.size() / 500) << ppm;
  double sum = 0.0;
  int count = 0;
  for (const LinkEvent& block : run.blocks) {
    if (static_cast<double>(block.time.count()) * 1e-9 < settled_s) continue;
    sum += block.delay_ms;
    ++count;
  }
  const double mean = sum / count;
  int outside = 0;
  for (const LinkEvent& block : run.blocks) {
    const double t = static_cast<double>(block.time.count()) * 1e-9;
    if (t >= settled_s && t < sent_s && std::abs(block.delay_ms - mean) > 20.0) ++outside;
  }
  EXPECT_EQ(outside, 0) << ppm << " ppm, mean " << mean;
  EXPECT_NEAR(run.result.buffer.clock_skew_ppm, -ppm, 200.0);
}

TEST(PassLevels, AnHourOfClocksFiveHundredPpmApartKeepsTheDelayWithinTwentyMilliseconds) {
  expect_steady_delay(500, 3'600, 15);
  expect_steady_delay(-500, 3'600, 15);
}

TEST(PassLevels, ClocksTwoAndAHalfPercentApartKeepTheDelayWithinTwentyMilliseconds) {
  expect_steady_delay(25'000, 120, 15);
  expect_steady_delay(-25'000, 120, 15);
}

TEST(PassLevels, SilencesThatAreNotSentLeaveNoGapInSpeech) {
  LinkOptions options;
  options.network.delay.jitter = JitterKind::kUniform;
  options.network.delay.jitter_ms = 20;
  options.tail_s = 0.0;
  const LinkRun run = run_link(options, 40, {}, true);
  const auto& buffer = run.result.buffer;
  EXPECT_EQ(buffer.packets_late, 0u);
  EXPECT_EQ(buffer.packets_received, buffer.packets_decoded);
  EXPECT_EQ(buffer.resets, 0u);
  // 0.8 s of every two are silent: no more than these may be missing.
  EXPECT_NEAR(static_cast<double>(buffer.frames_background + buffer.frames_concealed) / 16'000.0,
              0.8 * 20, 1.2);
}

TEST(PassLevels, AnotherSourceLeavesNoGapOverSixtyMilliseconds) {
  LinkOptions options;
  options.tail_s = 0.0;
  const LinkRun run = run_link(options, 20, [](std::int64_t number, Packet& packet) {
    if (number < 500) return;
    packet.ssrc = 77;
    packet.sequence = static_cast<std::uint16_t>(40'000 + number);
    packet.timestamp += 123'456'789;
  });
  EXPECT_EQ(run.result.buffer.source_changes, 1u);
  EXPECT_GE(run.result.buffer.packets_decoded, 1'000u - 4u) << "but for what waits at the end";
  EXPECT_LE(longest_gap_ms(run, 1.0, 19.9), 60.0);
}

TEST(PassLevels, SequenceAndTimestampMayWrap) {
  LinkOptions options;
  options.first_sequence = 65'400;
  options.first_timestamp = 0xFFFFFFFFu - 16'000u * 5u;
  options.tail_s = 0.0;
  const LinkRun run = run_link(options, 20);
  EXPECT_EQ(run.result.buffer.frames_concealed, 0u);
  EXPECT_EQ(run.result.buffer.resets, 0u);
  EXPECT_LE(longest_gap_ms(run, 1.0, 19.9), 0.0);
}

TEST(PassLevels, AnotherPayloadTypeLeavesNoGap) {
  LinkOptions options;
  options.tail_s = 0.0;
  const LinkRun run = run_link(options, 20, [](std::int64_t number, Packet& packet) {
    packet.payload_type = number / 100 % 2 == 0 ? 96 : 97;
  });
  EXPECT_EQ(run.result.buffer.payload_type_changes, 9u);
  EXPECT_EQ(run.result.buffer.frames_concealed, 0u);
  EXPECT_LE(longest_gap_ms(run, 1.0, 19.9), 0.0);
}

TEST(PassLevels, FivePercentLostInBurstsAreConcealedAndNoMore) {
  LinkOptions options;
  options.network.loss = bursty_loss(5, 3).value();
  options.tail_s = 0.0;
  const LinkRun run = run_link(options, 120);
  const double lost = 100.0 * static_cast<double>(run.result.packets_lost) /
                      static_cast<double>(run.result.packets_sent);
  EXPECT_NEAR(lost, 5.0, 1.0);
  EXPECT_LE(percent_concealed(run.result.buffer), lost + 0.5);
  EXPECT_EQ(run.result.buffer.packets_late, 0u);
  EXPECT_NEAR(run.result.losses.mean_burst_packets, 3.0, 6.0);
}

}  // namespace
}  // namespace syrinx::packet
