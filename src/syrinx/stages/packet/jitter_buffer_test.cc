// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/packet/jitter_buffer.h"

#include <gtest/gtest.h>

#include "support/realtime_guard.h"
#include "syrinx/stages/packet/packet_test_support.h"

namespace syrinx::packet {
namespace {

using namespace std::chrono_literals;

// A buffer that is fed packets by hand: 20 ms of a constant each.
class HandFed {
 public:
  explicit HandFed(JitterBufferOptions options = {})
      : buffer(JitterBuffer::create(options).value()) {
    EXPECT_TRUE(buffer.add_decoder(96, decoder));
    EXPECT_TRUE(buffer.add_comfort_noise(13));
    EXPECT_TRUE(buffer.add_ignored(101));
  }
  // Packet `number`, arriving in its turn plus `late`.
  void put(int number, std::chrono::nanoseconds late = 0ns, std::uint8_t type = 96) {
    Packet packet = make(number, type);
    packet.arrival = number * 20ms + late;
    buffer.put(packet);
  }
  static Packet make(int number, std::uint8_t type = 96) {
    Packet packet;
    packet.payload_type = type;
    packet.sequence = static_cast<std::uint16_t>(number);
    packet.timestamp = static_cast<std::uint32_t>(number) * 320;
    packet.ssrc = 1;
    if (type == 96) packet.payload.assign(640, 0x10);
    if (type == 13) packet.payload.assign(1, 50);
    return packet;
  }
  PlayKind get() {
    const PlayKind kind = buffer.get(block * 10ms, out);
    ++block;
    return kind;
  }
  // Plays until the time at which packet `number` is due to arrive.
  void get_until(int number) {
    while (block * 10ms < number * 20ms) get();
  }

  test::PlainDecoder decoder;
  JitterBuffer buffer;
  std::vector<float> out = std::vector<float>(160);
  int block = 0;
};

TEST(JitterBuffer, PacketsAreCountedOneByOne) {
  HandFed fed;
  for (int i = 0; i < 100; ++i) {
    fed.get_until(i);
    if (i == 50 || i == 51) continue;                  // Lost.
    if (i == 71) fed.put(71, 0ns), fed.put(70, 20ms);  // Out of order, in time.
    if (i == 70 || i == 71) continue;
    fed.put(i);
    if (i == 60) fed.put(60, 1ms);    // Twice.
    if (i == 80) fed.put(70, 200ms);  // Once more, long after.
    if (i == 90) fed.put(50, 800ms);  // Far too late.
  }
  const auto& statistics = fed.buffer.statistics();
  EXPECT_EQ(statistics.packets_received, 101u);
  EXPECT_EQ(statistics.packets_duplicate, 2u);
  EXPECT_EQ(statistics.packets_late, 1u);
  EXPECT_EQ(statistics.packets_reordered, 1u);
  EXPECT_EQ(statistics.frames_concealed, 640u);
  EXPECT_EQ(statistics.conceal_events, 1u);
  EXPECT_EQ(statistics.longest_conceal_frames, 640u);
  EXPECT_EQ(statistics.frames_out, static_cast<std::uint64_t>(fed.block) * 160u);
}

TEST(JitterBuffer, EveryFrameOutIsAccountedFor) {
  LinkOptions options;
  options.network.loss = bursty_loss(4, 2).value();
  options.network.delay.jitter = JitterKind::kUniform;
  options.network.delay.jitter_ms = 60;
  options.network.steps = {{5, 150}, {12, 10}};
  options.sender_ppm = 300;
  const auto run = test::run_link(options, 30, {}, true);
  const auto& s = run.result.buffer;
  const std::uint64_t made = s.frames_decoded + s.frames_recovered + s.frames_concealed +
                             s.frames_background + s.frames_before_first + s.frames_inserted;
  EXPECT_LE(s.frames_out + s.frames_removed, made);
  EXPECT_LE(made - s.frames_out - s.frames_removed, 16'000u / 4) << "what still waits";
  EXPECT_EQ(run.result.heard.frames(), s.frames_out);
}

TEST(JitterBuffer, RedundancyInTheNextPacketIsUsedForALonelyLoss) {
  HandFed fed;
  fed.decoder.has_redundancy = true;
  for (int i = 0; i < 60; ++i) {
    fed.get_until(i);
    if (i != 30 && i != 40 && i != 41) fed.put(i);
  }
  const auto& statistics = fed.buffer.statistics();
  EXPECT_EQ(statistics.packets_recovered, 2u) << "of two in a row only the second";
  EXPECT_EQ(statistics.frames_recovered, 640u);
  EXPECT_EQ(statistics.frames_concealed, 320u);
}

TEST(JitterBuffer, ComfortNoiseIsHeardUntilSpeechComesBack) {
  HandFed fed;
  for (int i = 0; i < 25; ++i) {
    fed.get_until(i);
    fed.put(i);
  }
  fed.get_until(25);
  fed.put(25, 0ns, 13);
  fed.get_until(60);
  EXPECT_EQ(fed.get(), PlayKind::kBackground);
  EXPECT_FLOAT_EQ(fed.out[5], 0.05f);
  // Speech goes on with the next number in order, 50 packets of time later.
  for (int i = 75; i < 120; ++i) {
    fed.get_until(i);
    Packet packet = HandFed::make(i);
    packet.sequence = static_cast<std::uint16_t>(i - 49);
    packet.arrival = i * 20ms;
    fed.buffer.put(packet);
  }
  const auto& statistics = fed.buffer.statistics();
  EXPECT_EQ(fed.get(), PlayKind::kSpeech);
  EXPECT_EQ(statistics.frames_concealed, 0u);
  EXPECT_NEAR(static_cast<double>(statistics.frames_background), 49 * 320 + 160, 320 * 3);
  EXPECT_EQ(statistics.packets_late, 0u);
}

TEST(JitterBuffer, EventsWithoutSoundDoNotCountAsLosses) {
  HandFed fed;
  for (int i = 0; i < 80; ++i) {
    fed.get_until(i);
    fed.put(i, 0ns, i >= 30 && i < 40 ? 101 : 96);
  }
  EXPECT_EQ(fed.buffer.statistics().frames_concealed, 0u);
  EXPECT_NEAR(static_cast<double>(fed.buffer.statistics().frames_background), 3'200, 640);
}

TEST(JitterBuffer, TheHardMaximumHolds) {
  for (const DelayStrategy strategy :
       {DelayStrategy::kAdaptive, DelayStrategy::kFixed, DelayStrategy::kLowLatency}) {
    LinkOptions options;
    options.buffer.strategy = strategy;
    options.buffer.max_delay_ms = 120;
    options.network.delay.jitter = JitterKind::kSpikes;
    options.network.delay.spike_percent = 0.5;
    options.network.delay.spike_ms = 900;
    const auto run = test::run_link(options, 60, {}, false, false);
    for (const LinkEvent& block : run.blocks) ASSERT_LE(block.delay_ms, 131.0);
    EXPECT_GT(run.result.buffer.packets_overflow + run.result.buffer.packets_late, 0u);
  }
}

TEST(JitterBuffer, LowLatencyWaitsLessThanAdaptive) {
  double delays[2] = {};
  for (int i = 0; i < 2; ++i) {
    LinkOptions options;
    options.buffer.strategy = i == 0 ? DelayStrategy::kLowLatency : DelayStrategy::kAdaptive;
    options.network.delay.jitter = JitterKind::kNormal;
    options.network.delay.jitter_ms = 30;
    delays[i] = test::run_link(options, 60).result.buffer.mean_delay_ms;
  }
  EXPECT_LT(delays[0] + 15.0, delays[1]);
}

TEST(JitterBuffer, AFixedDelayStaysWhereItWasSet) {
  LinkOptions options;
  options.buffer.strategy = DelayStrategy::kFixed;
  options.buffer.start_delay_ms = 100;
  options.network.delay.jitter = JitterKind::kUniform;
  options.network.delay.jitter_ms = 70;
  options.sender_ppm = -200;
  const auto run = test::run_link(options, 60);
  EXPECT_EQ(run.result.buffer.packets_late, 0u);
  EXPECT_NEAR(run.result.buffer.mean_delay_ms, 105.0, 12.0);
}

TEST(JitterBuffer, TimestampsThatJumpByMinutesAreOneReset) {
  LinkOptions options;
  const auto run = test::run_link(options, 10, [](std::int64_t number, Packet& packet) {
    if (number >= 250) packet.timestamp += 16'000u * 300u;
  });
  EXPECT_EQ(run.result.buffer.resets, 1u);
  EXPECT_LE(run.result.buffer.frames_background, 16'000u / 16);
}

// A packet of an old number that says it is hours ahead, or long ago.
TEST(JitterBuffer, AnOldPacketAtAnImpossibleTimeIsRefusedAndHoldsNothingUp) {
  for (const std::uint32_t off : {0x7FFFFFF0u, 0x80000010u, 16'000u * 60}) {
    HandFed fed;
    for (int i = 0; i < 100; ++i) {
      fed.get_until(i);
      if (i != 40) fed.put(i);  // That one is lost, so that another may claim its place.
      if (i != 50) continue;
      Packet wrong = HandFed::make(49);
      wrong.sequence = 40;
      wrong.timestamp += off;
      wrong.arrival = i * 20ms;
      fed.buffer.put(wrong);
    }
    const auto& s = fed.buffer.statistics();
    EXPECT_EQ(s.packets_refused, 1u);
    EXPECT_EQ(s.frames_concealed, 320u);
    EXPECT_EQ(s.frames_background, 0u);
    EXPECT_EQ(s.resets, 0u);
    EXPECT_LT(s.max_delay_ms, 80.0);
  }
}

TEST(JitterBuffer, TheSameSeedGivesTheSameBits) {
  LinkOptions options;
  options.network.loss = bursty_loss(5, 2).value();
  options.network.delay.jitter = JitterKind::kNormal;
  options.network.delay.jitter_ms = 20;
  options.network.duplicate_percent = 1;
  options.network.reorder_percent = 2;
  const auto first = test::run_link(options, 10).result.heard;
  const auto again = test::run_link(options, 10).result.heard;
  options.seed = 2;
  const auto other = test::run_link(options, 10).result.heard;
  ASSERT_EQ(first.frames(), again.frames());
  EXPECT_TRUE(
      std::equal(first.channel(0).begin(), first.channel(0).end(), again.channel(0).begin()));
  EXPECT_FALSE(
      std::equal(first.channel(0).begin(), first.channel(0).end(), other.channel(0).begin()));
}

TEST(JitterBuffer, NeitherPuttingNorGettingAllocates) {
  HandFed fed;
  Random random(5);
  std::vector<Packet> packets;
  for (int i = 0; i < 1'000; ++i) {
    Packet packet = HandFed::make(i, i % 200 == 150 ? 13 : 96);
    packet.arrival = i * 20ms + std::chrono::microseconds(random.next() % 90'000);
    if (i > 500) packet.ssrc = 2;
    if (!random.chance(0.05)) packets.push_back(packet);
  }
  std::sort(packets.begin(), packets.end(),
            [](const Packet& a, const Packet& b) { return a.arrival < b.arrival; });
  EXPECT_REALTIME_SAFE({
    std::size_t next = 0;
    for (int block = 0; block < 2'000; ++block) {
      while (next < packets.size() && packets[next].arrival <= block * 10ms)
        fed.buffer.put(packets[next++]);
      fed.get();
    }
  });
  EXPECT_GT(fed.buffer.statistics().frames_removed + fed.buffer.statistics().frames_inserted, 0u);
}

TEST(JitterBuffer, ChangesOfLengthKeepTheSpeechWhole) {
  // Nothing jumps where a period went or came: no step is larger than the speech's own.
  const auto sound = test::speech(20);
  float own = 0.0f;
  for (std::size_t i = 1; i < sound.size(); ++i)
    own = std::max(own, std::abs(sound[i] - sound[i - 1]));
  LinkOptions options;
  options.sender_ppm = 10'000;
  options.tail_s = 0.0;
  const auto run = test::run_link(options, 19);
  ASSERT_GT(run.result.buffer.frames_removed, 1'600u);
  const auto heard = run.result.heard.channel(0);
  float most = 0.0f;
  const std::size_t end = heard.size() - 16'000;
  for (std::size_t i = 16'000; i < end; ++i)
    most = std::max(most, std::abs(heard[i] - heard[i - 1]));
  EXPECT_LT(most, 1.3f * own);
}

TEST(JitterBuffer, OptionsThatCannotBeMeantAreRefusedByName) {
  JitterBufferOptions options;
  options.sample_rate_hz = 11'025;
  EXPECT_FALSE(JitterBuffer::create(options));
  options = {};
  options.min_delay_ms = 900;
  const auto buffer = JitterBuffer::create(options);
  ASSERT_FALSE(buffer);
  EXPECT_NE(buffer.error().message.find("min_delay_ms"), std::string::npos);
  HandFed fed;
  test::PlainDecoder other(8'000);
  EXPECT_FALSE(fed.buffer.add_decoder(0, other));
  EXPECT_EQ(delay_strategy_named("adaptive").value(), DelayStrategy::kAdaptive);
  EXPECT_FALSE(delay_strategy_named("magic"));
}

TEST(JitterBuffer, WhatCannotBeUsedIsCounted) {
  HandFed fed;
  fed.put(0);
  fed.put(1, 0ns, 55);
  Packet odd = HandFed::make(2);
  odd.payload.assign(5'000, 0);
  fed.buffer.put(odd);
  odd.payload.clear();
  fed.buffer.put(odd);
  EXPECT_EQ(fed.buffer.statistics().packets_refused, 3u);
}

}  // namespace
}  // namespace syrinx::packet
