// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "syrinx/core/dsp/resample.h"
#include "syrinx/stages/measure/recognition/recogniser.h"

namespace syrinx::measure {
namespace {

AudioBuffer mix_to_mono(AudioView audio) {
  AudioBuffer mono(1, audio.frames(), audio.sample_rate_hz());
  const float weight = 1.0f / static_cast<float>(std::max<std::size_t>(audio.channels(), 1));
  for (std::size_t c = 0; c < audio.channels(); ++c) {
    const auto from = audio.channel(c);
    for (std::size_t i = 0; i < from.size(); ++i) mono.channel(0)[i] += weight * from[i];
  }
  return mono;
}

}  // namespace

Result<std::string> recognise_any(Recogniser& recogniser, AudioView speech) {
  const AudioBuffer mono = mix_to_mono(speech);
  SYRINX_ASSIGN(const AudioBuffer resampled, dsp::resample(mono, recogniser.sample_rate_hz()));
  return recogniser.recognise(resampled);
}

}  // namespace syrinx::measure
