// SPDX-License-Identifier: Apache-2.0
#include "fuzz/codec_target.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <vector>

#include "syrinx/stages/codec/codec.h"
#include "syrinx/stages/codec/comfort_noise.h"
#include "syrinx/stages/codec/negotiation.h"
#include "syrinx/stages/codec/telephone_event.h"

namespace syrinx::fuzz {
namespace {

using Bytes = std::span<const std::uint8_t>;

// A length in two bytes, then as many bytes as there are.
Bytes take_payload(Bytes& rest) {
  const std::size_t wanted = ((std::size_t{rest[0]} << 8) | rest[1]) % 2'048;
  rest = rest.subspan(2);
  const Bytes payload = rest.first(std::min(wanted, rest.size()));
  rest = rest.subspan(payload.size());
  return payload;
}

class Checked {
 public:
  Checked(codec::Decoder& decoder, CodecOutcome& outcome)
      : decoder_(decoder),
        outcome_(outcome),
        audio_(decoder.channels(),
               static_cast<std::size_t>(decoder.sample_rate_hz()) * codec::kMaxPayloadMs / 1'000,
               decoder.sample_rate_hz()) {}

  void take(Bytes payload) {
    const std::size_t frames = decoder_.frames_in(payload);
    if (frames > audio_.frames()) outcome_.broken = "more frames than a payload may stand for";
    const auto block = static_cast<std::size_t>(decoder_.sample_rate_hz() / 50);
    const auto before = audio_.view().slice(0, block);
    if (payload.size() % 3 == 0 && !decoder_.recover(payload, before)) decoder_.conceal(before);
    const std::size_t got = decoder_.decode(payload, audio_.view());
    if (got != 0 && got != frames) outcome_.broken = "other frames than were announced";
    (got == 0 ? outcome_.refused : outcome_.decoded) += 1;
    for (std::size_t c = 0; c < audio_.channels(); ++c) {
      for (const float sample : audio_.channel(c)) {
        if (!(std::abs(sample) <= 1.0F)) outcome_.broken = "a sample beyond full scale";
      }
    }
  }

 private:
  codec::Decoder& decoder_;
  CodecOutcome& outcome_;
  AudioBuffer audio_;
};

void check_events(Bytes payload, std::uint32_t timestamp, codec::EventReceiver& receiver,
                  CodecOutcome& outcome) {
  const auto event = codec::parse_telephone_event(payload);
  if (!event) return;
  const auto again = codec::telephone_event_bytes(*event);
  if (*codec::parse_telephone_event(again) != *event)
    outcome.broken = "an event that is not itself";
  const bool active = receiver.active();
  const auto reports = receiver.receive(*event, timestamp);
  bool now = active;
  for (std::size_t i = 0; i < reports.count; ++i) {
    const bool starts = reports.list[i].kind == codec::EventReport::Kind::kStarted;
    if (starts == now) outcome.broken = "two starts or two ends in a row";
    now = starts;
  }
  if (now != receiver.active()) outcome.broken = "an event that nobody was told of";
}

void check_noise(Bytes payload, CodecOutcome& outcome) {
  const auto noise = codec::parse_comfort_noise(payload);
  if (!noise) return;
  codec::NoiseGenerator generator;
  generator.describe(*noise);
  AudioBuffer out(1, 400, 8'000);
  generator.process(out.view());
  for (const float sample : out.channel(0)) {
    if (!std::isfinite(sample)) outcome.broken = "noise that is not finite";
  }
}

}  // namespace

CodecOutcome decode_as_payloads(std::span<const std::uint8_t> bytes) {
  CodecOutcome outcome;
  if (bytes.empty()) return outcome;
  std::vector<codec::CodecInfo> audio;
  for (const auto& info : codec::codecs()) {
    if (info.is_audio && codec::check_codec(info)) audio.push_back(info);
  }
  const auto& info = audio[bytes[0] % audio.size()];
  codec::PayloadFormat format{96, std::string(info.name), info.clock_rate_hz, info.channels, {}};
  if (bytes[0] >= 128) format.parameters.push_back({"stereo", "1"});
  const auto decoder = codec::make_decoder(format);
  if (!decoder) {
    outcome.broken = decoder.error().message;
    return outcome;
  }
  Checked checked(**decoder, outcome);
  codec::EventReceiver receiver(8'000);
  std::uint32_t timestamp = 0;
  for (Bytes rest = bytes.subspan(1); rest.size() > 2;) {
    timestamp += 160U * rest[0];
    const Bytes payload = take_payload(rest);
    checked.take(payload);
    check_events(payload.first(std::min<std::size_t>(payload.size(), 4)), timestamp, receiver,
                 outcome);
    check_noise(payload, outcome);
  }
  return outcome;
}

FormatOutcome read_as_formats(std::string_view text) {
  FormatOutcome outcome;
  std::vector<std::string> lines;
  while (!text.empty() && lines.size() < 100) {
    const auto end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  if (lines.empty()) return outcome;
  const std::string numbers = lines.front();
  lines.erase(lines.begin());
  const auto formats = codec::parse_formats(numbers, lines);
  outcome.read = formats.has_value();
  if (!formats) {
    if (formats.error().message.empty()) outcome.broken = "an error without a sentence";
    return outcome;
  }
  for (const auto& format : *formats) {
    const auto again = codec::parse_rtpmap(codec::rtpmap_of(format));
    if (!again || !again->same_codec(format)) outcome.broken = "a format that is not itself";
    if (codec::fmtp_of(format).size() > 64 * codec::kMaxAttributeBytes)
      outcome.broken = "an fmtp beyond its limit";
  }
  const auto own = codec::make_offer({"opus", "G722", "PCMU", "PCMA", "CN", "telephone-event"});
  const auto answer = codec::make_answer({*formats, {}, {}}, *own);
  if (answer && !codec::accept_answer({*formats, {}, {}}, answer->formats))
    outcome.broken = "an answer that its own offer does not take";
  return outcome;
}

}  // namespace syrinx::fuzz
