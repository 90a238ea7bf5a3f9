// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/engines/tts/spoken_record.h"

namespace syrinx::tts {

// What the sound of a job depends on: each thing by name, with its digest. A job goes on only with
// all of them equal.
using JobIdentity = std::vector<std::pair<std::string, std::string>>;

// The state of a long piece of speech on disk, so that it survives its program: `job.json` says of
// what, `sound.s16` holds the sentences' samples one after the other (mono, 16 bits, this machine's
// order), `journal` a line for each. A sentence counts when its line is complete and its samples
// match the checksum in it; what stands behind the last such line is cut off when the job is taken
// up again. Both files are put on disk (fdatasync), sound before journal, every few seconds and at
// the end. One process at a time: the folder is locked. One instance serves one thread.
class JobFolder {
 public:
  // Makes the folder, or takes up the job in it. With `restart`, what is in it goes first.
  // Errors: kInvalidArgument where another job is in it, naming what differs, or files that are
  // none of a job's; kUnavailable where another process works on it; kIo; kCancelled.
  static Result<JobFolder> open(const std::filesystem::path& folder, const JobIdentity& identity,
                                int sample_rate_hz, bool restart, const std::stop_token& stop);
  JobFolder(JobFolder&&) noexcept;
  JobFolder& operator=(JobFolder&&) noexcept;
  ~JobFolder();

  const std::filesystem::path& path() const noexcept;
  int sample_rate_hz() const noexcept;
  // What is there: sentences, and the frames of their sound.
  std::size_t records() const noexcept;
  std::uint64_t frames() const noexcept;
  // The last record, or one that says nothing.
  const SpokenRecord& last() const noexcept;

  // Adds a sentence and its samples; fills in the record's frames and digest. Errors: kIo.
  Result<void> add(SpokenRecord record, AudioView sound);
  // Puts everything on disk. Errors: kIo.
  Result<void> sync();
  // Removes the folder and all that open() and add() put into it. Errors: kIo.
  Result<void> remove();

  struct State;  // Private to the folder.

 private:
  explicit JobFolder(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

// Reads what a job has made, front to back, a sentence at a time.
class JobReader {
 public:
  // Errors: kIo.
  static Result<JobReader> open(const JobFolder& job);

  // The next sentence, with its samples where `sound` is not null; false at the end. Errors: kIo;
  // kCorruptData where the files are not what was written.
  Result<bool> next(SpokenRecord& record, AudioBuffer* sound);

 private:
  std::ifstream journal_;
  std::ifstream sound_;
  int sample_rate_hz_ = 0;
  std::size_t left_ = 0;
  std::vector<std::int16_t> samples_;
};

}  // namespace syrinx::tts
