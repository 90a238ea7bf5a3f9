// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/like/sound_like.h"

#include <utility>
#include <vector>

#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/flow/buffer_source.h"
#include "syrinx/core/io/audio_reader.h"
#include "syrinx/engines/conversion/channel_link.h"
#include "syrinx/engines/conversion/like/like_transform.h"
#include "syrinx/engines/conversion/transformed_source.h"

namespace syrinx::conversion {
namespace {

// Not prepared yet, for as many channels as its format will have.
Result<std::unique_ptr<voice::VoiceTransform>> make_part(const voice::VoiceProfile& source,
                                                         const voice::VoiceProfile& target,
                                                         const LikeConversion& options,
                                                         const voice::Format& format) {
  SYRINX_ASSIGN(const auto shape, voice::frame_shape(format.sample_rate_hz));
  SYRINX_ASSIGN(auto inner,
                make_transform({options.mode, ChannelLink::kLinked, options.settings}, format));
  auto mailbox = std::make_shared<LikeMailbox>();
  mailbox->post(make_like_aim(shape, source, target, options.like));
  return make_like_transform(std::move(inner), std::move(mailbox));
}

}  // namespace

Result<std::unique_ptr<voice::VoiceTransform>> make_like(const voice::VoiceProfile& source,
                                                         const voice::VoiceProfile& target,
                                                         const LikeConversion& options,
                                                         const voice::Format& format) {
  SYRINX_TRY(voice::validate(options.like, target));
  SYRINX_TRY(voice::validate(format));
  const bool mid_side = options.link == ChannelLink::kMidSide;
  if (mid_side && format.channels != 2) return mid_side_error(format.channels);
  voice::Format part = format;
  if (options.link != ChannelLink::kLinked) part.channels = 1;
  std::vector<std::unique_ptr<voice::VoiceTransform>> parts;
  while (parts.size() * part.channels < format.channels) {
    SYRINX_ASSIGN(auto made, make_part(source, target, options, part));
    parts.push_back(std::move(made));
  }
  auto transform =
      parts.size() == 1 ? std::move(parts.front()) : link_channels(std::move(parts), mid_side);
  SYRINX_TRY(transform->prepare(format));
  return transform;
}

Result<std::unique_ptr<AudioSource>> sound_like(std::unique_ptr<AudioSource> source,
                                                const voice::VoiceProfile& source_voice,
                                                const voice::VoiceProfile& target,
                                                const LikeConversion& options) {
  if (source == nullptr || source->channels() == 0)
    return make_error(ErrorCode::kInvalidArgument, "a stream without channels has no voice");
  const voice::Format format{source->sample_rate_hz(), source->channels(), kTransformedBlockFrames};
  SYRINX_ASSIGN(auto transform, make_like(source_voice, target, options, format));
  return transformed(std::move(source), std::move(transform));
}

Result<AudioBuffer> sound_like(AudioView source, const voice::VoiceProfile& target,
                               const LikeConversion& options) {
  SYRINX_TRY(voice::validate(options.like, target));
  SYRINX_ASSIGN(const auto own, voice::learn_profile(source, "the source"));
  const int rate_hz = source.sample_rate_hz();
  AudioBuffer resampled;
  if (rate_hz < voice::kLeastLikeRateHz) {
    SYRINX_ASSIGN(resampled, dsp::resample(source, voice::kLeastLikeRateHz));
  }
  const AudioView in = resampled.empty() ? source : resampled.view();
  SYRINX_ASSIGN(auto stream, sound_like(std::make_unique<BufferSource>(in), own, target, options));
  SYRINX_ASSIGN(AudioBuffer sound, io::read_all(*stream));
  if (resampled.empty()) return sound;
  SYRINX_ASSIGN(AudioBuffer back, dsp::resample(sound, rate_hz));
  back.resize(source.frames());
  return back;
}

}  // namespace syrinx::conversion
