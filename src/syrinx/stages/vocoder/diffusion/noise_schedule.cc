// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/diffusion/noise_schedule.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>

#include "syrinx/core/base/limits.h"

namespace syrinx::vocoder {
namespace {

constexpr double kLeast = std::numeric_limits<double>::min();

Result<void> check_steps(std::size_t steps) {
  if (steps == 0)
    return make_error(ErrorCode::kInvalidArgument, "a noise schedule of no steps: give at least 1");
  if (steps > limits::kMaxDiffusionSteps)
    return make_error(ErrorCode::kLimitExceeded, "a noise schedule of ", steps, " steps; at most ",
                      limits::kMaxDiffusionSteps, " are possible");
  return {};
}

// Betas as a curve over [0, 1].
Result<NoiseSchedule> along(std::size_t steps, const std::function<double(double)>& beta) {
  SYRINX_TRY(check_steps(steps));
  std::vector<double> betas;
  const double last = steps > 1 ? static_cast<double>(steps - 1) : 1.0;
  for (std::size_t i = 0; i < steps; ++i) betas.push_back(beta(static_cast<double>(i) / last));
  return NoiseSchedule::from_betas(std::move(betas));
}

double logistic(double x) { return 1 / (1 + std::exp(-x)); }
double log_snr_of(double alpha_bar) { return 0.5 * std::log(alpha_bar / (1 - alpha_bar)); }

}  // namespace

Result<NoiseSchedule> NoiseSchedule::from_betas(std::vector<double> betas) {
  SYRINX_TRY(check_steps(betas.size()));
  NoiseSchedule made;
  double remains = 1;
  for (std::size_t i = 0; i < betas.size(); ++i) {
    remains *= 1 - betas[i];
    // An alpha bar that has vanished could not be divided by.
    if (!(betas[i] > 0 && betas[i] < 1) || !(remains >= kLeast) || !(remains < 1))
      return make_error(ErrorCode::kInvalidArgument, "step ", i, " of the noise schedule has beta ",
                        betas[i], ", which leaves ", remains,
                        " of the signal: both must lie between 0 and 1");
    made.alpha_bars_.push_back(remains);
  }
  made.betas_ = std::move(betas);
  return made;
}

Result<NoiseSchedule> NoiseSchedule::from_alpha_bars(std::span<const double> alpha_bars) {
  std::vector<double> betas;
  double before = 1;
  for (const double remains : alpha_bars) {
    betas.push_back(1 - remains / before);
    before = remains;
  }
  SYRINX_ASSIGN(NoiseSchedule made, from_betas(std::move(betas)));
  made.alpha_bars_.assign(alpha_bars.begin(), alpha_bars.end());
  return made;
}

double NoiseSchedule::log_snr(std::size_t step) const noexcept {
  return log_snr_of(alpha_bars_[step]);
}

double NoiseSchedule::step_at(double alpha_bar) const noexcept {
  if (alpha_bar >= alpha_bars_.front()) return 0;
  if (alpha_bar <= alpha_bars_.back()) return static_cast<double>(steps() - 1);
  const auto above = std::lower_bound(alpha_bars_.begin(), alpha_bars_.end(), alpha_bar,
                                      [](double a, double b) { return a > b; });
  const auto step = static_cast<std::size_t>(above - alpha_bars_.begin()) - 1;
  const double here = std::sqrt(alpha_bars_[step]);
  const double next = std::sqrt(alpha_bars_[step + 1]);
  return static_cast<double>(step) + (here - std::sqrt(alpha_bar)) / (here - next);
}

Result<NoiseSchedule> linear_schedule(std::size_t steps, double first, double last) {
  return along(steps, [&](double t) { return first + t * (last - first); });
}

Result<NoiseSchedule> quadratic_schedule(std::size_t steps, double first, double last) {
  return along(steps, [&](double t) {
    const double root = std::sqrt(first) + t * (std::sqrt(last) - std::sqrt(first));
    return root * root;
  });
}

Result<NoiseSchedule> sigmoid_schedule(std::size_t steps, double first, double last) {
  return along(steps, [&](double t) { return first + logistic(12 * t - 6) * (last - first); });
}

Result<NoiseSchedule> cosine_schedule(std::size_t steps, double offset) {
  SYRINX_TRY(check_steps(steps));
  if (!(offset >= 0 && offset <= 1))
    return make_error(ErrorCode::kInvalidArgument, "a cosine schedule's offset is ", offset,
                      ": it must lie in [0, 1]");
  const auto remains = [&](std::size_t step) {
    const double t = static_cast<double>(step) / static_cast<double>(steps);
    const double root = std::cos((t + offset) / (1 + offset) * std::numbers::pi / 2);
    return root * root;
  };
  std::vector<double> betas;
  for (std::size_t i = 0; i < steps; ++i)
    betas.push_back(std::min(0.999, 1 - remains(i + 1) / remains(i)));
  return NoiseSchedule::from_betas(std::move(betas));
}

Result<NoiseSchedule> respace(const NoiseSchedule& schedule, std::size_t count,
                              StepSpacing spacing) {
  if (count == 0 || count > schedule.steps())
    return make_error(ErrorCode::kInvalidArgument, count, " steps of a schedule of ",
                      schedule.steps(), ": take 1 to ", schedule.steps());
  std::vector<double> alpha_bars;
  const std::size_t last = schedule.steps() - 1;
  std::size_t before = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double t = count > 1 ? static_cast<double>(i) / static_cast<double>(count - 1) : 1.0;
    if (spacing == StepSpacing::kLogSnr) {
      const double from = schedule.log_snr(0);
      alpha_bars.push_back(logistic(2 * (from + t * (schedule.log_snr(last) - from))));
      continue;
    }
    const double share = spacing == StepSpacing::kEven ? t : t * t;
    auto step = static_cast<std::size_t>(std::lround(share * static_cast<double>(last)));
    if (i > 0) step = std::max(step, before + 1);   // Each step once.
    step = std::min(step, last - (count - 1 - i));  // Those that follow have room, too.
    alpha_bars.push_back(schedule.alpha_bar(step));
    before = step;
  }
  return NoiseSchedule::from_alpha_bars(alpha_bars);
}

}  // namespace syrinx::vocoder
