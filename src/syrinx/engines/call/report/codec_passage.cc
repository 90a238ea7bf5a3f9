// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/report/codec_passage.h"

#include <algorithm>
#include <vector>

#include "syrinx/core/dsp/resample.h"
#include "syrinx/engines/call/payload_adapters.h"
#include "syrinx/stages/packet/packet_decoder.h"

namespace syrinx::call {

Result<AudioBuffer> through_codec(AudioView speech, std::string_view codec,
                                  const codec::EncoderSettings& settings, int packet_ms) {
  SYRINX_ASSIGN(const auto format, payload_format_of(codec));
  SYRINX_ASSIGN(const auto encoder, make_packet_encoder(format, settings, packet_ms));
  SYRINX_ASSIGN(const auto decoder, make_packet_decoder(format));
  SYRINX_ASSIGN(const AudioBuffer in, dsp::resample(speech, encoder->sample_rate_hz()));
  const std::size_t block = encoder->packet_frames();
  const auto out_block = block * static_cast<std::size_t>(decoder->sample_rate_hz()) /
                         static_cast<std::size_t>(encoder->sample_rate_hz());
  AudioBuffer out(1, in.frames() / block * out_block, decoder->sample_rate_hz());
  std::vector<std::uint8_t> payload;
  std::vector<float> longest(static_cast<std::size_t>(decoder->sample_rate_hz()) *
                             packet::kMaxPacketMs / 1'000);
  for (std::size_t i = 0; (i + 1) * block <= in.frames(); ++i) {
    SYRINX_TRY(encoder->encode(in.channel(0).subspan(i * block, block), payload));
    const auto heard = out.channel(0).subspan(i * out_block, out_block);
    const std::size_t frames = payload.empty() ? 0 : decoder->decode(payload, longest);
    if (frames == 0) {
      decoder->background(heard);
      continue;
    }
    std::copy_n(longest.begin(), std::min(frames, heard.size()), heard.begin());
  }
  return dsp::resample(out, speech.sample_rate_hz());
}

}  // namespace syrinx::call
