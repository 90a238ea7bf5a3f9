// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/dsp/pitch/glottal_pulses.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace syrinx::dsp {
namespace {

// F0 at a time, in proportion between voiced frames; 0 where the nearest frame is unvoiced.
double f0_at(const F0Track& f0, double time_s) {
  const double place = (time_s - f0.first_s) / f0.hop_s;
  const double near = std::round(place);
  const auto hz = [&f0](double frame) {
    const bool exists = frame >= 0.0 && frame < static_cast<double>(f0.frames());
    return exists ? f0.hz[static_cast<std::size_t>(frame)] : 0.0;
  };
  const double here = hz(near);
  const double there = hz(place > near ? near + 1.0 : near - 1.0);
  return here > 0.0 && there > 0.0 ? here + std::abs(place - near) * (there - here) : here;
}

// Times are those of samples' middles: sample i stands at (i + 0.5) / rate.
class PulseSearch {
 public:
  PulseSearch(const PitchSound& sound, const F0Track& f0) : sound_(sound), f0_(f0) {
    for (const float v : sound.samples) {
      loudest_ = std::max(loudest_, std::abs(static_cast<double>(v)));
    }
  }

  // The pulses of the stretch [left_s, right_s], all of it voiced.
  void search(double left_s, double right_s) {
    const double middle_s = 0.5 * (left_s + right_s);
    const double hz = f0_at(f0_, middle_s);
    if (!(hz > 0.0)) return;
    const double start_s = extremum(middle_s - 0.5 / hz, middle_s + 0.5 / hz);
    pulses_.push_back(start_s);
    walk(start_s, -1.0, left_s);
    walk(start_s, 1.0, right_s);
  }

  std::vector<double> sorted() {
    std::sort(pulses_.begin(), pulses_.end());
    return std::move(pulses_);
  }

 private:
  struct Match {
    double time_s = 0.0;
    double correlation = -1.0;
    double peak = 0.0;
  };

  double at(std::ptrdiff_t i) const {
    const bool inside = i >= 0 && i < static_cast<std::ptrdiff_t>(sound_.samples.size());
    return inside ? static_cast<double>(sound_.samples[static_cast<std::size_t>(i)]) : 0.0;
  }
  double place(double time_s) const { return time_s * sound_.sample_rate_hz - 0.5; }

  void walk(double from_s, double direction, double limit_s) {
    double time_s = from_s;
    for (;;) {
      const double hz = f0_at(f0_, time_s);
      if (!(hz > 0.0)) return;
      const double one_s = time_s + direction * 0.8 / hz;
      const double other_s = time_s + direction * 1.25 / hz;
      const Match match =
          best_match(time_s, 1.0 / hz, std::min(one_s, other_s), std::max(one_s, other_s));
      time_s = match.correlation == -1.0 ? time_s + direction / hz : match.time_s;
      const bool past = direction * (time_s - limit_s) > 0.0;
      const bool good =
          past ? match.correlation > 0.7 && match.peak > 0.023333 * loudest_
               : match.correlation > 0.3 && (match.peak == 0.0 || match.peak > 0.01 * loudest_);
      if (good) add(time_s, direction, 0.8 / hz);
      if (past) return;
    }
  }

  // Leftwards, not too near to the last pulse of the stretch before.
  void add(double time_s, double direction, double least_s) {
    if (direction > 0.0) last_right_s_ = time_s;
    if (direction < 0.0 && time_s - last_right_s_ <= least_s) return;
    pulses_.push_back(time_s);
  }

  // Where the largest magnitude lies, sharpened by a parabola.
  double extremum(double from_s, double to_s) const {
    const auto first = static_cast<std::ptrdiff_t>(std::ceil(place(from_s)));
    const auto last = static_cast<std::ptrdiff_t>(std::floor(place(to_s)));
    std::ptrdiff_t best = first;
    for (std::ptrdiff_t i = first; i <= last; ++i) {
      if (std::abs(at(i)) > std::abs(at(best))) best = i;
    }
    const double curve = 2.0 * at(best) - at(best - 1) - at(best + 1);
    const double move = curve != 0.0 ? 0.5 * (at(best + 1) - at(best - 1)) / curve : 0.0;
    return (static_cast<double>(best) + 0.5 + std::clamp(move, -0.5, 0.5)) / sound_.sample_rate_hz;
  }

  // Moves a stretch of `width_s` around `time_s` to where it correlates best, its middle between
  // the two times.
  Match best_match(double time_s, double width_s, double from_s, double to_s) const {
    const auto first = std::llround(place(time_s - 0.5 * width_s));
    const auto length = std::llround(place(time_s + 0.5 * width_s)) - first + 1;
    const auto begin = static_cast<std::ptrdiff_t>(std::floor(place(from_s - 0.5 * width_s)));
    const auto end = static_cast<std::ptrdiff_t>(std::ceil(place(to_s - 0.5 * width_s)));
    Match best;
    double before = 0.0;
    double here = 0.0;
    double here_peak = 0.0;
    double moved = 0.0;
    double curve = 0.0;
    double slope = 0.0;
    for (std::ptrdiff_t i = begin; i <= end; ++i) {
      double peak = 0.0;
      const double after = correlation(first, i, length, peak);
      if (here > best.correlation && here >= before && here >= after && i > begin) {
        best.correlation = here;
        best.peak = here_peak;
        curve = 2.0 * here - before - after;
        slope = 0.5 * (after - before);
        moved = static_cast<double>(i - 1 - first);
      }
      before = here;
      here = after;
      here_peak = peak;
    }
    if (best.correlation > -1.0 && curve != 0.0) {
      best.correlation += 0.5 * slope * slope / curve;
      moved += slope / curve;
    }
    best.time_s = time_s + moved / sound_.sample_rate_hz;
    return best;
  }

  double correlation(std::ptrdiff_t a, std::ptrdiff_t b, std::ptrdiff_t length,
                     double& peak) const {
    double power_a = 0.0;
    double power_b = 0.0;
    double product = 0.0;
    for (std::ptrdiff_t i = 0; i < length; ++i) {
      const double x = at(a + i);
      const double y = at(b + i);
      power_a += x * x;
      power_b += y * y;
      product += x * y;
      peak = std::max(peak, std::abs(y));
    }
    return product != 0.0 ? product / std::sqrt(power_a * power_b) : 0.0;
  }

  const PitchSound& sound_;
  const F0Track& f0_;
  double loudest_ = 0.0;
  double last_right_s_ = -1e300;
  std::vector<double> pulses_;
};

}  // namespace

std::vector<double> glottal_pulses(const PitchSound& sound, const F0Track& f0) {
  PulseSearch search(sound, f0);
  for (std::size_t i = 0; i < f0.frames();) {
    if (!(f0.hz[i] > 0.0)) {
      ++i;
      continue;
    }
    const double left_s = f0.time_s(i) - 0.5 * f0.hop_s;
    while (i < f0.frames() && f0.hz[i] > 0.0) ++i;
    search.search(std::max(left_s, 0.0),
                  std::min(f0.time_s(i) - 0.5 * f0.hop_s, sound.duration_s()));
  }
  return search.sorted();
}

}  // namespace syrinx::dsp
