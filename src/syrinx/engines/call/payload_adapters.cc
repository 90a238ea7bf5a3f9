// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/payload_adapters.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "syrinx/stages/codec/comfort_noise.h"
#include "syrinx/stages/enhance/plc/packet_loss_concealer.h"

namespace syrinx::call {
namespace {

class CodecEncoder final : public packet::PacketEncoder {
 public:
  CodecEncoder(std::unique_ptr<codec::Encoder> encoder, const codec::PayloadFormat& format,
               std::size_t packet_frames)
      : encoder_(std::move(encoder)),
        payload_type_(static_cast<std::uint8_t>(format.payload_type)),
        packet_frames_(packet_frames) {}

  int sample_rate_hz() const noexcept override { return encoder_->sample_rate_hz(); }
  int clock_rate_hz() const noexcept override { return encoder_->info().clock_rate_hz; }
  std::uint8_t payload_type() const noexcept override { return payload_type_; }
  std::size_t packet_frames() const noexcept override { return packet_frames_; }
  Result<void> encode(std::span<const float> frames, std::vector<std::uint8_t>& payload) override {
    payload.resize(codec::kMaxPayloadBytes);
    const codec::Encoded encoded = encoder_->encode(AudioView(frames, sample_rate_hz()), payload);
    payload.resize(encoded.bytes);
    return {};
  }

 private:
  std::unique_ptr<codec::Encoder> encoder_;
  std::uint8_t payload_type_;
  std::size_t packet_frames_;
};

// Two bytes or fewer of Opus say that nothing follows (RFC 6716, 3.1; libopus's DTX).
constexpr std::size_t kSilentOpusBytes = 2;

class CodecDecoder final : public packet::PacketDecoder {
 public:
  // `concealer`: for codecs that have none of their own.
  CodecDecoder(std::unique_ptr<codec::Decoder> decoder,
               std::optional<enhance::PacketLossConcealer> concealer)
      : decoder_(std::move(decoder)),
        concealer_(std::move(concealer)),
        opus_(decoder_->info().name == "opus") {}

  int sample_rate_hz() const noexcept override { return decoder_->sample_rate_hz(); }
  int clock_rate_hz() const noexcept override { return decoder_->info().clock_rate_hz; }
  std::size_t frames_in(packet::Bytes payload) const noexcept override {
    return decoder_->frames_in(payload);
  }
  bool begins_silence(packet::Bytes payload) const noexcept override {
    return opus_ && payload.size() <= kSilentOpusBytes;
  }
  std::size_t decode(packet::Bytes payload, std::span<float> out) noexcept override {
    const std::size_t frames = decoder_->decode(payload, mono(out));
    if (concealer_ && frames > 0) concealer_->receive(mono(out.first(frames)));
    return frames;
  }
  void conceal(std::span<float> out) noexcept override {
    if (concealer_) return concealer_->conceal(mono(out));
    // Codecs conceal whole 2.5 ms; what is over is silence for less than that.
    const auto step = static_cast<std::size_t>(sample_rate_hz()) / 400;
    const std::size_t whole = out.size() / step * step;
    if (whole > 0) decoder_->conceal(mono(out.first(whole)));
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(whole), out.end(), 0.0f);
  }
  bool recover(packet::Bytes next, std::span<float> out) noexcept override {
    return decoder_->recover(next, mono(out));
  }
  void background(std::span<float> out) noexcept override {
    if (opus_) return conceal(out);
    noise_.process(mono(out));
  }
  void describe_background(packet::Bytes payload) noexcept override {
    if (payload.empty()) return;
    if (const auto noise = codec::parse_comfort_noise(payload)) noise_.describe(*noise);
  }
  void reset() noexcept override {
    decoder_->reset();
    if (concealer_) concealer_->reset();
    noise_.reset();
  }

 private:
  MutableAudioView mono(std::span<float> frames) const noexcept {
    return {frames, decoder_->sample_rate_hz()};
  }

  std::unique_ptr<codec::Decoder> decoder_;
  std::optional<enhance::PacketLossConcealer> concealer_;
  codec::NoiseGenerator noise_;
  bool opus_;
};

Error not_mono(std::string_view name, std::size_t channels) {
  return make_error(ErrorCode::kInvalidArgument, "a stream of ", name, " with ", channels,
                    " channels; streams of calls are mono here");
}

}  // namespace

Result<std::unique_ptr<packet::PacketEncoder>> make_packet_encoder(
    const codec::PayloadFormat& format, const codec::EncoderSettings& settings, int packet_ms) {
  SYRINX_ASSIGN(auto encoder, codec::make_encoder(format, settings));
  if (encoder->channels() != 1) return not_mono(format.name, encoder->channels());
  const std::size_t frames = packet_ms > 0
                                 ? static_cast<std::size_t>(packet_ms) *
                                       static_cast<std::size_t>(encoder->sample_rate_hz()) / 1'000
                                 : 0;
  if (packet_ms <= 0 || packet_ms > codec::kMaxPayloadMs || !encoder->takes_block(frames))
    return make_error(ErrorCode::kInvalidArgument, "packets of ", packet_ms, " ms of ", format.name,
                      "; take 20, or another length that the codec codes (10, 40 or 60)");
  return std::unique_ptr<packet::PacketEncoder>(
      std::make_unique<CodecEncoder>(std::move(encoder), format, frames));
}

Result<std::unique_ptr<packet::PacketDecoder>> make_packet_decoder(
    const codec::PayloadFormat& format) {
  SYRINX_ASSIGN(auto decoder, codec::make_decoder(format));
  if (decoder->channels() != 1) return not_mono(format.name, decoder->channels());
  std::optional<enhance::PacketLossConcealer> concealer;
  if (!decoder->info().has_own_concealment) {
    SYRINX_ASSIGN(concealer, enhance::PacketLossConcealer::create(decoder->sample_rate_hz()));
  }
  return std::unique_ptr<packet::PacketDecoder>(
      std::make_unique<CodecDecoder>(std::move(decoder), std::move(concealer)));
}

Result<codec::PayloadFormat> payload_format_of(std::string_view codec) {
  SYRINX_ASSIGN(const codec::CodecInfo info, codec::codec_named(codec));
  if (!info.is_audio)
    return make_error(ErrorCode::kInvalidArgument, "'", codec, "' carries no speech; take pcmu, ",
                      "pcma, g722, opus or l16");
  codec::PayloadFormat format;
  format.name = info.name;
  format.clock_rate_hz = info.clock_rate_hz;
  format.channels = info.name == "opus" ? 2 : 1;
  format.payload_type = info.static_payload_type.value_or(96);
  return format;
}

}  // namespace syrinx::call
