// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/codec/payload_format.h"

#include <gtest/gtest.h>

namespace syrinx::codec {
namespace {

TEST(PayloadFormat, AnRtpmapIsReadAndWritten) {
  const auto opus = parse_rtpmap("a=rtpmap:111 opus/48000/2");
  ASSERT_TRUE(opus.has_value()) << opus.error().message;
  EXPECT_EQ(opus->payload_type, 111);
  EXPECT_EQ(opus->name, "opus");
  EXPECT_EQ(opus->clock_rate_hz, 48'000);
  EXPECT_EQ(opus->channels, 2U);
  EXPECT_EQ(rtpmap_of(*opus), "111 opus/48000/2");
  EXPECT_EQ(rtpmap_of(*parse_rtpmap("0 PCMU/8000")), "0 PCMU/8000");
  EXPECT_EQ(rtpmap_of(*parse_rtpmap("rtpmap:9  G722/8000/1\r\n")), "9 G722/8000");
}

TEST(PayloadFormat, AnFmtpIsReadAndWritten) {
  const auto fmtp = parse_fmtp("a=fmtp:111 minptime=10; useinbandfec=1;;cbr");
  ASSERT_TRUE(fmtp.has_value()) << fmtp.error().message;
  ASSERT_EQ(fmtp->parameters.size(), 3U);
  EXPECT_EQ(fmtp->parameters[1], (FmtpParameter{"useinbandfec", "1"}));
  EXPECT_EQ(fmtp->parameters[2], (FmtpParameter{"", "cbr"}));
  PayloadFormat format{111, "opus", 48'000, 2, fmtp->parameters};
  EXPECT_EQ(fmtp_of(format), "111 minptime=10;useinbandfec=1;cbr");
  EXPECT_EQ(format.number("USEINBANDFEC", 0), 1);
  EXPECT_EQ(format.number("absent", 7), 7);
  EXPECT_EQ(fmtp_of({0, "PCMU", 8'000, 1, {}}), "");
}

TEST(PayloadFormat, WhatIsNoAttributeIsRefusedWithWhatOneIs) {
  for (const char* broken : {"", "opus/48000", "128 opus/48000/2", "-1 opus/48000", "111 opus",
                             "111 opus/", "111 /48000", "111 opus/48000/0", "111 opus/48000/x",
                             "111 opus/99999999999999999999", "111 op us/48000", "111 opus/0"}) {
    const auto format = parse_rtpmap(broken);
    ASSERT_FALSE(format.has_value()) << broken;
    EXPECT_EQ(format.error().code, ErrorCode::kCorruptData);
  }
  EXPECT_FALSE(parse_fmtp("").has_value());
  EXPECT_FALSE(parse_fmtp("x y").has_value());
}

TEST(PayloadFormat, WhatIsTooLongIsRefused) {
  EXPECT_EQ(parse_rtpmap(std::string(2'000, 'a')).error().code, ErrorCode::kLimitExceeded);
  std::string many = "111 ";
  for (int i = 0; i < 40; ++i) many += "a=1;";
  EXPECT_EQ(parse_fmtp(many).error().code, ErrorCode::kLimitExceeded);
  std::string numbers;
  for (int i = 0; i < 100; ++i) numbers += "0 ";
  EXPECT_EQ(parse_formats(numbers, {}).error().code, ErrorCode::kLimitExceeded);
}

TEST(PayloadFormat, TheFormatsOfALineAreThoseThatHaveAName) {
  const auto formats = parse_formats(
      "111 0 8 110 97", {"a=fmtp:111 useinbandfec=1", "a=rtpmap:111 opus/48000/2",
                         "a=rtpmap:110 telephone-event/48000", "a=rtpmap:50 nobody/8000"});
  ASSERT_TRUE(formats.has_value()) << formats.error().message;
  ASSERT_EQ(formats->size(), 4U);
  EXPECT_EQ((*formats)[0].name, "opus");
  EXPECT_EQ((*formats)[0].number("useinbandfec", 0), 1);
  EXPECT_EQ((*formats)[1].name, "PCMU");
  EXPECT_EQ((*formats)[2].name, "PCMA");
  EXPECT_EQ((*formats)[3].payload_type, 110);
}

TEST(PayloadFormat, AStaticNumberMayStandForSomethingElseWhenItsRtpmapSaysSo) {
  const auto formats = parse_formats("0", {"a=rtpmap:0 L16/16000"});
  ASSERT_TRUE(formats.has_value());
  EXPECT_EQ(formats->at(0).name, "L16");
}

}  // namespace
}  // namespace syrinx::codec
