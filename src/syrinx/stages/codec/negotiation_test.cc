// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/codec/negotiation.h"

#include <gtest/gtest.h>

#include "syrinx/stages/codec/codec.h"

namespace syrinx::codec {
namespace {

MediaFormats offer_of(const std::vector<std::string>& names) {
  auto offer = make_offer(names);
  EXPECT_TRUE(offer.has_value());
  return *offer;
}

TEST(Negotiation, AnOfferHasStaticAndDynamicNumbersAndAnEventForEachClock) {
  const MediaFormats offer =
      offer_of({"opus", "G722", "PCMU", "L16/16000", "CN", "telephone-event"});
  std::vector<std::string> lines;
  for (const PayloadFormat& format : offer.formats) lines.push_back(rtpmap_of(format));
  const std::vector<std::string> expected = {"111 opus/48000/2",
                                             "9 G722/8000",
                                             "0 PCMU/8000",
                                             "96 L16/16000",
                                             "13 CN/8000",
                                             "97 telephone-event/48000",
                                             "98 telephone-event/8000",
                                             "99 telephone-event/16000"};
  EXPECT_EQ(lines, expected);
  EXPECT_EQ(fmtp_of(offer.formats[0]), "111 minptime=10;useinbandfec=1");
  EXPECT_EQ(fmtp_of(offer.formats[5]), "97 0-16");
}

TEST(Negotiation, TheAnswerKeepsTheOffersNumbersAndOurPreference) {
  MediaFormats offer;
  offer.formats = *parse_formats(
      "0 100 101 102", {"a=rtpmap:100 OPUS/48000/2", "a=fmtp:100 maxaveragebitrate=20000",
                        "a=rtpmap:101 telephone-event/8000", "a=rtpmap:102 telephone-event/48000"});
  const auto answer = make_answer(offer, offer_of({"opus", "PCMU", "telephone-event"}));
  ASSERT_TRUE(answer.has_value()) << answer.error().message;
  EXPECT_EQ(answer->agreement.send.payload_type, 100);
  EXPECT_EQ(answer->agreement.send.number("maxaveragebitrate", 0), 20'000);
  EXPECT_EQ(answer->agreement.receive.payload_type, 100);
  EXPECT_EQ(answer->agreement.receive.number("useinbandfec", 0), 1);
  ASSERT_TRUE(answer->agreement.events.has_value());
  EXPECT_EQ(answer->agreement.events->payload_type, 102) << "events keep the codec's clock";
  EXPECT_EQ(answer->formats.formats.size(), 3U);
}

TEST(Negotiation, BothSidesComeToTheSame) {
  const MediaFormats offer = offer_of({"G722", "PCMA", "CN", "telephone-event"});
  const auto answer = make_answer(offer, offer_of({"opus", "PCMA", "G722", "telephone-event"}));
  ASSERT_TRUE(answer.has_value());
  const auto agreed = accept_answer(offer, answer->formats);
  ASSERT_TRUE(agreed.has_value()) << agreed.error().message;
  EXPECT_EQ(agreed->send.name, "PCMA");
  EXPECT_EQ(answer->agreement.send.name, "PCMA");
  EXPECT_FALSE(agreed->comfort_noise.has_value()) << "the other side has none";
  ASSERT_TRUE(agreed->events.has_value());
  EXPECT_EQ(agreed->events->payload_type, answer->agreement.events->payload_type);
}

TEST(Negotiation, NothingInCommonNamesBothLists) {
  const auto answer = make_answer(offer_of({"G722"}), offer_of({"PCMU"}));
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(answer.error().message.find("G722/8000"), std::string::npos);
  EXPECT_NE(answer.error().message.find("PCMU/8000"), std::string::npos);
  EXPECT_FALSE(accept_answer(offer_of({"G722"}), offer_of({"PCMU"})).has_value());
  EXPECT_EQ(make_answer(offer_of({"telephone-event"}), offer_of({"PCMU"})).error().code,
            ErrorCode::kUnsupported);
}

TEST(Negotiation, TheBlockIsWhatTheOtherSideAsksForAsFarAsTheCodecHasIt) {
  MediaFormats offer = offer_of({"opus"});
  const auto block_us = [&] {
    return make_answer(offer, offer_of({"opus"}))->agreement.send_block_us;
  };
  EXPECT_EQ(block_us(), 20'000);
  offer.ptime_ms = 30;
  EXPECT_EQ(block_us(), 20'000) << "Opus has no blocks of 30 ms";
  offer.ptime_ms = 60;
  EXPECT_EQ(block_us(), 60'000);
  offer.maxptime_ms = 40;
  EXPECT_EQ(block_us(), 40'000);
  offer.ptime_ms = 1'000'000;
  offer.maxptime_ms = -3;
  EXPECT_EQ(block_us(), 2'500) << "nonsense is bounded";
  offer = offer_of({"PCMU"});
  offer.ptime_ms = 30;
  EXPECT_EQ(make_answer(offer, offer_of({"PCMU"}))->agreement.send_block_us, 30'000);
}

TEST(Negotiation, TheLongestBlockIsWhatTheOtherSideTakes) {
  MediaFormats offer = offer_of({"opus"});
  const auto longest_us = [&] {
    const auto answer = make_answer(offer, offer_of({"opus", "PCMU"}));
    EXPECT_EQ(answer->agreement.max_send_block_us,
              accept_answer(offer_of({"opus", "PCMU"}), offer)->max_send_block_us);
    return answer->agreement.max_send_block_us;
  };
  EXPECT_EQ(longest_us(), 60'000) << "nothing said: what the codec has";
  offer.maxptime_ms = 50;
  EXPECT_EQ(longest_us(), 40'000);
  offer.maxptime_ms = 20;
  EXPECT_EQ(longest_us(), 20'000);
  offer.maxptime_ms = -3;
  EXPECT_EQ(longest_us(), 2'500) << "nonsense is bounded";
  offer = offer_of({"PCMU"});
  offer.maxptime_ms = 30;
  EXPECT_EQ(longest_us(), 30'000);
  offer.maxptime_ms = 150;
  EXPECT_EQ(longest_us(), 60'000);
}

TEST(Negotiation, WhatElseBothHaveAndTakesLessIsTheCodecToFallBackTo) {
  const auto offer = make_offer({"PCMU", "PCMA", "opus", "telephone-event"}).value();
  const auto own = make_offer({"opus", "PCMU", "PCMA", "telephone-event"}).value();
  const auto answered = make_answer(offer, own).value();
  EXPECT_EQ(answered.agreement.send.name, "opus");
  EXPECT_FALSE(answered.agreement.send_fallback) << "G.711 takes more than Opus";
  const auto plain =
      make_answer(offer, make_offer({"PCMU", "PCMA", "opus", "telephone-event"}).value()).value();
  ASSERT_TRUE(plain.agreement.send_fallback);
  EXPECT_EQ(plain.agreement.send_fallback->name, "opus");
  EXPECT_EQ(plain.agreement.send_fallback->payload_type, 111);
  EXPECT_EQ(plain.agreement.fallback_events->clock_rate_hz, 48'000);
  const auto accepted = accept_answer(offer, plain.formats).value();
  ASSERT_TRUE(accepted.send_fallback && accepted.receive_fallback);
  EXPECT_EQ(accepted.send_fallback->name, "opus");
  EXPECT_EQ(accepted.receive_fallback->payload_type, 111);
}

TEST(Negotiation, AnUnknownNameIsRefused) {
  EXPECT_EQ(make_offer({"speex"}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(make_offer({"L16/12345"}).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace syrinx::codec
