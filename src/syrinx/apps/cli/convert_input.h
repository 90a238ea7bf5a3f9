// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "syrinx/apps/cli/convert_job.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/stream.h"
#include "syrinx/core/io/audio_file.h"

// What `syrinx convert` reads.
namespace syrinx::cli {

// What a job reads: a file as often as it likes, or a sound that is kept in memory. It must stay
// where it is while its sources are in use.
class ConvertInput {
 public:
  // Kept is what the job improves or keeps for a page, and of standard input what is `heard_twice`.
  // Errors: as io::AudioReader; kLimitExceeded for longer ones than are judged.
  static Result<ConvertInput> open(const ConvertJob& job, bool heard_twice,
                                   const std::stop_token& stop);

  const io::AudioReader& reader() const noexcept { return reader_; }
  const io::AudioFileInfo& info() const noexcept { return reader_.info(); }
  AudioBuffer& kept() noexcept { return kept_; }

  // All of it, apart from what the conversion draws.
  Result<AudioBuffer> whole() const;
  // What the conversion draws, once, telling how far it is. The progress must outlive it.
  std::unique_ptr<AudioSource> drawn(const ShowProgress& progress);
  // The sound once more, from its beginning, told to nobody.
  Result<std::unique_ptr<AudioSource>> again() const;
  // Frames that were drawn; of a kept sound all that there are.
  std::uint64_t frames_read() const noexcept { return is_kept_ ? kept_.frames() : frames_; }

 private:
  class Drawn;
  ConvertInput(std::string name, io::AudioReader reader)
      : name_(std::move(name)), reader_(std::move(reader)) {}

  std::string name_;
  io::AudioReader reader_;
  bool is_kept_ = false;
  std::uint64_t frames_ = 0;  // Drawn from the reader.
  AudioBuffer kept_;
};

}  // namespace syrinx::cli
