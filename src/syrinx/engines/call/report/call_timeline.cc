// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/report/call_timeline.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>

#include "syrinx/core/base/json.h"

namespace syrinx::call {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

Result<double> number_of(const JsonValue& event, std::string_view key, double most) {
  const JsonValue* value = event.find(key);
  const auto number = value == nullptr ? std::optional<double>() : value->number();
  if (!number || !(*number >= 0.0))
    return make_error(ErrorCode::kCorruptData, "an event of a timeline needs a number '", key,
                      "', 0 or more");
  if (*number > most)
    return make_error(ErrorCode::kLimitExceeded, "'", key, "' of a timeline is ", *number,
                      "; at most ", most, " is read");
  return *number;
}

Result<std::string> text_of(const JsonValue& event, std::string_view key) {
  const JsonValue* value = event.find(key);
  if (value == nullptr || value->text() == nullptr)
    return make_error(ErrorCode::kCorruptData, "an event of a timeline needs a text '", key, "'");
  return *value->text();
}

TimelineSecond& second_of(EarTimeline& ear, double time_s) {
  const auto index = static_cast<std::size_t>(time_s);
  if (index >= ear.seconds.size()) ear.seconds.resize(index + 1);
  return ear.seconds[index];
}

Result<void> add_packet(EarTimeline& ear, const std::string& kind, const JsonValue& event,
                        double time_s) {
  SYRINX_ASSIGN(const double number,
                number_of(event, "packet", static_cast<double>(kMaxTimelinePackets)));
  const auto packet = static_cast<std::size_t>(number);
  TimelineSecond& second = second_of(ear, time_s);
  if (kind == "sent") {
    if (packet >= ear.sent_s.size()) ear.sent_s.resize(packet + 1, kUnknown);
    ear.sent_s[packet] = time_s;
    ++second.sent;
  } else if (kind == "lost") {
    ++second.lost;
  } else if (kind == "arrived") {
    const double sent_s = packet < ear.sent_s.size() ? ear.sent_s[packet] : kUnknown;
    if (!std::isfinite(sent_s)) return {};
    const double network_ms = 1e3 * (time_s - sent_s);
    ear.arrivals.push_back({time_s, network_ms});
    ++second.arrived;
    second.network_ms += network_ms;
  }
  return {};
}

Result<void> add_block(EarTimeline& ear, const JsonValue& event, double time_s) {
  SYRINX_ASSIGN(const double delay_ms, number_of(event, "delay_ms", 1e7));
  SYRINX_ASSIGN(const std::string played, text_of(event, "played"));
  if (played == "nothing") return {};
  TimelineSecond& second = second_of(ear, time_s);
  ++second.blocks;
  second.concealed += played == "concealed" ? 1 : 0;
  second.buffer_ms += delay_ms;
  return {};
}

}  // namespace

double EarTimeline::packet_ms() const {
  std::vector<double> distances;
  for (std::size_t i = 1; i < sent_s.size(); ++i) {
    const double distance = sent_s[i] - sent_s[i - 1];
    if (std::isfinite(distance)) distances.push_back(distance);
  }
  if (distances.empty()) return 0.0;
  const auto middle = distances.begin() + static_cast<std::ptrdiff_t>(distances.size() / 2);
  std::nth_element(distances.begin(), middle, distances.end());
  return 1e3 * *middle;
}

Result<void> CallTimeline::add_line(std::string_view line) {
  if (line.size() > kMaxTimelineLineBytes)
    return make_error(ErrorCode::kLimitExceeded, "a line of ", line.size(),
                      " bytes; an event of a timeline has at most ", kMaxTimelineLineBytes);
  SYRINX_ASSIGN(const JsonValue event, parse_json(line));
  SYRINX_ASSIGN(const std::string listener, text_of(event, "to"));
  SYRINX_ASSIGN(const std::string kind, text_of(event, "event"));
  SYRINX_ASSIGN(const double time_s, number_of(event, "time_s", kMaxTimelineSeconds));
  if (ears_.size() >= kMaxTimelineEars && ears_.find(listener) == ears_.end())
    return make_error(ErrorCode::kLimitExceeded, "more than ", kMaxTimelineEars,
                      " listeners in one timeline");
  EarTimeline& ear = ears_[listener];
  if (kind == "adapted") return {};  // What is sent, and no packet.
  if (kind == "block") return add_block(ear, event, time_s);
  return add_packet(ear, kind, event, time_s);
}

Result<CallTimeline> read_timeline(const std::filesystem::path& file, std::stop_token stop) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return make_error(ErrorCode::kNotFound, "there is no timeline at '", file.string(), "'");
  CallTimeline timeline;
  std::string line;
  std::size_t number = 0;
  while (std::getline(in, line)) {
    ++number;
    if (number % 4'096 == 0 && stop.stop_requested())
      return make_error(ErrorCode::kCancelled, "stopped");
    if (line.empty()) continue;
    const auto added = timeline.add_line(line);
    if (!added)
      return make_error(added.error().code, file.string(), ", line ", number, ": ",
                        added.error().message);
  }
  if (in.bad()) return make_error(ErrorCode::kIo, "cannot read '", file.string(), "'");
  return timeline;
}

}  // namespace syrinx::call
