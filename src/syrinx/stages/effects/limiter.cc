// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <numeric>

#include "syrinx/core/dsp/kernels.h"
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
// The last two phases are the first two read backwards.
constexpr std::size_t kMeterTaps = 12;
constexpr float kMeter[4][kMeterTaps] = {
    {0.0017089843750f, 0.0109863281250f, -0.0196533203125f, 0.0332031250000f, -0.0594482421875f,
     0.1373291015625f, 0.9721679687500f, -0.1022949218750f, 0.0476074218750f, -0.0266113281250f,
     0.0148925781250f, -0.0083007812500f},
    {-0.0291748046875f, 0.0292968750000f, -0.0517578125000f, 0.0891113281250f, -0.1665039062500f,
     0.4650878906250f, 0.7797851562500f, -0.2003173828125f, 0.1015625000000f, -0.0582275390625f,
     0.0330810546875f, -0.0189208984375f},
    {-0.0189208984375f, 0.0330810546875f, -0.0582275390625f, 0.1015625000000f, -0.2003173828125f,
     0.7797851562500f, 0.4650878906250f, -0.1665039062500f, 0.0891113281250f, -0.0517578125000f,
     0.0292968750000f, -0.0291748046875f},
    {-0.0083007812500f, 0.0148925781250f, -0.0266113281250f, 0.0476074218750f, -0.1022949218750f,
     0.9721679687500f, 0.1373291015625f, -0.0594482421875f, 0.0332031250000f, -0.0196533203125f,
     0.0109863281250f, 0.0017089843750f}};

// A true peak lowers the gain of so many samples on either side.
constexpr std::size_t kReach = 4;

// The top of the parabola through three neighbouring points, where the middle one is the largest.
double crest(double before, double middle, double after) noexcept {
  const double bend = before - 2.0 * middle + after;
  if (middle < before || middle < after || bend >= 0.0) return middle;
  const double slope = after - before;
  return middle - slope * slope / (8.0 * bend);
}
// It rises above the middle by an eighth at most: when one neighbour is as large and one is 0.
constexpr double kMostCrest = 1.125;

// The true peak of one channel, sample by sample: by a long interpolator, which most converters
// resemble, and by the standard meter's, whichever is larger. They differ only where the sound
// reaches near half its rate.
class TruePeak {
 public:
  TruePeak() : sound_(kTaps + kPartFrames + kAtOnce) {
    const auto sum = [](const auto& taps) {
      return std::accumulate(taps.begin(), taps.end(), 0.0f,
                             [](float all, float tap) { return all + std::abs(tap); });
    };
    for (std::size_t phase = 1; phase < FourfoldFilter::kFactor; ++phase)
      gain_ = std::max(gain_, sum(filter_->up(phase)));
    for (const auto& taps : kMeter) gain_ = std::max(gain_, sum(std::span(taps)));
  }

  // Raises peaks[i] to the largest magnitude from i - kLatency to one sample later, unless the
  // samples are so small that none can be above the ceiling.
  void process(std::span<const float> part, double ceiling, std::span<double> peaks) noexcept {
    std::copy(part.begin(), part.end(), sound_.begin() + kTaps);
    const auto heard = std::span(sound_).first(kTaps + part.size());
    const double largest = static_cast<double>(dsp::kernels().peak(heard.data(), heard.size()));
    if (largest * static_cast<double>(gain_) * kMostCrest > ceiling) measure(part.size(), peaks);
    std::copy(heard.end() - kTaps, heard.end(), sound_.begin());
  }
  void clear() noexcept { std::fill(sound_.begin(), sound_.end(), 0.0f); }

 private:
  static constexpr std::ptrdiff_t kTaps = FourfoldFilter::kTaps;
  static constexpr std::size_t kFactor = FourfoldFilter::kFactor;
  static constexpr std::size_t kAtOnce = 8;  // Samples that are filtered side by side.
  using Points = std::array<std::array<float, kAtOnce>, kFactor>;

  // sums[i] = taps . (the sample i and those before it). `newest` is sample 0.
  template <std::size_t kCount>
  static void filter(const float* newest, const float* taps,
                     std::array<float, kAtOnce>& sums) noexcept {
    sums.fill(0.0f);
    for (std::size_t k = 0; k < kCount; ++k) {
      const float* x = newest - k;
      for (std::size_t i = 0; i < kAtOnce; ++i) sums[i] += taps[k] * x[i];
    }
  }
  void interpolate(const float* newest, Points& fine, Points& meter) const noexcept {
    std::copy_n(newest - FourfoldFilter::kLatency, kAtOnce, fine[0].begin());
    for (std::size_t p = 1; p < kFactor; ++p)
      filter<FourfoldFilter::kTaps>(newest, filter_->up(p).data(), fine[p]);
    const float* x = newest - FourfoldFilter::kLatency + kMeterTaps / 2;
    for (std::size_t p = 0; p < kFactor; ++p) filter<kMeterTaps>(x, kMeter[p], meter[p]);
  }
  // One sample earlier than the part, for the crests between it and what was before.
  void measure(std::size_t frames, std::span<double> peaks) noexcept {
    Points fine;
    Points meter;
    double before = 0.0;
    double middle = 0.0;
    for (std::size_t at = 0; at < frames + 1; at += kAtOnce) {
      const std::size_t count = std::min(kAtOnce, frames + 1 - at);
      // The last round reads past the part: what lies there is never used.
      interpolate(sound_.data() + kTaps - 1 + at, fine, meter);
      for (std::size_t i = 0; i < count; ++i) {
        double largest = 0.0;
        for (std::size_t p = 0; p < kFactor; ++p) {
          const auto magnitude = static_cast<double>(std::abs(fine[p][i]));
          const auto metered = static_cast<double>(std::abs(meter[p][i]));
          largest = std::max({largest, metered, crest(before, middle, magnitude)});
          before = middle;
          middle = magnitude;
        }
        if (at + i > 0) peaks[at + i - 1] = std::max(peaks[at + i - 1], largest);
      }
    }
  }

  const FourfoldFilter* filter_ = &FourfoldFilter::shared();
  float gain_ = 1.0f;         // The most that a phase makes of samples of magnitude 1.
  std::vector<float> sound_;  // The kTaps samples before the part, and the part.
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
        part_(kPartFrames),
        reduction_(2 * half + 2 * kReach),
        first_(half, 1.0),
        second_(half, 1.0),
        memory_(4 * half + 2 * kReach) {}

  std::size_t latency_samples() const noexcept { return sound_.longest(); }
  double least_gain() const noexcept { return least_gain_; }
  void set(double ceiling, double release_ms, double sample_rate_hz) noexcept {
    ceiling_ = ceiling;
    release_.set(0.0, release_ms, sample_rate_hz);
  }
  void process(MutableAudioView part) noexcept {
    const auto peaks = std::span(part_).first(part.frames());
    std::fill(peaks.begin(), peaks.end(), 0.0);
    for (std::size_t c = 0; c < part.channels(); ++c)
      peaks_[c].process(part.channel(c), ceiling_, peaks);
    for (double& value : peaks) value = next_gain(value);  // Peaks become gains.
    sound_.process(part);
    for (std::size_t c = 0; c < part.channels(); ++c) {
      const auto row = part.channel(c);
      for (std::size_t i = 0; i < row.size(); ++i) row[i] = static_cast<float>(row[i] * peaks[i]);
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
    resting_frames_ = 0;
  }

 private:
  double next_gain(double peak) noexcept {
    if (peak > ceiling_) resting_frames_ = 0;
    if (resting_frames_ > memory_) return 1.0;
    const double needed = peak > ceiling_ ? ceiling_ / peak : 1.0;
    const double least = 1.0 - reduction_.next(1.0 - needed);
    const double lowest = release_.next(least);
    const double gain = std::min(1.0, second_.next(first_.next(lowest)));
    resting_frames_ = lowest == 1.0 ? resting_frames_ + 1 : 0;
    if (resting_frames_ > memory_) rest();
    least_gain_ = std::min(least_gain_, gain);
    return gain;
  }

  // Everything that is remembered is at a gain of 1 and stays so until the next peak.
  void rest() noexcept {
    reduction_.clear();
    first_.clear();
    second_.clear();
  }

  DelayLine sound_;
  std::vector<TruePeak> peaks_;
  std::vector<double> part_;  // A part's peaks, then its gains.
  SlidingMax reduction_;
  SlidingMean first_, second_;
  DownUp release_;
  double ceiling_ = 1.0;
  double least_gain_ = 1.0;
  std::size_t memory_ = 0;  // Frames that the minimum and the means look back.
  std::size_t resting_frames_ = 0;
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
