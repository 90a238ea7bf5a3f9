// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "syrinx/stages/codec/builtin.h"
#include "syrinx/stages/codec/codec.h"
#include "syrinx/stages/codec/g729.h"

namespace syrinx::codec {
namespace {

constexpr double kG722DelayMs = 22.0 / 16.0;  // Its two filters of 24 taps: see g722_test.cc.

CodecInfo sampled(std::string_view name, int rate_hz, std::size_t channels, int bits) {
  CodecInfo info;
  info.name = name;
  info.clock_rate_hz = info.sample_rate_hz = rate_hz;
  info.channels = channels;
  info.bitrate_bps = rate_hz * bits * static_cast<int>(channels);
  info.block_step_us = info.min_block_us = rate_hz == 44'100 ? 10'000 : 2'500;
  return info;
}

CodecInfo opus_info() {
  CodecInfo info;
  info.name = "opus";
  info.clock_rate_hz = info.sample_rate_hz = 48'000;
  info.channels = 2;
  info.default_fmtp = "minptime=10;useinbandfec=1";
  info.bitrate_bps = 51'000;  // What libopus takes for one channel.
  info.block_step_us = info.min_block_us = 2'500;
  info.algorithmic_delay_ms = 6.5;  // RFC 6716, 2: the blocks' overlap and the resampler of SILK.
  info.has_own_concealment = true;
  return info;
}

CodecInfo g722_info() {
  CodecInfo info = sampled("G722", 8'000, 1, 8);
  info.sample_rate_hz = 16'000;
  info.static_payload_type = 9;
  info.algorithmic_delay_ms = kG722DelayMs;
  return info;
}

CodecInfo g729_info() {
  CodecInfo info = sampled("G729", 8'000, 1, 1);  // 8 kbit/s.
  info.static_payload_type = 18;
  info.default_fmtp = "annexb=yes";  // Descriptions of silence are understood.
  info.block_step_us = info.min_block_us = 10'000;
  info.algorithmic_delay_ms = 5.0;  // Its look-ahead (G.729, 2.5).
  info.has_own_concealment = true;
  return info;
}

CodecInfo with_type(CodecInfo info, int static_payload_type) {
  info.static_payload_type = static_payload_type;
  return info;
}

CodecInfo no_audio(std::string_view name, int clock_rate_hz, std::string_view fmtp) {
  CodecInfo info;
  info.name = name;
  info.clock_rate_hz = info.sample_rate_hz = clock_rate_hz;
  info.default_fmtp = fmtp;
  info.is_audio = false;
  return info;
}

const std::array<CodecInfo, 16>& table() noexcept {
  static const std::array<CodecInfo, 16> kCodecs = {opus_info(),
                                                    g722_info(),
                                                    with_type(sampled("PCMU", 8'000, 1, 8), 0),
                                                    with_type(sampled("PCMA", 8'000, 1, 8), 8),
                                                    g729_info(),
                                                    sampled("L16", 16'000, 1, 16),
                                                    sampled("L16", 8'000, 1, 16),
                                                    sampled("L16", 24'000, 1, 16),
                                                    sampled("L16", 48'000, 1, 16),
                                                    sampled("L16", 48'000, 2, 16),
                                                    with_type(sampled("L16", 44'100, 1, 16), 11),
                                                    with_type(sampled("L16", 44'100, 2, 16), 10),
                                                    with_type(no_audio("CN", 8'000, ""), 13),
                                                    no_audio("telephone-event", 8'000, "0-16"),
                                                    no_audio("telephone-event", 16'000, "0-16"),
                                                    no_audio("telephone-event", 48'000, "0-16")};
  return kCodecs;
}

std::string known_names() {
  std::string names;
  for (const CodecInfo& info : table()) {
    if (names.find(info.name) != std::string::npos) continue;
    names += (names.empty() ? "" : ", ") + std::string(info.name);
  }
  return names;
}

}  // namespace

bool same_name(std::string_view a, std::string_view b) noexcept {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

std::span<const CodecInfo> codecs() noexcept { return table(); }

const CodecInfo* find_codec(std::string_view name, int clock_rate_hz,
                            std::size_t channels) noexcept {
  for (const CodecInfo& info : table()) {
    if (info.clock_rate_hz == clock_rate_hz && info.channels == channels &&
        same_name(info.name, name))
      return &info;
  }
  return nullptr;
}

Result<void> check_codec(const CodecInfo& info) {
  if (same_name(info.name, "G729")) return g729_available();
  return {};
}

Result<CodecInfo> codec_named(std::string_view name) {
  for (const CodecInfo& info : table()) {
    if (same_name(info.name, name)) return info;
  }
  return make_error(ErrorCode::kNotFound, "there is no codec '", name, "'; there are ",
                    known_names());
}

namespace {

Result<const CodecInfo*> audio_codec_of(const PayloadFormat& format) {
  const CodecInfo* info = find_codec(format.name, format.clock_rate_hz, format.channels);
  if (info == nullptr)
    return make_error(ErrorCode::kUnsupported, "there is no codec for ", format.name, "/",
                      format.clock_rate_hz, "/", format.channels, "; there are ", known_names());
  if (!info->is_audio)
    return make_error(ErrorCode::kUnsupported, format.name,
                      " carries no audio: it has neither an encoder nor a decoder");
  return info;
}

Result<void> check_rate(const CodecInfo& info, int sample_rate_hz) {
  if (sample_rate_hz == 0 || sample_rate_hz == info.sample_rate_hz) return {};
  return make_error(ErrorCode::kInvalidArgument, info.name, " sounds at ", info.sample_rate_hz,
                    " Hz alone, but ", sample_rate_hz, " Hz was asked for: resample beside it");
}

}  // namespace

Result<std::unique_ptr<Encoder>> make_encoder(const PayloadFormat& format,
                                              const EncoderSettings& settings) {
  SYRINX_ASSIGN(const CodecInfo* info, audio_codec_of(format));
  if (same_name(info->name, "opus")) return make_opus_encoder(*info, format, settings);
  SYRINX_TRY(check_rate(*info, settings.sample_rate_hz));
  if (same_name(info->name, "G722")) return make_g722_encoder(*info);
  if (same_name(info->name, "G729")) return make_g729_encoder(*info, format, settings);
  return make_sample_encoder(*info);
}

Result<std::unique_ptr<Decoder>> make_decoder(const PayloadFormat& format, int sample_rate_hz) {
  SYRINX_ASSIGN(const CodecInfo* info, audio_codec_of(format));
  if (same_name(info->name, "opus")) return make_opus_decoder(*info, format, sample_rate_hz);
  SYRINX_TRY(check_rate(*info, sample_rate_hz));
  if (same_name(info->name, "G722")) return make_g722_decoder(*info);
  if (same_name(info->name, "G729")) return make_g729_decoder(*info);
  return make_sample_decoder(*info);
}

}  // namespace syrinx::codec
