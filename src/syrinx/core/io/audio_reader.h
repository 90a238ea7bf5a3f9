// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/core/flow/stream.h"
#include "syrinx/core/io/audio_format.h"

namespace syrinx::io {

// What headerless samples are. Interleaved; whole frames.
struct RawAudioLayout {
  SampleEncoding encoding = SampleEncoding::kInt16;  // Any but kLossy.
  bool big_endian = false;
  int sample_rate_hz = 0;
  std::size_t channels = 1;
};

struct AudioReadOptions {
  // Frames per block of next(); the last may be shorter. 1 to limits::kMaxBlockFrames.
  std::size_t block_frames = 4'096;
  // Read the bytes as samples without looking for a header. Nothing else is ever taken for raw.
  std::optional<RawAudioLayout> raw = {};
  // Input that cannot seek (a pipe) is first copied to an unnamed temporary file, at most this
  // much.
  std::uint64_t max_spool_bytes = limits::kMaxSpoolBytes;
};

// Reads an audio file block by block: WAV, FLAC, Ogg Vorbis, Opus, MP3, AIFF, or raw samples when
// told so. What a file is, is decided by its bytes, never by its name. Memory use does not depend
// on what a header claims. One reader serves one thread.
//
// Damaged files:
// - A header that is wrong or not understood is an error of open().
// - A file that ends before its header's promise delivers what is there, then ends, and truncated()
//   says so. Sizes of 0xFFFFFFFF, as streaming writers leave them, promise nothing.
// - Data that cannot be decoded part-way delivers what came before, then next() fails with
//   kCorruptData. (MP3 is made to be joined mid-stream: damaged frames are skipped. Damage in the
//   last few KiB of a FLAC or Opus file, all of which the decoder has read by then, is not told
//   from a file cut short.)
// - Samples that are NaN or infinite become 0 and are counted.
class AudioReader final : public AudioSource {
 public:
  // Errors: kNotFound; kIo; kInvalidArgument (a directory, options out of range); kUnsupported (not
  // audio, or of a kind that is not read); kCorruptData; kLimitExceeded (rate, channels, spool).
  static Result<AudioReader> open(const std::filesystem::path& path, AudioReadOptions options = {});
  // Looks at `bytes`, which must outlive the reader.
  static Result<AudioReader> from_memory(std::span<const std::byte> bytes,
                                         AudioReadOptions options = {});
  // Reads all of an open file or pipe from where it stands, as standard input (0). The descriptor
  // is not closed. `name` is for messages.
  static Result<AudioReader> from_fd(int fd, std::string name, AudioReadOptions options = {});

  AudioReader(AudioReader&&) noexcept;
  AudioReader& operator=(AudioReader&&) noexcept;
  ~AudioReader() override;

  const AudioFileInfo& info() const noexcept;
  int sample_rate_hz() const noexcept override { return info().sample_rate_hz; }
  std::size_t channels() const noexcept override { return info().channels; }

  // Errors: kCancelled, kCorruptData, kIo.
  Result<bool> next(AudioBuffer& block, const std::stop_token& stop) override;
  Result<bool> next(AudioBuffer& block) { return next(block, std::stop_token{}); }

  // Frames handed out so far.
  std::uint64_t frames_read() const noexcept;
  // Whether the file ended before its header's promise. WAV, AIFF, MP3 and raw know it from open()
  // on, the others after next() has returned false.
  bool truncated() const noexcept;
  // Samples so far that were NaN or infinite and became 0.
  std::uint64_t non_finite_samples() const noexcept;

  struct Impl;  // Private to the folder.
  explicit AudioReader(std::unique_ptr<Impl> impl) noexcept;

 private:
  std::unique_ptr<Impl> impl_;
};

// A whole file in memory. Errors: as AudioReader, and kLimitExceeded beyond
// limits::kMaxBufferFrames or kMaxBufferSamples. A file without frames is an empty buffer of its
// rate and channels.
Result<AudioBuffer> read_audio(const std::filesystem::path& path, AudioReadOptions options = {});
// The rest of a stream in memory, under the same limits.
Result<AudioBuffer> read_all(AudioSource& source, const std::stop_token& stop = {});

}  // namespace syrinx::io
