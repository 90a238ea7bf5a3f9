// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/codec/telephone_event.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace syrinx::codec {
namespace {

// What a sender gives for digits of 100 ms with pauses of 60 ms, in blocks of 20 ms.
std::vector<EventPacket> packets_of(const std::string& digits, int clock_rate_hz,
                                    std::uint32_t timestamp = 0) {
  EventSender sender;
  const auto block = static_cast<std::uint32_t>(clock_rate_hz / 50);
  std::vector<EventPacket> packets;
  for (const char digit : digits) {
    sender.press(*event_of_digit(digit), -10, timestamp);
    for (int i = 0; i < 8; ++i) {
      timestamp += block;
      if (i == 4) sender.release(timestamp);
      if (const auto packet = sender.next(timestamp)) packets.push_back(*packet);
    }
  }
  return packets;
}

struct Heard {
  std::string started;
  std::string ended;
  std::vector<std::uint32_t> durations;
};

Heard receive(const std::vector<EventPacket>& packets, int clock_rate_hz) {
  EventReceiver receiver(clock_rate_hz);
  Heard heard;
  const auto take = [&](const EventReport& report) {
    const bool starts = report.kind == EventReport::Kind::kStarted;
    (starts ? heard.started : heard.ended) += digit_of_event(report.event);
    if (!starts) heard.durations.push_back(report.duration_ticks);
  };
  for (const EventPacket& packet : packets) {
    const auto reports = receiver.receive(*parse_telephone_event(packet.payload), packet.timestamp);
    for (std::size_t i = 0; i < reports.count; ++i) take(reports.list[i]);
  }
  const auto last = packets.empty() ? 0U : packets.back().timestamp;
  const auto late = last + static_cast<std::uint32_t>(clock_rate_hz) * 10;
  if (const auto report = receiver.expire(late)) take(*report);
  return heard;
}

TEST(TelephoneEvent, ThePayloadIsAsRfc4733DrawsIt) {
  const TelephoneEvent event{11, true, -10, 0x0320};
  const auto bytes = telephone_event_bytes(event);
  EXPECT_EQ(bytes, (std::array<std::uint8_t, 4>{11, 0x8A, 0x03, 0x20}));
  EXPECT_EQ(*parse_telephone_event(bytes), event);
  EXPECT_EQ(parse_telephone_event({}).error().code, ErrorCode::kCorruptData);
  EXPECT_FALSE(parse_telephone_event(std::array<std::uint8_t, 3>{1, 2, 3}).has_value());
}

TEST(TelephoneEvent, EveryDigitHasItsEvent) {
  const std::string digits = "0123456789*#ABCD";
  for (std::size_t i = 0; i < digits.size(); ++i) {
    EXPECT_EQ(event_of_digit(digits[i]), i);
    EXPECT_EQ(digit_of_event(static_cast<std::uint8_t>(i)), digits[i]);
  }
  EXPECT_EQ(event_of_digit('a'), 12);
  EXPECT_FALSE(event_of_digit('x').has_value());
  EXPECT_EQ(digit_of_event(16), '\0');
}

TEST(TelephoneEvent, AnEventIsUpdatedAndItsEndIsSentThreeTimes) {
  const auto packets = packets_of("5", 8'000);
  ASSERT_EQ(packets.size(), 7U);  // Four updates, three ends.
  for (std::size_t i = 0; i < packets.size(); ++i) {
    const auto event = *parse_telephone_event(packets[i].payload);
    EXPECT_EQ(packets[i].marker, i == 0);
    EXPECT_EQ(packets[i].timestamp, 0U) << "all of one event carry its beginning";
    EXPECT_EQ(event.end, i >= 4);
    EXPECT_EQ(event.duration_ticks, std::min<std::size_t>(i + 1, 5) * 160);
  }
}

TEST(TelephoneEvent, DigitsComeThroughOnceAtBothClocks) {
  for (const int clock : {8'000, 48'000}) {
    const Heard heard = receive(packets_of("1155*#D0", clock), clock);
    EXPECT_EQ(heard.started, "1155*#D0");
    EXPECT_EQ(heard.ended, "1155*#D0");
    for (const auto duration : heard.durations)
      EXPECT_EQ(duration, static_cast<std::uint32_t>(clock / 10));
  }
}

TEST(TelephoneEvent, TheClockMayWrapWithinADigit) {
  EXPECT_EQ(receive(packets_of("4711", 8'000, 0xFFFF'FE00U), 8'000).ended, "4711");
}

TEST(TelephoneEvent, NothingIsDoubledOrMissedWhatEverIsLostButAllOfADigit) {
  const std::string digits = "7712007";
  const auto packets = packets_of(digits, 8'000);
  const std::size_t each = packets.size() / digits.size();
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    std::vector<EventPacket> arrived;
    for (std::size_t digit = 0; digit < digits.size(); ++digit) {
      const std::size_t kept = random() % each;  // At least this one arrives.
      for (std::size_t i = 0; i < each; ++i) {
        if (i != kept && random() % 2 == 0) continue;
        arrived.push_back(packets[digit * each + i]);
        if (random() % 4 == 0) arrived.push_back(arrived.back());  // Doubled by the network.
      }
    }
    const Heard heard = receive(arrived, 8'000);
    ASSERT_EQ(heard.started, digits) << seed;
    ASSERT_EQ(heard.ended, digits) << seed;
  }
}

TEST(TelephoneEvent, PacketsOutOfOrderChangeNothing) {
  auto packets = packets_of("3", 8'000);
  std::swap(packets[1], packets[4]);  // An end before an update.
  std::swap(packets[0], packets[2]);
  const Heard heard = receive(packets, 8'000);
  EXPECT_EQ(heard.started, "3");
  EXPECT_EQ(heard.ended, "3");
}

TEST(TelephoneEvent, ALongPressIsOneDigitInSegments) {
  EventSender sender;
  sender.press(5, -10, 1'000);
  std::vector<EventPacket> packets;
  std::uint32_t timestamp = 1'000;
  for (int i = 0; i < 260; ++i) {  // 5.2 s: 249,600 ticks, four segments.
    timestamp += 960;
    if (i == 249) sender.release(timestamp);
    if (const auto packet = sender.next(timestamp)) packets.push_back(*packet);
  }
  const Heard heard = receive(packets, 48'000);
  EXPECT_EQ(heard.started, "5");
  EXPECT_EQ(heard.ended, "5");
  ASSERT_EQ(heard.durations.size(), 1U);
  EXPECT_EQ(heard.durations[0], 240'000U);
}

TEST(TelephoneEvent, ALostEndIsMadeUpAfterATenthOfASecond) {
  auto packets = packets_of("9", 8'000);
  packets.resize(3);
  EventReceiver receiver(8'000);
  for (const EventPacket& packet : packets)
    receiver.receive(*parse_telephone_event(packet.payload), packet.timestamp);
  EXPECT_TRUE(receiver.active());
  EXPECT_FALSE(receiver.expire(480 + 799).has_value());
  const auto ended = receiver.expire(480 + 800);
  ASSERT_TRUE(ended.has_value());
  EXPECT_EQ(ended->kind, EventReport::Kind::kEnded);
  EXPECT_EQ(ended->duration_ticks, 480U);
  EXPECT_FALSE(receiver.expire(10'000).has_value());
}

}  // namespace
}  // namespace syrinx::codec
