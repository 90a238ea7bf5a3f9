// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/world/voice_analyser.h"

#include <cmath>

#include "syrinx/core/base/limits.h"

namespace syrinx::voice {

Result<VoiceAnalyser> VoiceAnalyser::create(int sample_rate_hz, const VoiceFrameOptions& options) {
  SYRINX_ASSIGN(const FrameShape shape, frame_shape(sample_rate_hz, options));
  SYRINX_ASSIGN(auto envelope, SpectralEnvelope::create(shape));
  SYRINX_ASSIGN(auto noise, BandAperiodicity::create(shape));
  const std::size_t reach = std::max(envelope.reach_samples(), noise.reach_samples());
  SYRINX_ASSIGN(auto pitch, VoicePitch::create(shape, reach + 1));
  return VoiceAnalyser(shape, std::move(pitch), std::move(envelope), std::move(noise));
}

VoiceAnalyser::VoiceAnalyser(const FrameShape& shape, VoicePitch pitch, SpectralEnvelope envelope,
                             BandAperiodicity noise)
    : shape_(shape),
      pitch_(std::move(pitch)),
      envelope_(std::move(envelope)),
      noise_(std::move(noise)),
      power_(shape.bins()),
      aperiodicity_(shape.bands()) {
  const std::size_t reach = std::max(envelope_.reach_samples(), noise_.reach_samples());
  around_.resize(2 * reach + 1);
  ring_.resize(reach + pitch_.latency_samples() + 1);
}

void VoiceAnalyser::reset() noexcept {
  pitch_.reset();
  std::fill(ring_.begin(), ring_.end(), 0.0f);
  samples_ = 0;
  next_frame_ = 0;
}

bool VoiceAnalyser::take(float sample) noexcept {
  const float finite = std::isfinite(sample) ? sample : 0.0f;
  ring_[samples_ % ring_.size()] = finite;
  ++samples_;
  return pitch_.take(finite);
}

VoiceFrame VoiceAnalyser::analyse() noexcept {
  const std::size_t reach = around_.size() / 2;
  // Before the sound lies silence: the ring is full of it.
  const std::uint64_t centre = next_frame_ * shape_.hop_samples + ring_.size();
  for (std::size_t i = 0; i < around_.size(); ++i)
    around_[i] = ring_[(centre - reach + i) % ring_.size()];
  const auto middle = [&](std::size_t side) {
    return std::span<const float>(around_).subspan(reach - side, 2 * side + 1);
  };
  const float f0_hz = pitch_.f0_hz();
  envelope_.analyse(middle(envelope_.reach_samples()), f0_hz, power_);
  noise_.analyse(middle(noise_.reach_samples()), f0_hz, aperiodicity_);
  return {next_frame_++, f0_hz, power_, aperiodicity_};
}

Result<VoiceFrames> analyse_voice(AudioView mono, const VoiceFrameOptions& options) {
  if (mono.channels() != 1 || mono.frames() == 0)
    return make_error(ErrorCode::kInvalidArgument,
                      "the analysis of a voice takes one channel with ", "samples, and was given ",
                      mono.channels(), " with ", mono.frames());
  if (mono.duration_s() > kMaxFramesS)
    return make_error(ErrorCode::kLimitExceeded, "the sound lasts ", mono.duration_s(),
                      " s; at most ", kMaxFramesS,
                      " s are kept as frames: use VoiceAnalyser on the stream");
  SYRINX_ASSIGN(auto analyser, VoiceAnalyser::create(mono.sample_rate_hz(), options));
  VoiceFrames frames;
  frames.shape = analyser.shape();
  frames.samples = mono.frames();
  const auto keep = [&](const VoiceFrame& frame) { frames.append(frame); };
  analyser.process(mono.channel(0), keep);
  analyser.finish(keep);
  return frames;
}

}  // namespace syrinx::voice
