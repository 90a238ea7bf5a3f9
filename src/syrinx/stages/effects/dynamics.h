// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

// What compressors, expanders, gates and limiters are made of. Levels and gains in dB.
namespace syrinx::effects {

// The static curves, after D. Giannoulis, M. Massberg and J. Reiss, "Digital Dynamic Range
// Compressor Design - A Tutorial and Analysis", JAES 60(6), 2012, eq. 4. Each gives the gain, 0 or
// less, for a level: `knee_db` wide about the threshold it bends as a parabola.
// Above the threshold the output rises by 1/ratio dB per dB.
double compressor_gain_db(double level_db, double threshold_db, double ratio,
                          double knee_db) noexcept;
// Below the threshold the output falls by `ratio` dB per dB, at most by range_db (0 or more).
double expander_gain_db(double level_db, double threshold_db, double ratio, double knee_db,
                        double range_db) noexcept;

// The share of the distance that a first-order filter leaves after one sample, when it shall leave
// 1/e after the time constant. 0 for a time of 0.
double remaining_share(double time_ms, double sample_rate_hz) noexcept;

// Goes down with one time constant and up with another, exponentially: to within 1/e of the way.
class DownUp {
 public:
  void set(double down_ms, double up_ms, double sample_rate_hz) noexcept {
    down_ = remaining_share(down_ms, sample_rate_hz);
    up_ = remaining_share(up_ms, sample_rate_hz);
  }
  void jump(double value) noexcept { value_ = least_ = value; }
  double value() const noexcept { return value_; }
  double least() const noexcept { return least_; }  // Since the last jump.
  double next(double target) noexcept {
    const double rest = (value_ - target) * (target < value_ ? down_ : up_);
    value_ = std::abs(rest) < 1e-9 ? target : target + rest;  // Arrives, in the end.
    least_ = std::min(least_, value_);
    return value_;
  }

 private:
  double down_ = 0.0;
  double up_ = 0.0;
  double value_ = 0.0;
  double least_ = 0.0;
};

// The largest of the last so many values (D. Lemire's monotonic queue, 2006): constant work.
class SlidingMax {
 public:
  SlidingMax() = default;
  // Pre: window >= 1.
  explicit SlidingMax(std::size_t window) : entries_(window) {}

  double next(double value) noexcept {
    const std::uint64_t now = count_++;
    if (held_ > 0 && entries_[first_].when + entries_.size() <= now) drop_first();
    while (held_ > 0 && last().value <= value) --held_;
    entries_[wrapped(first_ + held_)] = {value, now};
    ++held_;
    return entries_[first_].value;
  }
  void clear() noexcept { held_ = first_ = 0; }

 private:
  struct Entry {
    double value = 0.0;
    std::uint64_t when = 0;
  };
  // Pre: index < twice the size.
  std::size_t wrapped(std::size_t index) const noexcept {
    return index < entries_.size() ? index : index - entries_.size();
  }
  Entry& last() noexcept { return entries_[wrapped(first_ + held_ - 1)]; }
  void drop_first() noexcept {
    first_ = wrapped(first_ + 1);
    --held_;
  }

  std::vector<Entry> entries_ = std::vector<Entry>(1);
  std::size_t first_ = 0;
  std::size_t held_ = 0;
  std::uint64_t count_ = 0;
};

// The mean of the last so many values, none before the first.
class SlidingMean {
 public:
  SlidingMean() = default;
  explicit SlidingMean(std::size_t window, double before = 0.0)
      : before_(before), values_(window, before) {
    clear();
  }
  double next(double value) noexcept {
    sum_ += value - values_[at_];
    values_[at_] = value;
    at_ = at_ + 1 == values_.size() ? 0 : at_ + 1;
    return sum_ / static_cast<double>(values_.size());
  }
  void clear() noexcept {
    std::fill(values_.begin(), values_.end(), before_);
    sum_ = before_ * static_cast<double>(values_.size());
    at_ = 0;
  }

 private:
  double before_ = 0.0;
  std::vector<double> values_ = std::vector<double>(1);
  double sum_ = 0.0;
  std::size_t at_ = 0;
};

// 20 log10 |x|, not below -200.
inline double level_db(double x) noexcept {
  return 20.0 * std::log10(std::max(std::abs(x), 1e-10));
}
// The factor of a gain in dB; exactly 1 at 0.
inline double factor_of_db(double db) noexcept {
  return db == 0.0 ? 1.0 : std::exp(db * 0.11512925464970229);  // ln(10) / 20
}
// The same for many, in place, many at once: within 1e-10 of them. Pre: all within +-1000 dB.
void factors_of_db(std::span<double> db) noexcept;
inline std::size_t frames_of_ms(double ms, double sample_rate_hz) noexcept {
  return static_cast<std::size_t>(std::lround(ms * 1e-3 * sample_rate_hz));
}

// Peaks are held so long that a tone of 50 Hz or more has a steady level.
inline constexpr double kPeakHoldMs = 10.0;

}  // namespace syrinx::effects
