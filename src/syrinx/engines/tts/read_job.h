// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/engines/tts/book.h"
#include "syrinx/engines/tts/job_folder.h"
#include "syrinx/engines/tts/speech_stream.h"

// Speech of any length, which survives its program.
namespace syrinx::tts {

// Who of the text speaks with which voice.
struct CastMember {
  std::string name;
  std::string voice;
};

// Silence, in seconds at rate 1, by what stands before it; the longest that applies counts.
struct ReadPauses {
  double opening = 0.3;
  double clause = 0.15;  // A sentence that was cut in two because it was too long.
  double colon = 0.3;    // Also after a semicolon.
  double sentence = 0.4;
  double ellipsis = 0.6;
  double speaker = 0.55;  // Where another speaker goes on.
  double paragraph = 0.75;
  double heading = 1.0;
  double chapter = 1.6;  // Before a chapter.
};

struct ReadOptions {
  SpeakOptions speak;  // Of whoever is not in the cast. Its paragraph_pause_s is not used.
  std::vector<CastMember> cast;
  ReadPauses pauses;
  // Every voice talks as fast as `speak.voice` does (voice_pace.h), where it has the same language
  // and takes any rate.
  bool even_pace = true;
  // What else the sound depends on, by name: the program's version, the lexicons' digests.
  JobIdentity identity;
  bool restart = false;  // Throws away what an unfinished job in the folder has.
};

// The first half of reading a book aloud: every sentence is spoken, once, into a folder. Sentences
// are spoken one by one and in order, each from the text alone, so that a job that was ended at any
// moment and taken up again makes the same bytes as one that was not. Memory does not grow with the
// length of the sound. assemble() of assembly.h makes the file.
class ReadJob {
 public:
  // Begins the job, or takes up the one in the folder and passes over what it has. Errors: those of
  // JobFolder::open(), voices and options; kNotFound for a cast whose voice is not there;
  // kCorruptData where the folder's sentences are not the book's.
  static Result<ReadJob> open(Book book, const std::filesystem::path& folder,
                              const ReadOptions& options, const std::stop_token& stop);
  ReadJob(ReadJob&&) noexcept;
  ReadJob& operator=(ReadJob&&) noexcept;
  ~ReadJob();

  const Book& book() const noexcept;
  JobFolder& folder() noexcept;
  std::size_t resumed_sentences() const noexcept;  // That were there when it was opened.
  double share() const noexcept;                   // Of the book that is spoken, 0 to 1.
  // What the rate of each voice was multiplied by, for those that have spoken or are in the cast.
  std::map<std::string, double> paces() const;
  // What became of each element of the markup.
  std::vector<text::ElementReport> markup() const;

  // Speaks the next sentence into the folder; false when the book is over, and everything is on
  // disk. Errors, after which the job can be taken up again: kCancelled; kIo; kInternal;
  // kInvalidArgument at the end of a book without a word that the voices can read.
  Result<bool> step(const std::stop_token& stop);

 private:
  struct Impl;
  explicit ReadJob(std::unique_ptr<Impl> impl) noexcept;
  std::unique_ptr<Impl> impl_;
};

}  // namespace syrinx::tts
