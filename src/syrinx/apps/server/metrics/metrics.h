// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Numbers about the running server, as Prometheus reads them (text format 0.0.4) and as the page
// shows them. Any thread.
namespace syrinx::server {

// How values are spread over fixed bounds, and over the last of them exactly.
class Histogram {
 public:
  // `bounds` ascend; the last bucket, without a bound, is added.
  explicit Histogram(std::span<const double> bounds);

  // Not finite values are not counted.
  void add(double value);

  struct Snapshot {
    std::vector<double> bounds;
    std::vector<std::uint64_t> counts;  // Of each bucket alone; one more than bounds.
    std::uint64_t count = 0;
    double sum = 0;
    std::vector<double> recent;  // The last kRecent values at most, ascending.

    // Of the recent values, 0 to 1; 0 without any.
    double quantile(double share) const;
  };
  Snapshot snapshot() const;

 private:
  static constexpr std::size_t kRecent = 1'024;
  mutable std::mutex mutex_;
  std::vector<double> bounds_;
  std::vector<std::uint64_t> counts_;
  double sum_ = 0;
  std::uint64_t count_ = 0;
  std::vector<double> recent_;
  std::size_t next_ = 0;
};

// A counter for each value of one label. Labels beyond kMaxLabels are counted as "other".
class LabelledCounter {
 public:
  void add(std::string_view label, double by = 1);
  std::map<std::string, double> snapshot() const;

 private:
  static constexpr std::size_t kMaxLabels = 200;
  mutable std::mutex mutex_;
  std::map<std::string, double, std::less<>> counts_;
};

class Metrics {
 public:
  Metrics();

  Histogram first_audio_s;  // From a request's arrival to the first bytes of its sound.
  Histogram queue_wait_s;   // From there to the first step of its work.
  Histogram rtf;            // Of whole requests: seconds of work per second of sound.
  Histogram gap_s;          // By which a sentence came later than the sound before it lasted.
  Histogram request_s;      // From arrival to the last byte.

  LabelledCounter requests;                 // By "POST /v1/audio/speech".
  LabelledCounter responses;                // By status.
  LabelledCounter rejected;                 // By reason: "queue_full", "rate_limit", "bad_key" ...
  LabelledCounter voice_requests;           // By voice.
  LabelledCounter voice_audio_s;            // Seconds of sound made, by voice.
  std::atomic<std::uint64_t> cancelled{0};  // By the client's going.
  std::atomic<std::uint64_t> timed_out{0};  // By the request's own limit.
  std::atomic<std::uint64_t> sentences{0};
  std::atomic<std::uint64_t> characters{0};
  std::atomic<std::size_t> sockets{0};  // WebSockets and Wyoming connections open now.

  double uptime_s() const;

 private:
  std::chrono::steady_clock::time_point began_;
};

// Builds the text, family by family.
class PrometheusText {
 public:
  void histogram(std::string_view name, std::string_view help, const Histogram& histogram);
  void counter(std::string_view name, std::string_view help, double value);
  void gauge(std::string_view name, std::string_view help, double value);
  void counters(std::string_view name, std::string_view help, std::string_view label,
                const LabelledCounter& counter);
  const std::string& text() const { return text_; }

 private:
  void head(std::string_view name, std::string_view help, std::string_view kind);
  void line(std::string_view name, std::string_view labels, double value);
  std::string text_;
};

// Bytes that this process has in memory now, as the kernel counts them; 0 where it does not say.
std::size_t resident_bytes();

}  // namespace syrinx::server
