// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "syrinx/core/base/result.h"
#include "syrinx/engines/tts/speech_stream.h"

namespace syrinx::cli {

// One sentence with its words, characters, phonemes and visemes, times in seconds, places in bytes
// of the source text.
nlohmann::json timings_json(const tts::SpokenSentence& sentence);

// Writes timings as they come, one JSON object a line, so that a book's worth takes no memory. A
// file appears under its name when complete; without finish() nothing remains. "-" is standard
// output.
class TimingsFile {
 public:
  // Errors: kIo.
  static Result<TimingsFile> create(const std::string& path);
  TimingsFile(TimingsFile&& other) noexcept;
  TimingsFile& operator=(TimingsFile&&) = delete;
  ~TimingsFile();

  Result<void> write(const tts::SpokenSentence& sentence);
  Result<void> finish();

 private:
  TimingsFile(std::FILE* file, std::filesystem::path final_path, std::filesystem::path part_path);
  Error io_error(const char* doing) const;

  std::FILE* file_;
  std::filesystem::path final_path_;
  std::filesystem::path part_path_;  // Empty for standard output.
};

}  // namespace syrinx::cli
