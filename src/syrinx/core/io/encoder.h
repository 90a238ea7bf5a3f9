// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "syrinx/core/base/result.h"
#include "syrinx/core/io/audio_writer.h"
#include "syrinx/core/io/byte_sink.h"

namespace syrinx::io {

// Turns interleaved samples into the bytes of one file. WAV, AIFF and raw are only the samples: the
// header is the caller's.
class Encoder {
 public:
  // Writes from `start` on into `sink`, which must outlive the encoder. Pre: options.encoding is
  // set and supported. Errors: kInvalidArgument (quality, bitrate), kUnsupported.
  static Result<std::unique_ptr<Encoder>> create(ByteSink& sink, std::uint64_t start,
                                                 const AudioWriteOptions& options);
  virtual ~Encoder() = default;

  // Takes whole frames. Errors: kIo.
  virtual Result<void> write(std::span<const float> interleaved) = 0;
  // Writes what is still held back. Nothing may follow. Errors: kIo.
  virtual Result<void> finish() = 0;
};

// By libsndfile: every format but AAC.
Result<std::unique_ptr<Encoder>> make_sndfile_encoder(ByteSink& sink, std::uint64_t start,
                                                      const AudioWriteOptions& options);
// AAC in ADTS frames.
Result<std::unique_ptr<Encoder>> make_adts_encoder(ByteSink& sink, std::uint64_t start,
                                                   const AudioWriteOptions& options);
// AAC in MP4, with tags and chapters. Pre: the sink is seekable; start is 0.
Result<std::unique_ptr<Encoder>> make_mp4_encoder(ByteSink& sink, const AudioWriteOptions& options);

}  // namespace syrinx::io
