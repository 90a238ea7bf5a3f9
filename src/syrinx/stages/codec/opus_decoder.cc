// SPDX-License-Identifier: Apache-2.0
#include <opus.h>

#include <algorithm>
#include <array>
#include <vector>

#include "syrinx/stages/codec/builtin.h"
#include "syrinx/stages/codec/opus_blocks.h"

namespace syrinx::codec {
namespace {

struct Destroy {
  void operator()(OpusDecoder* decoder) const noexcept { opus_decoder_destroy(decoder); }
};
using Handle = std::unique_ptr<OpusDecoder, Destroy>;

// Whether a packet carries a coarse copy of the block before: the flags of SILK's header (RFC 6716,
// 4.2.4), one for each of its blocks of 20 ms behind as many of voice activity, for each channel.
bool has_copy_of_last(std::span<const std::uint8_t> payload) noexcept {
  const unsigned mode_bits = payload.empty() ? 0x80U : payload[0];
  if ((mode_bits & 0x80U) != 0) return false;  // CELT alone has none.
  std::array<const unsigned char*, 48> frames = {};
  std::array<opus_int16, 48> sizes = {};
  const auto bytes = static_cast<opus_int32>(payload.size());
  if (opus_packet_parse(payload.data(), bytes, nullptr, frames.data(), sizes.data(), nullptr) <= 0)
    return false;
  if (sizes[0] == 0) return false;
  const int frame_samples = opus_packet_get_samples_per_frame(payload.data(), 48'000);
  const int blocks = std::max(1, frame_samples / 960);
  const unsigned head = frames[0][0];
  if (((head >> (7 - blocks)) & 1U) != 0) return true;
  return opus_packet_get_nb_channels(payload.data()) == 2 && ((head >> (6 - 2 * blocks)) & 1U) != 0;
}

class DecoderOpus final : public Decoder {
 public:
  DecoderOpus(const CodecInfo& info, Handle handle, int rate_hz, std::size_t channels)
      : info_(info),
        handle_(std::move(handle)),
        rate_hz_(rate_hz),
        channels_(channels),
        interleaved_(channels * most_frames()),
        clip_state_(channels) {}
  const CodecInfo& info() const noexcept override { return info_; }
  int sample_rate_hz() const noexcept override { return rate_hz_; }
  std::size_t channels() const noexcept override { return channels_; }

  std::size_t frames_in(std::span<const std::uint8_t> payload) const noexcept override {
    if (payload.empty() || payload.size() > kMaxPayloadBytes) return 0;
    const int frames = opus_packet_get_nb_samples(
        payload.data(), static_cast<opus_int32>(payload.size()), rate_hz_);
    return frames > 0 && static_cast<std::size_t>(frames) <= most_frames()
               ? static_cast<std::size_t>(frames)
               : 0;
  }

  std::size_t decode(std::span<const std::uint8_t> payload,
                     MutableAudioView out) noexcept override {
    const std::size_t frames = frames_in(payload);
    if (frames == 0 || frames > out.frames() || !run(payload, frames, false)) {
      ++bad_payloads_;
      return 0;
    }
    write(out.slice(0, frames));
    return frames;
  }

  void conceal(MutableAudioView out) noexcept override {
    for (std::size_t at = 0; at < out.frames();) {
      const std::size_t frames = std::min(out.frames() - at, most_frames());
      if (!run({}, frames, false)) std::ranges::fill(interleaved_, 0.0F);
      write(out.slice(at, frames));
      at += frames;
    }
  }

  bool recover(std::span<const std::uint8_t> next, MutableAudioView out) noexcept override {
    if (frames_in(next) == 0 || out.frames() > most_frames() || !has_copy_of_last(next))
      return false;
    if (!run(next, out.frames(), true)) return false;
    write(out);
    return true;
  }

  std::uint64_t bad_payloads() const noexcept override { return bad_payloads_; }
  void reset() noexcept override {
    opus_decoder_ctl(handle_.get(), OPUS_RESET_STATE);
    std::ranges::fill(clip_state_, 0.0F);
    bad_payloads_ = 0;
  }

 private:
  std::size_t most_frames() const noexcept {
    return static_cast<std::size_t>(rate_hz_) * kMaxPayloadMs / 1'000;
  }
  // An empty payload is one that did not come. What is beyond full scale, which hostile payloads
  // decode to by 40 dB, is bent to it as libopus does for samples of sixteen bits.
  bool run(std::span<const std::uint8_t> payload, std::size_t frames, bool last) noexcept {
    const int got = opus_decode_float(handle_.get(), payload.empty() ? nullptr : payload.data(),
                                      static_cast<opus_int32>(payload.size()), interleaved_.data(),
                                      static_cast<int>(frames), last ? 1 : 0);
    if (got != static_cast<int>(frames)) return false;
    opus_pcm_soft_clip(interleaved_.data(), got, static_cast<int>(channels_), clip_state_.data());
    return true;
  }
  void write(MutableAudioView out) const noexcept {
    for (std::size_t c = 0; c < channels_; ++c) {
      const auto samples = out.channel(c);
      for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = interleaved_[i * channels_ + c];
    }
  }

  const CodecInfo& info_;
  Handle handle_;
  int rate_hz_;
  std::size_t channels_;
  std::vector<float> interleaved_;
  std::vector<float> clip_state_;  // Of each channel.
  std::uint64_t bad_payloads_ = 0;
};

}  // namespace

Result<std::unique_ptr<Decoder>> make_opus_decoder(const CodecInfo& info,
                                                   const PayloadFormat& format,
                                                   int sample_rate_hz) {
  SYRINX_ASSIGN(const int rate_hz, opus_rate(sample_rate_hz));
  const std::size_t channels = opus_channels(format);
  int failed = OPUS_OK;
  Handle handle(opus_decoder_create(rate_hz, static_cast<int>(channels), &failed));
  if (failed != OPUS_OK)
    return make_error(ErrorCode::kInternal, "libopus refused a decoder: ", opus_strerror(failed));
  return std::unique_ptr<Decoder>(
      std::make_unique<DecoderOpus>(info, std::move(handle), rate_hz, channels));
}

}  // namespace syrinx::codec
