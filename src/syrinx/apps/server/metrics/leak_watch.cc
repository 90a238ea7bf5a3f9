// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/metrics/leak_watch.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

namespace syrinx::server {
namespace {

constexpr double kSecondsPerHour = 3'600;
constexpr double kSureDeviations = 3.09;  // 99.9 %, one side of the normal distribution.
// So many of all pairs must be of like load for their growth to mean anything.
constexpr double kLeastComparable = 0.25;

double pairs_of(double count) { return count * (count - 1) / 2; }

}  // namespace

double LeakWatch::Slopes::quantile(double share) const {
  const double place = share * static_cast<double>(ascending.size() - 1);
  return ascending[static_cast<std::size_t>(place)];
}

// Sen 1968, equation 2.6: so many places below the middle as chance could move it.
double LeakWatch::Slopes::lower_limit() const {
  const auto count = static_cast<double>(ascending.size());
  const double place = (count - kSureDeviations * std::sqrt(variance)) / 2;
  return ascending[static_cast<std::size_t>(std::clamp(place, 0.0, count - 1))];
}

int LeakWatch::class_of(std::size_t load) {
  return static_cast<int>(2 * std::log2(static_cast<double>(load) + 1));
}

LeakWatch::Slopes LeakWatch::slopes_within(Windows windows) {
  Slopes slopes;
  std::map<int, double> counts;
  for (std::size_t late = 0; late < windows.size(); ++late) {
    ++counts[windows[late].load_class];
    const auto more = slopes_between(windows.first(late), windows.subspan(late, 1));
    slopes.ascending.insert(slopes.ascending.end(), more.ascending.begin(), more.ascending.end());
  }
  std::sort(slopes.ascending.begin(), slopes.ascending.end());
  for (const auto& [load_class, count] : counts)
    slopes.variance += count * (count - 1) * (2 * count + 5) / 18;
  return slopes;
}

LeakWatch::Slopes LeakWatch::slopes_between(Windows early, Windows late) {
  Slopes slopes;
  for (const Window& a : early) {
    for (const Window& b : late) {
      if (a.load_class == b.load_class)
        slopes.ascending.push_back(kSecondsPerHour * (b.bytes - a.bytes) / (b.at_s - a.at_s));
    }
  }
  std::sort(slopes.ascending.begin(), slopes.ascending.end());
  return slopes;
}

void LeakWatch::add(double at_s, double bytes, std::size_t load) {
  if (!began_s_) {
    began_s_ = at_s;
    window_end_s_ = at_s + limits_.span_s / 6;
  } else if (at_s <= last_s_) {
    return;
  }
  last_s_ = at_s;
  if (at_s >= window_end_s_) {
    close_window();
    window_end_s_ = at_s + window_s();
  }
  const Window sample{at_s, bytes, class_of(load)};
  const auto rank = [](const Window& window) {
    return std::tuple(window.load_class, window.bytes);
  };
  if (!open_ || rank(sample) < rank(*open_)) open_ = sample;
}

// The first is what came while the start was passed over.
void LeakWatch::close_window() {
  const bool at_start = window_end_s_ <= *began_s_ + limits_.span_s / 6;
  if (open_ && !at_start) windows_.push_back(*open_);
  open_.reset();
  if (windows_.size() > kWindows) windows_.pop_front();
  if (windows_.size() == kWindows) judge();
}

void LeakWatch::judge() {
  const std::vector<Window> all(windows_.begin(), windows_.end());
  const Windows windows(all);
  constexpr std::size_t kThird = kWindows / 3;
  const Slopes whole = slopes_within(windows);
  const Slopes rise = slopes_between(windows.first(kThird), windows.last(kThird));
  const Slopes thirds[] = {slopes_within(windows.first(kThird)),
                           slopes_within(windows.subspan(kThird, kThird)),
                           slopes_within(windows.last(kThird))};
  const auto tells = [](const Slopes& slopes, double pairs) {
    return static_cast<double>(slopes.ascending.size()) >= kLeastComparable * pairs;
  };
  const double most = limits_.bytes_per_hour;
  growth_.reset();
  if (!tells(whole, pairs_of(kWindows))) return;
  growth_ = whole.quantile(0.5);
  if (!tells(rise, kThird * kThird)) return;
  for (const Slopes& third : thirds) {
    if (!tells(third, pairs_of(kThird))) return;
  }
  const bool steady = std::all_of(std::begin(thirds), std::end(thirds), [&](const Slopes& third) {
    return third.quantile(0.25) >= most / 4;
  });
  const bool slows = thirds[2].quantile(0.5) < thirds[0].quantile(0.5) / 2;
  const bool leaks = steady && !slows && whole.lower_limit() > most && rise.quantile(0.5) > most;
  if (leaks && !leaking_) ++episodes_;
  leaking_ = leaks || (leaking_ && thirds[2].quantile(0.5) >= most / 4);
}

}  // namespace syrinx::server
