// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/session/call_quality.h"

#include <gtest/gtest.h>

namespace syrinx::call {
namespace {

// Of G.107 and G.113 at 100 ms and random loss.
TEST(CallQuality, G711HasTheScoresOfTheEModel) {
  EXPECT_NEAR(*estimate_quality("PCMU", 0.0, 1.0, 100.0).conversational_mos, 4.36, 0.02);
  EXPECT_NEAR(*estimate_quality("PCMA", 5.0, 1.0, 100.0).conversational_mos, 3.82, 0.02);
}

TEST(CallQuality, WhatIsUnknownIsNothing) {
  EXPECT_FALSE(estimate_quality("opus", 1.0, 1.0, 100.0).listening_mos);
  EXPECT_FALSE(estimate_quality("G722", 1.0, 1.0, 100.0).conversational_mos);
  const auto without_delay = estimate_quality("PCMU", 1.0, 1.0, std::nullopt);
  EXPECT_TRUE(without_delay.listening_mos);
  EXPECT_FALSE(without_delay.conversational_mos);
}

TEST(CallQuality, BurstsAreWorseThanTheSameLossAtRandom) {
  EXPECT_LT(*estimate_quality("PCMU", 5.0, 3.0, {}).listening_mos,
            *estimate_quality("PCMU", 5.0, 1.0, {}).listening_mos);
}

}  // namespace
}  // namespace syrinx::call
