// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/pitch_marks.h"

#include <algorithm>
#include <cmath>

namespace syrinx::voice {
namespace {

constexpr double kSearch = 0.12;      // Of a period, to either side of where a mark is expected.
constexpr double kTemplate = 0.6;     // Of a period, to either side, that must look alike.
constexpr double kEnergyPull = 0.15;  // What most energy is worth, where perfect likeness is 1.
// Of a period, by which a mark lies behind the moment of most energy: a grain so centred holds more
// of what rings after the folds have closed, and its resonances stay where they are. On vowels of
// known formants, 0.1 halves what F1 and F3 err by, and more than 0.2 blurs F3.
constexpr double kLate = 0.1;
constexpr double kEnergyHalfMs = 1.0;  // The energy is summed over this to either side.
// What F0 alone does not say is voiced must be as alike, and lasts no longer than this after the
// last F0: voices begin and end a few periods beyond what a tracker says.
constexpr double kAlike = 0.25;
constexpr double kCarriedMs = 60.0;
constexpr double kLookRateHz = 16'000;  // Likeness is looked at with about this many samples.

}  // namespace

Result<PitchMarkFinder> PitchMarkFinder::create(int sample_rate_hz,
                                                const PitchMarkOptions& options) {
  dsp::F0Options f0;
  f0.min_hz = options.min_hz;
  f0.max_hz = options.max_hz;
  f0.hop_s = 1e-3 * options.f0_hop_ms;
  SYRINX_ASSIGN(auto tracker, dsp::StreamingF0::create(sample_rate_hz, f0));
  std::optional<dsp::StreamingF0> quick;
  if (options.quick_min_hz > 0.0) {
    f0.min_hz = options.quick_min_hz;
    SYRINX_ASSIGN(quick, dsp::StreamingF0::create(sample_rate_hz, f0));
  }
  return PitchMarkFinder(sample_rate_hz, options, std::move(tracker), std::move(quick));
}

PitchMarkFinder::PitchMarkFinder(int sample_rate_hz, const PitchMarkOptions& options,
                                 dsp::StreamingF0 tracker, std::optional<dsp::StreamingF0> quick)
    : sample_rate_hz_(sample_rate_hz),
      options_(options),
      min_period_(sample_rate_hz / options.max_hz),
      max_period_(sample_rate_hz / options.min_hz),
      unvoiced_spacing_(std::round(kUnvoicedSpacingMs * 1e-3 * sample_rate_hz)),
      stride_(std::max<std::int64_t>(1, std::lround(sample_rate_hz / kLookRateHz))),
      tracker_(std::move(tracker)),
      quick_(std::move(quick)),
      past_(static_cast<std::size_t>(8.0 * max_period_ + 0.1 * sample_rate_hz) + 4'096),
      scratch_(static_cast<std::size_t>(4.0 * max_period_ + 0.02 * sample_rate_hz)),
      energy_(scratch_.size()),
      likeness_(scratch_.size()) {}

void PitchMarkFinder::reset() noexcept {
  tracker_.reset();
  if (quick_) quick_->reset();
  quick_frames_.fill({});
  past_.clear();
  frame_count_ = 0;
  marks_ = 0;
  last_f0_at_ = 0.0;
}

std::size_t PitchMarkFinder::lookahead_samples() const noexcept {
  const double search = (kSearch + kTemplate) * max_period_ + static_cast<double>(stride_) + 2.0;
  const double start = 2.5 * max_period_ + 2.0 * kEnergyHalfMs * 1e-3 * sample_rate_hz_;
  const double looks = std::max(search, start);
  const double waits = options_.wait_for_f0
                           ? static_cast<double>(tracker_.latency_samples()) +
                                 options_.reach_back_ms * 1e-3 * sample_rate_hz_ +
                                 (1.0 + static_cast<double>(options_.smoothing_frames)) *
                                     static_cast<double>(tracker_.hop_samples())
                           : 0.0;
  const double holds = options_.hold_ms * 1e-3 * sample_rate_hz_;
  return static_cast<std::size_t>(std::ceil(std::max({looks, waits, holds})));
}

void PitchMarkFinder::take(std::span<const float> samples) noexcept {
  for (const float x : samples) past_.push(x);
  tracker_.process(samples, [this](const dsp::F0Frame& frame) { take_frame(frame); });
  if (quick_) {
    quick_->process(samples, [this](const dsp::F0Frame& frame) {
      std::shift_right(quick_frames_.begin(), quick_frames_.end(), 1);
      quick_frames_[0] = frame;
    });
  }
  if (marks_ == 0) add({0.0, unvoiced_spacing_, false});
  while (find_next()) {
  }
}

void PitchMarkFinder::take_frame(const dsp::F0Frame& frame) noexcept {
  frames_[static_cast<std::size_t>(frame_count_++) % kFrames] = frame;
}

double PitchMarkFinder::newest_f0_hz() const noexcept {
  return frame_count_ == 0 ? 0.0 : frames_[static_cast<std::size_t>(frame_count_ - 1) % kFrames].hz;
}

// The median of the frames around one.
double PitchMarkFinder::frame_hz(std::int64_t frame) const noexcept {
  const auto reach = static_cast<std::int64_t>(options_.smoothing_frames);
  std::array<double, 32> around{};
  std::size_t count = 0;
  for (std::int64_t i = std::max<std::int64_t>(0, frame - reach);
       i <= std::min(frame + reach, frame_count_ - 1) && count < around.size(); ++i)
    around[count++] = frames_[static_cast<std::size_t>(i) % kFrames].hz;
  const auto middle = around.begin() + static_cast<std::ptrdiff_t>(count / 2);
  std::nth_element(around.begin(), middle, around.begin() + static_cast<std::ptrdiff_t>(count));
  return *middle;
}

double PitchMarkFinder::f0_at(double at) const noexcept {
  const double hz = first_f0_at(at);
  return hz > 0.0 || !quick_ ? hz : quick_f0_at(at);
}

// Of the frame that is nearest in time.
double PitchMarkFinder::quick_f0_at(double at) const noexcept {
  const double at_s = at / sample_rate_hz_;
  const auto nearer = [at_s](const dsp::F0Frame& a, const dsp::F0Frame& b) {
    return std::abs(a.time_s - at_s) < std::abs(b.time_s - at_s);
  };
  return std::min_element(quick_frames_.begin(), quick_frames_.end(), nearer)->hz;
}

double PitchMarkFinder::first_f0_at(double at) const noexcept {
  if (frame_count_ == 0) return 0.0;
  const auto hop = static_cast<double>(tracker_.hop_samples());
  const auto reach = static_cast<std::int64_t>(options_.smoothing_frames);
  const double newest_at =
      frames_[static_cast<std::size_t>(frame_count_ - 1) % kFrames].time_s * sample_rate_hz_;
  const auto back = static_cast<std::int64_t>(std::lround((newest_at - at) / hop));
  const std::int64_t least =
      std::max<std::int64_t>(0, frame_count_ - static_cast<std::int64_t>(kFrames) + reach);
  const std::int64_t most = std::max(least, frame_count_ - 1 - (options_.wait_for_f0 ? reach : 0));
  return frame_hz(std::clamp(frame_count_ - 1 - back, least, most));
}

bool PitchMarkFinder::f0_is_known(double at) const noexcept {
  if (!options_.wait_for_f0) return true;
  const auto hop = static_cast<double>(tracker_.hop_samples());
  const auto reach = static_cast<std::int64_t>(options_.smoothing_frames);
  if (frame_count_ <= reach) return false;
  const double newest_at =
      frames_[static_cast<std::size_t>(frame_count_ - 1) % kFrames].time_s * sample_rate_hz_;
  return newest_at - static_cast<double>(reach) * hop >= at - 0.5 * hop;
}

bool PitchMarkFinder::find_next() noexcept {
  const PitchMark last = mark(marks_ - 1);
  const double expected = last.at + last.period;
  const double hold = options_.hold_ms * 1e-3 * sample_rate_hz_;
  const double ahead = options_.reach_back_ms * 1e-3 * sample_rate_hz_;
  if (expected + hold > static_cast<double>(past_.end())) return false;
  if (!f0_is_known(expected + ahead)) return false;
  const Found found = find_voiced(last, expected);
  if (found == Found::kTooEarly) return false;
  if (found == Found::kNone) add({std::round(expected), unvoiced_spacing_, false});
  return true;
}

// Where F0 says that the sound is voiced; and where it does not but did, or soon will, and the
// sound repeats itself nevertheless.
PitchMarkFinder::Found PitchMarkFinder::find_voiced(const PitchMark& last,
                                                    double expected) noexcept {
  const double hz = f0_at(expected);
  if (hz > 0.0) {
    last_f0_at_ = expected;
    const bool sure = !options_.wait_for_f0 || first_f0_at(expected) > 0.0;
    const double least = sure ? -1.0 : kAlike;
    return last.voiced ? carry_voice(last, sample_rate_hz_ / hz, least)
                       : start_voice(last, sample_rate_hz_ / hz, least);
  }
  const double carried = expected - last_f0_at_;
  if (last.voiced && carried <= kCarriedMs * 1e-3 * sample_rate_hz_)
    return carry_voice(last, std::clamp(last.period, min_period_, max_period_), kAlike);
  if (options_.reach_back_ms <= 0.0) return Found::kNone;
  const double later_hz = f0_at(expected + options_.reach_back_ms * 1e-3 * sample_rate_hz_);
  return later_hz > 0.0 ? start_voice(last, sample_rate_hz_ / later_hz, kAlike) : Found::kNone;
}

// How alike the sound is around two places, -1 to 1. Pre: both are past, as far as `half`.
double PitchMarkFinder::likeness_of(std::int64_t one, std::int64_t other,
                                    std::int64_t half) noexcept {
  const auto needed = static_cast<std::size_t>(other + half + 1 - (one - half));
  const std::span<float> sound(scratch_.data(), std::min(needed, scratch_.size()));
  past_.copy(one - half, sound);
  const auto apart = static_cast<std::size_t>(other - one);
  double product = 0.0;
  double powers[2] = {1e-20, 1e-20};
  for (std::size_t i = 0; i + apart < sound.size(); i += static_cast<std::size_t>(stride_)) {
    const double a = static_cast<double>(sound[i]);
    const double b = static_cast<double>(sound[i + apart]);
    product += a * b;
    powers[0] += a * a;
    powers[1] += b * b;
  }
  return product / std::sqrt(powers[0] * powers[1]);
}

// Looks from half an unvoiced spacing after the last mark on for a period.
PitchMarkFinder::Found PitchMarkFinder::start_voice(const PitchMark& last, double period,
                                                    double least_likeness) noexcept {
  const auto half = static_cast<std::int64_t>(kEnergyHalfMs * 1e-3 * sample_rate_hz_);
  const auto from = static_cast<std::int64_t>(last.at + 0.5 * unvoiced_spacing_);
  const auto count = static_cast<std::int64_t>(period);
  if (from + count + half + 1 > past_.end()) return Found::kTooEarly;
  const auto needed = static_cast<std::size_t>(count + 2 * half + 1);
  const std::span<float> sound(scratch_.data(), needed);
  past_.copy(from - half - 1, sound);
  double sum = 0.0;
  double most = -1.0;
  std::int64_t best = 0;
  for (std::size_t i = 1; i < needed; ++i) {
    const double step = static_cast<double>(sound[i]) - static_cast<double>(sound[i - 1]);
    energy_[i] = step * step;
    sum += energy_[i];
    const std::size_t width = static_cast<std::size_t>(2 * half + 1);
    if (i > width) sum -= energy_[i - width];
    if (i < width || sum <= most) continue;
    most = sum;
    best = static_cast<std::int64_t>(i - width);
  }
  if (least_likeness > -1.0) {
    const auto around = static_cast<std::int64_t>(kTemplate * period);
    if (from + best + count + around + 1 > past_.end()) return Found::kTooEarly;
    if (likeness_of(from + best, from + best + count, around) < least_likeness) return Found::kNone;
  }
  add({static_cast<double>(from + best) + kLate * period, period, true});
  return Found::kMark;
}

PitchMarkFinder::Found PitchMarkFinder::carry_voice(const PitchMark& last, double period,
                                                    double least_likeness) noexcept {
  const auto reach = static_cast<std::int64_t>(std::ceil(kSearch * period)) + stride_;
  const auto half = static_cast<std::int64_t>(std::ceil(kTemplate * period));
  const auto centre = static_cast<std::int64_t>(std::llround(last.at));
  const auto expected = static_cast<std::int64_t>(std::llround(last.at + period));
  if (expected + reach + half + 1 > past_.end()) return Found::kTooEarly;
  const std::int64_t from = centre - half;
  const auto needed = static_cast<std::size_t>(expected + reach + half + 1 - from);
  const std::span<float> sound(scratch_.data(), std::min(needed, scratch_.size()));
  past_.copy(from, sound);

  const std::int64_t late = std::lround(kLate * period);
  const float* reference = sound.data();  // Around `centre`.
  const float* start = sound.data() + (expected - reach - half - from);
  const auto lags = static_cast<std::size_t>(2 * reach + 1);
  double own = 1e-20;
  for (std::int64_t i = 0; i <= 2 * half; i += stride_) {
    const double a = static_cast<double>(reference[i]);
    own += a * a;
  }
  double most_energy = 1e-30;
  for (std::size_t lag = 0; lag < lags; ++lag) {
    double product = 0.0;
    double power = 1e-20;
    for (std::int64_t i = 0; i <= 2 * half; i += stride_) {
      const double a = static_cast<double>(reference[i]);
      const double b = static_cast<double>(start[static_cast<std::int64_t>(lag) + i]);
      product += a * b;
      power += b * b;
    }
    likeness_[lag] = product / std::sqrt(power * own);
    double energy = 0.0;
    const auto near = static_cast<std::int64_t>(kEnergyHalfMs * 1e-3 * sample_rate_hz_);
    const std::int64_t low = std::max<std::int64_t>(0, half - late - near);
    for (std::int64_t i = low; i < std::min(half - late + near, 2 * half); i += stride_) {
      const float* here = start + static_cast<std::int64_t>(lag) + i;
      const double step = static_cast<double>(here[1]) - static_cast<double>(here[0]);
      energy += step * step;
    }
    energy_[lag] = energy;
    most_energy = std::max(most_energy, energy);
  }
  std::size_t best = lags / 2;
  double most = -10.0;
  for (std::size_t lag = 0; lag < lags; ++lag) {
    likeness_[lag] += kEnergyPull * energy_[lag] / most_energy;
    if (likeness_[lag] <= most) continue;
    most = likeness_[lag];
    best = lag;
  }
  if (most - kEnergyPull * energy_[best] / most_energy < least_likeness) return Found::kNone;
  double part = 0.0;
  if (best > 0 && best + 1 < lags) {
    const double curve = likeness_[best - 1] - 2.0 * likeness_[best] + likeness_[best + 1];
    if (curve < 0.0)
      part = std::clamp(0.5 * (likeness_[best - 1] - likeness_[best + 1]) / curve, -0.5, 0.5);
  }
  const double at = static_cast<double>(expected - reach) + static_cast<double>(best) + part;
  add({at, at - last.at, true});
  return Found::kMark;
}

void PitchMarkFinder::add(const PitchMark& mark) noexcept {
  ring_[static_cast<std::size_t>(marks_++ % kMarks)] = mark;
}

std::int64_t PitchMarkFinder::nearest(double at) const noexcept {
  std::int64_t low = oldest();
  std::int64_t high = marks_ - 1;
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    if (mark(middle).at < at) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low > oldest() && at - mark(low - 1).at < mark(low).at - at) return low - 1;
  return low;
}

}  // namespace syrinx::voice
