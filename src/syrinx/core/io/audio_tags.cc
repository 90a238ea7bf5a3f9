// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/audio_tags.h"

#include <string_view>

#include "syrinx/core/base/limits.h"

namespace syrinx::io {
namespace {

Result<void> check_text(std::string_view what, std::string_view text) {
  if (text.size() > limits::kMaxTagBytes)
    return make_error(ErrorCode::kLimitExceeded, "the ", what, " has ", text.size(),
                      " bytes; a file's tag may have ", limits::kMaxTagBytes);
  if (text.find('\0') == std::string_view::npos) return {};
  return make_error(ErrorCode::kInvalidArgument, "the ", what, " has a NUL byte in it");
}

Result<void> check_chapters(const std::vector<AudioChapter>& chapters) {
  if (chapters.size() > limits::kMaxAudioChapters)
    return make_error(ErrorCode::kLimitExceeded, "there are ", chapters.size(),
                      " chapters; a file may have ", limits::kMaxAudioChapters);
  std::uint64_t end = 0;
  for (const AudioChapter& chapter : chapters) {
    SYRINX_TRY(check_text("title of a chapter", chapter.title));
    if (chapter.begin_frame < end || chapter.end_frame < chapter.begin_frame)
      return make_error(ErrorCode::kInvalidArgument, "the chapter '", chapter.title,
                        "' lies from frame ", chapter.begin_frame, " to ", chapter.end_frame,
                        ", but the one before ends at ", end, "; give chapters in order");
    end = chapter.end_frame;
  }
  return {};
}

}  // namespace

bool supports_tags(AudioFormat format) noexcept {
  switch (format) {
    case AudioFormat::kM4a:
    case AudioFormat::kM4b:
    case AudioFormat::kMp3:
    case AudioFormat::kOpus:
    case AudioFormat::kOggVorbis:
    case AudioFormat::kFlac:
      return true;
    default:
      return false;
  }
}

Result<void> check_tags(AudioFormat format, const AudioTags& tags) {
  if (tags.empty()) return {};
  if (!supports_tags(format))
    return make_error(ErrorCode::kInvalidArgument, to_string(format),
                      " files carry no title or chapters; write m4b, m4a, mp3, opus, ogg or flac");
  SYRINX_TRY(check_text("title", tags.title));
  SYRINX_TRY(check_text("author's name", tags.author));
  SYRINX_TRY(check_text("narrator's name", tags.narrator));
  SYRINX_TRY(check_text("genre", tags.genre));
  SYRINX_TRY(check_text("language", tags.language));
  return check_chapters(tags.chapters);
}

}  // namespace syrinx::io
