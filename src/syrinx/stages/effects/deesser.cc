// SPDX-License-Identifier: Apache-2.0
#include <numbers>
#include <optional>

#include "syrinx/core/dsp/biquad.h"
#include "syrinx/stages/effects/builtin.h"
#include "syrinx/stages/effects/dynamics.h"
#include "syrinx/stages/effects/eq_band.h"

namespace syrinx::effects {
namespace {

enum : std::size_t { kHz, kThreshold, kRatio, kAttack, kRelease, kRange };
constexpr double kHoldMs = 2.0;  // Longer than a period of what is split off.
constexpr Parameter kParameters[] = {
    {"hz", "Hz", 2'000.0, 12'000.0, 5'500.0, Change::kSmooth, Scale::kLogarithmic},
    {"threshold_db", "dB", -80.0, 0.0, -32.0},
    {"ratio", "", 1.0, 20.0, 4.0, Change::kSmooth, Scale::kLogarithmic},
    {"attack_ms", "ms", 0.0, 100.0, 1.0},
    {"release_ms", "ms", 1.0, 1'000.0, 60.0, Change::kSmooth, Scale::kLogarithmic},
    {"range_db", "dB", 0.0, 40.0, 12.0}};

// A high shelf of second order whose gain may change with every sample (A. Simper, "Solving the
// continuous SVF equations using trapezoidal integration", Cytomic 2013). At a gain of 1 it leaves
// every bit.
class MovingShelf {
 public:
  double process(double x, double factor, double warped_corner) noexcept {
    constexpr double kDamping = std::numbers::sqrt2;  // 1 / q
    const double a = std::sqrt(factor);
    const double g = warped_corner * std::sqrt(a);
    const double a1 = 1.0 / (1.0 + g * (g + kDamping));
    const double band = a1 * (first_ + g * (x - second_));
    const double low = second_ + g * band;
    first_ = 2.0 * band - first_;
    second_ = 2.0 * low - second_;
    return factor * x + kDamping * (1.0 - a) * a * band + (1.0 - factor) * low;
  }

 private:
  double first_ = 0.0;
  double second_ = 0.0;
};

// Watches what lies above `hz` (second-order Butterworth), and while that is too loud lowers a high
// shelf at `hz`.
class DeEsser final : public Effect {
 public:
  DeEsser() : Effect(kParameters) {}
  std::string_view name() const noexcept override { return "deesser"; }
  std::optional<double> gain_reduction_db() const noexcept override { return -gain_db_.least(); }

 private:
  dsp::Biquad section() const noexcept {
    return design({BandType::kHighPass12, now(kHz), 0.0, std::numbers::sqrt2 / 2.0},
                  format().sample_rate_hz)[0];
  }
  Result<void> on_prepare() override {
    const dsp::Biquad high = section();
    SYRINX_ASSIGN(split_, dsp::BiquadCascade::create({&high, 1}, format().channels));
    peak_ = SlidingMax(frames_of_ms(kHoldMs, format().sample_rate_hz) + 1);
    shelves_.assign(format().channels, {});
    high_ = AudioBuffer(format().channels, kPartFrames, format().sample_rate_hz);
    return {};
  }
  void on_change() noexcept override {
    split_->set_section(0, section());
    const double hz = std::min(now(kHz), 0.49 * format().sample_rate_hz);
    warped_corner_ = std::tan(std::numbers::pi * hz / format().sample_rate_hz);
    gain_db_.set(now(kAttack), now(kRelease), format().sample_rate_hz);
  }
  void on_process(MutableAudioView part) noexcept override {
    const MutableAudioView high = high_.view().slice(0, part.frames());
    for (std::size_t c = 0; c < part.channels(); ++c)
      std::copy(part.channel(c).begin(), part.channel(c).end(), high.channel(c).begin());
    split_->process(high);
    for (std::size_t i = 0; i < part.frames(); ++i) {
      const double factor = gain(high, i);
      for (std::size_t c = 0; c < part.channels(); ++c) {
        float& x = part.channel(c)[i];
        x = static_cast<float>(shelves_[c].process(x, factor, warped_corner_));
      }
    }
  }
  double gain(AudioView high, std::size_t i) noexcept {
    float loudest = 0.0f;
    for (std::size_t c = 0; c < high.channels(); ++c)
      loudest = std::max(loudest, std::abs(high.channel(c)[i]));
    const double level = level_db(peak_.next(loudest));
    const double wanted = compressor_gain_db(level, now(kThreshold), now(kRatio), 0.0);
    return factor_of_db(gain_db_.next(std::max(wanted, -now(kRange))));
  }
  void on_reset() noexcept override {
    split_->reset();
    std::fill(shelves_.begin(), shelves_.end(), MovingShelf{});
    peak_.clear();
    gain_db_.jump(0.0);
  }

  std::optional<dsp::BiquadCascade> split_;
  std::vector<MovingShelf> shelves_;
  double warped_corner_ = 0.0;
  AudioBuffer high_;
  SlidingMax peak_;
  DownUp gain_db_;
};

}  // namespace

std::unique_ptr<Effect> make_deesser() { return std::make_unique<DeEsser>(); }

}  // namespace syrinx::effects
