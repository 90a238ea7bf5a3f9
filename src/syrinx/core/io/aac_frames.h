// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "syrinx/core/base/result.h"
#include "syrinx/core/io/audio_writer.h"
#include "syrinx/core/io/bytes.h"

namespace syrinx::io {

// Sound becomes frames of MPEG-4 AAC-LC (ISO/IEC 14496-3) at a constant bitrate, by vo-aacenc,
// which computes in integers: the same sound gives the same bytes on every machine.
class AacFrames {
 public:
  static constexpr std::size_t kFrameLength = 1'024;  // Frames of sound in one AAC frame.
  // Frames of sound that a decoder gives out before the first of ours.
  static constexpr std::size_t kDelayFrames = 1'600;
  // What one AAC frame takes at most: 6144 bits a channel.
  static constexpr std::size_t kMaxChannelBytes = 768;

  using Taker = std::function<Result<void>(Bytes frame)>;

  // Errors: kInvalidArgument for a quality or bitrate out of range; kInternal.
  static Result<AacFrames> create(const AudioWriteOptions& options);
  AacFrames(AacFrames&&) noexcept;
  AacFrames& operator=(AacFrames&&) noexcept;
  ~AacFrames();

  int bitrate_bps() const noexcept;
  // The rate's place in the table of ISO/IEC 14496-3, 1.6.3.4.
  int rate_index() const noexcept;
  // The decoder's configuration, AudioSpecificConfig of 1.6.2.1.
  std::array<std::byte, 2> specific_config() const noexcept;

  // Encodes whole frames of interleaved sound; `take` gets every AAC frame that is complete.
  // Errors: kInternal, and those of `take`.
  Result<void> write(std::span<const float> interleaved, const Taker& take);
  // Encodes what is held back, with silence behind it until a decoder gives out all of the sound.
  Result<void> finish(const Taker& take);

 private:
  struct Impl;
  explicit AacFrames(std::unique_ptr<Impl> impl) noexcept;
  std::unique_ptr<Impl> impl_;
};

}  // namespace syrinx::io
