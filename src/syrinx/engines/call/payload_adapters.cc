// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/payload_adapters.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "syrinx/engines/call/rate_changer.h"
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
    offset_ticks_ = encoded.offset_ticks;
    return {};
  }
  std::uint32_t offset_ticks() const noexcept override { return offset_ticks_; }

 private:
  std::unique_ptr<codec::Encoder> encoder_;
  std::uint8_t payload_type_;
  std::size_t packet_frames_;
  std::uint32_t offset_ticks_ = 0;
};

// Two bytes or fewer of Opus say that nothing follows (RFC 6716, 3.1; libopus's DTX); so does a
// description of a silence behind G.729's frames of ten (RFC 3551, 4.5.6).
constexpr std::size_t kSilentOpusBytes = 2;
constexpr std::size_t kFrameBytes729 = 10;
constexpr std::size_t kSilenceBytes729 = 2;

// Comfort noise at the codec's rate, in the buffer's.
class Background {
 public:
  Background(int codec_hz, std::optional<RateChanger> changer)
      : changer_(std::move(changer)),
        codec_hz_(codec_hz),
        made_(static_cast<std::size_t>(codec_hz) / 100),
        block_(changer_ ? changer_->out_frames(made_.size()) : made_.size()),
        left_(block_.size()) {}

  void describe(const codec::NoiseDescription& noise) noexcept { noise_.describe(noise); }
  void fill(std::span<float> out) noexcept {
    for (float& sample : out) {
      if (left_ == block_.size()) make_block();
      sample = block_[left_++];
    }
  }
  void reset() noexcept {
    noise_.reset();
    if (changer_) changer_->reset();
    left_ = block_.size();
  }

 private:
  void make_block() noexcept {
    noise_.process(MutableAudioView(changer_ ? made_ : block_, codec_hz_));
    if (changer_) changer_->process(made_, block_);
    left_ = 0;
  }

  codec::NoiseGenerator noise_;
  std::optional<RateChanger> changer_;
  int codec_hz_;
  std::vector<float> made_;
  std::vector<float> block_;
  std::size_t left_;
};

class CodecDecoder final : public packet::PacketDecoder {
 public:
  // `concealer`: for codecs that have none of their own, at `sample_rate_hz`. `changer`: where that
  // is not the codec's.
  CodecDecoder(std::unique_ptr<codec::Decoder> decoder, int sample_rate_hz,
               std::optional<enhance::PacketLossConcealer> concealer,
               std::optional<RateChanger> changer)
      : decoder_(std::move(decoder)),
        sample_rate_hz_(sample_rate_hz),
        concealer_(std::move(concealer)),
        background_(decoder_->sample_rate_hz(), changer),
        changer_(std::move(changer)),
        opus_(decoder_->info().name == "opus"),
        g729_(decoder_->info().name == "G729") {
    if (changer_)
      decoded_.resize(static_cast<std::size_t>(decoder_->sample_rate_hz()) * packet::kMaxPacketMs /
                      1'000);
  }

  int sample_rate_hz() const noexcept override { return sample_rate_hz_; }
  int clock_rate_hz() const noexcept override { return decoder_->info().clock_rate_hz; }
  std::size_t frames_in(packet::Bytes payload) const noexcept override {
    const std::size_t frames = decoder_->frames_in(payload);
    return changer_ ? changed_frames(frames) : frames;
  }
  bool begins_silence(packet::Bytes payload) const noexcept override {
    if (g729_) return payload.size() % kFrameBytes729 == kSilenceBytes729;
    return opus_ && payload.size() <= kSilentOpusBytes;
  }
  std::size_t decode(packet::Bytes payload, std::span<float> out) noexcept override {
    const std::size_t frames = changer_ ? change(decoder_->decode(payload, mono(decoded_)), out)
                                        : decoder_->decode(payload, mono(out));
    if (concealer_ && frames > 0) concealer_->receive(heard(out.first(frames)));
    return frames;
  }
  void conceal(std::span<float> out) noexcept override {
    if (concealer_) return concealer_->conceal(heard(out));
    if (changer_) return conceal_changed(out);
    conceal_whole(out);
  }
  bool recover(packet::Bytes next, std::span<float> out) noexcept override {
    if (!changer_) return decoder_->recover(next, mono(out));
    const std::span<float> coded(decoded_.data(), coded_frames(out.size()));
    if (!decoder_->recover(next, mono(coded))) return false;
    fill_up(change(coded.size(), out), out);
    return true;
  }
  void background(std::span<float> out) noexcept override {
    if (opus_ || g729_) return conceal(out);  // Their decoders go on with it.
    background_.fill(out);
  }
  void describe_background(packet::Bytes payload) noexcept override {
    if (payload.empty()) return;
    if (const auto noise = codec::parse_comfort_noise(payload)) background_.describe(*noise);
  }
  void reset() noexcept override {
    decoder_->reset();
    if (concealer_) concealer_->reset();
    if (changer_) changer_->reset();
    background_.reset();
  }

 private:
  MutableAudioView mono(std::span<float> frames) const noexcept {
    return {frames, decoder_->sample_rate_hz()};
  }
  MutableAudioView heard(std::span<float> frames) const noexcept {
    return {frames, sample_rate_hz_};
  }
  // Codecs conceal whole 2.5 ms; what is over is silence for less than that.
  void conceal_whole(std::span<float> out) noexcept {
    const auto step = static_cast<std::size_t>(decoder_->sample_rate_hz()) / 400;
    const std::size_t whole = out.size() / step * step;
    if (whole > 0) decoder_->conceal(mono(out.first(whole)));
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(whole), out.end(), 0.0f);
  }
  void conceal_changed(std::span<float> out) noexcept {
    const std::span<float> coded(decoded_.data(), coded_frames(out.size()));
    conceal_whole(coded);
    fill_up(change(coded.size(), out), out);
  }
  std::size_t coded_frames(std::size_t frames) const noexcept {
    return std::min(decoded_.size(), frames * static_cast<std::size_t>(changer_->in_hz()) /
                                         static_cast<std::size_t>(changer_->out_hz()));
  }
  // As many as change() makes: 10 ms at a time.
  std::size_t changed_frames(std::size_t frames) const noexcept {
    const auto block = static_cast<std::size_t>(changer_->in_hz()) / 100;
    return frames / block * changer_->out_frames(block) + changer_->out_frames(frames % block);
  }
  // The first `frames` of what was decoded, in the other rate; 0 where there is no room.
  std::size_t change(std::size_t frames, std::span<float> out) noexcept {
    if (changed_frames(frames) > out.size()) return 0;
    const auto block = static_cast<std::size_t>(changer_->in_hz()) / 100;
    std::size_t made = 0;
    for (std::size_t at = 0; at < frames; at += block) {
      const std::size_t part = std::min(block, frames - at);
      const std::size_t count = changer_->out_frames(part);
      changer_->process(std::span(decoded_).subspan(at, part), out.subspan(made, count));
      made += count;
    }
    return made;
  }
  // What rounding left over holds the last value.
  static void fill_up(std::size_t made, std::span<float> out) noexcept {
    const float last = made > 0 ? out[made - 1] : 0.0f;
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(made), out.end(), last);
  }

  std::unique_ptr<codec::Decoder> decoder_;
  int sample_rate_hz_;
  std::optional<enhance::PacketLossConcealer> concealer_;
  Background background_;
  std::optional<RateChanger> changer_;
  std::vector<float> decoded_;
  bool opus_;
  bool g729_;
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

bool works_at(const codec::PayloadFormat& format, int sample_rate_hz) {
  const auto* info = codec::find_codec(format.name, format.clock_rate_hz, format.channels);
  if (info == nullptr) return false;
  if (info->sample_rate_hz == sample_rate_hz) return true;
  static constexpr int kOpusRates[] = {8'000, 12'000, 16'000, 24'000, 48'000};
  return info->name == "opus" && std::find(std::begin(kOpusRates), std::end(kOpusRates),
                                           sample_rate_hz) != std::end(kOpusRates);
}

Result<std::unique_ptr<packet::PacketDecoder>> make_packet_decoder(
    const codec::PayloadFormat& format, int sample_rate_hz) {
  const int codec_hz = works_at(format, sample_rate_hz) ? sample_rate_hz : 0;
  SYRINX_ASSIGN(auto decoder, codec::make_decoder(format, codec_hz));
  if (decoder->channels() != 1) return not_mono(format.name, decoder->channels());
  const int out_hz = sample_rate_hz > 0 ? sample_rate_hz : decoder->sample_rate_hz();
  std::optional<RateChanger> changer;
  if (out_hz != decoder->sample_rate_hz()) {
    SYRINX_ASSIGN(changer, RateChanger::create(decoder->sample_rate_hz(), out_hz));
  }
  std::optional<enhance::PacketLossConcealer> concealer;
  if (!decoder->info().has_own_concealment) {
    SYRINX_ASSIGN(concealer, enhance::PacketLossConcealer::create(out_hz));
  }
  return std::unique_ptr<packet::PacketDecoder>(std::make_unique<CodecDecoder>(
      std::move(decoder), out_hz, std::move(concealer), std::move(changer)));
}

Result<codec::PayloadFormat> payload_format_of(std::string_view codec) {
  SYRINX_ASSIGN(const codec::CodecInfo info, codec::codec_named(codec));
  if (!info.is_audio)
    return make_error(ErrorCode::kInvalidArgument, "'", codec, "' carries no speech; take pcmu, ",
                      "pcma, g722, opus, g729 or l16");
  codec::PayloadFormat format;
  format.name = info.name;
  format.clock_rate_hz = info.clock_rate_hz;
  format.channels = info.name == "opus" ? 2 : 1;
  format.payload_type = info.static_payload_type.value_or(96);
  return format;
}

Result<codec::PayloadFormat> fallback_format_of(std::string_view codec) {
  SYRINX_ASSIGN(auto format, payload_format_of(codec));
  if (format.payload_type == 96) format.payload_type = 97;
  return format;
}

AdaptationScope adaptation_scope(const AdaptationOptions& options,
                                 const codec::PayloadFormat& format,
                                 const std::optional<codec::PayloadFormat>& fallback, int packet_ms,
                                 int max_packet_ms) {
  AdaptationScope scope{false, 0, 0};
  if (options.strategy == AdaptationStrategy::kNone) return scope;
  scope.packet_ms = packet_ms;
  scope.max_packet_ms =
      max_packet_ms > 0 ? std::min(max_packet_ms, options.max_packet_ms) : options.max_packet_ms;
  const auto take = [&](const codec::PayloadFormat& one) {
    const auto* info = codec::find_codec(one.name, one.clock_rate_hz, one.channels);
    const int longest_ms = info != nullptr ? info->max_block_us / 1'000 : 0;
    if (max_packet_ms == 0) scope.max_packet_ms = std::min(scope.max_packet_ms, longest_ms);
    return info != nullptr && info->name == "opus";
  };
  scope.codec = take(format);
  scope.fallback = fallback.has_value();
  if (fallback) scope.fallback_codec = take(*fallback);
  return scope;
}

codec::EncoderSettings adapted_settings(const AdaptationOptions& options,
                                        const codec::PayloadFormat& format,
                                        codec::EncoderSettings own) {
  const bool adapts = options.strategy != AdaptationStrategy::kNone;
  if (adapts && own.bitrate_bps == 0 && format.name == "opus")
    own.bitrate_bps = options.max_bitrate_bps;
  return own;
}

}  // namespace syrinx::call
