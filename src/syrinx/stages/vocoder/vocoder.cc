// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/vocoder.h"

#include <span>

namespace syrinx::vocoder {

void VocoderStream::finish_with(MelView mel, MutableAudioView out) noexcept {
  const std::span<float> samples = out.channel(0);
  const std::size_t made = mel.frames() * mel.spec().hop_samples;
  process(mel, {samples.first(made), out.sample_rate_hz()});
  finish({samples.subspan(made), out.sample_rate_hz()});
}

Result<AudioBuffer> VocoderModel::synthesise(MelView, const SynthesisOptions&) const {
  return make_error(ErrorCode::kUnsupported, info().family,
                    " makes sound as a stream: open one and hand it the frames");
}

std::size_t VocoderModel::synthesis_bytes(std::size_t, std::size_t) const noexcept { return 0; }

Result<std::unique_ptr<VocoderStream>> VocoderModel::open_stream_from_noise(
    std::size_t max_block_frames, const StreamOptions&) const {
  return open_stream(max_block_frames);
}

}  // namespace syrinx::vocoder
