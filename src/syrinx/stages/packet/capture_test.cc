// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/packet/capture.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "support/test_data.h"
#include "syrinx/stages/packet/byte_order.h"

namespace syrinx::packet {
namespace {

using namespace std::chrono_literals;
using ByteList = std::vector<std::uint8_t>;

TEST(Capture, TheDatagramsOfARealPcapAreAllThere) {
  SYRINX_NEED_DATA("media/pcap/wireshark.pcap");
  const auto capture = read_capture(support::data_path("media/pcap/wireshark.pcap"));
  ASSERT_TRUE(capture) << capture.error().message;
  EXPECT_EQ(capture->format, "pcap");
  EXPECT_EQ(capture->frames, capture->datagrams.size() + capture->skipped_frames);
  ASSERT_GT(capture->datagrams.size(), 50u);
  const std::string first(capture->datagrams[0].bytes.begin(), capture->datagrams[0].bytes.end());
  EXPECT_NE(first.find("SIP/2.0"), std::string::npos);
  EXPECT_NE(capture->datagrams[0].source.find(":5060"), std::string::npos);
  for (const auto& datagram : capture->datagrams) EXPECT_FALSE(datagram.cut);
}

TEST(Capture, EveryCaptureOfTheCollectionIsReadOrRefusedWithASentence) {
  SYRINX_NEED_DATA("media/pcap");
  int read = 0;
  for (const auto& entry : std::filesystem::directory_iterator(support::data_path("media/pcap"))) {
    const auto capture = read_capture(entry.path());
    if (!capture) {
      EXPECT_GT(capture.error().message.size(), 20u) << entry.path();
    }
    read += capture ? 1 : 0;
  }
  EXPECT_GE(read, 8);
}

std::vector<CapturedDatagram> some_datagrams() {
  std::vector<CapturedDatagram> datagrams(3);
  for (std::size_t i = 0; i < 3; ++i) {
    datagrams[i].time = 20ms * static_cast<int>(i);
    datagrams[i].rtcp = i == 2;
    datagrams[i].bytes =
        i == 2 ? ByteList{0x80, 201, 0, 1, 0, 0, 0, 1}
               : ByteList{0x80, 0, 0, static_cast<std::uint8_t>(i), 0, 0, 0, 0, 0, 0, 0, 1};
  }
  return datagrams;
}

TEST(Capture, AnRtpdumpIsReadBackAsItWasWritten) {
  const auto bytes = rtpdump_bytes(some_datagrams());
  ASSERT_TRUE(bytes);
  const auto capture = parse_capture(*bytes);
  ASSERT_TRUE(capture) << capture.error().message;
  EXPECT_EQ(capture->format, "rtpdump");
  ASSERT_EQ(capture->datagrams.size(), 3u);
  EXPECT_EQ(capture->datagrams[1].time, 20ms);
  EXPECT_TRUE(capture->datagrams[2].rtcp);
  EXPECT_EQ(capture->datagrams[1].bytes, some_datagrams()[1].bytes);
  const auto cut = parse_capture(Bytes(*bytes).first(bytes->size() - 3));
  ASSERT_TRUE(cut);
  EXPECT_TRUE(cut->ends_early);
  EXPECT_EQ(cut->datagrams.size(), 2u);
}

void little_u32(ByteList& out, std::uint32_t value) {
  for (int i = 0; i < 4; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

// IPv6 over a VLAN, with UDP.
ByteList frame_of(const ByteList& payload) {
  ByteList frame(12, 0);
  append_u16(frame, 0x8100);
  append_u16(frame, 5);
  append_u16(frame, 0x86DD);
  append_u32(frame, 0x60000000);
  append_u16(frame, static_cast<std::uint32_t>(8 + payload.size()));
  append_u16(frame, (17 << 8) | 64);
  for (int end = 0; end < 2; ++end) {
    for (int i = 0; i < 7; ++i) append_u16(frame, 0);
    append_u16(frame, end == 0 ? 0x1F : 1);
  }
  append_u16(frame, 4000);
  append_u16(frame, 5000);
  append_u16(frame, static_cast<std::uint32_t>(8 + payload.size()));
  append_u16(frame, 0);
  frame.insert(frame.end(), payload.begin(), payload.end());
  return frame;
}

TEST(Capture, PcapngIsReadWithItsTimesAndIpv6InAVlan) {
  ByteList file;
  for (const std::uint32_t word :
       {0x0A0D0D0Au, 28u, 0x1A2B3C4Du, 1u, 0xFFFFFFFFu, 0xFFFFFFFFu, 28u})
    little_u32(file, word);
  // An interface of Ethernet, times in nanoseconds.
  for (const std::uint32_t word : {1u, 32u, 1u, 0u, 0x00010009u, 9u, 0u, 32u})
    little_u32(file, word);
  for (std::uint32_t i = 0; i < 2; ++i) {
    ByteList frame = frame_of(some_datagrams()[i].bytes);
    const auto size = static_cast<std::uint32_t>(frame.size());
    frame.resize((frame.size() + 3) / 4 * 4);
    const auto length = static_cast<std::uint32_t>(32 + frame.size());
    for (const std::uint32_t word : {6u, length, 0u, 0u, 1'000u + i * 20'000'000u, size, size})
      little_u32(file, word);
    file.insert(file.end(), frame.begin(), frame.end());
    little_u32(file, length);
  }
  const auto capture = parse_capture(file);
  ASSERT_TRUE(capture) << capture.error().message;
  EXPECT_EQ(capture->format, "pcapng");
  EXPECT_FALSE(capture->ends_early);
  ASSERT_EQ(capture->datagrams.size(), 2u);
  EXPECT_EQ(capture->datagrams[1].time, 20ms);
  EXPECT_EQ(capture->datagrams[1].source, "[0:0:0:0:0:0:0:1f]:4000");
  EXPECT_EQ(capture->datagrams[1].bytes, some_datagrams()[1].bytes);
}

TEST(Capture, WhatIsNoCaptureIsRefused) {
  EXPECT_EQ(parse_capture({}).error().code, ErrorCode::kCorruptData);
  const ByteList text(100, 'x');
  EXPECT_EQ(parse_capture(text).error().code, ErrorCode::kCorruptData);
  EXPECT_EQ(read_capture("/nowhere/x.pcap").error().code, ErrorCode::kNotFound);
  ByteList wireless;
  for (const std::uint32_t word : {0xA1B2C3D4u, 0x00040002u, 0u, 0u, 65'535u, 105u})
    little_u32(wireless, word);
  EXPECT_EQ(parse_capture(wireless).error().code, ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace syrinx::packet
