// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/adaptive_encoder.h"

#include "syrinx/engines/call/payload_adapters.h"

namespace syrinx::call {

AdaptiveEncoder::AdaptiveEncoder(LossAdaptation adaptation, Observer observer)
    : adaptation_(std::move(adaptation)), observer_(std::move(observer)) {}

Result<std::unique_ptr<AdaptiveEncoder>> AdaptiveEncoder::create(const Party& party,
                                                                 Observer observer) {
  SYRINX_ASSIGN(auto adaptation, LossAdaptation::create(party.adaptation));
  std::unique_ptr<AdaptiveEncoder> made(
      new AdaptiveEncoder(std::move(adaptation), std::move(observer)));
  SYRINX_ASSIGN(const auto format, payload_format_of(party.codec));
  SYRINX_TRY(made->add(party, format, 0));
  std::optional<codec::PayloadFormat> fallback;
  if (!party.fallback_codec.empty()) {
    SYRINX_ASSIGN(fallback, fallback_format_of(party.fallback_codec));
    SYRINX_TRY(made->add(party, *fallback, 1));
  }
  made->adaptation_.begin(adaptation_scope(party.adaptation, format, fallback, party.packet_ms, 0));
  made->plan_.packet_ms = party.packet_ms;
  return made;
}

Result<void> AdaptiveEncoder::add(const Party& party, const codec::PayloadFormat& format,
                                  std::size_t number) {
  Kind kind;
  kind.name = format.name;
  kind.payload_type = static_cast<std::uint8_t>(format.payload_type);
  codec::EncoderSettings own = party.encoder;
  if (number > 0) own.bitrate_bps = 0;  // What was asked for is of the first codec.
  SYRINX_ASSIGN(kind.encoder,
                codec::make_encoder(format, adapted_settings(party.adaptation, format, own)));
  const int rate_hz = kind.encoder->sample_rate_hz();
  if (kind.encoder->channels() != 1 ||
      !kind.encoder->takes_block(static_cast<std::size_t>(party.packet_ms * rate_hz / 1'000)))
    return make_error(ErrorCode::kInvalidArgument, "packets of ", party.packet_ms, " ms of ",
                      format.name, "; take 20, or another length that the codec codes");
  if (number > 0 && rate_hz != sample_rate_hz()) {
    SYRINX_ASSIGN(kind.changer, RateChanger::create(sample_rate_hz(), rate_hz));
  }
  kinds_[number] = std::move(kind);
  return {};
}

std::size_t AdaptiveEncoder::packet_frames() const noexcept {
  return static_cast<std::size_t>(plan_.packet_ms) * static_cast<std::size_t>(sample_rate_hz()) /
         1'000;
}

Result<void> AdaptiveEncoder::encode(std::span<const float> frames,
                                     std::vector<std::uint8_t>& payload) {
  Kind& now = *kinds_[plan_.fallback ? 1 : 0];
  if (now.changer) {
    const auto block = static_cast<std::size_t>(sample_rate_hz()) / 100;
    const std::size_t made = now.changer->out_frames(block);
    changed_.resize(frames.size() / block * made);
    for (std::size_t i = 0; i < frames.size() / block; ++i)
      now.changer->process(frames.subspan(i * block, block),
                           std::span(changed_).subspan(i * made, made));
    frames = changed_;
  }
  payload.resize(codec::kMaxPayloadBytes);
  const codec::Encoded coded =
      now.encoder->encode(AudioView(frames, now.encoder->sample_rate_hz()), payload);
  payload.resize(coded.bytes);
  offset_ticks_ = coded.offset_ticks;
  return {};
}

void AdaptiveEncoder::reported(double loss_percent, std::chrono::nanoseconds now) noexcept {
  const auto plan = adaptation_.take(loss_percent, now);
  if (!plan) return;
  const bool switches = plan->fallback != plan_.fallback;
  plan_ = *plan;
  Kind& kind = *kinds_[plan_.fallback ? 1 : 0];
  if (switches) kind.encoder->reset();
  if (switches && kind.changer) kind.changer->reset();
  kind.encoder->adapt(plan_.codec);
  if (observer_) observer_(now, kind.name, plan_);
}

}  // namespace syrinx::call
