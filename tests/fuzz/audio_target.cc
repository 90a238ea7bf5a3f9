// SPDX-License-Identifier: Apache-2.0
#include "fuzz/audio_target.h"

#include <cmath>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/io/audio_reader.h"

namespace syrinx::fuzz {
namespace {

constexpr std::size_t kBlockFrames = 1'024;

bool rate_and_channels_fit(const io::AudioReader& reader) {
  return reader.sample_rate_hz() >= limits::kMinSampleRateHz &&
         reader.sample_rate_hz() <= limits::kMaxSampleRateHz && reader.channels() >= 1 &&
         reader.channels() <= limits::kMaxChannels;
}

std::string check_block(const io::AudioReader& reader, const AudioBuffer& block) {
  if (block.channels() != reader.channels()) return "a block of other channels";
  if (block.sample_rate_hz() != reader.sample_rate_hz()) return "a block of another rate";
  if (block.frames() == 0 || block.frames() > kBlockFrames) return "a block of wrong length";
  for (std::size_t c = 0; c < block.channels(); ++c) {
    for (const float sample : block.channel(c)) {
      if (!std::isfinite(sample)) return "a sample that is not finite";
    }
  }
  return {};
}

}  // namespace

AudioOutcome read_as_audio(std::span<const std::byte> bytes) {
  AudioOutcome outcome;
  auto reader = io::AudioReader::from_memory(bytes, {.block_frames = kBlockFrames});
  if (!reader) {
    outcome.error = reader.error().message;
    if (outcome.error.empty()) outcome.broken = "an error without a sentence";
    return outcome;
  }
  outcome.opened = true;
  if (!rate_and_channels_fit(*reader)) outcome.broken = "a rate or channels out of limits";
  AudioBuffer block;
  while (outcome.broken.empty() && reader->frames_read() * reader->channels() < kMaxSamples) {
    const auto more = reader->next(block);
    if (!more) outcome.error = more.error().message;
    if (!more || !*more) break;
    outcome.broken = check_block(*reader, block);
  }
  outcome.frames = reader->frames_read();
  return outcome;
}

}  // namespace syrinx::fuzz
