// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/emodel/codec_impairments.h"

#include <gtest/gtest.h>

namespace syrinx::measure {
namespace {

double mos_over(std::string_view codec, double delay_ms, double loss_percent) {
  return rate(call_over(codec, delay_ms, loss_percent).value()).value().mos;
}

// Known scores at 100 ms, printed with two digits: 0.01 and what they round off.
TEST(CallOver, ScoresKnownCallsByCodecAndLoss) {
  EXPECT_NEAR(mos_over("g711-plc", 100, 2), 4.16, 0.0105);
  EXPECT_NEAR(mos_over("g711", 100, 5), 2.05, 0.0105);
  EXPECT_NEAR(mos_over("g729a", 100, 0), 4.02, 0.0105);
  EXPECT_NEAR(mos_over("g711", 300, 0), 3.71, 0.0105);
}

TEST(CallOver, EachCodecIsBestWithoutDelayLossAndBursts) {
  for (const CodecImpairment& codec : narrow_band_codecs()) {
    const double best = mos_over(codec.name, 0, 0);
    EXPECT_GT(best, mos_over(codec.name, 0, 3)) << codec.name;
    EXPECT_GT(best, mos_over(codec.name, 250, 0)) << codec.name;
    const auto bursts = rate(call_over(codec.name, 0, 3, 2).value()).value().mos;
    EXPECT_LT(bursts, mos_over(codec.name, 0, 3)) << codec.name;
  }
}

TEST(CallOver, AnUnknownCodecIsRefusedWithThoseThatThereAre) {
  const auto error = call_over("opus", 100).error();
  EXPECT_EQ(error.code, ErrorCode::kInvalidArgument);
  EXPECT_NE(error.message.find("g711-plc"), std::string::npos);
  EXPECT_EQ(rate(call_over("g711", -5).value()).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace syrinx::measure
