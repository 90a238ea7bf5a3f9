// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "syrinx/stages/effects/builtin.h"
#include "syrinx/stages/effects/delay_line.h"
#include "syrinx/stages/effects/dynamics.h"
#include "syrinx/stages/effects/oversampler.h"
#include "syrinx/stages/effects/ramp.h"

namespace syrinx::effects {
namespace {

enum : std::size_t { kCeiling, kInput, kRelease, kLookahead };
constexpr Parameter kParameters[] = {
    {"ceiling_dbtp", "dB", -40.0, 0.0, -1.0},
    {"input_db", "dB", -24.0, 36.0, 0.0},
    {"release_ms", "ms", 1.0, 2'000.0, 80.0, Change::kSmooth, Scale::kLogarithmic},
    {"lookahead_ms", "ms", 0.5, 20.0, 5.0, Change::kOnPrepare}};

// What the detector may miss between the points of fourfold oversampling. Taken off the ceiling.
constexpr double kMarginDb = 0.15;

// The interpolator that ITU-R BS.1770-4, Annex 2, prints for meters: short, and a little uneven.
// The other two phases are these read backwards.
constexpr std::size_t kMeterTaps = 12;
constexpr float kMeter[2][kMeterTaps] = {
    {0.0017089843750f, 0.0109863281250f, -0.0196533203125f, 0.0332031250000f, -0.0594482421875f,
     0.1373291015625f, 0.9721679687500f, -0.1022949218750f, 0.0476074218750f, -0.0266113281250f,
     0.0148925781250f, -0.0083007812500f},
    {-0.0291748046875f, 0.0292968750000f, -0.0517578125000f, 0.0891113281250f, -0.1665039062500f,
     0.4650878906250f, 0.7797851562500f, -0.2003173828125f, 0.1015625000000f, -0.0582275390625f,
     0.0330810546875f, -0.0189208984375f}};

// A true peak lowers the gain of so many samples on either side.
constexpr std::size_t kReach = 4;

// The top of the parabola through three neighbouring points, where the middle one is the largest.
double crest(double before, double middle, double after) noexcept {
  const double bend = before - 2.0 * middle + after;
  if (middle < before || middle < after || bend >= 0.0) return middle;
  const double slope = after - before;
  return middle - slope * slope / (8.0 * bend);
}

// The largest of the meter's four points about the sample FourfoldFilter::kLatency ago.
double meter_peak(const float* newest_first) noexcept {
  const float* x = newest_first + FourfoldFilter::kLatency - kMeterTaps / 2;
  float points[4] = {};
  for (std::size_t k = 0; k < kMeterTaps; ++k) {
    points[0] += kMeter[0][k] * x[k];
    points[1] += kMeter[1][k] * x[k];
    points[2] += kMeter[1][kMeterTaps - 1 - k] * x[k];
    points[3] += kMeter[0][kMeterTaps - 1 - k] * x[k];
  }
  double largest = 0.0;
  for (const float point : points)
    largest = std::max(largest, std::abs(static_cast<double>(point)));
  return largest;
}

// The true peak of one channel, point by point: by a long interpolator, which most converters
// resemble, and by the standard meter's, whichever is larger. They differ only where the sound
// reaches near half its rate.
class TruePeak {
 public:
  // The largest magnitude from n - kLatency to one sample later, where n is the sample pushed.
  double push(float x) noexcept {
    const std::array<float, 4> fine = up_.push(x);
    double largest = meter_peak(up_.newest_first());
    for (const float point : fine) {
      const double magnitude = std::abs(static_cast<double>(point));
      largest = std::max(largest, crest(before_, middle_, magnitude));
      before_ = middle_;
      middle_ = magnitude;
    }
    return largest;
  }
  void clear() noexcept {
    up_.clear();
    before_ = middle_ = 0.0;
  }

 private:
  Upsampler up_;
  double before_ = 0.0;
  double middle_ = 0.0;
};

// Needed gain -> its minimum over the look-ahead -> release -> mean over the look-ahead (twice half
// of it). The mean at a peak is over values that are all low enough for it, so the gain is down, by
// a smooth way, when the peak comes. All channels share one gain.
class Stage {
 public:
  Stage() = default;
  Stage(std::size_t channels, std::size_t half)
      : sound_(channels, 2 * half + FourfoldFilter::kLatency + kReach - 1),
        peaks_(channels),
        reduction_(2 * half + 2 * kReach),
        first_(half, 1.0),
        second_(half, 1.0) {}

  std::size_t latency_samples() const noexcept { return sound_.longest(); }
  double least_gain() const noexcept { return least_gain_; }
  void set(double ceiling, double release_ms, double sample_rate_hz) noexcept {
    ceiling_ = ceiling;
    release_.set(0.0, release_ms, sample_rate_hz);
  }
  void process(MutableAudioView part) noexcept {
    for (std::size_t i = 0; i < part.frames(); ++i) {
      sound_.advance();
      double peak = 0.0;
      for (std::size_t c = 0; c < part.channels(); ++c) {
        sound_.put(c, part.channel(c)[i]);
        peak = std::max(peak, peaks_[c].push(part.channel(c)[i]));
      }
      const double gain = next_gain(peak);
      for (std::size_t c = 0; c < part.channels(); ++c)
        part.channel(c)[i] = static_cast<float>(sound_.get(c, sound_.longest()) * gain);
    }
  }
  void reset() noexcept {
    sound_.clear();
    for (TruePeak& peak : peaks_) peak.clear();
    reduction_.clear();
    first_.clear();
    second_.clear();
    release_.jump(1.0);
    least_gain_ = 1.0;
  }

 private:
  double next_gain(double peak) noexcept {
    const double needed = peak > ceiling_ ? ceiling_ / peak : 1.0;
    const double least = 1.0 - reduction_.next(1.0 - needed);
    const double gain = std::min(1.0, second_.next(first_.next(release_.next(least))));
    least_gain_ = std::min(least_gain_, gain);
    return gain;
  }

  DelayLine sound_;
  std::vector<TruePeak> peaks_;
  SlidingMax reduction_;
  SlidingMean first_, second_;
  DownUp release_;
  double ceiling_ = 1.0;
  double least_gain_ = 1.0;
};

class Limiter final : public Effect {
 public:
  Limiter() : Effect(kParameters) {}
  std::string_view name() const noexcept override { return "limiter"; }
  std::optional<double> gain_reduction_db() const noexcept override {
    return -level_db(stage_.least_gain());
  }
  std::size_t latency_samples() const noexcept override { return stage_.latency_samples(); }

 private:
  Result<void> on_prepare() override {
    const double rate = format().sample_rate_hz;
    const std::size_t half = std::max<std::size_t>(2, frames_of_ms(now(kLookahead), rate) / 2);
    stage_ = Stage(format().channels, half);
    return {};
  }
  void on_change() noexcept override {
    input_.aim(from_db(now(kInput)));
    stage_.set(from_db(now(kCeiling) - kMarginDb), now(kRelease), format().sample_rate_hz);
  }
  void on_process(MutableAudioView part) noexcept override {
    scale(part, input_);
    stage_.process(part);
  }
  void on_reset() noexcept override {
    stage_.reset();
    input_.finish();
  }

  Stage stage_;
  Ramp input_{1.0};
};

}  // namespace

std::unique_ptr<Effect> make_limiter() { return std::make_unique<Limiter>(); }

}  // namespace syrinx::effects
