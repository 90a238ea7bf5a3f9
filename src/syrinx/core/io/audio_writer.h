// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/core/flow/stream.h"
#include "syrinx/core/io/audio_format.h"
#include "syrinx/core/io/audio_tags.h"

namespace syrinx::io {

struct AudioWriteOptions {
  AudioFormat format = AudioFormat::kWav;
  std::optional<SampleEncoding> encoding = {};  // default_encoding(format) when not given.
  int sample_rate_hz = 0;
  // The rate of what write() is given, where that is another: it is resampled.
  std::optional<int> input_rate_hz = {};
  std::size_t channels = 1;
  // Lossy formats: 0 (smallest) to 1 (best), at a variable bitrate (AAC: a constant one). Not
  // together with bitrate_bps.
  std::optional<double> quality = {};
  // MP3 and AAC (constant) and Opus (average): bits per second of all channels together.
  std::optional<int> bitrate_bps = {};
  // Adds triangular noise of two steps' width before rounding to int16 or int24, so that quiet
  // sounds fade into noise instead of distortion. The noise is the same in every run.
  bool dither = false;
  AudioTags tags = {};  // Of formats that supports_tags(); empty for the others.
};

// Where the format cannot have the options' rate (Opus and 44,100 Hz), that becomes the rate of
// what write() is given, and the nearest one that it can have (nearest_sample_rate_hz) the file's.
void fit_sample_rate(AudioWriteOptions& options) noexcept;

// Writes an audio file block by block. A file comes into being under a temporary name in the same
// folder (".name.XXXXXX.part") and takes its real name, replacing what was there and keeping its
// permissions, when finish() has put it on disk; until then, and after any failure, the old file
// stands untouched. A symbolic link is followed; a device or a pipe is written to directly.
//
// Integer encodings round to the nearest step and saturate; lossy encodings saturate at +-1;
// float32 keeps what it is given. NaN and infinities become 0 and are counted. The bytes do not
// depend on how the frames are cut into blocks. One writer serves one thread.
class AudioWriter final : public AudioSink {
 public:
  // Errors: kInvalidArgument (options that the format cannot hold, naming what it can; rates that
  // dsp::Resampler does not take; the path of a directory); kNotFound (no such folder); kIo (no
  // permission).
  static Result<AudioWriter> create(const std::filesystem::path& path, AudioWriteOptions options);
  // Writes to an open descriptor, as standard output (1), from where it stands; it is not closed.
  // `name` is for messages. A pipe gets WAV with sizes of 0xFFFFFFFF, and raw, Ogg, Opus, AAC and
  // MP3 (without the seek table) as they are made; FLAC, AIFF, M4A and M4B need to go back to their
  // header, so a pipe gets them at finish() from an unnamed temporary file. A reader that goes away
  // is kIo, if the program ignores SIGPIPE, as it must.
  static Result<AudioWriter> to_fd(int fd, std::string name, AudioWriteOptions options);

  AudioWriter(AudioWriter&&) noexcept;
  AudioWriter& operator=(AudioWriter&&) noexcept;
  ~AudioWriter() override;

  const AudioWriteOptions& options() const noexcept;
  // Of what write() takes.
  int sample_rate_hz() const noexcept override {
    return options().input_rate_hz.value_or(options().sample_rate_hz);
  }
  std::size_t channels() const noexcept override { return options().channels; }

  // Errors: kInvalidArgument for another rate or number of channels, or after finish(); kIo;
  // kLimitExceeded past the 4 GiB that a WAV or AIFF file can hold. After kIo or kLimitExceeded the
  // writer takes nothing more and finish() fails.
  Result<void> write(AudioView block) override;
  // Makes a whole file of what was written so far, for whoever finds it under its temporary name
  // should the program be killed: WAV and AIFF have their sizes put into the header. Other formats,
  // and pipes: nothing. Errors: as write().
  Result<void> checkpoint();
  // Completes the file and gives it its name; harmless twice. Errors, and then no file is left:
  // kIo; kInvalidArgument for Ogg Vorbis, Opus and AAC without a single frame, which cannot
  // be.
  Result<void> finish() override;

  // As many as write() was given.
  std::uint64_t frames_written() const noexcept;
  std::uint64_t non_finite_samples() const noexcept;

  struct Impl;  // Private to the folder.
  explicit AudioWriter(std::unique_ptr<Impl> impl) noexcept;

 private:
  std::unique_ptr<Impl> impl_;
};

// A whole buffer as a file: create, write, finish. Rate and channels are the audio's.
Result<void> write_audio(const std::filesystem::path& path, AudioView audio,
                         AudioWriteOptions options);
// The same in the format of the file's extension, encoded as default_encoding() says.
Result<void> write_audio(const std::filesystem::path& path, AudioView audio);

}  // namespace syrinx::io
