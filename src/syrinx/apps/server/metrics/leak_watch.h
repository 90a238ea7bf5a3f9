// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

namespace syrinx::server {

// When growing memory is taken for a leak.
struct LeakLimits {
  double bytes_per_hour = 32e6;  // The slowest growth that is one; 0: nobody looks.
  double span_s = 3'600;         // What is looked at.
};

// Whether the memory of a process grows without end, told from how much of it is resident from time
// to time. Of each minute or so (a sixtieth of the span) only the least size at the least load
// counts, so that what comes and goes with the work is not seen at all; and only those of like load
// are compared. The growth is the median of the slopes between all pairs of them (Theil 1950, Sen
// 1968; like with like as Hirsch, Slack and Smith 1982 have it for seasons). It is a leak when
// - the lower limit of the growth, at 99.9 % confidence, is above the limit over the whole span;
// - the last third of the span stands above the first by as much, which a sawtooth that is
//   shorter than the span does not;
// - within each third, three of four pairs rise by a quarter of the limit at least, which steps do
//   not: models that are loaded, buffers that find their size;
// - the last third does not grow less than half as fast as the first: a cache that fills up slows
//   down.
// The first sixth of a span after the start is passed over. It is over when the last third has not
// grown. A value for one thread at a time; its clock is the caller's.
class LeakWatch {
 public:
  // Pre: limits.span_s > 0.
  explicit LeakWatch(LeakLimits limits) : limits_(limits) {}

  // How often add() is best called, in seconds: ten times for each window.
  double interval_s() const noexcept { return window_s() / 10; }

  // At `at_s` seconds (of a clock that does not go back) `bytes` were resident while `load` tasks
  // were under way. A sample that is not later than the one before is passed over.
  void add(double at_s, double bytes, std::size_t load);

  bool is_leaking() const noexcept { return leaking_; }
  // How often it has begun to.
  std::uint64_t episodes() const noexcept { return episodes_; }
  // The growth over the span; nothing until enough windows of like load tell it.
  std::optional<double> bytes_per_hour() const noexcept { return growth_; }

 private:
  static constexpr std::size_t kWindows = 60;

  // The least of a window.
  struct Window {
    double at_s = 0;
    double bytes = 0;
    int load_class = 0;  // Half octaves: 0 for idle, 2 for one task, 3 for two, 4 for three ...
  };
  using Windows = std::span<const Window>;

  // Ascending slopes between pairs of like load, in bytes per hour, and the variance of how many
  // more of them would rise than fall by chance.
  struct Slopes {
    std::vector<double> ascending;
    double variance = 0;
    double quantile(double share) const;
    double lower_limit() const;
  };

  double window_s() const noexcept { return limits_.span_s / static_cast<double>(kWindows); }
  static int class_of(std::size_t load);
  static Slopes slopes_within(Windows windows);
  static Slopes slopes_between(Windows early, Windows late);
  void close_window();
  void judge();

  LeakLimits limits_;
  std::optional<double> began_s_;
  double last_s_ = 0;
  double window_end_s_ = 0;
  std::optional<Window> open_;
  std::deque<Window> windows_;  // The last kWindows at most.
  std::optional<double> growth_;
  bool leaking_ = false;
  std::uint64_t episodes_ = 0;
};

}  // namespace syrinx::server
