// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "syrinx/core/base/result.h"
#include "syrinx/engines/call/conference/conference.h"

namespace syrinx::call {

struct RecorderOptions {
  std::filesystem::path folder;  // Made with the first sound.
  // The name of a leg's file, without ".wav"; none given: "leg-7".
  std::function<std::string(LegId)> name_of = {};
  // Two channels: what the leg said, and what it was given to hear. Else only what it said.
  bool with_heard = false;
  double queue_s = 1.0;  // Of the sound of max_legs that may wait for the disk: 0.1 to 10.
};

struct RecorderStatistics {
  std::uint64_t legs = 0;            // Recorded, each in a file.
  std::uint64_t frames = 0;          // Written of all of them, silence that fills up included.
  std::uint64_t blocks_dropped = 0;  // For want of room while the disk was busy: silence instead.
};

// Records a conference, a WAV file per leg, as its sound comes: constant memory however long it
// lasts. All files begin when the first leg is heard and end together; who joins late, leaves early
// or is not ticked is silent for that long, so that equal times in all files are the same moment.
// Each second of sound makes the file whole: who is killed leaves ".NAME.wav.XXXXXX.part" with a
// right header; finish() gives the files their names.
//
// A conference's tap: Conference::set_tap(). tick() is the ticking thread's; all else one other
// thread's, which either drains by itself or has start() do it. Destroyed without finish(), it
// leaves no files.
class ConferenceRecorder final : public ConferenceTap {
 public:
  static constexpr std::size_t kMaxFiles = 512;

  // Takes all memory for tick(). Errors: kInvalidArgument, with the option.
  static Result<std::unique_ptr<ConferenceRecorder>> create(const ConferenceOptions& room,
                                                            RecorderOptions options);
  ~ConferenceRecorder() override;

  void tick(LegId leg, std::chrono::nanoseconds now, std::span<const float> said,
            std::span<const float> heard) noexcept override SYRINX_REALTIME;

  // Writes what waits. What fails of one leg is told by finish(); the others go on.
  void drain();
  // Drains ten times a second on a thread of its own, until finish(). Errors: kInvalidArgument if
  // it does already.
  Result<void> start();
  // Writes what waits, fills all files up to one length and gives them their names. After the tap
  // was taken off. Errors: the first leg's that failed, and the others are there all the same: kIo;
  // kLimitExceeded beyond kMaxFiles, or past 4 GiB of a file.
  Result<void> finish();
  RecorderStatistics statistics() const noexcept;

 private:
  class Impl;
  explicit ConferenceRecorder(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace syrinx::call
