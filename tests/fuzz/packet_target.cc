// SPDX-License-Identifier: Apache-2.0
#include "fuzz/packet_target.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "syrinx/stages/packet/jitter_buffer.h"
#include "syrinx/stages/packet/rtcp.h"
#include "syrinx/stages/packet/stream_analysis.h"

namespace syrinx::fuzz {
namespace {

using packet::Bytes;

bool lies_within(Bytes part, Bytes whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

std::string check_rtp(Bytes bytes, bool& is_rtp) {
  const auto view = packet::parse_rtp(bytes);
  is_rtp = view.has_value();
  if (!view) return view.error().message.empty() ? "a refusal without a word" : "";
  if (!lies_within(view->payload, bytes) || !lies_within(view->extension, bytes))
    return "a part of a packet outside of it";
  const auto elements = packet::extension_elements(*view);
  if (!elements) return "";
  for (const auto& element : *elements) {
    if (!lies_within(element.data, bytes)) return "an extension outside of its packet";
    if (!packet::find_extension(*view, element.id)) return "an extension that is not found";
  }
  return "";
}

// What was read is written, and then read and written again, to the same bytes.
std::string check_rtcp(Bytes bytes, bool& is_rtcp) {
  const auto packets = packet::parse_rtcp(bytes, packet::RtcpRules::kReducedSize);
  is_rtcp = packets.has_value();
  if (!packets) return packets.error().message.empty() ? "a refusal without a word" : "";
  const auto written = packet::write_rtcp(*packets, packet::RtcpRules::kReducedSize);
  if (!written) return "RTCP that is read and cannot be written: " + written.error().message;
  const auto again = packet::parse_rtcp(*written, packet::RtcpRules::kReducedSize);
  if (!again) return "RTCP that cannot be read again: " + again.error().message;
  const auto twice = packet::write_rtcp(*again, packet::RtcpRules::kReducedSize);
  return twice && *twice == *written ? "" : "RTCP that changes when it is written again";
}

std::string check_capture(Bytes bytes, bool& is_capture) {
  const auto capture = packet::parse_capture(bytes);
  is_capture = capture.has_value();
  if (!capture) return capture.error().message.empty() ? "a refusal without a word" : "";
  const auto report = packet::analyse_streams(*capture);
  if (!report) return "";
  for (const packet::StreamReport& stream : report->streams) {
    if (stream.lost > stream.expected) return "more lost than expected";
    if (stream.jitter_ms && !std::isfinite(*stream.jitter_ms)) return "a jitter that is no number";
  }
  return "";
}

// A payload's first byte says how long it sounds.
class ByteDecoder final : public packet::PacketDecoder {
 public:
  explicit ByteDecoder(int clock_rate_hz) : clock_rate_hz_(clock_rate_hz) {}
  int sample_rate_hz() const noexcept override { return 8'000; }
  int clock_rate_hz() const noexcept override { return clock_rate_hz_; }
  std::size_t frames_in(Bytes payload) const noexcept override {
    return payload.empty() ? 0 : std::size_t{payload[0]} * 4;
  }
  bool begins_silence(Bytes payload) const noexcept override { return payload[0] == 7; }
  std::size_t decode(Bytes payload, std::span<float> out) noexcept override {
    if (payload[0] == 13) return 0;
    std::fill_n(out.begin(), frames_in(payload), 0.5f);
    return frames_in(payload);
  }
  void conceal(std::span<float> out) noexcept override { std::fill(out.begin(), out.end(), 0.1f); }
  bool recover(Bytes next, std::span<float> out) noexcept override {
    if (next[0] % 2 == 0) return false;
    std::fill(out.begin(), out.end(), 0.2f);
    return true;
  }
  void reset() noexcept override {}

 private:
  int clock_rate_hz_;
};

// Six bytes a step: what packet comes and how much time passes.
std::string check_jitter_buffer(Bytes script) {
  packet::JitterBufferOptions options;
  options.sample_rate_hz = 8'000;
  options.max_packets = 16;
  options.max_delay_ms = 300;
  auto buffer = packet::JitterBuffer::create(options).value();
  ByteDecoder slow(8'000);
  ByteDecoder fast(48'000);
  if (!buffer.add_decoder(0, slow) || !buffer.add_decoder(1, fast) ||
      !buffer.add_comfort_noise(2) || !buffer.add_ignored(3))
    return "a decoder that is not taken";
  std::vector<float> out(buffer.block_frames());
  std::int64_t now_ms = 0;
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  const std::size_t steps = std::min<std::size_t>(script.size() / 6, 400);
  for (std::size_t i = 0; i < steps; ++i) {
    const Bytes step = script.subspan(i * 6, 6);
    Packet packet;
    packet.payload_type = step[0] % 5;
    packet.ssrc = step[0] >> 6;
    sequence = static_cast<std::uint16_t>(sequence + static_cast<std::int8_t>(step[1]) / 16);
    if (step[1] == 77) sequence = static_cast<std::uint16_t>(sequence + 30'000);
    timestamp += step[2] == 99 ? 0x7FFFFFF0u : std::uint32_t{step[2]} * 8;
    packet.sequence = sequence;
    packet.timestamp = timestamp;
    packet.payload.assign(step[3] % 4, step[4]);
    packet.arrival = std::chrono::milliseconds(now_ms);
    buffer.put(packet);
    for (int blocks = step[5] % 6; blocks > 0; --blocks, now_ms += 10) {
      buffer.get(std::chrono::milliseconds(now_ms), out);
      for (const float sample : out)
        if (!(std::abs(sample) <= 1.0f)) return "a sample that nobody sent";
    }
  }
  const auto& s = buffer.statistics();
  const std::uint64_t made = s.frames_decoded + s.frames_recovered + s.frames_concealed +
                             s.frames_background + s.frames_before_first + s.frames_inserted;
  if (made < s.frames_out + s.frames_removed || made > s.frames_out + s.frames_removed + 4'000)
    return "frames that come from nowhere or go missing";
  if (s.packets_decoded + s.packets_late + s.packets_duplicate + s.packets_overflow +
          s.packets_stale >
      s.packets_received)
    return "packets that nobody put in";
  return std::isfinite(s.mean_delay_ms) ? "" : "a delay that is no number";
}

}  // namespace

PacketOutcome read_as_packets(std::span<const std::uint8_t> bytes) {
  PacketOutcome outcome;
  outcome.broken = check_rtp(bytes, outcome.is_rtp);
  if (outcome.broken.empty()) outcome.broken = check_rtcp(bytes, outcome.is_rtcp);
  if (outcome.broken.empty()) outcome.broken = check_capture(bytes, outcome.is_capture);
  if (outcome.broken.empty()) outcome.broken = check_jitter_buffer(bytes);
  return outcome;
}

}  // namespace syrinx::fuzz
