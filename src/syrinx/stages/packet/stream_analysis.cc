// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/packet/stream_analysis.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "syrinx/stages/packet/limits.h"
#include "syrinx/stages/packet/reception.h"
#include "syrinx/stages/packet/unwrap.h"

namespace syrinx::packet {
namespace {

struct Heard {
  std::chrono::nanoseconds time{0};
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  std::uint8_t payload_type = 0;
  bool marker = false;
  std::size_t payload_bytes = 0;
};

using StreamKey = std::tuple<std::uint32_t, std::string, std::string>;

double seconds(std::chrono::nanoseconds time) noexcept {
  return static_cast<double>(time.count()) * 1e-9;
}

// The clock by which timestamps follow arrivals, if it is near to one that is in use.
std::optional<int> measured_clock(const std::vector<Heard>& packets) {
  const double span_s = seconds(packets.back().time - packets.front().time);
  if (span_s < 2.0) return std::nullopt;
  TimestampUnwrapper unwrap;
  const std::int64_t first = unwrap.unwrap(packets.front().timestamp);
  std::int64_t last = first;
  for (const Heard& packet : packets) last = unwrap.unwrap(packet.timestamp);
  const double rate = static_cast<double>(last - first) / span_s;
  for (const int known : {8'000, 12'000, 16'000, 24'000, 32'000, 44'100, 48'000, 90'000}) {
    if (std::abs(rate - known) < 0.03 * known) return known;
  }
  return std::nullopt;
}

void find_clock(const std::vector<Heard>& packets, const AnalysisOptions& options,
                StreamReport& report) {
  const auto most =
      std::max_element(report.payload_types.begin(), report.payload_types.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  const auto told = options.clock_rates_hz.find(most->first);
  if (told != options.clock_rates_hz.end()) {
    report.clock_rate_hz = told->second;
  } else if (const auto known = static_payload(most->first)) {
    report.clock_rate_hz = known->clock_rate_hz;
  } else {
    report.clock_rate_hz = measured_clock(packets);
    report.clock_was_measured = report.clock_rate_hz.has_value();
  }
}

// Pre: in order.
void count_losses(const std::vector<std::int64_t>& numbers, StreamReport& report) {
  LossBursts bursts;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::int64_t step = i == 0 ? 1 : numbers[i] - numbers[i - 1];
    if (step == 0) {
      ++report.duplicates;
      continue;
    }
    bursts.lost(static_cast<std::uint64_t>(step - 1));
    bursts.received();
  }
  report.bursts = bursts.summary();
  report.lost = report.bursts.lost;
  report.expected = static_cast<std::uint64_t>(numbers.back() - numbers.front() + 1);
}

// Sequences, unwrapped and continued through restarts; jitter where there is a clock.
void follow(const std::vector<Heard>& packets, StreamReport& report) {
  const int clock = report.clock_rate_hz.value_or(8'000);
  Reception reception(report.ssrc, static_cast<std::uint32_t>(clock), 0);
  SequenceUnwrapper unwrap;
  std::vector<std::int64_t> numbers;
  std::map<std::int64_t, std::uint64_t> steps;
  std::int64_t shift = 0;
  std::int64_t newest = 0;
  double max_jitter_s = 0.0;
  for (std::size_t i = 0; i < packets.size(); ++i) {
    const Heard& packet = packets[i];
    // A jump counts once the next packet goes on from it.
    if (reception.take(packet.sequence, packet.timestamp, packet.time) ==
        Reception::Verdict::kBadSequence)
      continue;
    const std::int64_t unwrapped = unwrap.unwrap(packet.sequence);
    if (reception.restarts() > report.restarts) {
      report.restarts = reception.restarts();
      numbers.push_back(newest + 1);
      shift = newest + 2 - unwrapped;
    }
    const std::int64_t number = unwrapped + shift;
    if (!numbers.empty() && number < newest) ++report.out_of_order;
    if (!numbers.empty() && number == newest + 1)
      ++steps[static_cast<std::int32_t>(packet.timestamp - packets[i - 1].timestamp)];
    newest = numbers.empty() ? number : std::max(newest, number);
    numbers.push_back(number);
    max_jitter_s = std::max(max_jitter_s, reception.jitter_s());
  }
  std::sort(numbers.begin(), numbers.end());
  count_losses(numbers, report);
  if (!report.clock_rate_hz) return;
  report.jitter_ms = reception.jitter_s() * 1e3;
  report.max_jitter_ms = max_jitter_s * 1e3;
  const auto usual = std::max_element(
      steps.begin(), steps.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  if (usual != steps.end() && usual->first > 0)
    report.packet_ms = static_cast<double>(usual->first) * 1e3 / clock;
}

StreamReport report_of(const StreamKey& key, const std::vector<Heard>& packets,
                       const AnalysisOptions& options) {
  StreamReport report;
  std::tie(report.ssrc, report.source, report.destination) = key;
  report.first_s = seconds(packets.front().time);
  report.duration_s = seconds(packets.back().time) - report.first_s;
  report.packets = packets.size();
  for (std::size_t i = 0; i < packets.size(); ++i) {
    report.payload_bytes += packets[i].payload_bytes;
    ++report.payload_types[packets[i].payload_type];
    report.talkspurts += packets[i].marker ? 1 : 0;
    if (i == 0) continue;
    const double gap_ms = 1e3 * seconds(packets[i].time - packets[i - 1].time);
    if (gap_ms > report.longest_gap_ms) {
      report.longest_gap_ms = gap_ms;
      report.longest_gap_at_s = seconds(packets[i].time);
    }
  }
  find_clock(packets, options, report);
  follow(packets, report);
  return report;
}

// Whether its numbers count up, as those of something else would not.
bool counts_up(const std::vector<Heard>& packets) {
  std::size_t near = 0;
  for (std::size_t i = 1; i < packets.size(); ++i) {
    const auto step = static_cast<std::int16_t>(
        static_cast<std::uint16_t>(packets[i].sequence - packets[i - 1].sequence));
    near += step > -50 && step < 200 ? 1 : 0;
  }
  return near * 2 > packets.size();
}

class Analysis {
 public:
  Analysis(const Capture& capture, const AnalysisOptions& options)
      : capture_(capture), options_(options) {}

  Result<CaptureReport> run() {
    for (const CapturedDatagram& datagram : capture_.datagrams) {
      if (datagram.rtcp) {
        ++report_.rtcp_datagrams;
        continue;
      }
      SYRINX_TRY(take_rtp(datagram));
    }
    for (const StreamKey& key : order_) {
      const auto& packets = streams_.find(key)->second;
      if (packets.size() >= options_.fewest_packets && counts_up(packets)) {
        report_.streams.push_back(report_of(key, packets, options_));
      } else {
        report_.other_datagrams += packets.size();
      }
    }
    for (const CapturedDatagram& datagram : capture_.datagrams)
      if (datagram.rtcp) take_rtcp(datagram);
    return std::move(report_);
  }

 private:
  Result<void> take_rtp(const CapturedDatagram& datagram) {
    const auto packet = parse_rtp(datagram.bytes);
    if (!packet) {
      ++report_.other_datagrams;
      return {};
    }
    const StreamKey key{packet->ssrc, datagram.source, datagram.destination};
    const auto found = streams_.find(key);
    if (found == streams_.end() && streams_.size() == limits::kMaxCaptureStreams)
      return make_error(ErrorCode::kLimitExceeded, "more than ", limits::kMaxCaptureStreams,
                        " streams in one capture; filter it first");
    if (found == streams_.end()) order_.push_back(key);
    streams_[key].push_back({datagram.time, packet->sequence, packet->timestamp,
                             packet->payload_type, packet->marker, packet->payload.size()});
    return {};
  }

  void take_rtcp(const CapturedDatagram& datagram) {
    const auto packets = parse_rtcp(datagram.bytes, RtcpRules::kReducedSize);
    if (!packets) {
      ++report_.broken_rtcp;
      return;
    }
    for (const RtcpPacket& packet : *packets) {
      if (const auto* sender = std::get_if<SenderReport>(&packet)) {
        for (StreamReport& stream : report_.streams)
          stream.sender_reports += stream.ssrc == sender->ssrc ? 1 : 0;
        take_blocks(sender->blocks);
      } else if (const auto* receiver = std::get_if<ReceiverReport>(&packet)) {
        take_blocks(receiver->blocks);
      } else if (const auto* extended = std::get_if<ExtendedReport>(&packet)) {
        take_metrics(*extended);
      }
    }
  }

  void take_blocks(const std::vector<ReportBlock>& blocks) {
    for (const ReportBlock& block : blocks)
      for (StreamReport& stream : report_.streams)
        if (stream.ssrc == block.ssrc) stream.last_report = block;
  }
  void take_metrics(const ExtendedReport& report) {
    for (const ExtendedBlock& block : report.blocks) {
      const auto* metrics = std::get_if<VoipMetrics>(&block);
      if (metrics == nullptr) continue;
      for (StreamReport& stream : report_.streams)
        if (stream.ssrc == metrics->ssrc) stream.voip_metrics = *metrics;
    }
  }

  const Capture& capture_;
  const AnalysisOptions& options_;
  CaptureReport report_;
  std::map<StreamKey, std::vector<Heard>> streams_;
  std::vector<StreamKey> order_;
};

}  // namespace

std::optional<StaticPayload> static_payload(int payload_type) noexcept {
  switch (payload_type) {
    case 0:
      return StaticPayload{"PCMU", 8'000};
    case 3:
      return StaticPayload{"GSM", 8'000};
    case 4:
      return StaticPayload{"G723", 8'000};
    case 5:
      return StaticPayload{"DVI4", 8'000};
    case 6:
      return StaticPayload{"DVI4", 16'000};
    case 7:
      return StaticPayload{"LPC", 8'000};
    case 8:
      return StaticPayload{"PCMA", 8'000};
    case 9:
      return StaticPayload{"G722", 8'000};
    case 10:
    case 11:
      return StaticPayload{"L16", 44'100};
    case 12:
      return StaticPayload{"QCELP", 8'000};
    case 13:
      return StaticPayload{"CN", 8'000};
    case 14:
      return StaticPayload{"MPA", 90'000};
    case 15:
      return StaticPayload{"G728", 8'000};
    case 16:
      return StaticPayload{"DVI4", 11'025};
    case 17:
      return StaticPayload{"DVI4", 22'050};
    case 18:
      return StaticPayload{"G729", 8'000};
    default:
      return std::nullopt;
  }
}

Result<CaptureReport> analyse_streams(const Capture& capture, const AnalysisOptions& options) {
  return Analysis(capture, options).run();
}

}  // namespace syrinx::packet
