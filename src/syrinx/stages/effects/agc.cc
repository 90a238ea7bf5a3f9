// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/effects/builtin.h"
#include "syrinx/stages/effects/dynamics.h"

namespace syrinx::effects {
namespace {

enum : std::size_t { kTarget, kMostGain, kMostCut, kSpeed, kFloor };
constexpr double kLevelMs = 400.0;  // The time constant of the mean square, as of a loudness meter.
constexpr Parameter kParameters[] = {{"target_dbfs", "dB", -60.0, 0.0, -20.0},
                                     {"max_gain_db", "dB", 0.0, 60.0, 24.0},
                                     {"max_cut_db", "dB", 0.0, 60.0, 24.0},
                                     {"speed_db_per_s", "dB/s", 0.1, 200.0, 6.0},
                                     {"floor_dbfs", "dB", -100.0, 0.0, -55.0}};

// Moves the gain, at a steady speed, to where the RMS level of the loudest channel meets the
// target; holds it while the sound is below the floor, so that pauses are not pumped up.
class Agc final : public Effect {
 public:
  Agc() : Effect(kParameters) {}
  std::string_view name() const noexcept override { return "agc"; }
  std::optional<double> gain_reduction_db() const noexcept override { return -least_gain_db_; }

 private:
  Result<void> on_prepare() override {
    mean_squares_.assign(format().channels, 0.0);
    return {};
  }
  void on_change() noexcept override {
    share_ = remaining_share(kLevelMs, format().sample_rate_hz);
    step_db_ = now(kSpeed) / format().sample_rate_hz;
  }
  void on_process(MutableAudioView part) noexcept override {
    for (std::size_t i = 0; i < part.frames(); ++i) {
      follow(level(part, i));
      const double gain = factor_of_db(gain_db_);
      for (std::size_t c = 0; c < part.channels(); ++c)
        part.channel(c)[i] = static_cast<float>(part.channel(c)[i] * gain);
    }
  }
  double level(MutableAudioView part, std::size_t i) noexcept {
    double loudest = 0.0;
    for (std::size_t c = 0; c < part.channels(); ++c) {
      const double square = static_cast<double>(part.channel(c)[i]) * part.channel(c)[i];
      mean_squares_[c] = square + share_ * (mean_squares_[c] - square);
      loudest = std::max(loudest, mean_squares_[c]);
    }
    return level_db(std::sqrt(loudest));
  }
  void follow(double level) noexcept {
    if (level < now(kFloor)) return;
    const double wanted = std::clamp(now(kTarget) - level, -now(kMostCut), now(kMostGain));
    gain_db_ += std::clamp(wanted - gain_db_, -step_db_, step_db_);
    least_gain_db_ = std::min(least_gain_db_, gain_db_);
  }
  void on_reset() noexcept override {
    std::fill(mean_squares_.begin(), mean_squares_.end(), 0.0);
    gain_db_ = least_gain_db_ = 0.0;
  }

  std::vector<double> mean_squares_;
  double share_ = 0.0;
  double step_db_ = 0.0;
  double gain_db_ = 0.0;
  double least_gain_db_ = 0.0;
};

}  // namespace

std::unique_ptr<Effect> make_agc() { return std::make_unique<Agc>(); }

}  // namespace syrinx::effects
