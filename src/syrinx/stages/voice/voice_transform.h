// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/stages/voice/voice_settings.h"

namespace syrinx::voice {

// What sound a transform is prepared for.
struct Format {
  int sample_rate_hz = 48'000;
  std::size_t channels = 1;
  std::size_t max_block_frames = 4'096;

  friend bool operator==(const Format&, const Format&) = default;
};

// Rates that voices are changed at: below, there is no voice to work on; above, resample first.
inline constexpr int kLeastRateHz = 8'000;
inline constexpr int kMostRateHz = 192'000;

// kInvalidArgument with the offending field, unless the rate is in the range above, the channels 1
// to limits::kMaxChannels and the block 1 to limits::kMaxBlockFrames.
Result<void> validate(const Format& format);

// Changes a voice while it is spoken: as much sound goes out as comes in, latency_samples() later.
// One instance serves one stream, one thread at a time.
class VoiceTransform {
 public:
  VoiceTransform() = default;
  VoiceTransform(const VoiceTransform&) = delete;
  VoiceTransform& operator=(const VoiceTransform&) = delete;
  virtual ~VoiceTransform() = default;

  // Takes all memory for sound of this format, and forgets the past. Errors: those of
  // validate(Format); nothing is prepared then.
  virtual Result<void> prepare(const Format& format) = 0;
  virtual const Format& format() const noexcept = 0;

  // The frames by which the output lags behind the input: all look-ahead, none of it the caller's
  // block. Pre: prepared.
  virtual std::size_t latency_samples() const noexcept = 0;

  // Shapes the block in place. The same stream cut into blocks of any size gives the same samples,
  // bit for bit. Samples that are not finite or beyond +-10000 count as silence, and in
  // bad_samples(). Pre: prepared; the block has the format's rate and channels and at most its
  // largest block.
  virtual void process(MutableAudioView block) noexcept SYRINX_REALTIME = 0;

  // What holds from the next sample on, each value moved into its range: the voice glides there
  // within 50 ms and does not click. Between calls of process(), by the same thread.
  virtual void set(const VoiceSettings& settings) noexcept SYRINX_REALTIME = 0;
  virtual const VoiceSettings& settings() const noexcept = 0;

  // Forgets the past, as between two streams; settings stay, and hold at once.
  virtual void reset() noexcept SYRINX_REALTIME = 0;

  // F0 of what came in last, for meters; 0 where it has no pitch.
  virtual double source_f0_hz() const noexcept = 0;
  virtual std::uint64_t bad_samples() const noexcept = 0;
};

}  // namespace syrinx::voice
