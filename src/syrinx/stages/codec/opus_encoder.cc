// SPDX-License-Identifier: Apache-2.0
#include <opus.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "syrinx/stages/codec/builtin.h"
#include "syrinx/stages/codec/opus_blocks.h"

namespace syrinx::codec {
namespace {

struct Destroy {
  void operator()(OpusEncoder* encoder) const noexcept { opus_encoder_destroy(encoder); }
};
using Handle = std::unique_ptr<OpusEncoder, Destroy>;

constexpr int kMinBitrate = 6'000;
constexpr int kMaxBitrate = 510'000;
// libopus gives a silent block of at most this many bytes when it would rather not send it.
constexpr int kUnsentBytes = 2;

int bandwidth_for(int audio_rate_hz) {
  if (audio_rate_hz <= 8'000) return OPUS_BANDWIDTH_NARROWBAND;
  if (audio_rate_hz <= 12'000) return OPUS_BANDWIDTH_MEDIUMBAND;
  if (audio_rate_hz <= 16'000) return OPUS_BANDWIDTH_WIDEBAND;
  if (audio_rate_hz <= 24'000) return OPUS_BANDWIDTH_SUPERWIDEBAND;
  return OPUS_BANDWIDTH_FULLBAND;
}

Result<void> check(const EncoderSettings& settings) {
  if (settings.bitrate_bps != 0 &&
      (settings.bitrate_bps < kMinBitrate || settings.bitrate_bps > kMaxBitrate))
    return make_error(ErrorCode::kInvalidArgument, "a bit rate of ", settings.bitrate_bps,
                      " was asked for; Opus has ", kMinBitrate, " to ", kMaxBitrate, " bit/s");
  if (settings.complexity < 0 || settings.complexity > 10)
    return make_error(ErrorCode::kInvalidArgument, "complexity is ", settings.complexity,
                      " but must be 0 to 10");
  if (settings.expected_loss_percent < 0 || settings.expected_loss_percent > 100)
    return make_error(ErrorCode::kInvalidArgument, "the expected loss is ",
                      settings.expected_loss_percent, " % but must be 0 to 100");
  if (settings.max_audio_rate_hz < 8'000)
    return make_error(ErrorCode::kInvalidArgument, "max_audio_rate_hz is ",
                      settings.max_audio_rate_hz, " but must be 8000 or more");
  return {};
}

int ctl_bitrate(OpusEncoder* encoder, int bitrate_bps) noexcept {
  return opus_encoder_ctl(encoder, OPUS_SET_BITRATE(bitrate_bps == 0 ? OPUS_AUTO : bitrate_bps));
}

int configure(OpusEncoder* encoder, const EncoderSettings& settings) noexcept {
  const std::array<int, 8> answers = {
      ctl_bitrate(encoder, settings.bitrate_bps),
      opus_encoder_ctl(encoder, OPUS_SET_VBR(settings.variable_bitrate ? 1 : 0)),
      opus_encoder_ctl(encoder, OPUS_SET_COMPLEXITY(settings.complexity)),
      opus_encoder_ctl(encoder, OPUS_SET_INBAND_FEC(settings.fec ? 1 : 0)),
      opus_encoder_ctl(encoder, OPUS_SET_PACKET_LOSS_PERC(settings.expected_loss_percent)),
      opus_encoder_ctl(encoder, OPUS_SET_DTX(settings.dtx ? 1 : 0)),
      opus_encoder_ctl(encoder, OPUS_SET_MAX_BANDWIDTH(bandwidth_for(settings.max_audio_rate_hz))),
      opus_encoder_ctl(encoder,
                       OPUS_SET_SIGNAL(settings.music ? OPUS_SIGNAL_MUSIC : OPUS_SIGNAL_VOICE))};
  const auto* wrong = std::ranges::find_if(answers, [](int answer) { return answer != OPUS_OK; });
  return wrong == answers.end() ? OPUS_OK : *wrong;
}

class EncoderOpus final : public Encoder {
 public:
  EncoderOpus(const CodecInfo& info, Handle handle, int rate_hz, std::size_t channels)
      : info_(info),
        handle_(std::move(handle)),
        rate_hz_(rate_hz),
        channels_(channels),
        interleaved_(channels * static_cast<std::size_t>(rate_hz) * kMaxPayloadMs / 1'000) {
    opus_int32 frames = 0;
    opus_encoder_ctl(handle_.get(), OPUS_GET_LOOKAHEAD(&frames));
    latency_frames_ = static_cast<std::size_t>(frames);
  }
  const CodecInfo& info() const noexcept override { return info_; }
  int sample_rate_hz() const noexcept override { return rate_hz_; }
  std::size_t channels() const noexcept override { return channels_; }
  std::size_t latency_frames() const noexcept override { return latency_frames_; }
  bool takes_block(std::size_t frames) const noexcept override {
    return is_opus_block(frames, rate_hz_);
  }

  Encoded encode(AudioView in, std::span<std::uint8_t> out) noexcept override {
    SYRINX_CHECK(in.channels() == channels_ && in.sample_rate_hz() == rate_hz_ &&
                     takes_block(in.frames()) && !out.empty(),
                 "a block that this encoder does not take");
    interleave(in);
    const int frames = static_cast<int>(in.frames());
    const auto room = static_cast<opus_int32>(std::min<std::size_t>(out.size(), 4'000));
    const opus_int32 bytes =
        opus_encode_float(handle_.get(), interleaved_.data(), frames, out.data(), room);
    const auto ticks = static_cast<std::uint32_t>(frames * (info_.clock_rate_hz / rate_hz_));
    return {bytes <= kUnsentBytes ? 0 : static_cast<std::size_t>(bytes), ticks};
  }
  void adapt(const Adaptation& wanted) noexcept override {
    const int bitrate =
        wanted.bitrate_bps == 0 ? 0 : std::clamp(wanted.bitrate_bps, kMinBitrate, kMaxBitrate);
    ctl_bitrate(handle_.get(), bitrate);
    opus_encoder_ctl(handle_.get(), OPUS_SET_INBAND_FEC(wanted.fec ? 1 : 0));
    opus_encoder_ctl(handle_.get(),
                     OPUS_SET_PACKET_LOSS_PERC(std::clamp(wanted.expected_loss_percent, 0, 100)));
  }
  void reset() noexcept override { opus_encoder_ctl(handle_.get(), OPUS_RESET_STATE); }

 private:
  void interleave(AudioView in) noexcept {
    for (std::size_t c = 0; c < channels_; ++c) {
      const auto samples = in.channel(c);
      for (std::size_t i = 0; i < samples.size(); ++i)
        interleaved_[i * channels_ + c] = std::isfinite(samples[i]) ? samples[i] : 0.0F;
    }
  }

  const CodecInfo& info_;
  Handle handle_;
  int rate_hz_;
  std::size_t channels_;
  std::size_t latency_frames_ = 0;
  std::vector<float> interleaved_;
};

}  // namespace

Result<std::unique_ptr<Encoder>> make_opus_encoder(const CodecInfo& info,
                                                   const PayloadFormat& format,
                                                   const EncoderSettings& settings) {
  SYRINX_TRY(check(settings));
  SYRINX_ASSIGN(const int rate_hz, opus_rate(settings.sample_rate_hz));
  const std::size_t channels = opus_channels(format);
  const int use = settings.music ? OPUS_APPLICATION_AUDIO : OPUS_APPLICATION_VOIP;
  int failed = OPUS_OK;
  Handle handle(opus_encoder_create(rate_hz, static_cast<int>(channels), use, &failed));
  if (failed == OPUS_OK) failed = configure(handle.get(), settings);
  if (failed != OPUS_OK)
    return make_error(ErrorCode::kInternal, "libopus refused an encoder: ", opus_strerror(failed));
  return std::unique_ptr<Encoder>(
      std::make_unique<EncoderOpus>(info, std::move(handle), rate_hz, channels));
}

}  // namespace syrinx::codec
