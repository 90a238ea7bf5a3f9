// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"

// The timeline.ndjson of a simulated call, summed up second by second.
namespace syrinx::call {

// What is read of a timeline at most: a call of a day with packets of 20 ms.
inline constexpr std::uint64_t kMaxTimelinePackets = 4'400'000;
inline constexpr double kMaxTimelineSeconds = 90'000.0;
inline constexpr std::size_t kMaxTimelineLineBytes = 4'096;
inline constexpr std::size_t kMaxTimelineEars = 64;

struct TimelineSecond {
  std::uint32_t sent = 0;
  std::uint32_t lost = 0;
  std::uint32_t arrived = 0;
  std::uint32_t blocks = 0;  // Of 10 ms, played.
  std::uint32_t concealed = 0;
  double network_ms = 0.0;  // Sums over what arrived, and over the blocks.
  double buffer_ms = 0.0;
};

// A packet that came: when, and how long it took.
struct TimelineArrival {
  double time_s = 0.0;
  double network_ms = 0.0;
};

struct EarTimeline {
  std::vector<TimelineSecond> seconds;
  std::vector<TimelineArrival> arrivals;
  std::vector<double> sent_s;  // Of each packet; NaN where it is not there.
  double packet_ms() const;    // The usual distance of packets; 0 for fewer than two.
};

class CallTimeline {
 public:
  // One line. Errors: kCorruptData for what is no event of a timeline; kLimitExceeded beyond the
  // limits above.
  Result<void> add_line(std::string_view line);
  // By listener.
  const std::map<std::string, EarTimeline>& ears() const noexcept { return ears_; }

 private:
  std::map<std::string, EarTimeline> ears_;
};

// A file's. Errors: those of add_line(), with the file and the line's number; kNotFound; kIo;
// kCancelled.
Result<CallTimeline> read_timeline(const std::filesystem::path& file, std::stop_token stop = {});

}  // namespace syrinx::call
