// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/like/like_aim.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/realtime_guard.h"
#include "syrinx/stages/voice/profile/profile_test_support.h"

namespace syrinx::conversion {
namespace {

std::unique_ptr<LikeAim> aim(double source_hz, double target_hz, double amount = 1.0) {
  const auto learn = [](double hz) {
    return voice::learn_profile(voice::talker(hz, 16'000)).value();
  };
  voice::LikeOptions options;
  options.amount = amount;
  return make_like_aim(voice::frame_shape(16'000).value(), learn(source_hz), learn(target_hz),
                       options);
}

TEST(LikeAim, MovesTheMeanPitchByTheRatioOfTheTwoOrPartOfIt) {
  const double whole = aim(120.0, 180.0)->mean_ratio;
  EXPECT_NEAR(whole, 1.5, 0.03);
  EXPECT_NEAR(aim(120.0, 180.0, 0.5)->mean_ratio, std::sqrt(whole), 1e-9);
  EXPECT_EQ(aim(120.0, 180.0, 0.0)->mean_ratio, 1.0);
}

TEST(LikeMailbox, HandsOverTheNewestOnceAndFreesNothingInRealTime) {
  LikeMailbox mailbox;
  EXPECT_EQ(mailbox.take(), nullptr);
  mailbox.post(aim(120.0, 180.0));
  auto second = aim(120.0, 240.0);
  LikeAim* const expected = second.get();
  mailbox.post(std::move(second));
  EXPECT_REALTIME_SAFE({
    LikeAim* const taken = mailbox.take();
    EXPECT_EQ(taken, expected);
    EXPECT_EQ(mailbox.take(), nullptr);
    EXPECT_TRUE(mailbox.has_room());
    mailbox.give_back(taken);
    EXPECT_FALSE(mailbox.has_room());
  });
  mailbox.collect();
  EXPECT_TRUE(mailbox.has_room());
}

}  // namespace
}  // namespace syrinx::conversion
