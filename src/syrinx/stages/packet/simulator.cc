// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/packet/simulator.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <queue>

#include "syrinx/stages/packet/limits.h"
#include "syrinx/stages/packet/reception.h"

namespace syrinx::packet {
namespace {

using std::chrono::nanoseconds;

constexpr double kReportEveryS = 5.0;
constexpr double kMaxPpm = 100'000.0;
// Simulated calls begin at the same second of NTP time, so that their bytes are the same too.
constexpr std::uint64_t kStartNtp = std::uint64_t{3'900'000'000} << 32;

nanoseconds ns_of_s(double seconds) noexcept {
  return nanoseconds(static_cast<std::int64_t>(std::llround(seconds * 1e9)));
}

struct Arrival {
  nanoseconds time{0};
  std::int64_t number = 0;  // Of its sending, so that equal times have an order.
  std::int64_t packet = 0;  // -1: a report.
  bool duplicate = false;
  std::vector<std::uint8_t> bytes;
  int clock_rate_hz = 0;  // Of its timestamps.

  bool operator>(const Arrival& other) const noexcept {
    return time != other.time ? time > other.time : number > other.number;
  }
};

class Link {
 public:
  Link(const LinkOptions& options, AudioView sound, PacketEncoder& encoder, JitterBuffer buffer,
       const LinkObservers& observers)
      : options_(options),
        sound_(sound),
        encoder_(encoder),
        buffer_(std::move(buffer)),
        observers_(observers),
        path_(options.network, options.seed),
        reception_(options.ssrc, static_cast<std::uint32_t>(encoder.clock_rate_hz()), 0),
        duration_s_(options.duration_s > 0.0 ? options.duration_s : sound.duration_s()) {
    if (encoder.wants_reports()) since_report_.emplace(reception_);
  }

  Result<LinkResult> run(std::stop_token stop) {
    const nanoseconds end = ns_of_s(duration_s_ + options_.tail_s);
    nanoseconds block_time = block_at(0);
    nanoseconds send_time = send_at();
    while (block_time <= end) {
      if (stop.stop_requested())
        return make_error(ErrorCode::kCancelled, "the simulation was stopped");
      if (report_ && report_->time <= std::min(send_time, block_time)) {
        encoder_.reported(report_->loss_percent, report_->time);
        report_.reset();
        if (sending_) send_time = send_at();
      } else if (sending_ && send_time <= block_time && !arrives_before(send_time)) {
        SYRINX_TRY(send(send_time));
        send_time = send_at();
      } else if (arrives_before(block_time + nanoseconds(1))) {
        arrive();
      } else {
        hear(block_time);
        block_time = block_at(++block_);
      }
    }
    return finish();
  }

 private:
  nanoseconds block_at(std::int64_t number) const noexcept {
    return ns_of_s(static_cast<double>(number) * 0.01 / (1.0 + options_.receiver_ppm * 1e-6));
  }
  // A packet leaves when its last frame was recorded.
  nanoseconds send_at() const noexcept {
    const double frames = static_cast<double>(frames_sent_ + encoder_.packet_frames());
    return ns_of_s(frames / encoder_.sample_rate_hz() / (1.0 + options_.sender_ppm * 1e-6));
  }
  nanoseconds receiver_time(nanoseconds time) const noexcept {
    return ns_of_s(static_cast<double>(time.count()) * 1e-9 * (1.0 + options_.receiver_ppm * 1e-6));
  }
  bool arrives_before(nanoseconds time) const noexcept {
    return !arrivals_.empty() && arrivals_.top().time < time;
  }
  void tell(LinkEvent::Kind kind, nanoseconds time, std::int64_t packet) const {
    if (!observers_.event) return;
    LinkEvent event;
    event.kind = kind;
    event.time = time;
    event.packet = packet;
    observers_.event(event);
  }

  // Of the timestamps, whatever clocks they were counted by.
  std::uint32_t elapsed_ticks() noexcept {
    const int clock = encoder_.clock_rate_hz();
    if (clock != clock_rate_hz_) {
      ticks_before_ += ticks_since_clock();
      frames_before_ = frames_sent_;
      clock_rate_hz_ = clock;
    }
    return static_cast<std::uint32_t>(ticks_before_ + ticks_since_clock());
  }
  std::uint64_t ticks_since_clock() const noexcept {
    const auto frames = static_cast<double>(frames_sent_ - frames_before_);
    return static_cast<std::uint64_t>(
        std::llround(frames / encoder_.sample_rate_hz() * clock_rate_hz_));
  }

  std::span<const float> next_frames() {
    const std::size_t frames = encoder_.packet_frames();
    recorded_.resize(frames);
    const auto source = sound_.channel(0);
    for (float& sample : recorded_) {
      sample = source[at_];
      at_ = (at_ + 1) % source.size();
    }
    return recorded_;
  }

  Result<void> send(nanoseconds now) {
    const std::size_t frames = encoder_.packet_frames();
    const std::uint32_t elapsed = elapsed_ticks();
    Packet packet;
    SYRINX_TRY(encoder_.encode(next_frames(), packet.payload));
    frames_sent_ += frames;
    sending_ = static_cast<double>(frames_sent_) / encoder_.sample_rate_hz() < duration_s_;
    if (packet.payload.empty()) {
      silent_ = true;
      return {};
    }
    packet.payload_type = encoder_.payload_type();
    packet.marker = silent_;
    silent_ = false;
    packet.sequence = static_cast<std::uint16_t>(options_.first_sequence + sent_);
    packet.timestamp = options_.first_timestamp + elapsed + encoder_.offset_ticks();
    packet.ssrc = options_.ssrc;
    if (observers_.hook) observers_.hook(sent_, packet);
    if (now >= next_report_) SYRINX_TRY(send_report(now, packet));
    payload_bytes_ += packet.payload.size();
    return transmit(now, packet);
  }

  Result<void> transmit(nanoseconds now, const Packet& packet) {
    SYRINX_ASSIGN(auto bytes, rtp_bytes(packet));
    const std::int64_t number = sent_++;
    tell(LinkEvent::Kind::kSent, now, number);
    const ImpairedPath::Fate fate = path_.send(now, bytes.size());
    if (!fate.arrival) {
      losses_.lost();
      ++result_.packets_lost;
      tell(LinkEvent::Kind::kLost, now, number);
      return {};
    }
    losses_.received();
    network_delay_ms_ += static_cast<double>((*fate.arrival - now).count()) * 1e-6;
    if (fate.duplicate) {
      ++result_.packets_duplicated;
      arrivals_.push({*fate.duplicate, ++queued_, number, true, bytes, clock_rate_hz_});
    }
    arrivals_.push({*fate.arrival, ++queued_, number, false, std::move(bytes), clock_rate_hz_});
    return {};
  }

  // Reports are neither lost nor jittered here.
  Result<void> send_report(nanoseconds now, const Packet& next) {
    next_report_ = now + ns_of_s(kReportEveryS);
    SenderReport report;
    report.ssrc = next.ssrc;
    report.ntp_time = kStartNtp + static_cast<std::uint64_t>(
                                      std::ldexp(static_cast<double>(now.count()) * 1e-9, 32));
    report.rtp_timestamp = next.timestamp;
    report.packets = static_cast<std::uint32_t>(sent_);
    report.payload_bytes = static_cast<std::uint32_t>(payload_bytes_);
    SourceDescription description;
    description.chunks.push_back({next.ssrc, {{SourceItemKind::kCname, "sender@syrinx"}}});
    SYRINX_ASSIGN(auto bytes, write_rtcp({report, description}));
    const auto arrival = now + ns_of_s(options_.network.delay.base_ms * 1e-3);
    arrivals_.push({arrival, ++queued_, -1, false, std::move(bytes), clock_rate_hz_});
    return {};
  }

  void arrive() {
    const Arrival arrival = arrivals_.top();
    arrivals_.pop();
    const nanoseconds local = receiver_time(arrival.time);
    if (observers_.capture) capture(arrival, local);
    if (arrival.packet < 0) return take_report(arrival.bytes, local);
    tell(arrival.duplicate ? LinkEvent::Kind::kDuplicate : LinkEvent::Kind::kArrived, arrival.time,
         arrival.packet);
    const auto packet = parse_rtp(arrival.bytes);
    SYRINX_CHECK(packet.has_value(), "a packet of our own that cannot be read");
    reception_.set_clock_rate(static_cast<std::uint32_t>(arrival.clock_rate_hz));
    reception_.take(packet->sequence, packet->timestamp, local);
    if (since_report_) since_report_->take(packet->sequence, packet->timestamp, local);
    buffer_.put(*packet, local);
  }

  void capture(const Arrival& arrival, nanoseconds local) const {
    CapturedDatagram datagram;
    datagram.time = local;
    datagram.rtcp = arrival.packet < 0;
    datagram.payload_bytes = arrival.bytes.size();
    datagram.bytes = arrival.bytes;
    observers_.capture(datagram);
  }

  void take_report(const std::vector<std::uint8_t>& bytes, nanoseconds local) noexcept {
    const auto packets = parse_rtcp(bytes);
    SYRINX_CHECK(packets.has_value(), "a report of our own that cannot be read");
    if (const auto* report = std::get_if<SenderReport>(&packets->front()))
      reception_.sender_report(report->ntp_time, local);
  }

  // The receiver's report, which the sender has after the way back. One is under way at a time:
  // where that takes longer than the time between two, the later one is left out.
  void report_back(nanoseconds time) noexcept {
    if (!since_report_ || time < next_report_back_) return;
    next_report_back_ = time + ns_of_s(kReportEveryS);
    if (report_ || since_report_->received() == 0) return;
    const auto block = since_report_->report(receiver_time(time));
    report_ = Reported{time + ns_of_s(options_.report_delay_ms * 1e-3),
                       100.0 * block.fraction_lost / 256.0};
  }

  void hear(nanoseconds time) {
    report_back(time);
    block_frames_.resize(buffer_.block_frames());
    const PlayKind kind = buffer_.get(receiver_time(time), block_frames_);
    if (observers_.ear) {
      observers_.ear(block_frames_);
    } else {
      result_.heard.append(AudioView(block_frames_, buffer_.options().sample_rate_hz));
    }
    if (kind != PlayKind::kConcealed) result_.until_last_sound = buffer_.statistics();
    if (!observers_.event) return;
    LinkEvent event;
    event.kind = LinkEvent::Kind::kBlock;
    event.time = time;
    event.packet = block_;
    event.played = kind;
    event.delay_ms = buffer_.statistics().delay_ms;
    event.target_ms = buffer_.statistics().target_delay_ms;
    observers_.event(event);
  }

  LinkResult finish() {
    result_.buffer = buffer_.statistics();
    result_.report = reception_.report(receiver_time(block_at(block_)));
    result_.losses = losses_.summary();
    result_.packets_sent = static_cast<std::uint64_t>(sent_);
    const auto arrived = static_cast<double>(result_.packets_sent - result_.packets_lost);
    result_.mean_network_delay_ms = arrived > 0 ? network_delay_ms_ / arrived : 0.0;
    result_.mean_jitter_ms = reception_.jitter_s() * 1e3;
    return std::move(result_);
  }

  struct Reported {
    nanoseconds time{0};  // At which the sender has it.
    double loss_percent = 0.0;
  };

  const LinkOptions& options_;
  AudioView sound_;
  PacketEncoder& encoder_;
  JitterBuffer buffer_;
  const LinkObservers& observers_;
  ImpairedPath path_;
  Reception reception_;
  std::optional<Reception> since_report_;  // The same, counted for the reports on the way.
  std::optional<Reported> report_;         // On its way back.
  nanoseconds next_report_back_ = ns_of_s(kReportEveryS);
  double duration_s_;
  LossBursts losses_;
  LinkResult result_;
  std::priority_queue<Arrival, std::vector<Arrival>, std::greater<>> arrivals_;
  std::vector<float> recorded_;
  std::vector<float> block_frames_;
  std::size_t at_ = 0;
  std::uint64_t frames_sent_ = 0;
  int clock_rate_hz_ = 0;  // Of the last packet; the ticks and frames before it were by others.
  std::uint64_t ticks_before_ = 0;
  std::uint64_t frames_before_ = 0;
  std::int64_t sent_ = 0;
  std::int64_t queued_ = 0;
  std::int64_t block_ = 0;
  std::uint64_t payload_bytes_ = 0;
  double network_delay_ms_ = 0.0;
  nanoseconds next_report_{0};
  bool sending_ = true;
  bool silent_ = true;
};

Result<void> check_options(const LinkOptions& options, AudioView sound,
                           const PacketEncoder& encoder) {
  if (sound.channels() != 1 || sound.empty())
    return make_error(ErrorCode::kInvalidArgument, "a sender with ", sound.channels(),
                      " channels of ", sound.frames(), " frames; it has one channel of sound");
  if (sound.sample_rate_hz() != encoder.sample_rate_hz())
    return wrong_rate_error("the sender's codec", sound.sample_rate_hz(), encoder.sample_rate_hz());
  const auto sane = [](double value, double least, double most) {
    return value >= least && value <= most;
  };
  if (!sane(options.duration_s, 0.0, limits::kMaxScenarioSeconds) ||
      !sane(options.tail_s, 0.0, 60.0))
    return make_error(ErrorCode::kInvalidArgument, "a call of ", options.duration_s, " s and ",
                      options.tail_s, " s of tail; up to ", limits::kMaxScenarioSeconds, " and 60");
  if (!sane(options.sender_ppm, -kMaxPpm, kMaxPpm) ||
      !sane(options.receiver_ppm, -kMaxPpm, kMaxPpm))
    return make_error(ErrorCode::kInvalidArgument, "clocks that are ", options.sender_ppm, " and ",
                      options.receiver_ppm, " ppm fast; up to ", kMaxPpm, " either way");
  return validate(options.network);
}

}  // namespace

Result<LinkResult> simulate_link(const LinkOptions& options, AudioView sound,
                                 PacketEncoder& encoder,
                                 const std::function<Result<void>(JitterBuffer&)>& prepare,
                                 const LinkObservers& observers, std::stop_token stop) {
  SYRINX_TRY(check_options(options, sound, encoder));
  SYRINX_ASSIGN(auto buffer, JitterBuffer::create(options.buffer));
  SYRINX_TRY(prepare(buffer));
  return Link(options, sound, encoder, std::move(buffer), observers).run(std::move(stop));
}

}  // namespace syrinx::packet
