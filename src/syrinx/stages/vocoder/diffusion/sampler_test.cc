// SPDX-License-Identifier: Apache-2.0
// The data are a normal distribution, for which the best possible model is known in closed form,
// and with it where each sampler would end if its steps were infinitely small.
#include "syrinx/stages/vocoder/diffusion/sampler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace syrinx::vocoder {
namespace {

constexpr double kMean = 0.3;
constexpr double kDeviation = 0.5;

// Of x at a level: its variance when x_0 is normal.
double variance_at(double alpha_bar) { return alpha_bar * kDeviation * kDeviation + 1 - alpha_bar; }

// E[noise | x].
Result<void> ideal(std::span<const float> x, double alpha_bar, std::span<float> noise) {
  const double root = std::sqrt(alpha_bar);
  for (std::size_t i = 0; i < x.size(); ++i)
    noise[i] = static_cast<float>(std::sqrt(1 - alpha_bar) * (double{x[i]} - root * kMean) /
                                  variance_at(alpha_bar));
  return {};
}

std::vector<float> some_noise(std::size_t n, std::uint64_t seed) {
  SeededNoise source(seed);
  std::vector<float> values(n);
  EXPECT_TRUE(source.draw(values));
  return values;
}

// Where the probability flow's equation leads from x at the schedule's last level to its first, and
// then what the model takes for the signal there.
double exact(double x, const NoiseSchedule& schedule) {
  const double from = schedule.alpha_bar(schedule.steps() - 1);
  const double to = schedule.alpha_bar(0);
  const double c = (x - std::sqrt(from) * kMean) / std::sqrt(variance_at(from));
  const double there = std::sqrt(to) * kMean + c * std::sqrt(variance_at(to));
  const double noise = std::sqrt(1 - to) * (there - std::sqrt(to) * kMean) / variance_at(to);
  return (there - std::sqrt(1 - to) * noise) / std::sqrt(to);
}

double worst_error(const SamplingPlan& plan, SamplingReport* report = nullptr) {
  const auto start = some_noise(64, 3);
  auto x = start;
  SeededNoise unused(1);
  const auto done = sample(ideal, plan, unused, x);
  EXPECT_TRUE(done);
  if (report != nullptr && done) *report = *done;
  double worst = 0;
  for (std::size_t i = 0; i < x.size(); ++i)
    worst = std::max(worst, std::abs(double{x[i]} - exact(double{start[i]}, plan.schedule)));
  return worst;
}

SamplingPlan plan_of(Sampler sampler, std::size_t steps) {
  SamplingPlan plan;
  plan.sampler = sampler;
  plan.schedule =
      respace(linear_schedule(1000, 1e-4, 0.02).value(), steps, StepSpacing::kLogSnr).value();
  return plan;
}

TEST(Sampler, DdimIsOfFirstOrderAndDpmSolverOfSecond) {
  for (const std::size_t steps : {16UL, 32UL}) {
    const double ddim = worst_error(plan_of(Sampler::kDdim, steps));
    const double ddim_half = worst_error(plan_of(Sampler::kDdim, 2 * steps));
    EXPECT_NEAR(std::log2(ddim / ddim_half), 1, 0.35) << steps;
    const double dpm = worst_error(plan_of(Sampler::kDpmSolver, steps));
    const double dpm_half = worst_error(plan_of(Sampler::kDpmSolver, 2 * steps));
    EXPECT_NEAR(std::log2(dpm / dpm_half), 2, 0.5) << steps;
    EXPECT_LT(dpm, ddim / 2);
  }
}

TEST(Sampler, AdaptiveComesAsCloseAsItIsTold) {
  double before = 1;
  std::size_t predictions = 0;
  for (const double tolerance : {0.1, 0.01, 0.001}) {
    SamplingPlan plan = plan_of(Sampler::kAdaptive, 1000);
    plan.tolerance = tolerance;
    SamplingReport report;
    const double error = worst_error(plan, &report);
    EXPECT_LT(error, before / 3) << tolerance;
    EXPECT_GT(report.predictions, predictions);
    EXPECT_FALSE(report.converged);
    before = error;
    predictions = report.predictions;
  }
  EXPECT_LT(before, 3e-3);
}

TEST(Sampler, AdaptiveStopsWhenTheSignalNoLongerChanges) {
  SamplingPlan plan = plan_of(Sampler::kAdaptive, 1000);
  plan.tolerance = 0.01;
  SamplingReport all;
  const double error = worst_error(plan, &all);
  plan.converged = 0.02;
  SamplingReport early;
  const double early_error = worst_error(plan, &early);
  EXPECT_TRUE(early.converged);
  EXPECT_LT(early.predictions, all.predictions);
  EXPECT_LT(early_error, error + 0.1);
  plan.converged = 0;
  plan.max_predictions = 5;
  auto x = some_noise(8, 1);
  SeededNoise unused(1);
  const auto ended = sample(ideal, plan, unused, x);
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, ErrorCode::kLimitExceeded);
}

TEST(Sampler, EndsInTheDataWhateverNoiseIsAdded) {
  constexpr std::size_t kCount = 40'000;
  for (const double eta : {-1.0, 0.0, 0.5, 1.0}) {  // -1: DDPM.
    SamplingPlan plan;
    plan.sampler = eta < 0 ? Sampler::kDdpm : Sampler::kDdim;
    plan.schedule = linear_schedule(200, 1e-4, 0.08).value();
    plan.eta = std::max(eta, 0.0);
    auto x = some_noise(kCount, 9);
    SeededNoise noise(10);
    ASSERT_TRUE(sample(ideal, plan, noise, x));
    double mean = 0, square = 0;
    for (const float v : x) mean += double{v} / kCount;
    for (const float v : x) square += (double{v} - mean) * (double{v} - mean) / kCount;
    EXPECT_NEAR(mean, kMean, 0.015) << eta;  // Five standard errors.
    EXPECT_NEAR(std::sqrt(square), kDeviation, 0.02) << eta;
  }
}

TEST(Sampler, IsDeterministicAndDrawsNothingWithoutFreshNoise) {
  for (const Sampler sampler : {Sampler::kDdim, Sampler::kDpmSolver, Sampler::kAdaptive}) {
    auto first = some_noise(32, 4), second = first;
    GivenNoise none = GivenNoise::create({}).value();
    ASSERT_TRUE(sample(ideal, plan_of(sampler, 20), none, first));
    ASSERT_TRUE(sample(ideal, plan_of(sampler, 20), none, second));
    EXPECT_EQ(first, second);
  }
  auto x = some_noise(32, 4);
  GivenNoise few = GivenNoise::create(std::vector<float>(19 * 32)).value();
  EXPECT_TRUE(sample(ideal, plan_of(Sampler::kDdpm, 20), few, x));  // All steps but the last.
  EXPECT_FALSE(few.draw(std::span(x).first(1)));
}

TEST(Sampler, DdimWithEtaOneIsDdpm) {
  SamplingPlan plan = plan_of(Sampler::kDdpm, 30);
  auto first = some_noise(32, 4), second = first;
  SeededNoise noise(2);
  ASSERT_TRUE(sample(ideal, plan, noise, first));
  plan.sampler = Sampler::kDdim;
  plan.eta = 1;
  noise = SeededNoise(2);
  ASSERT_TRUE(sample(ideal, plan, noise, second));
  for (std::size_t i = 0; i < first.size(); ++i) EXPECT_NEAR(first[i], second[i], 2e-5);
}

TEST(Sampler, KeepsWithinTheClampReportsAndStops) {
  SamplingPlan plan = plan_of(Sampler::kDdpm, 10);
  plan.clamp = 0.25F;
  auto x = some_noise(100, 1);
  SeededNoise noise(2);
  double last = 0;
  ASSERT_TRUE(sample(ideal, plan, noise, x, {}, [&](double share) {
    EXPECT_GT(share, last);
    last = share;
  }));
  EXPECT_EQ(last, 1);
  EXPECT_EQ(*std::max_element(x.begin(), x.end()), 0.25F);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(sample(ideal, plan, noise, x, stop.get_token()).error().code, ErrorCode::kCancelled);
  plan.eta = 2;
  EXPECT_FALSE(sample(ideal, plan, noise, x));
  plan.eta = 0;
  plan.tolerance = 0;
  EXPECT_FALSE(sample(ideal, plan, noise, x));
}

}  // namespace
}  // namespace syrinx::vocoder
