// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/session/send_encoder.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "syrinx/core/dsp/kernels.h"
#include "syrinx/engines/call/payload_adapters.h"

namespace syrinx::call {
namespace {

SendKey key_of(const codec::PayloadFormat& format, const codec::EncoderSettings& settings,
               int packet_ms) {
  std::ostringstream text;
  text << codec::rtpmap_of(format) << ' ' << codec::fmtp_of(format) << ' ' << settings.bitrate_bps
       << ' ' << settings.variable_bitrate << settings.fec << settings.dtx << settings.music << ' '
       << settings.complexity << ' ' << settings.expected_loss_percent << ' '
       << settings.max_audio_rate_hz;
  return {text.str(), packet_ms};
}

}  // namespace

int dbov_of(double mean_square) noexcept {
  return static_cast<int>(
      std::lrint(std::clamp(10.0 * std::log10(mean_square + 1e-13), -127., 0.)));
}

Result<SendEncoder> SendEncoder::create(const codec::PayloadFormat& format,
                                        const codec::EncoderSettings& settings, int packet_ms,
                                        int sample_rate_hz, int max_packet_ms) {
  SendEncoder out;
  codec::EncoderSettings own = settings;
  own.sample_rate_hz = works_at(format, sample_rate_hz) ? sample_rate_hz : 0;
  SYRINX_ASSIGN(out.encoder_, codec::make_encoder(format, own));
  const int rate_hz = out.encoder_->sample_rate_hz();
  if (out.encoder_->channels() != 1)
    return make_error(ErrorCode::kInvalidArgument, "a stream of ", format.name, " with ",
                      out.encoder_->channels(), " channels; streams of calls are mono here");
  if (!out.takes(packet_ms))
    return make_error(ErrorCode::kInvalidArgument, "packets of ", packet_ms, " ms of ", format.name,
                      "; take 20, or another length that the codec codes (10, 40 or 60)");
  if (sample_rate_hz != rate_hz) {
    SYRINX_ASSIGN(out.changer_, RateChanger::create(sample_rate_hz, rate_hz));
  }
  out.key_ = key_of(format, settings, packet_ms);
  out.wanted_packet_ms_ = packet_ms;
  out.waiting_.resize(out.frames_in(std::clamp(max_packet_ms, packet_ms, codec::kMaxPayloadMs)));
  out.payload_.resize(codec::kMaxPayloadBytes);
  return out;
}

std::size_t SendEncoder::frames_in(int packet_ms) const noexcept {
  return static_cast<std::size_t>(packet_ms) *
         static_cast<std::size_t>(encoder_->sample_rate_hz()) / 1'000;
}

bool SendEncoder::takes(int packet_ms) const noexcept {
  return packet_ms >= 10 && packet_ms <= codec::kMaxPayloadMs && packet_ms % 10 == 0 &&
         encoder_->takes_block(frames_in(packet_ms));
}

bool SendEncoder::set_packet_ms(int packet_ms) noexcept {
  if (!takes(packet_ms) || frames_in(packet_ms) > waiting_.size()) return false;
  wanted_packet_ms_ = packet_ms;
  return true;
}

double SendEncoder::latency_ms() const noexcept {
  return encoder_->info().algorithmic_delay_ms + (changer_ ? changer_->latency_ms() : 0.0);
}

std::optional<EncodedPacket> SendEncoder::add(std::span<const float> frames) noexcept {
  if (filled_ == 0) key_.packet_ms = wanted_packet_ms_;
  const auto block = static_cast<std::size_t>(encoder_->sample_rate_hz()) / 100;
  const std::span<float> place = std::span(waiting_).subspan(filled_, block);
  if (changer_) {
    changer_->process(frames, place);
  } else {
    std::copy(frames.begin(), frames.end(), place.begin());
  }
  filled_ += block;
  squares_ += dsp::kernels().sum_of_squares(place.data(), place.size());
  const auto packet_frames = std::span<const float>(waiting_).first(frames_in(key_.packet_ms));
  if (filled_ < packet_frames.size()) return std::nullopt;
  const codec::Encoded coded =
      encoder_->encode(AudioView(packet_frames, encoder_->sample_rate_hz()), payload_);
  EncodedPacket packet;
  packet.payload = std::span(payload_).first(coded.bytes);
  packet.duration_ticks = coded.duration_ticks;
  packet.offset_ticks = coded.offset_ticks;
  packet.silence = coded.silence;
  packet.level_dbov = dbov_of(squares_ / static_cast<double>(filled_));
  filled_ = 0;
  squares_ = 0.0;
  return packet;
}

void SendEncoder::reset() noexcept {
  encoder_->reset();
  if (changer_) changer_->reset();
  filled_ = 0;
  squares_ = 0.0;
}

}  // namespace syrinx::call
