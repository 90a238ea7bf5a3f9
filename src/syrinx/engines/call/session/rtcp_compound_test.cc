// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/session/rtcp_compound.h"

#include <gtest/gtest.h>

#include "support/realtime_guard.h"
#include "syrinx/engines/call/session/rtp_check.h"
#include "syrinx/stages/packet/random.h"

namespace syrinx::call {
namespace {

packet::ReportBlock block_about(std::uint32_t ssrc) {
  packet::ReportBlock block;
  block.ssrc = ssrc;
  block.fraction_lost = 12;
  block.cumulative_lost = -3;
  block.highest_sequence = 0x00010022;
  block.jitter_ticks = 77;
  block.last_sender_report = 0x12345678;
  block.delay_since_sender_report = 65'536;
  return block;
}

CompoundFields fields_of(bool sender, bool block, bool bye) {
  CompoundFields fields;
  fields.ssrc = 0xCAFE0001;
  fields.cname = "someone@here";
  if (sender) fields.sender = SenderInfo{0x0102030405060708, 160'000, 1'000, 160'000};
  if (block) fields.block = block_about(0xBEEF0002);
  fields.bye = bye;
  return fields;
}

std::vector<std::uint8_t> bytes_of(const CompoundFields& fields) {
  std::vector<std::uint8_t> out(kMaxCompound);
  std::size_t bytes = 0;
  EXPECT_REALTIME_SAFE(bytes = write_compound(fields, out));
  out.resize(bytes);
  return out;
}

TEST(RtcpCompound, WhatItWritesTheGeneralReaderReads) {
  for (const bool sender : {false, true}) {
    for (const bool block : {false, true}) {
      const auto bytes = bytes_of(fields_of(sender, block, true));
      const auto parsed = packet::parse_rtcp(bytes);
      ASSERT_TRUE(parsed) << parsed.error().message;
      ASSERT_EQ(parsed->size(), 3u);
      const auto* report = std::get_if<packet::SenderReport>(&(*parsed)[0]);
      ASSERT_EQ(report != nullptr, sender);
      const auto& blocks =
          sender ? report->blocks : std::get<packet::ReceiverReport>((*parsed)[0]).blocks;
      ASSERT_EQ(blocks.size(), block ? 1u : 0u);
      if (block) {
        EXPECT_EQ(blocks[0].cumulative_lost, -3);
      }
      if (sender) {
        EXPECT_EQ(report->ntp_time, 0x0102030405060708u);
      }
      const auto& described = std::get<packet::SourceDescription>((*parsed)[1]);
      EXPECT_EQ(described.chunks.at(0).items.at(0).text, "someone@here");
      EXPECT_EQ(std::get<packet::Bye>((*parsed)[2]).ssrcs.at(0), 0xCAFE0001u);
    }
  }
}

TEST(RtcpCompound, TheLongestNameFits) {
  auto fields = fields_of(true, true, true);
  const std::string name(255, 'x');
  fields.cname = name;
  EXPECT_TRUE(packet::parse_rtcp(bytes_of(fields)));
}

TEST(RtcpCompound, ReadsWhatTheGeneralWriterWrites) {
  packet::SenderReport report;
  report.ssrc = 7;
  report.ntp_time = 99;
  report.blocks = {block_about(1), block_about(2)};
  report.blocks[1].fraction_lost = 200;
  packet::SourceDescription description;
  description.chunks = {{7, {{packet::SourceItemKind::kCname, "a"}}}};
  const auto bytes = packet::write_rtcp({report, description, packet::Bye{{7}, "enough"}}).value();
  std::optional<CompoundView> view;
  EXPECT_REALTIME_SAFE(view = read_compound(bytes, 2));
  ASSERT_TRUE(view);
  EXPECT_EQ(view->ssrc, 7u);
  EXPECT_EQ(view->sender->ntp_time, 99u);
  ASSERT_TRUE(view->about);
  EXPECT_EQ(view->about->fraction_lost, 200);
  EXPECT_TRUE(view->bye);
  EXPECT_FALSE(read_compound(bytes, 3)->about);
}

// A byte or a few changed, or the end cut off, a hundred thousand times.
template <class Check>
void mutate(const std::vector<std::uint8_t>& good, const Check& check) {
  packet::Random random(11);
  for (int i = 0; i < 100'000; ++i) {
    auto bytes = good;
    const std::uint64_t changes = random.next() % 4;
    for (std::uint64_t k = 0; k < changes; ++k)
      bytes[random.next() % std::min<std::size_t>(bytes.size(), 40)] =
          static_cast<std::uint8_t>(random.next());
    if (random.chance(0.5)) bytes.resize(random.next() % (bytes.size() + 1));
    check(bytes);
  }
}

TEST(RtcpCompound, BrokenReportsAreReadNoFurtherThanTheGeneralReaderReadsThem) {
  std::uint64_t both = 0;
  mutate(bytes_of(fields_of(true, true, true)), [&](const std::vector<std::uint8_t>& bytes) {
    const auto general = packet::parse_rtcp(bytes, packet::RtcpRules::kReducedSize);
    const auto view = read_compound(bytes, 0xBEEF0002);
    // The one may pass over the inside of a description, which does not concern it.
    if (general) {
      ASSERT_TRUE(view);
      ++both;
    }
  });
  EXPECT_GT(both, 10'000u);
}

TEST(RtpCheck, SaysOfEveryPacketWhatTheParserSays) {
  packet::RtpFields fields;
  fields.ssrc = 5;
  const std::uint8_t level = 20;
  const packet::ExtensionElement element{1, packet::Bytes(&level, 1)};
  fields.extensions = std::span(&element, 1);
  std::vector<std::uint8_t> good(256);
  const std::vector<std::uint8_t> payload(160, 3);
  good.resize(packet::write_rtp(fields, payload, good).value());
  good[0] |= 0x20;
  good.back() = 4;
  std::uint64_t whole = 0;
  mutate(good, [&](const std::vector<std::uint8_t>& bytes) {
    ASSERT_EQ(rtp_is_whole(bytes), packet::parse_rtp(bytes).has_value());
    whole += rtp_is_whole(bytes) ? 1 : 0;
  });
  EXPECT_GT(whole, 10'000u);
  EXPECT_LT(whole, 90'000u);
}

}  // namespace
}  // namespace syrinx::call
