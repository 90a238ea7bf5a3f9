// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/api/memory_watch.h"

#include <chrono>
#include <cmath>
#include <string>
#include <utility>

#include "syrinx/apps/server/metrics/metrics.h"
#include "syrinx/core/base/log.h"

namespace syrinx::server {
namespace {

std::string megabytes(double bytes) { return std::to_string(std::lround(bytes / 1e6)) + " MB"; }

}  // namespace

MemoryWatch::MemoryWatch(LeakLimits limits, std::function<std::size_t()> load)
    : limits_(limits), load_(std::move(load)), watch_(limits) {
  if (limits.bytes_per_hour > 0)
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

MemoryWatch::State MemoryWatch::state() const {
  const std::lock_guard lock(mutex_);
  return {watch_.is_leaking(), watch_.episodes(), watch_.bytes_per_hour()};
}

void MemoryWatch::run(const std::stop_token& stop) {
  const std::chrono::duration<double> interval(watch_.interval_s());
  while (!stop.stop_requested()) {
    look();
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, interval, [] { return false; });
  }
}

void MemoryWatch::look() {
  const std::chrono::duration<double> now = std::chrono::steady_clock::now().time_since_epoch();
  const auto bytes = static_cast<double>(resident_bytes());
  if (bytes == 0) return;  // This kernel does not say.
  const std::size_t load = load_();
  bool changed = false;
  {
    const std::lock_guard lock(mutex_);
    const bool before = watch_.is_leaking();
    watch_.add(now.count(), bytes, load);
    changed = watch_.is_leaking() != before;
  }
  if (changed) tell(bytes);
}

void MemoryWatch::tell(double bytes) const {
  const State now = state();
  if (!now.leaking)
    return log(LogLevel::kInfo,
               "the memory of the server no longer grows; it is " + megabytes(bytes));
  log(LogLevel::kWarning,
      "the memory of the server looks as if it leaked: at like load it has grown by " +
          megabytes(now.bytes_per_hour.value_or(0)) + " an hour for the last " +
          std::to_string(std::lround(limits_.span_s / 60)) + " minutes, and is " +
          megabytes(bytes) + "; limits.leak_megabytes_per_hour says from how much on that is told");
}

}  // namespace syrinx::server
