// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <string>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

namespace syrinx {

// Sound that is pulled block by block. One stream serves one thread at a time.
class AudioSource {
 public:
  virtual ~AudioSource() = default;

  virtual int sample_rate_hz() const noexcept = 0;
  virtual std::size_t channels() const noexcept = 0;

  // Puts the next frames into `block` (reshaped as needed; its memory is reused) and returns true,
  // or returns false, with an empty block, at the end. Blocks may differ in length; none is empty.
  // Errors: kCancelled soon after a stop is requested; others as the source documents. After an
  // error the stream is over.
  virtual Result<bool> next(AudioBuffer& block, const std::stop_token& stop) = 0;
};

// Text that is pulled as it arrives: a string, a file, a pipe.
class TextSource {
 public:
  virtual ~TextSource() = default;

  // Puts the next bytes of UTF-8 into `piece` and returns true, or returns false at the end. A
  // character may be split between pieces. Errors: kIo; kCancelled; kLimitExceeded.
  virtual Result<bool> next(std::string& piece, const std::stop_token& stop) = 0;
};

// Where sound goes block by block: a file, a device, a socket.
class AudioSink {
 public:
  virtual ~AudioSink() = default;

  virtual int sample_rate_hz() const noexcept = 0;
  virtual std::size_t channels() const noexcept = 0;

  // Takes all frames of the block, or fails. Errors: kIo; kInvalidArgument for another rate or
  // number of channels.
  virtual Result<void> write(AudioView block) = 0;
  // Completes what write() began: a file gets its name here. A sink destroyed without finish()
  // leaves nothing behind.
  virtual Result<void> finish() = 0;
};

}  // namespace syrinx
