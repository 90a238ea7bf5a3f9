// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/packet/stream_analysis.h"

#include <gtest/gtest.h>

namespace syrinx::packet {
namespace {

using namespace std::chrono_literals;

CapturedDatagram datagram(std::uint16_t sequence, std::uint32_t timestamp,
                          std::chrono::nanoseconds time, std::uint8_t type = 0,
                          std::uint32_t ssrc = 9) {
  Packet packet;
  packet.payload_type = type;
  packet.sequence = sequence;
  packet.timestamp = timestamp;
  packet.ssrc = ssrc;
  packet.payload.assign(160, 0xFF);
  CapturedDatagram out;
  out.time = time;
  out.bytes = rtp_bytes(packet).value();
  return out;
}

TEST(StreamAnalysis, LossDuplicatesAndOrderAreExactThroughAWrap) {
  Capture capture;
  for (std::uint32_t i = 0; i < 1'000; ++i) {
    const auto sequence = static_cast<std::uint16_t>(65'000 + i);
    if (i == 100 || i == 101 || i == 700) continue;
    if (i == 300) continue;  // Comes after the next.
    capture.datagrams.push_back(datagram(sequence, i * 160, i * 20ms));
    if (i == 301)
      capture.datagrams.push_back(
          datagram(static_cast<std::uint16_t>(65'300), 300 * 160, i * 20ms + 1ms));
    if (i == 500) capture.datagrams.push_back(datagram(sequence, i * 160, i * 20ms + 2ms));
  }
  const auto report = analyse_streams(capture);
  ASSERT_TRUE(report);
  ASSERT_EQ(report->streams.size(), 1u);
  const StreamReport& stream = report->streams[0];
  EXPECT_EQ(stream.packets, 998u);
  EXPECT_EQ(stream.expected, 1'000u);
  EXPECT_EQ(stream.lost, 3u);
  EXPECT_EQ(stream.duplicates, 1u);
  EXPECT_EQ(stream.out_of_order, 1u);
  EXPECT_EQ(stream.bursts.bursts, 1u);
  EXPECT_EQ(stream.bursts.longest_run, 2u);
  EXPECT_EQ(stream.clock_rate_hz, 8'000);
  EXPECT_FALSE(stream.clock_was_measured);
  EXPECT_DOUBLE_EQ(stream.packet_ms.value(), 20.0);
  EXPECT_NEAR(stream.longest_gap_ms, 60.0, 1e-6);
  EXPECT_NEAR(stream.duration_s, 19.98, 1e-6);
}

TEST(StreamAnalysis, ASenderThatBeginsAnewIsOneRestartAndNoLoss) {
  Capture capture;
  for (std::uint32_t i = 0; i < 400; ++i) {
    const auto sequence = static_cast<std::uint16_t>(i < 200 ? i : i + 20'000);
    capture.datagrams.push_back(datagram(sequence, i * 160, i * 20ms));
  }
  const auto report = analyse_streams(capture);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->streams[0].restarts, 1u);
  EXPECT_EQ(report->streams[0].lost, 0u);
  EXPECT_EQ(report->streams[0].expected, 400u);
}

TEST(StreamAnalysis, ADynamicClockIsMeasuredOrToldOrUnknown) {
  Capture capture;
  for (std::uint32_t i = 0; i < 300; ++i)
    capture.datagrams.push_back(datagram(static_cast<std::uint16_t>(i), i * 960, i * 20ms, 111));
  auto report = analyse_streams(capture);
  EXPECT_EQ(report->streams[0].clock_rate_hz, 48'000);
  EXPECT_TRUE(report->streams[0].clock_was_measured);
  AnalysisOptions options;
  options.clock_rates_hz[111] = 16'000;
  report = analyse_streams(capture, options);
  EXPECT_EQ(report->streams[0].clock_rate_hz, 16'000);
  capture.datagrams.resize(20);
  report = analyse_streams(capture);
  EXPECT_FALSE(report->streams[0].clock_rate_hz);
  EXPECT_FALSE(report->streams[0].jitter_ms);
}

TEST(StreamAnalysis, WhatReceiversSayIsPutToItsStream) {
  Capture capture;
  for (std::uint32_t i = 0; i < 30; ++i)
    capture.datagrams.push_back(datagram(static_cast<std::uint16_t>(i), i * 160, i * 20ms));
  ReceiverReport receiver;
  receiver.blocks.resize(1);
  receiver.blocks[0].ssrc = 9;
  receiver.blocks[0].cumulative_lost = 4;
  VoipMetrics metrics;
  metrics.ssrc = 9;
  metrics.rating = 81;
  ExtendedReport extended{1, {metrics}};
  CapturedDatagram rtcp;
  rtcp.rtcp = true;
  rtcp.bytes = write_rtcp({receiver, extended}, RtcpRules::kReducedSize).value();
  capture.datagrams.push_back(rtcp);
  rtcp.bytes.resize(9);
  capture.datagrams.push_back(rtcp);
  const auto report = analyse_streams(capture);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->rtcp_datagrams, 2u);
  EXPECT_EQ(report->broken_rtcp, 1u);
  EXPECT_EQ(report->streams[0].last_report->cumulative_lost, 4);
  EXPECT_EQ(report->streams[0].voip_metrics->rating, 81);
}

TEST(StreamAnalysis, ChanceDatagramsAreNoStream) {
  Capture capture;
  for (std::uint32_t i = 0; i < 300; ++i)
    capture.datagrams.push_back(
        datagram(static_cast<std::uint16_t>(i * 7'919), i, i * 1ms, 5, 0x10000 + i / 60));
  const auto report = analyse_streams(capture);
  EXPECT_TRUE(report->streams.empty());
  EXPECT_EQ(report->other_datagrams, 300u);
}

}  // namespace
}  // namespace syrinx::packet
