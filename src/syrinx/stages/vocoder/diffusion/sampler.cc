// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/diffusion/sampler.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace syrinx::vocoder {
namespace {

// A level of noise: x = signal * x_0 + noise * e.
struct Level {
  double alpha_bar;
  double signal() const { return std::sqrt(alpha_bar); }
  double noise() const { return std::sqrt(1 - alpha_bar); }
  double log_snr() const { return std::log(signal() / noise()); }
};

Level level_of_log_snr(double log_snr) { return {1 / (1 + std::exp(-2 * log_snr))}; }

class Run {
 public:
  Run(const PredictNoise& predict, const SamplingPlan& plan, NoiseSource& noise, std::span<float> x,
      std::stop_token stop, const std::function<void(double)>& progress)
      : predict_(predict),
        plan_(plan),
        noise_(noise),
        x_(x),
        stop_(std::move(stop)),
        progress_(progress),
        predicted_(x.size()) {}

  Result<SamplingReport> stepwise();
  Result<SamplingReport> dpm_solver();
  Result<SamplingReport> adaptive();

 private:
  // Leaves the noise in `x` in predicted_.
  Result<void> ask(std::span<const float> x, Level level) {
    if (stop_.stop_requested()) return make_error(ErrorCode::kCancelled, "sampling was stopped");
    ++report_.predictions;
    return predict_(x, level.alpha_bar, predicted_);
  }
  // x_ = a x_ + b y, in float as the published implementations.
  void mix(double a, double b, std::span<const float> y) {
    const auto af = static_cast<float>(a), bf = static_cast<float>(b);
    for (std::size_t i = 0; i < x_.size(); ++i) x_[i] = af * x_[i] + bf * y[i];
  }
  void end_step(std::size_t done, std::size_t of) {
    clamp();
    if (progress_) progress_(static_cast<double>(done) / static_cast<double>(of));
  }
  void clamp() {
    if (!plan_.clamp) return;
    for (float& value : x_) value = std::clamp(value, -*plan_.clamp, *plan_.clamp);
  }
  Level level(std::size_t step) const { return {plan_.schedule.alpha_bar(step)}; }
  // The signal that predicted_ leaves of `x`.
  void predict_signal(std::span<const float> x, Level at, std::vector<float>& signal) const;
  Result<bool> try_step(Level from, double h, double& error);

  const PredictNoise& predict_;
  const SamplingPlan& plan_;
  NoiseSource& noise_;
  std::span<float> x_;
  std::stop_token stop_;
  const std::function<void(double)>& progress_;
  std::vector<float> predicted_, fresh_;
  std::vector<float> signal_, before_, middle_, solution_;
  SamplingReport report_;
};

void Run::predict_signal(std::span<const float> x, Level at, std::vector<float>& signal) const {
  signal.resize(x.size());
  const auto scale = static_cast<float>(1 / at.signal());
  const auto share = static_cast<float>(at.noise() / at.signal());
  for (std::size_t i = 0; i < x.size(); ++i) signal[i] = scale * x[i] - share * predicted_[i];
}

Result<SamplingReport> Run::stepwise() {
  SYRINX_ASSIGN(const auto steps, sampling_steps(plan_));
  for (std::size_t i = 0; i < steps.size(); ++i) {
    SYRINX_TRY(ask(x_, {steps[i].alpha_bar}));
    if (steps[i].fresh > 0) {
      fresh_.resize(x_.size());
      SYRINX_TRY(noise_.draw(fresh_));
    }
    steps[i].apply(x_, predicted_, fresh_);
    if (progress_) progress_(static_cast<double>(i + 1) / static_cast<double>(steps.size()));
  }
  return report_;
}

// In the logarithm of signal over noise the equation for the signal is almost linear; at the last
// level, where that is infinite, x is the signal that is predicted.
Result<SamplingReport> Run::dpm_solver() {
  const std::size_t steps = plan_.schedule.steps();
  double h_before = 0;
  for (std::size_t n = steps; n-- > 0;) {
    const Level from = level(n);
    SYRINX_TRY(ask(x_, from));
    predict_signal(x_, from, signal_);
    if (n == 0) {
      std::copy(signal_.begin(), signal_.end(), x_.begin());
    } else {
      const Level to = level(n - 1);
      const double h = to.log_snr() - from.log_snr();
      const double extrapolate = h_before > 0 ? h / (2 * h_before) : 0.0;
      const double gain = -to.signal() * std::expm1(-h);
      mix(to.noise() / from.noise(), gain * (1 + extrapolate), signal_);
      if (extrapolate > 0) mix(1, -gain * extrapolate, before_);
      h_before = h;
      before_.swap(signal_);
    }
    end_step(steps - n, steps);
  }
  return report_;
}

// Leaves the step's second-order solution in solution_ and in `error` how far that of first order
// lies from it. signal_ is what x_ predicts at `from`. False when predictions have run out.
Result<bool> Run::try_step(Level from, double h, double& error) {
  if (report_.predictions >= plan_.max_predictions) return false;
  const Level half = level_of_log_snr(from.log_snr() + h / 2);
  const Level to = level_of_log_snr(from.log_snr() + h);
  const double half_keep = half.noise() / from.noise();
  const double half_gain = -half.signal() * std::expm1(-h / 2);
  solution_.resize(x_.size());
  for (std::size_t i = 0; i < x_.size(); ++i)
    solution_[i] = static_cast<float>(half_keep * double{x_[i]} + half_gain * double{signal_[i]});
  SYRINX_TRY(ask(solution_, half));
  predict_signal(solution_, half, middle_);
  const double keep = to.noise() / from.noise();
  const double gain = -to.signal() * std::expm1(-h);
  double apart = 0, power = 0;
  for (std::size_t i = 0; i < x_.size(); ++i) {
    const double second = keep * double{x_[i]} + gain * double{middle_[i]};
    const double difference = gain * (double{middle_[i]} - double{signal_[i]});
    apart += difference * difference;
    power += second * second;
    solution_[i] = static_cast<float>(second);
  }
  error = std::sqrt(apart / std::max(power, 1e-30)) / plan_.tolerance;
  return true;
}

double rms_change(std::span<const float> a, std::span<const float> b) {
  double change = 0, power = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    change += (double{a[i]} - double{b[i]}) * (double{a[i]} - double{b[i]});
    power += double{a[i]} * double{a[i]};
  }
  return std::sqrt(change / std::max(power, 1e-30));
}

Result<SamplingReport> Run::adaptive() {
  const std::size_t last = plan_.schedule.steps() - 1;
  const double first_log_snr = plan_.schedule.log_snr(last);
  const double end = plan_.schedule.log_snr(0);
  double at = first_log_snr;
  double h = std::min(0.5, end - at);
  SYRINX_TRY(ask(x_, level(last)));
  predict_signal(x_, level(last), signal_);
  while (at < end) {
    double error = 0;
    SYRINX_ASSIGN(const bool tried, try_step(level_of_log_snr(at), h, error));
    if (!tried)
      return make_error(ErrorCode::kLimitExceeded, "the adaptive sampler asked the model ",
                        plan_.max_predictions,
                        " times without coming to an end: give it a larger "
                        "tolerance than ",
                        plan_.tolerance, " or more predictions");
    const bool reaches_end = at + h >= end;
    // The local error is of second order.
    const double next = 0.9 * h / std::sqrt(std::max(error, 1e-6));
    if (error <= 1) {
      std::copy(solution_.begin(), solution_.end(), x_.begin());
      clamp();
      at = reaches_end ? end : at + h;
      before_ = signal_;
      SYRINX_TRY(ask(x_, level_of_log_snr(at)));
      predict_signal(x_, level_of_log_snr(at), signal_);
      if (progress_) progress_((at - first_log_snr) / (end - first_log_snr));
      // While there is more noise than signal, what is predicted is the same guess every time.
      report_.converged = at > 0 && at < end && rms_change(signal_, before_) < plan_.converged;
      if (report_.converged) break;
    }
    h = std::min(next, end - at);
  }
  std::copy(signal_.begin(), signal_.end(), x_.begin());
  clamp();
  if (progress_) progress_(1.0);
  return report_;
}

SamplingStep ddpm_step(const SamplingPlan& plan, std::size_t n) {
  const NoiseSchedule& schedule = plan.schedule;
  const Level at{schedule.alpha_bar(n)};
  const double c1 = 1 / std::sqrt(1 - schedule.beta(n));
  const double c2 = schedule.beta(n) / at.noise();
  double variance = 0;
  if (n > 0)
    variance = (1 - schedule.alpha_bar(n - 1)) / (1 - schedule.alpha_bar(n)) * schedule.beta(n);
  return {at.alpha_bar, static_cast<float>(c1), static_cast<float>(-c1 * c2),
          static_cast<float>(std::sqrt(variance)), plan.clamp};
}

SamplingStep ddim_step(const SamplingPlan& plan, std::size_t n) {
  const Level from{plan.schedule.alpha_bar(n)};
  const Level to{n > 0 ? plan.schedule.alpha_bar(n - 1) : 1.0};
  const double sigma = plan.eta * std::sqrt((1 - to.alpha_bar) / (1 - from.alpha_bar) *
                                            (1 - from.alpha_bar / to.alpha_bar));
  const double direction = std::sqrt(std::max(0.0, 1 - to.alpha_bar - sigma * sigma));
  const double scale = to.signal() / from.signal();
  return {from.alpha_bar, static_cast<float>(scale),
          static_cast<float>(direction - scale * from.noise()), static_cast<float>(sigma),
          plan.clamp};
}

Result<void> check_eta(const SamplingPlan& plan) {
  if (!(plan.eta >= 0 && plan.eta <= 1))
    return make_error(ErrorCode::kInvalidArgument, "eta is ", plan.eta,
                      ": it must lie between 0 (no fresh noise) and 1");
  return {};
}

}  // namespace

// In float, one after the other, as the published implementations.
void SamplingStep::apply(std::span<float> x, std::span<const float> e,
                         std::span<const float> z) const noexcept {
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = keep * x[i] + predicted * e[i];
  if (fresh > 0)
    for (std::size_t i = 0; i < x.size(); ++i) x[i] += fresh * z[i];
  if (!clamp) return;
  for (float& value : x) value = std::clamp(value, -*clamp, *clamp);
}

Result<std::vector<SamplingStep>> sampling_steps(const SamplingPlan& plan) {
  SYRINX_TRY(check_eta(plan));
  if (plan.sampler != Sampler::kDdpm && plan.sampler != Sampler::kDdim)
    return make_error(ErrorCode::kUnsupported,
                      "this sampler's steps look at the whole utterance or at steps before: only "
                      "ddpm and ddim go sample by sample");
  std::vector<SamplingStep> steps;
  for (std::size_t n = plan.schedule.steps(); n-- > 0;)
    steps.push_back(plan.sampler == Sampler::kDdpm ? ddpm_step(plan, n) : ddim_step(plan, n));
  return steps;
}

Result<SamplingReport> sample(const PredictNoise& predict, const SamplingPlan& plan,
                              NoiseSource& noise, std::span<float> x, std::stop_token stop,
                              const std::function<void(double)>& progress) {
  SYRINX_TRY(check_eta(plan));
  if (!(plan.tolerance > 0))
    return make_error(ErrorCode::kInvalidArgument, "the tolerance is ", plan.tolerance,
                      ": it must be above 0");
  Run run(predict, plan, noise, x, std::move(stop), progress);
  switch (plan.sampler) {
    case Sampler::kDdpm:
    case Sampler::kDdim:
      return run.stepwise();
    case Sampler::kDpmSolver:
      return run.dpm_solver();
    case Sampler::kAdaptive:
      return run.adaptive();
  }
  return make_error(ErrorCode::kInvalidArgument, "a sampler that is not known");
}

}  // namespace syrinx::vocoder
