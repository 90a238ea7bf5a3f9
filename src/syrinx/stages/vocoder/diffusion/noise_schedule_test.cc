// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/diffusion/noise_schedule.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <set>

namespace syrinx::vocoder {
namespace {

std::vector<NoiseSchedule> all_schedules(std::size_t steps) {
  std::vector<NoiseSchedule> made;
  made.push_back(linear_schedule(steps, 1e-4, 0.05).value());
  made.push_back(quadratic_schedule(steps, 1e-4, 0.05).value());
  made.push_back(sigmoid_schedule(steps, 1e-4, 0.05).value());
  made.push_back(cosine_schedule(steps).value());
  return made;
}

TEST(NoiseSchedule, LeavesTheProductOfWhatEachStepLeaves) {
  for (const std::size_t steps : {1UL, 2UL, 50UL, 1000UL})
    for (const NoiseSchedule& schedule : all_schedules(steps)) {
      ASSERT_EQ(schedule.steps(), steps);
      double remains = 1;
      for (std::size_t i = 0; i < steps; ++i) {
        remains *= 1 - schedule.beta(i);
        EXPECT_DOUBLE_EQ(schedule.alpha_bar(i), remains);
        const double power = schedule.alpha_bar(i) / (1 - schedule.alpha_bar(i));
        EXPECT_NEAR(schedule.log_snr(i), 0.5 * std::log(power), 1e-12);
      }
    }
}

TEST(NoiseSchedule, FollowsTheCurvesOfTheirDefinitions) {
  const auto schedules = all_schedules(101);
  EXPECT_DOUBLE_EQ(schedules[0].beta(0), 1e-4);
  EXPECT_DOUBLE_EQ(schedules[0].beta(100), 0.05);
  EXPECT_NEAR(schedules[0].beta(50), (1e-4 + 0.05) / 2, 1e-15);
  EXPECT_NEAR(std::sqrt(schedules[1].beta(50)), (0.01 + std::sqrt(0.05)) / 2, 1e-15);
  EXPECT_NEAR(schedules[2].beta(50), (1e-4 + 0.05) / 2, 1e-15);
  EXPECT_NEAR(schedules[2].beta(0), 1e-4 + (0.05 - 1e-4) / (1 + std::exp(6.0)), 1e-15);
  for (std::size_t i = 0; i < 90; ++i) {
    const auto f = [](double t) {
      return std::pow(std::cos((t + 0.008) / 1.008 * std::numbers::pi / 2), 2);
    };
    EXPECT_NEAR(schedules[3].alpha_bar(i), f(static_cast<double>(i + 1) / 101) / f(0), 1e-12);
  }
  EXPECT_DOUBLE_EQ(schedules[3].beta(100), 0.999);
}

TEST(NoiseSchedule, RefusesWhatIsNoSchedule) {
  EXPECT_FALSE(NoiseSchedule::from_betas({}));
  EXPECT_FALSE(linear_schedule(0, 0.1, 0.2));
  EXPECT_EQ(linear_schedule(20'000, 1e-4, 0.05).error().code, ErrorCode::kLimitExceeded);
  const auto zero = NoiseSchedule::from_betas({0.1, 0.0});
  ASSERT_FALSE(zero);
  EXPECT_EQ(zero.error().message.find("step 1 of the noise schedule has beta 0"), 0U);
  EXPECT_FALSE(NoiseSchedule::from_betas({1.0}));
  EXPECT_FALSE(NoiseSchedule::from_betas({std::nan("")}));
  EXPECT_FALSE(NoiseSchedule::from_betas({1e-20}));  // Changes nothing that a double can hold.
  EXPECT_FALSE(NoiseSchedule::from_betas(std::vector<double>(9000, 0.2)));  // Nothing remains.
  EXPECT_FALSE(NoiseSchedule::from_alpha_bars(std::vector<double>{0.5, 0.6}));
  EXPECT_FALSE(cosine_schedule(10, -1));
}

TEST(NoiseSchedule, FindsTheStepOfALevelBetweenSteps) {
  const NoiseSchedule schedule = linear_schedule(50, 1e-4, 0.05).value();
  for (std::size_t i = 0; i < 50; ++i)
    EXPECT_NEAR(schedule.step_at(schedule.alpha_bar(i)), static_cast<double>(i), 1e-9);
  const double root =
      0.25 * std::sqrt(schedule.alpha_bar(7)) + 0.75 * std::sqrt(schedule.alpha_bar(8));
  EXPECT_NEAR(schedule.step_at(root * root), 7.75, 1e-9);
  EXPECT_EQ(schedule.step_at(1.0), 0);
  EXPECT_EQ(schedule.step_at(1e-9), 49);
}

TEST(Respace, TakesStepsOfTheScheduleOnceEachWithBothEnds) {
  const NoiseSchedule schedule = cosine_schedule(1000).value();
  const std::set<double> known(schedule.alpha_bars().begin(), schedule.alpha_bars().end());
  for (const std::size_t count : {2UL, 6UL, 50UL, 999UL, 1000UL})
    for (const StepSpacing spacing : {StepSpacing::kEven, StepSpacing::kQuadratic}) {
      const NoiseSchedule fewer = respace(schedule, count, spacing).value();
      ASSERT_EQ(fewer.steps(), count);
      EXPECT_EQ(fewer.alpha_bar(0), schedule.alpha_bar(0));
      EXPECT_EQ(fewer.alpha_bar(count - 1), schedule.alpha_bar(999));
      for (const double level : fewer.alpha_bars()) EXPECT_EQ(known.count(level), 1U);
    }
  const NoiseSchedule even = respace(schedule, 9, StepSpacing::kLogSnr).value();
  for (std::size_t i = 2; i < 9; ++i)
    EXPECT_NEAR(even.log_snr(i) - even.log_snr(i - 1), even.log_snr(1) - even.log_snr(0), 1e-6);
  EXPECT_EQ(respace(schedule, 1, StepSpacing::kEven).value().alpha_bar(0), schedule.alpha_bar(999));
  EXPECT_FALSE(respace(schedule, 0, StepSpacing::kEven));
  EXPECT_FALSE(respace(schedule, 1001, StepSpacing::kEven));
}

}  // namespace
}  // namespace syrinx::vocoder
