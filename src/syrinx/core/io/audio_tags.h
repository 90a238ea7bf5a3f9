// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/io/audio_format.h"

namespace syrinx::io {

// A part of a recording with a name: frames [begin_frame, end_frame) of the file's own rate.
struct AudioChapter {
  std::string title;
  std::uint64_t begin_frame = 0;
  std::uint64_t end_frame = 0;

  friend bool operator==(const AudioChapter&, const AudioChapter&) = default;
};

// What a file says about the recording in it. UTF-8; an empty field is left out.
struct AudioTags {
  std::string title;
  std::string author;
  std::string narrator;  // Whose voice it is.
  std::string genre;
  std::string language;  // BCP 47.
  std::vector<AudioChapter> chapters;

  bool empty() const noexcept {
    return title.empty() && author.empty() && narrator.empty() && genre.empty() &&
           language.empty() && chapters.empty();
  }
};

// Whether files of that format carry tags and chapters.
bool supports_tags(AudioFormat format) noexcept;

// Errors: kInvalidArgument for tags that the format cannot carry, chapters that are not in order or
// overlap, or text that is no UTF-8; kLimitExceeded beyond limits::kMaxAudioChapters or
// limits::kMaxTagBytes in one text.
Result<void> check_tags(AudioFormat format, const AudioTags& tags);

}  // namespace syrinx::io
