// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <numbers>

#include "syrinx/stages/effects/builtin.h"
#include "syrinx/stages/effects/delay_line.h"
#include "syrinx/stages/effects/ramp.h"

namespace syrinx::effects {
namespace {

enum : std::size_t { kTime, kFeedback, kDamping, kMix };
constexpr double kLongestMs = 2'000.0;
constexpr Parameter kParameters[] = {
    {"time_ms", "ms", 0.0, kLongestMs, 250.0},
    {"feedback", "", 0.0, 0.95, 0.3},
    {"damping_hz", "Hz", 200.0, 20'000.0, 20'000.0, Change::kSmooth, Scale::kLogarithmic},
    {"mix", "", 0.0, 1.0, 0.35}};

class Delay final : public Effect {
 public:
  Delay() : Effect(kParameters) {}
  std::string_view name() const noexcept override { return "delay"; }

 private:
  Result<void> on_prepare() override {
    const double longest = kLongestMs * 1e-3 * format().sample_rate_hz;
    line_ = DelayLine(format().channels, static_cast<std::size_t>(longest) + 2);
    damped_.assign(format().channels, 0.0);
    return {};
  }
  void on_change() noexcept override {
    const double rate = format().sample_rate_hz;
    time_.aim(now(kTime) * 1e-3 * rate);
    feedback_.aim(now(kFeedback));
    mix_.aim(now(kMix));
    const bool open = now(kDamping) >= std::min(kParameters[kDamping].max, 0.49 * rate);
    keep_ = open ? 0.0 : std::exp(-2.0 * std::numbers::pi * now(kDamping) / rate);
  }
  void on_process(MutableAudioView part) noexcept override {
    for (std::size_t i = 0; i < part.frames(); ++i) {
      line_.advance();
      const double frames = time_.next();
      const double feedback = feedback_.next();
      const double mix = mix_.next();
      for (std::size_t c = 0; c < part.channels(); ++c) {
        float& x = part.channel(c)[i];
        line_.put(c, x);
        const double echo = read(c, frames);
        damped_[c] = echo + keep_ * (damped_[c] - echo);
        line_.put(c, static_cast<float>(x + (frames >= 1.0 ? feedback * damped_[c] : 0.0)));
        x = static_cast<float>((1.0 - mix) * x + mix * damped_[c]);
      }
    }
  }
  // Between two samples in a straight line.
  double read(std::size_t channel, double frames) const noexcept {
    const auto whole = static_cast<std::size_t>(frames);
    const double part = frames - static_cast<double>(whole);
    const double newer = line_.get(channel, whole);
    return part == 0.0 ? newer : newer + part * (line_.get(channel, whole + 1) - newer);
  }
  void on_reset() noexcept override {
    line_.clear();
    std::fill(damped_.begin(), damped_.end(), 0.0);
    time_.finish();
    feedback_.finish();
    mix_.finish();
  }

  DelayLine line_;
  std::vector<double> damped_;
  Ramp time_, feedback_, mix_;
  double keep_ = 0.0;  // Of the damping filter's past.
};

}  // namespace

std::unique_ptr<Effect> make_delay() { return std::make_unique<Delay>(); }

}  // namespace syrinx::effects
