// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <limits>

#include "syrinx/stages/effects/builtin.h"
#include "syrinx/stages/effects/delay_line.h"
#include "syrinx/stages/effects/dynamics.h"
#include "syrinx/stages/effects/ramp.h"

namespace syrinx::effects {
namespace {

enum : std::size_t {
  kThreshold,
  kRatio,
  kKnee,
  kAttack,
  kRelease,
  kMakeup,
  kLink,
  kDetector,
  kLookahead
};
constexpr std::string_view kDetectors[] = {"peak", "rms"};
constexpr double kRmsMs = 10.0;  // The time constant of the mean square.
constexpr Parameter kParameters[] = {
    {"threshold_db", "dB", -80.0, 0.0, -18.0},
    {"ratio", "", 1.0, 100.0, 3.0, Change::kSmooth, Scale::kLogarithmic},
    {"knee_db", "dB", 0.0, 40.0, 6.0},
    {"attack_ms", "ms", 0.0, 500.0, 5.0},
    {"release_ms", "ms", 1.0, 5'000.0, 120.0, Change::kSmooth, Scale::kLogarithmic},
    {"makeup_db", "dB", -24.0, 36.0, 0.0},
    {"link", "", 0.0, 1.0, 1.0},
    {"detector", "", 0.0, 1.0, 0.0, Change::kStep, Scale::kLinear, kDetectors},
    {"lookahead_ms", "ms", 0.0, 50.0, 0.0, Change::kOnPrepare}};

// Feed-forward, in the log domain: level, static curve, then attack and release on the gain.
class Compressor final : public Effect {
 public:
  Compressor() : Effect(kParameters) {}
  std::string_view name() const noexcept override { return "compressor"; }
  std::optional<double> gain_reduction_db() const noexcept override {
    double least = 0.0;
    for (const Channel& channel : channels_) least = std::min(least, channel.gain_db.least());
    return -least;
  }
  std::size_t latency_samples() const noexcept override { return ahead_.longest(); }

 private:
  struct Channel {
    SlidingMax peak;
    double mean_square = 0.0;
    double level_db = 0.0;
    double linear = -1.0;  // What level_db is of: a held peak stays for long.
    double curve_db = 0.0;
    double curve_at_db = std::numeric_limits<double>::quiet_NaN();  // The level of curve_db.
    DownUp gain_db;
    std::array<double, kPartFrames> gains{};
  };

  Result<void> on_prepare() override {
    const double rate = format().sample_rate_hz;
    ahead_ = DelayLine(format().channels, frames_of_ms(now(kLookahead), rate));
    channels_.assign(format().channels, {});
    for (Channel& channel : channels_)
      channel.peak = SlidingMax(frames_of_ms(kPeakHoldMs, rate) + 1);
    return {};
  }
  void on_change() noexcept override {
    for (Channel& channel : channels_) {
      channel.gain_db.set(now(kAttack), now(kRelease), format().sample_rate_hz);
      channel.curve_at_db = std::numeric_limits<double>::quiet_NaN();  // Another curve now.
    }
    rms_share_ = remaining_share(kRmsMs, format().sample_rate_hz);
    makeup_.aim(from_db(now(kMakeup)));
    rms_ = is(kDetector, 1);
  }
  void on_process(MutableAudioView part) noexcept override {
    for (std::size_t i = 0; i < part.frames(); ++i) {
      double loudest = -300.0;
      for (std::size_t c = 0; c < part.channels(); ++c)
        loudest = std::max(loudest, measure(channels_[c], part.channel(c)[i]));
      for (Channel& channel : channels_) channel.gains[i] = react(channel, loudest);
    }
    ahead_.process(part);
    const Ramp start = makeup_;
    for (std::size_t c = 0; c < part.channels(); ++c) {
      makeup_ = start;
      const auto gains = std::span(channels_[c].gains).first(part.frames());
      factors_of_db(gains);
      const auto row = part.channel(c);
      for (std::size_t i = 0; i < row.size(); ++i)
        row[i] = static_cast<float>(row[i] * (gains[i] * makeup_.next()));
    }
  }
  double measure(Channel& channel, double x) const noexcept {
    const double peak = channel.peak.next(std::abs(x));
    channel.mean_square = x * x + rms_share_ * (channel.mean_square - x * x);
    const double linear = rms_ ? std::sqrt(channel.mean_square) : peak;
    if (linear != channel.linear) channel.level_db = level_db(linear);
    channel.linear = linear;
    return channel.level_db;
  }
  double react(Channel& channel, double loudest_db) const noexcept {
    const double level = channel.level_db + now(kLink) * (loudest_db - channel.level_db);
    if (level != channel.curve_at_db)
      channel.curve_db = compressor_gain_db(level, now(kThreshold), now(kRatio), now(kKnee));
    channel.curve_at_db = level;
    return channel.gain_db.next(channel.curve_db);
  }
  void on_reset() noexcept override {
    ahead_.clear();
    makeup_.finish();
    for (Channel& channel : channels_) {
      channel.peak.clear();
      channel.mean_square = 0.0;
      channel.gain_db.jump(0.0);
    }
  }

  DelayLine ahead_;
  std::vector<Channel> channels_;
  Ramp makeup_{1.0};
  double rms_share_ = 0.0;
  bool rms_ = false;
};

}  // namespace

std::unique_ptr<Effect> make_compressor() { return std::make_unique<Compressor>(); }

}  // namespace syrinx::effects
