// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

namespace syrinx::bench {

// A program that speaks a sentence into an audio file: words in which {voice}, {text} and {out}
// stand for what they say.
struct SpeakerCommand {
  std::vector<std::string> words;

  // `syrinx say` of that program.
  static SpeakerCommand of_syrinx(const std::string& program);
  // A line split at its spaces. Errors: kInvalidArgument without {text} and {out}.
  static Result<SpeakerCommand> parse(const std::string& line);
};

// The voices that `program voices --json` lists. Errors: kCorruptData; those of run_program.
Result<std::vector<std::string>> list_voices(const std::string& program);

// Speaks into a temporary file and reads it. Errors: those of run_program and of reading.
Result<AudioBuffer> speak(const SpeakerCommand& command, const std::string& voice,
                          const std::string& text);

}  // namespace syrinx::bench
