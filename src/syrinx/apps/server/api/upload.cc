// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/api/upload.h"

#include <span>

#include "syrinx/core/io/audio_reader.h"

namespace syrinx::server {

Result<AudioBuffer> read_upload(const std::string& body, const std::stop_token& gone) {
  SYRINX_ASSIGN(auto reader, io::AudioReader::from_memory(std::as_bytes(std::span(body))));
  AudioBuffer all;
  AudioBuffer block;
  while (true) {
    SYRINX_ASSIGN(const bool more, reader.next(block, gone));
    if (!more) break;
    if ((all.frames() + block.frames()) * block.channels() > kMostUploadSamples)
      return make_error(ErrorCode::kLimitExceeded, "the sound has more than ", kMostUploadSamples,
                        " samples in its ", block.channels(),
                        " channels; send it in parts, with fewer channels or at a lower rate");
    all.append(block);
    if (all.duration_s() > kMostUploadS)
      return make_error(ErrorCode::kLimitExceeded, "the sound is longer than ", kMostUploadS,
                        " s; send it in parts, or work on it by the program");
  }
  if (all.empty())
    return make_error(ErrorCode::kInvalidArgument, "there is no sound in what was sent");
  return all;
}

}  // namespace syrinx::server
