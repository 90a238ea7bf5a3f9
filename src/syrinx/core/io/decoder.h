// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "syrinx/core/base/result.h"
#include "syrinx/core/io/byte_source.h"
#include "syrinx/core/io/stream_layout.h"

namespace syrinx::io {

// Turns the bytes of one file into interleaved samples, first to last.
class Decoder {
 public:
  virtual ~Decoder() = default;
  virtual int sample_rate_hz() const noexcept = 0;
  virtual std::size_t channels() const noexcept = 0;
  virtual SampleEncoding encoding() const noexcept = 0;
  // How many frames there should be, where the file says.
  virtual std::optional<std::uint64_t> frames() const noexcept = 0;
  // Whether the file is known to hold fewer frames than it promises.
  virtual bool truncated() const noexcept { return false; }
  // Fills whole frames from the front and returns how many; fewer than fit only at the end, or
  // before an error, which the next call then reports. Errors: kCorruptData, kIo.
  virtual Result<std::size_t> read(std::span<float> interleaved) = 0;
};

// By libsndfile: PCM, FLAC, Opus. Errors of each: kCorruptData, kUnsupported, kLimitExceeded, kIo.
Result<std::unique_ptr<Decoder>> make_sndfile_decoder(std::unique_ptr<ByteSource> bytes,
                                                      const StreamLayout& layout,
                                                      std::string_view name);
// By libvorbisfile: Ogg Vorbis. Called directly, because libsndfile forgets memory when it refuses
// a damaged Vorbis header, and does not look whether the other headers were accepted.
Result<std::unique_ptr<Decoder>> make_vorbis_decoder(std::unique_ptr<ByteSource> bytes,
                                                     const StreamLayout& layout,
                                                     std::string_view name);
// By libmpg123: MP3, and MPEG layers I and II. Called directly, because libsndfile lets it write
// its complaints to stderr and offers no way to stop that.
Result<std::unique_ptr<Decoder>> make_mpeg_decoder(std::unique_ptr<ByteSource> bytes,
                                                   const StreamLayout& layout,
                                                   std::string_view name);

}  // namespace syrinx::io
