// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "fuzz/mutator.h"
#include "fuzz/packet_target.h"
#include "syrinx/stages/packet/capture.h"
#include "syrinx/stages/packet/rtcp.h"

namespace syrinx::fuzz {
namespace {

using ByteList = std::vector<std::uint8_t>;

std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

ByteList an_rtp_packet(std::uint16_t sequence) {
  const ByteList level = {0x9E};
  const ByteList long_one(20, 1);
  const packet::ExtensionElement elements[] = {{1, level}, {5, long_one}};
  const std::uint32_t csrcs[] = {1, 2};
  packet::RtpFields fields;
  fields.sequence = sequence;
  fields.timestamp = sequence * 160u;
  fields.ssrc = 9;
  fields.csrcs = csrcs;
  fields.extensions = elements;
  ByteList out(400);
  out.resize(packet::write_rtp(fields, ByteList(160, 0x55), out).value());
  return out;
}

ByteList a_compound() {
  packet::SenderReport sender;
  sender.ssrc = 9;
  sender.blocks.resize(2);
  packet::ExtendedReport extended;
  extended.ssrc = 9;
  extended.blocks = {packet::ReceiverReferenceTime{5}, packet::DelaySinceLastReport{{{1, 2, 3}}},
                     packet::StatisticsSummary{}, packet::VoipMetrics{}};
  const packet::SourceDescription description{
      {{9, {{packet::SourceItemKind::kCname, "a@b"}, {packet::SourceItemKind::kTool, "x"}}}}};
  return packet::write_rtcp({sender, description, extended, packet::Bye{{9}, "gone"}}).value();
}

ByteList a_capture() {
  std::vector<packet::CapturedDatagram> datagrams(12);
  for (std::size_t i = 0; i < datagrams.size(); ++i) {
    datagrams[i].time = std::chrono::milliseconds(20 * i);
    datagrams[i].bytes = i == 5 ? a_compound() : an_rtp_packet(static_cast<std::uint16_t>(i));
    datagrams[i].rtcp = i == 5;
  }
  return packet::rtpdump_bytes(datagrams).value();
}

// A pcap of one UDP datagram over Ethernet and IPv4, three times.
ByteList a_pcap() {
  ByteList out = {0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0,
                  0,    0,    0,    0,    0, 0, 1, 0, 1, 0, 0, 0};
  const ByteList rtp = an_rtp_packet(3);
  const auto size = static_cast<std::uint8_t>(42 + rtp.size());
  for (std::uint8_t i = 0; i < 3; ++i) {
    const ByteList record = {i, 0, 0, 0, 0, 0, 0, 0, size, 0, 0, 0, size, 0, 0, 0};
    out.insert(out.end(), record.begin(), record.end());
    out.insert(out.end(), 12, 0);
    const ByteList ip = {8, 0, 0x45, 0, 0, 0, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2};
    out.insert(out.end(), ip.begin(), ip.end());
    const ByteList udp = {0x10, 0, 0x10, 1, 0, static_cast<std::uint8_t>(8 + rtp.size()), 0, 0};
    out.insert(out.end(), udp.begin(), udp.end());
    out.insert(out.end(), rtp.begin(), rtp.end());
  }
  return out;
}

// Steps of ordinary packets for the jitter buffer.
ByteList a_script() {
  ByteList out;
  for (int i = 0; i < 150; ++i) out.insert(out.end(), {0, 16, 20, 1, 40, 2});
  return out;
}

std::vector<ByteString> seeds() {
  std::vector<ByteString> out;
  for (const ByteList& seed : {an_rtp_packet(1), a_compound(), a_capture(), a_pcap(), a_script()}) {
    const auto bytes = std::as_bytes(std::span(seed));
    out.emplace_back(bytes.begin(), bytes.end());
  }
  return out;
}

PacketOutcome outcome_of(const ByteString& bytes) {
  return read_as_packets({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

// SYRINX_FUZZ_RUNS=100000 for the long run; SYRINX_FUZZ_FIRST to begin elsewhere.
TEST(PacketMutation, EveryMutantIsReadOrRefusedAndKeepsEveryPromise) {
  const auto whole = seeds();
  const std::uint64_t first = number_from_environment("SYRINX_FUZZ_FIRST", 0);
  const std::uint64_t runs = number_from_environment("SYRINX_FUZZ_RUNS", 2'000);
  std::uint64_t read[3] = {};
  for (std::uint64_t run = first; run < first + runs; ++run) {
    const PacketOutcome outcome = outcome_of(mutate(whole, run));
    EXPECT_EQ(outcome.broken, "") << "again with SYRINX_FUZZ_FIRST=" << run
                                  << " SYRINX_FUZZ_RUNS=1";
    read[0] += outcome.is_rtp ? 1 : 0;
    read[1] += outcome.is_rtcp ? 1 : 0;
    read[2] += outcome.is_capture ? 1 : 0;
  }
  std::cout << runs << " mutants: " << read[0] << " read as RTP, " << read[1] << " as RTCP, "
            << read[2] << " as captures\n";
  if (runs < 2'000) return;
  for (const std::uint64_t count : read) {
    EXPECT_GT(count, runs / 100);
    EXPECT_LT(count, runs * 9 / 10);
  }
}

TEST(PacketMutation, TheSeedsAreReadAsWhatTheyAre) {
  const auto whole = seeds();
  EXPECT_TRUE(outcome_of(whole[0]).is_rtp);
  EXPECT_TRUE(outcome_of(whole[1]).is_rtcp);
  EXPECT_TRUE(outcome_of(whole[2]).is_capture);
  EXPECT_TRUE(outcome_of(whole[3]).is_capture);
  for (const ByteString& seed : whole) EXPECT_EQ(outcome_of(seed).broken, "");
}

}  // namespace
}  // namespace syrinx::fuzz
