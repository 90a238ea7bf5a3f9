// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace syrinx::fuzz {

// What came of some bytes that may be audio.
struct AudioOutcome {
  bool opened = false;
  std::uint64_t frames = 0;
  std::string error;   // Of opening or reading; empty when all went well.
  std::string broken;  // A promise of AudioReader that was not kept; empty as it should be.
};

// The most samples that are read of one input: a few hundred bytes of FLAC can hold hours of
// silence.
inline constexpr std::uint64_t kMaxSamples = std::uint64_t{1} << 22;

// Opens the bytes as audio and reads them to the end, an error, or kMaxSamples.
AudioOutcome read_as_audio(std::span<const std::byte> bytes);

}  // namespace syrinx::fuzz
