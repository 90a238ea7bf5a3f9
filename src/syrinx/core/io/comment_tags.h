// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "syrinx/core/base/result.h"
#include "syrinx/core/io/audio_format.h"
#include "syrinx/core/io/audio_tags.h"
#include "syrinx/core/io/byte_sink.h"

// Tags as Vorbis comments (Vorbis I, 5), which Ogg Vorbis, Opus (RFC 7845, 5.2) and FLAC (RFC 9639,
// 8.6) share; chapters by the extension "CHAPTER001=00:00:00.000", "CHAPTER001NAME=...", which
// players of all three know.
namespace syrinx::io {

// The fields behind the vendor's name: how many there are and each of them, with `before` (`count`
// fields as they lie in a file) in front.
std::string comment_fields(const AudioTags& tags, int sample_rate_hz, std::string_view before,
                           std::size_t count);

// Puts the tags into the header of the file that an encoder writes through it. What is written must
// come front to back, but for FLAC's first block, which may be written again. Pre: the format is
// kOpus, kOggVorbis or kFlac. Errors of the sink: those of `target`; kInternal where what comes is
// not that format; kLimitExceeded for more than FLAC can hold (16 MiB).
std::unique_ptr<ByteSink> make_ogg_tag_sink(std::unique_ptr<ByteSink> target, AudioFormat format,
                                            const AudioTags& tags, int sample_rate_hz);
std::unique_ptr<ByteSink> make_flac_tag_sink(std::unique_ptr<ByteSink> target,
                                             const AudioTags& tags, int sample_rate_hz);

}  // namespace syrinx::io
