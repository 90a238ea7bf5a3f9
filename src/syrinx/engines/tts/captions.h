// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/engines/tts/spoken_record.h"

// What is said, as text to read along with it: always the author's own words, as they are written
// ("$3.50", not "three dollars fifty").
namespace syrinx::tts {

enum class CaptionFormat {
  kSrt,   // SubRip.
  kVtt,   // WebVTT (W3C), with the speaker as a voice tag.
  kJson,  // Sentences and words with times and their places in the source.
};
// By the file's name: .srt, .vtt or .json. Errors: kInvalidArgument.
Result<CaptionFormat> caption_format_for(const std::filesystem::path& path);

// Text that is shown from one moment to another: at most two lines of kCaptionLineCharacters.
struct CaptionCue {
  double begin_s = 0;
  double end_s = 0;
  std::string text;  // With '\n' between two lines.
};
inline constexpr std::size_t kCaptionLineCharacters = 42;  // As broadcasters have it.
inline constexpr double kMaxCueS = 6.0;

// A sentence, whose sound begins at `begin_s`, as cues: cut between words, where both lines are
// full or the time is.
std::vector<CaptionCue> cues_of(const SpokenRecord& record, double begin_s);

// A chapter of what was made.
struct SpokenChapter {
  std::string title;
  double begin_s = 0;
  double end_s = 0;
};

// Writes captions sentence by sentence. The file takes its name at finish(); without it nothing
// remains under that name, and the temporary file (".NAME.part") is used again by the next writer.
class CaptionWriter {
 public:
  // Errors: kIo.
  static Result<CaptionWriter> create(const std::filesystem::path& path, CaptionFormat format,
                                      const std::vector<std::string>& documents);
  CaptionWriter(CaptionWriter&& other) noexcept;
  CaptionWriter& operator=(CaptionWriter&&) = delete;
  ~CaptionWriter();

  // `begin_s` is when the sentence's sound begins. Errors: kIo.
  Result<void> write(const SpokenRecord& record, double begin_s, double end_s);
  Result<void> finish(const std::vector<SpokenChapter>& chapters);

 private:
  CaptionWriter(std::FILE* file, std::filesystem::path path, CaptionFormat format,
                std::vector<std::string> documents);
  Result<void> put(std::string_view text);
  Result<void> put_cues(const SpokenRecord& record, double begin_s);
  Result<void> put_json(const SpokenRecord& record, double begin_s, double end_s);

  std::FILE* file_;
  std::filesystem::path path_;
  CaptionFormat format_;
  std::vector<std::string> documents_;
  std::size_t cues_ = 0;
  std::size_t sentences_ = 0;
};

}  // namespace syrinx::tts
