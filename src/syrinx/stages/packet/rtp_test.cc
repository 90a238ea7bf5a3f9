// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/packet/rtp.h"

#include <gtest/gtest.h>

#include "syrinx/stages/packet/unwrap.h"

namespace syrinx::packet {
namespace {

using ByteList = std::vector<std::uint8_t>;

// Written by hand from RFC 3550, 5.1: padding, an extension, two contributing sources.
const ByteList kFull = {0xB2, 0x80 | 96, 0x12, 0x34, 0x00, 0x01, 0x00, 0x02, 0xDE, 0xAD, 0xBE, 0xEF,
                        0,    0,         0,    1,    0,    0,    0,    2,    0xBE, 0xDE, 0,    1,
                        0x10, 0xB0,      0x00, 0x00, 7,    8,    9,    0,    0,    3};

TEST(Rtp, EveryFieldIsReadFromItsPlace) {
  const auto view = parse_rtp(kFull);
  ASSERT_TRUE(view) << view.error().message;
  EXPECT_TRUE(view->marker);
  EXPECT_EQ(view->payload_type, 96);
  EXPECT_EQ(view->sequence, 0x1234);
  EXPECT_EQ(view->timestamp, 0x00010002u);
  EXPECT_EQ(view->ssrc, 0xDEADBEEFu);
  ASSERT_EQ(view->csrc_count, 2u);
  EXPECT_EQ(view->csrcs[1], 2u);
  EXPECT_EQ(view->padding_bytes, 3u);
  EXPECT_EQ(ByteList(view->payload.begin(), view->payload.end()), (ByteList{7, 8, 9}));
  const auto level = find_extension(*view, 1);
  ASSERT_TRUE(level);
  const auto parsed = parse_audio_level(level->data);
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(parsed->voice);
  EXPECT_EQ(parsed->level_dbov, -48);
  EXPECT_EQ(audio_level_byte(*parsed), 0xB0);
  EXPECT_FALSE(find_extension(*view, 2));
}

TEST(Rtp, EachCutOfAPacketIsRefusedWithASentence) {
  for (std::size_t length = 0; length < 28; ++length) {
    const auto view = parse_rtp(Bytes(kFull).first(length));
    ASSERT_FALSE(view) << length;
    EXPECT_GT(view.error().message.size(), 20u);
  }
}

TEST(Rtp, AnotherVersionAndTooMuchPaddingAreRefused) {
  ByteList other = kFull;
  other[0] = 0x72;
  EXPECT_EQ(parse_rtp(other).error().code, ErrorCode::kUnsupported);
  ByteList padded = kFull;
  padded.back() = 7;
  EXPECT_EQ(parse_rtp(padded).error().code, ErrorCode::kCorruptData);
  padded.back() = 0;
  EXPECT_FALSE(parse_rtp(padded));
}

TEST(Rtp, WhatIsWrittenIsReadBack) {
  for (const std::size_t size : {std::size_t{1}, std::size_t{16}, std::size_t{17}}) {
    const ByteList data(size, 0x5A);
    const ByteList level = {audio_level_byte({true, -30})};
    const ExtensionElement elements[] = {{1, level}, {14, data}};
    const std::uint32_t csrcs[] = {5, 6};
    RtpFields fields{0, true, 65'535, 0xFFFFFFFF, 42, csrcs, elements};
    const ByteList payload = {1, 2, 3};
    ByteList out(200);
    const auto written = write_rtp(fields, payload, out);
    ASSERT_TRUE(written);
    const auto view = parse_rtp(Bytes(out).first(*written));
    ASSERT_TRUE(view);
    EXPECT_EQ(view->extension_profile, size <= 16 ? kOneByteExtensions : kTwoByteExtensions);
    EXPECT_EQ(view->sequence, 65'535);
    EXPECT_EQ(view->csrcs[0], 5u);
    EXPECT_EQ(view->payload.size(), 3u);
    const auto found = extension_elements(*view);
    ASSERT_TRUE(found);
    ASSERT_EQ(found->size(), 2u);
    EXPECT_EQ((*found)[1].data.size(), size);
    EXPECT_EQ(parse_audio_level((*found)[0].data)->level_dbov, -30);
  }
}

TEST(Rtp, WhatCannotBeWrittenIsRefused) {
  ByteList out(20);
  RtpFields wrong;
  wrong.payload_type = 128;
  EXPECT_EQ(write_rtp(wrong, {}, out).error().code, ErrorCode::kInvalidArgument);
  const ByteList payload(9);
  EXPECT_EQ(write_rtp({}, payload, out).error().code, ErrorCode::kLimitExceeded);
  const ExtensionElement nameless[] = {{0, payload}};
  RtpFields extended;
  extended.extensions = nameless;
  EXPECT_FALSE(write_rtp(extended, {}, out));
}

TEST(Rtp, ABrokenExtensionElementIsAnErrorOfTheListAndEndsTheSearch) {
  ByteList bytes = kFull;
  bytes[24] = 0x1F;  // 16 bytes, of which 3 are there.
  const auto view = parse_rtp(bytes);
  ASSERT_TRUE(view);
  EXPECT_EQ(extension_elements(*view).error().code, ErrorCode::kCorruptData);
  EXPECT_FALSE(find_extension(*view, 1));
}

TEST(Rtp, RtcpOnTheSamePortIsToldApart) {
  EXPECT_FALSE(looks_like_rtcp(kFull));
  EXPECT_TRUE(looks_like_rtcp(ByteList{0x81, 200, 0, 1, 0, 0, 0, 1}));
}

TEST(Rtp, LevelsOfAMixersSourcesAreOneByteEach) {
  const auto levels = mixer_audio_levels(ByteList{10, 0x80 | 20});
  EXPECT_EQ(levels[0].level_dbov, -10);
  EXPECT_EQ(levels[1].level_dbov, -20);
  EXPECT_EQ(levels[2].level_dbov, -127);
}

TEST(Unwrap, CountersGoOnThroughTheirWrapBothWays) {
  SequenceUnwrapper unwrap;
  EXPECT_EQ(unwrap.unwrap(65'534), 65'534);
  EXPECT_EQ(unwrap.unwrap(1), 65'537);
  EXPECT_EQ(unwrap.peek(65'535), 65'535);
  EXPECT_EQ(unwrap.unwrap(65'535), 65'535);
  TimestampUnwrapper times;
  times.unwrap(0xFFFFFF00);
  EXPECT_EQ(times.unwrap(0x100), 0x1'0000'0100);
  EXPECT_EQ(times.unwrap(0xFFFFFF00), 0xFFFFFF00);
}

}  // namespace
}  // namespace syrinx::packet
