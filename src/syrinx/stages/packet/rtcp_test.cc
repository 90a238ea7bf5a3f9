// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/packet/rtcp.h"

#include <gtest/gtest.h>

namespace syrinx::packet {
namespace {

using ByteList = std::vector<std::uint8_t>;

SourceDescription named() { return {{{7, {{SourceItemKind::kCname, "me@here"}}}}}; }

TEST(Rtcp, AReceiverReportIsReadFromBytesWrittenByHand) {
  // RFC 3550, 6.4.2: one block; 3 lost of the last 256ths, -2 in all.
  const ByteList bytes = {0x81, 201, 0, 7, 0, 0, 0, 1,  0,    0,    0,    9,    3, 0xFF, 0xFF, 0xFE,
                          0,    2,   0, 5, 0, 0, 0, 80, 0x12, 0x34, 0x56, 0x78, 0, 1,    0,    0};
  const auto packets = parse_rtcp(bytes);
  ASSERT_TRUE(packets) << packets.error().message;
  const auto& report = std::get<ReceiverReport>(packets->front());
  EXPECT_EQ(report.ssrc, 1u);
  ASSERT_EQ(report.blocks.size(), 1u);
  EXPECT_EQ(report.blocks[0].ssrc, 9u);
  EXPECT_EQ(report.blocks[0].fraction_lost, 3);
  EXPECT_EQ(report.blocks[0].cumulative_lost, -2);
  EXPECT_EQ(report.blocks[0].highest_sequence, 0x20005u);
  EXPECT_EQ(report.blocks[0].jitter_ticks, 80u);
  EXPECT_EQ(report.blocks[0].delay_since_sender_report, 65'536u);
}

TEST(Rtcp, EveryKindIsReadBackAsItWasWritten) {
  SenderReport sender;
  sender.ssrc = 7;
  sender.ntp_time = 0x0123456789ABCDEF;
  sender.rtp_timestamp = 5;
  sender.packets = 6;
  sender.payload_bytes = 960;
  sender.blocks.resize(2);
  sender.blocks[1].cumulative_lost = -8'388'608;
  ExtendedReport extended;
  extended.ssrc = 7;
  VoipMetrics metrics;
  metrics.ssrc = 9;
  metrics.loss_rate = 12;
  metrics.signal_level_dbm = -20;
  metrics.rating = 80;
  metrics.absolute_maximum_delay_ms = 500;
  StatisticsSummary summary;
  summary.has_loss = true;
  summary.lost_packets = 3;
  summary.hop_limit_kind = 1;
  summary.max_hop_limit = 64;
  extended.blocks = {ReceiverReferenceTime{77}, DelaySinceLastReport{{{1, 2, 3}}}, summary, metrics,
                     OtherBlock{99, 5, {1, 2, 3, 4}}};
  const Bye bye{{7, 8}, "done"};
  const OtherReport other{204, 1, {0, 0, 0, 7, 'n', 'a', 'm', 'e'}};
  const auto bytes = write_rtcp({sender, named(), extended, other, bye});
  ASSERT_TRUE(bytes) << bytes.error().message;
  EXPECT_EQ(bytes->size() % 4, 0u);
  const auto packets = parse_rtcp(*bytes);
  ASSERT_TRUE(packets) << packets.error().message;
  ASSERT_EQ(packets->size(), 5u);
  const auto& read = std::get<SenderReport>((*packets)[0]);
  EXPECT_EQ(read.ntp_time, sender.ntp_time);
  EXPECT_EQ(read.blocks[1].cumulative_lost, -8'388'608);
  const auto& described = std::get<SourceDescription>((*packets)[1]);
  EXPECT_EQ(described.chunks[0].items[0].text, "me@here");
  const auto& blocks = std::get<ExtendedReport>((*packets)[2]).blocks;
  EXPECT_EQ(std::get<ReceiverReferenceTime>(blocks[0]).ntp_time, 77u);
  EXPECT_EQ(std::get<DelaySinceLastReport>(blocks[1]).entries[0].delay, 3u);
  EXPECT_EQ(std::get<StatisticsSummary>(blocks[2]).lost_packets, 3u);
  EXPECT_EQ(std::get<StatisticsSummary>(blocks[2]).max_hop_limit, 64);
  EXPECT_EQ(std::get<VoipMetrics>(blocks[3]).signal_level_dbm, -20);
  EXPECT_EQ(std::get<VoipMetrics>(blocks[3]).absolute_maximum_delay_ms, 500);
  EXPECT_EQ(std::get<OtherBlock>(blocks[4]).data.size(), 4u);
  EXPECT_EQ(std::get<OtherReport>((*packets)[3]).body, other.body);
  EXPECT_EQ(std::get<Bye>((*packets)[4]).reason, "done");
  for (std::size_t cut = 1; cut < bytes->size(); ++cut) {
    const auto part = parse_rtcp(Bytes(*bytes).first(bytes->size() - cut));
    EXPECT_TRUE(part || part.error().message.size() > 20u) << cut;
  }
}

TEST(Rtcp, ACompoundBeginsWithAReportAndNamesItself) {
  EXPECT_EQ(write_rtcp({named()}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_FALSE(write_rtcp({ReceiverReport{}}));
  const auto small = write_rtcp({Bye{{1}, ""}}, RtcpRules::kReducedSize);
  ASSERT_TRUE(small);
  EXPECT_EQ(parse_rtcp(*small).error().code, ErrorCode::kCorruptData);
  EXPECT_TRUE(parse_rtcp(*small, RtcpRules::kReducedSize));
}

TEST(Rtcp, PaddingStandsAtTheEndOnly) {
  auto bytes = write_rtcp({ReceiverReport{1, {}}, named()}).value();
  bytes[0] |= 0x20;
  EXPECT_FALSE(parse_rtcp(bytes));
  auto padded = write_rtcp({ReceiverReport{1, {}}}, RtcpRules::kReducedSize).value();
  padded[0] |= 0x20;
  padded[3] = 2;
  padded.insert(padded.end(), {0, 0, 0, 4});
  EXPECT_TRUE(parse_rtcp(padded));
  padded.back() = 12;
  EXPECT_FALSE(parse_rtcp(padded));
}

TEST(Rtcp, MoreThanTheFormatCountsIsRefused) {
  ReceiverReport report;
  report.blocks.resize(32);
  EXPECT_FALSE(write_rtcp({report, named()}));
  EXPECT_FALSE(
      write_rtcp({ReceiverReport{},
                  SourceDescription{{{1, {{SourceItemKind::kCname, std::string(256, 'x')}}}}}}));
}

TEST(Rtcp, TheRoundTripIsThatOfTheRfcsExample) {
  // RFC 3550, figure 2: 6.125 s.
  ReportBlock block;
  block.last_sender_report = 0xB705'2000;
  block.delay_since_sender_report = 0x0005'4000;
  const auto trip = round_trip_s(block, std::uint64_t{0xB710'8000} << 16);
  ASSERT_TRUE(trip);
  EXPECT_DOUBLE_EQ(*trip, 6.125);
  EXPECT_FALSE(round_trip_s(ReportBlock{}, 1));
}

}  // namespace
}  // namespace syrinx::packet
