// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/codec/negotiation.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "syrinx/stages/codec/builtin.h"
#include "syrinx/stages/codec/codec.h"
#include "syrinx/stages/codec/g729.h"

namespace syrinx::codec {
namespace {

constexpr std::string_view kEvents = "telephone-event";
constexpr std::string_view kNoise = "CN";

bool is_audio(const PayloadFormat& format) noexcept {
  return !same_name(format.name, kEvents) && !same_name(format.name, kNoise);
}

const PayloadFormat* find_same(const std::vector<PayloadFormat>& formats,
                               const PayloadFormat& wanted) noexcept {
  const auto at = std::ranges::find_if(
      formats, [&](const PayloadFormat& format) { return format.same_codec(wanted); });
  return at == formats.end() ? nullptr : &*at;
}

std::string listed(const std::vector<PayloadFormat>& formats) {
  std::string names;
  for (const PayloadFormat& format : formats) {
    if (!is_audio(format)) continue;
    names += (names.empty() ? "" : ", ") + format.name + "/" + std::to_string(format.clock_rate_hz);
  }
  return names.empty() ? "no audio" : names;
}

// "L16/48000/2" names one of several.
Result<CodecInfo> codec_of(const std::string& name) {
  const auto slash = name.find('/');
  if (slash == std::string::npos) return codec_named(name);
  SYRINX_ASSIGN(const PayloadFormat format, parse_rtpmap("127 " + name));
  const CodecInfo* info = find_codec(format.name, format.clock_rate_hz, format.channels);
  if (info == nullptr)
    return make_error(ErrorCode::kNotFound, "there is no codec '", name,
                      "'; ask for one by its name alone, as L16, or by a clock that it has");
  return *info;
}

PayloadFormat format_of(const CodecInfo& info) {
  PayloadFormat format{-1, std::string(info.name), info.clock_rate_hz, info.channels, {}};
  if (!info.default_fmtp.empty()) {
    auto fmtp = parse_fmtp("127 " + std::string(info.default_fmtp));
    format.parameters = std::move(fmtp.value().parameters);
  }
  format.payload_type = info.static_payload_type.value_or(-1);
  return format;
}

// The clocks that the audio formats have, each once, in their order.
std::vector<int> clocks_of(const std::vector<PayloadFormat>& formats) {
  std::vector<int> clocks;
  for (const PayloadFormat& format : formats) {
    if (is_audio(format) && std::ranges::find(clocks, format.clock_rate_hz) == clocks.end())
      clocks.push_back(format.clock_rate_hz);
  }
  return clocks;
}

// Dynamic numbers for those that have none: 111 for Opus, as everybody has it, the rest from 96.
Result<void> give_numbers(std::vector<PayloadFormat>& formats) {
  int next = 96;
  for (PayloadFormat& format : formats) {
    if (format.payload_type >= 0) continue;
    if (same_name(format.name, "opus")) {
      format.payload_type = 111;
      continue;
    }
    if (next == 111) ++next;
    if (next > 127)
      return make_error(ErrorCode::kLimitExceeded, "more than 32 formats need a dynamic number");
    format.payload_type = next++;
  }
  return {};
}

int codec_max_ms(const PayloadFormat& format) noexcept {
  const CodecInfo* info = find_codec(format.name, format.clock_rate_hz, format.channels);
  return info == nullptr ? 60 : info->max_block_us / 1'000;
}

// The longest block that the codec has and that is no longer than what was asked for.
int block_us_for(const PayloadFormat& format, const MediaFormats& theirs) noexcept {
  const CodecInfo* info = find_codec(format.name, format.clock_rate_hz, format.channels);
  if (info == nullptr) return 20'000;
  int wanted = theirs.ptime_ms ? *theirs.ptime_ms * 1'000 : info->default_block_us;
  if (theirs.maxptime_ms) wanted = std::min(wanted, *theirs.maxptime_ms * 1'000);
  wanted = std::clamp(wanted, info->min_block_us, info->max_block_us);
  if (!same_name(info->name, "opus")) return wanted - wanted % info->block_step_us;
  constexpr std::array<int, 6> kBlocks = {60'000, 40'000, 20'000, 10'000, 5'000, 2'500};
  return *std::ranges::find_if(kBlocks, [&](int block_us) { return block_us <= wanted; });
}

// The longest block that the codec has and the other side takes (RFC 8866, 6.4).
int max_block_us_for(const PayloadFormat& format, const MediaFormats& theirs) noexcept {
  MediaFormats longest;
  longest.ptime_ms = codec_max_ms(format);
  longest.maxptime_ms = theirs.maxptime_ms;
  return std::max(block_us_for(format, longest), block_us_for(format, theirs));
}

const PayloadFormat* beside(const std::vector<PayloadFormat>& formats, std::string_view name,
                            int clock_rate_hz) noexcept {
  const auto at = std::ranges::find_if(formats, [&](const PayloadFormat& format) {
    return format.clock_rate_hz == clock_rate_hz && same_name(format.name, name);
  });
  return at == formats.end() ? nullptr : &*at;
}

// Events and comfort noise that both sides have, by the number that the other side has for them.
void agree_on_company(Agreement& agreement, const std::vector<PayloadFormat>& theirs,
                      const std::vector<PayloadFormat>& ours) {
  const auto common = [&](std::string_view name, int clock) -> std::optional<PayloadFormat> {
    const PayloadFormat* format = beside(theirs, name, clock);
    if (format == nullptr || beside(ours, name, clock) == nullptr) return std::nullopt;
    return *format;
  };
  agreement.events = common(kEvents, agreement.send.clock_rate_hz);
  agreement.comfort_noise = common(kNoise, agreement.send.clock_rate_hz);
  if (agreement.send_fallback)
    agreement.fallback_events = common(kEvents, agreement.send_fallback->clock_rate_hz);
}

// Descriptions of silence (G.729, Annex B) go and come only where both sides have them (RFC 7261,
// 3); elsewhere both formats say that they do not.
void agree_on_silence(PayloadFormat& theirs, PayloadFormat& ours) {
  if (!same_name(theirs.name, "G729") || (has_annex_b(theirs) && has_annex_b(ours))) return;
  for (PayloadFormat* format : {&theirs, &ours}) {
    std::erase_if(format->parameters,
                  [](const FmtpParameter& one) { return same_name(one.name, "annexb"); });
    format->parameters.push_back({"annexb", "no"});
  }
}

int bitrate_bps_of(const PayloadFormat& format) noexcept {
  const CodecInfo* info = find_codec(format.name, format.clock_rate_hz, format.channels);
  return info == nullptr ? 0 : info->bitrate_bps;
}

// Takes a further codec that both sides have for the one to fall back to, if it is the first that
// takes less.
void agree_on_fallback(Agreement& agreement, PayloadFormat send, PayloadFormat receive) {
  if (agreement.send_fallback || bitrate_bps_of(send) >= bitrate_bps_of(agreement.send)) return;
  agree_on_silence(send, receive);
  agreement.send_fallback = std::move(send);
  agreement.receive_fallback = std::move(receive);
}

Result<void> add_by_name(const std::string& name, std::vector<PayloadFormat>& formats) {
  SYRINX_ASSIGN(const CodecInfo info, codec_of(name));
  SYRINX_TRY(check_codec(info));
  PayloadFormat format = format_of(info);
  if (find_same(formats, format) == nullptr) formats.push_back(std::move(format));
  return {};
}

}  // namespace

Result<MediaFormats> make_offer(const std::vector<std::string>& names) {
  if (names.size() > kMaxFormats)
    return make_error(ErrorCode::kLimitExceeded, names.size(), " codecs were named; at most ",
                      kMaxFormats, " are offered");
  MediaFormats offer;
  bool events = false;
  for (const std::string& name : names) {
    if (same_name(name, kEvents)) {
      events = true;
      continue;
    }
    SYRINX_TRY(add_by_name(name, offer.formats));
  }
  for (const int clock : events ? clocks_of(offer.formats) : std::vector<int>()) {
    if (const CodecInfo* info = find_codec(kEvents, clock, 1))
      offer.formats.push_back(format_of(*info));
  }
  SYRINX_TRY(give_numbers(offer.formats));
  return offer;
}

Result<Answer> make_answer(const MediaFormats& offer, const MediaFormats& own) {
  Answer answer;
  answer.formats.ptime_ms = own.ptime_ms;
  answer.formats.maxptime_ms = own.maxptime_ms;
  for (const PayloadFormat& ours : own.formats) {
    const PayloadFormat* theirs = is_audio(ours) ? find_same(offer.formats, ours) : nullptr;
    if (theirs == nullptr) continue;
    PayloadFormat send = *theirs;
    PayloadFormat receive = ours;
    receive.payload_type = theirs->payload_type;
    agree_on_silence(send, receive);
    if (answer.formats.formats.empty()) {
      answer.agreement = {send, receive, {}, {}, 0};
    } else {
      agree_on_fallback(answer.agreement, send, receive);
    }
    answer.formats.formats.push_back(std::move(receive));
  }
  if (answer.formats.formats.empty())
    return make_error(ErrorCode::kUnsupported, "no codec is common: offered were ",
                      listed(offer.formats), "; here there are ", listed(own.formats));
  Agreement& agreement = answer.agreement;
  agreement.send_block_us = block_us_for(agreement.send, offer);
  agreement.max_send_block_us = max_block_us_for(agreement.send, offer);
  agree_on_company(agreement, offer.formats, own.formats);
  if (agreement.comfort_noise) answer.formats.formats.push_back(*agreement.comfort_noise);
  if (agreement.events) answer.formats.formats.push_back(*agreement.events);
  if (agreement.fallback_events && agreement.fallback_events != agreement.events)
    answer.formats.formats.push_back(*agreement.fallback_events);
  return answer;
}

Result<Agreement> accept_answer(const MediaFormats& offer, const MediaFormats& answer) {
  std::optional<Agreement> agreement;
  for (const PayloadFormat& theirs : answer.formats) {
    const PayloadFormat* ours = is_audio(theirs) ? find_same(offer.formats, theirs) : nullptr;
    if (ours == nullptr) continue;
    if (agreement) {
      agree_on_fallback(*agreement, theirs, *ours);
      continue;
    }
    agreement = Agreement{theirs, *ours, {}, {}, block_us_for(theirs, answer)};
    agreement->max_send_block_us = max_block_us_for(theirs, answer);
    agree_on_silence(agreement->send, agreement->receive);
  }
  if (!agreement)
    return make_error(ErrorCode::kUnsupported, "the answer has nothing that was offered: offered ",
                      "were ", listed(offer.formats), "; answered were ", listed(answer.formats));
  agree_on_company(*agreement, answer.formats, offer.formats);
  return *agreement;
}

EncoderSettings settings_for(const PayloadFormat& theirs, EncoderSettings own) {
  if (same_name(theirs.name, "G729")) own.dtx = own.dtx && has_annex_b(theirs);
  if (!same_name(theirs.name, "opus")) return own;
  const long bitrate = theirs.number("maxaveragebitrate", 0);
  if (bitrate >= 6'000 && bitrate <= 510'000) {
    const int most = static_cast<int>(bitrate);
    own.bitrate_bps = own.bitrate_bps == 0 ? most : std::min(own.bitrate_bps, most);
  }
  const long rate = theirs.number("maxplaybackrate", 48'000);
  if (rate >= 8'000 && rate <= 48'000)
    own.max_audio_rate_hz = std::min(own.max_audio_rate_hz, static_cast<int>(rate));
  if (theirs.number("cbr", 0) == 1) own.variable_bitrate = false;
  if (theirs.number("useinbandfec", 0) == 1) own.fec = true;
  if (theirs.number("usedtx", 0) == 1) own.dtx = true;
  return own;
}

}  // namespace syrinx::codec
