// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"

namespace syrinx::bench {

struct Recording {
  std::filesystem::path path;
  std::string text;  // What is said in it.
};

struct HumanSpeaker {
  std::string name;
  std::vector<Recording> recordings;
};

// The lines of a text file that are not empty: a sentence each. Errors: kNotFound, kCorruptData.
Result<std::vector<std::string>> load_sentences(const std::filesystem::path& path);

// The English speakers under `speech` (a folder with name.flac and a tab-separated transcript per
// line, or the one recording of Kennedy), as far as they are there.
// Errors: kCorruptData for a transcript without its recording.
Result<std::vector<HumanSpeaker>> load_human_speakers(const std::filesystem::path& speech);

}  // namespace syrinx::bench
