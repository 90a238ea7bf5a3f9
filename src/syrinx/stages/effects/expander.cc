// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/effects/builtin.h"
#include "syrinx/stages/effects/dynamics.h"

namespace syrinx::effects {
namespace {

// The largest sample of all channels over the last kPeakHoldMs, in dB.
class LinkedPeak {
 public:
  LinkedPeak() = default;
  explicit LinkedPeak(double sample_rate_hz)
      : peak_(frames_of_ms(kPeakHoldMs, sample_rate_hz) + 1) {}
  double next(MutableAudioView part, std::size_t frame) noexcept {
    float loudest = 0.0f;
    for (std::size_t c = 0; c < part.channels(); ++c)
      loudest = std::max(loudest, std::abs(part.channel(c)[frame]));
    return level_db(peak_.next(loudest));
  }
  void clear() noexcept { peak_.clear(); }

 private:
  SlidingMax peak_;
};

void multiply(MutableAudioView part, std::size_t frame, double gain) noexcept {
  for (std::size_t c = 0; c < part.channels(); ++c)
    part.channel(c)[frame] = static_cast<float>(part.channel(c)[frame] * gain);
}

namespace expander {
enum : std::size_t { kThreshold, kRatio, kKnee, kAttack, kRelease, kRange };
constexpr Parameter kParameters[] = {
    {"threshold_db", "dB", -100.0, 0.0, -45.0},
    {"ratio", "", 1.0, 20.0, 2.0, Change::kSmooth, Scale::kLogarithmic},
    {"knee_db", "dB", 0.0, 40.0, 6.0},
    {"attack_ms", "ms", 0.0, 500.0, 2.0},
    {"release_ms", "ms", 1.0, 5'000.0, 150.0, Change::kSmooth, Scale::kLogarithmic},
    {"range_db", "dB", 0.0, 100.0, 40.0}};
}  // namespace expander

class Expander final : public Effect {
 public:
  Expander() : Effect(expander::kParameters) {}
  std::string_view name() const noexcept override { return "expander"; }
  std::optional<double> gain_reduction_db() const noexcept override { return -gain_db_.least(); }

 private:
  Result<void> on_prepare() override {
    level_ = LinkedPeak(format().sample_rate_hz);
    return {};
  }
  void on_change() noexcept override {
    gain_db_.set(now(expander::kRelease), now(expander::kAttack), format().sample_rate_hz);
  }
  void on_process(MutableAudioView part) noexcept override {
    for (std::size_t i = 0; i < part.frames(); ++i) {
      const double target =
          expander_gain_db(level_.next(part, i), now(expander::kThreshold), now(expander::kRatio),
                           now(expander::kKnee), now(expander::kRange));
      multiply(part, i, factor_of_db(gain_db_.next(target)));
    }
  }
  void on_reset() noexcept override {
    level_.clear();
    gain_db_.jump(0.0);
  }

  LinkedPeak level_;
  DownUp gain_db_;
};

namespace gate {
enum : std::size_t { kThreshold, kHysteresis, kAttack, kHold, kRelease, kRange };
constexpr Parameter kParameters[] = {
    {"threshold_db", "dB", -100.0, 0.0, -45.0},
    {"hysteresis_db", "dB", 0.0, 30.0, 6.0},
    {"attack_ms", "ms", 0.0, 500.0, 1.0},
    {"hold_ms", "ms", 0.0, 5'000.0, 80.0},
    {"release_ms", "ms", 1.0, 5'000.0, 100.0, Change::kSmooth, Scale::kLogarithmic},
    {"range_db", "dB", 0.0, 120.0, 80.0}};
}  // namespace gate

// Opens at the threshold; closes when the level has been `hysteresis` below it for the hold time.
class Gate final : public Effect {
 public:
  Gate() : Effect(gate::kParameters) {}
  std::string_view name() const noexcept override { return "gate"; }
  std::optional<double> gain_reduction_db() const noexcept override {
    return -level_db(gain_.least());
  }

 private:
  Result<void> on_prepare() override {
    level_ = LinkedPeak(format().sample_rate_hz);
    return {};
  }
  void on_change() noexcept override {
    const double rate = format().sample_rate_hz;
    gain_.set(now(gate::kRelease), now(gate::kAttack), rate);
    hold_frames_ = frames_of_ms(now(gate::kHold), rate);
    closed_gain_ = factor_of_db(-now(gate::kRange));
  }
  void on_process(MutableAudioView part) noexcept override {
    for (std::size_t i = 0; i < part.frames(); ++i) {
      watch(level_.next(part, i));
      multiply(part, i, gain_.next(open_ ? 1.0 : closed_gain_));
    }
  }
  void watch(double level) noexcept {
    if (level >= now(gate::kThreshold)) {
      open_ = true;
      quiet_frames_ = 0;
    } else if (level >= now(gate::kThreshold) - now(gate::kHysteresis)) {
      quiet_frames_ = 0;
    } else if (open_ && ++quiet_frames_ > hold_frames_) {
      open_ = false;
    }
  }
  void on_reset() noexcept override {
    level_.clear();
    open_ = false;
    quiet_frames_ = 0;
    gain_.jump(closed_gain_);
  }

  LinkedPeak level_;
  DownUp gain_;  // Linear, not in dB: opening by an attack of 1 ms is heard as that.
  double closed_gain_ = 0.0;
  std::size_t hold_frames_ = 0;
  std::size_t quiet_frames_ = 0;
  bool open_ = false;
};

}  // namespace

std::unique_ptr<Effect> make_expander() { return std::make_unique<Expander>(); }
std::unique_ptr<Effect> make_gate() { return std::make_unique<Gate>(); }

}  // namespace syrinx::effects
