// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/metrics/metrics.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>

namespace syrinx::server {
namespace {

constexpr std::array kSeconds{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0};
constexpr std::array kFactors{0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0};

std::string escaped(std::string_view label) {
  std::string text;
  for (const char c : label) {
    if (c == '"' || c == '\\') text += '\\';
    text += c == '\n' ? ' ' : c;
  }
  return text;
}

std::string number(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.10g", std::isfinite(value) ? value : 0.0);
  return text;
}

}  // namespace

Histogram::Histogram(std::span<const double> bounds)
    : bounds_(bounds.begin(), bounds.end()), counts_(bounds.size() + 1) {}

void Histogram::add(double value) {
  if (!std::isfinite(value)) return;
  const std::lock_guard lock(mutex_);
  const auto bucket = std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin();
  ++counts_[static_cast<std::size_t>(bucket)];
  ++count_;
  sum_ += value;
  if (recent_.size() < kRecent) {
    recent_.push_back(value);
  } else {
    recent_[next_] = value;
  }
  next_ = (next_ + 1) % kRecent;
}

Histogram::Snapshot Histogram::snapshot() const {
  Snapshot now;
  {
    const std::lock_guard lock(mutex_);
    now = {bounds_, counts_, count_, sum_, recent_};
  }
  std::sort(now.recent.begin(), now.recent.end());
  return now;
}

double Histogram::Snapshot::quantile(double share) const {
  if (recent.empty()) return 0;
  const double place = std::clamp(share, 0.0, 1.0) * static_cast<double>(recent.size() - 1);
  return recent[static_cast<std::size_t>(std::lround(place))];
}

void LabelledCounter::add(std::string_view label, double by) {
  const std::lock_guard lock(mutex_);
  auto found = counts_.find(label);
  if (found == counts_.end()) {
    if (counts_.size() >= kMaxLabels) label = "other";
    found = counts_.emplace(std::string(label), 0.0).first;
  }
  found->second += by;
}

std::map<std::string, double> LabelledCounter::snapshot() const {
  const std::lock_guard lock(mutex_);
  return {counts_.begin(), counts_.end()};
}

Metrics::Metrics()
    : first_audio_s(kSeconds),
      queue_wait_s(kSeconds),
      rtf(kFactors),
      gap_s(kSeconds),
      request_s(kSeconds),
      began_(std::chrono::steady_clock::now()) {}

double Metrics::uptime_s() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
}

void PrometheusText::head(std::string_view name, std::string_view help, std::string_view kind) {
  text_.append("# HELP ").append(name).append(" ").append(help).append("\n");
  text_.append("# TYPE ").append(name).append(" ").append(kind).append("\n");
}

void PrometheusText::line(std::string_view name, std::string_view labels, double value) {
  text_.append(name);
  if (!labels.empty()) text_.append("{").append(labels).append("}");
  text_.append(" ").append(number(value)).append("\n");
}

void PrometheusText::histogram(std::string_view name, std::string_view help,
                               const Histogram& histogram) {
  head(name, help, "histogram");
  const auto now = histogram.snapshot();
  const std::string base(name);
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < now.counts.size(); ++i) {
    below += now.counts[i];
    const std::string bound = i < now.bounds.size() ? number(now.bounds[i]) : "+Inf";
    line(base + "_bucket", "le=\"" + bound + "\"", static_cast<double>(below));
  }
  line(base + "_sum", "", now.sum);
  line(base + "_count", "", static_cast<double>(now.count));
}

void PrometheusText::counter(std::string_view name, std::string_view help, double value) {
  head(name, help, "counter");
  line(name, "", value);
}

void PrometheusText::gauge(std::string_view name, std::string_view help, double value) {
  head(name, help, "gauge");
  line(name, "", value);
}

void PrometheusText::counters(std::string_view name, std::string_view help, std::string_view label,
                              const LabelledCounter& counter) {
  head(name, help, "counter");
  for (const auto& [value, count] : counter.snapshot())
    line(name, std::string(label) + "=\"" + escaped(value) + "\"", count);
}

std::size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t pages_all = 0;
  std::size_t pages = 0;
  if (!(statm >> pages_all >> pages)) return 0;
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace syrinx::server
