// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

namespace syrinx::cli {

// Sound on its way through a step that has to hear all of it first: an unnamed file in $TMPDIR (or
// /tmp) that is gone with the process, so that memory does not grow with the sound.
class Spool {
 public:
  // Errors: kIo, naming the folder.
  static Result<Spool> create(int sample_rate_hz, std::size_t channels);
  Spool(Spool&& other) noexcept;
  Spool& operator=(Spool&&) = delete;
  ~Spool();

  std::uint64_t frames() const noexcept { return frames_; }
  // Adds at the end. Errors: kIo.
  Result<void> write(AudioView block);
  // The frames [offset, offset + frames). Pre: they exist. Errors: kIo.
  Result<void> read(std::uint64_t offset, std::size_t frames, AudioBuffer& block);

 private:
  Spool(int descriptor, int sample_rate_hz, std::size_t channels)
      : descriptor_(descriptor), sample_rate_hz_(sample_rate_hz), channels_(channels) {}

  int descriptor_;
  int sample_rate_hz_;
  std::size_t channels_;
  std::uint64_t frames_ = 0;
  std::vector<float> interleaved_;
};

}  // namespace syrinx::cli
