// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/io/audio_reader.h"
#include "syrinx/core/io/byte_source.h"

// Finds the audio in a file: our own parsers read every header first, so that what the decoding
// libraries are shown has been checked, and is no more than the audio itself.
namespace syrinx::io {

struct StreamLayout {
  AudioFormat format = AudioFormat::kWav;
  // How samples that are not compressed are stored (WAV, AIFF, raw).
  std::optional<RawAudioLayout> pcm;
  // What to decode: `head`, then `length` bytes of the file from `offset` on.
  std::vector<std::byte> head;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  // The MPEG frames that an MP3's Info tag claims.
  std::optional<std::uint64_t> mpeg_frames;
  // Whether the file is already known to end before its header's promise.
  bool truncated = false;
};

// Decides by content what the file is and parses its header. `name` is for messages.
// Errors: kUnsupported (not audio; or a kind or encoding that is not read); kCorruptData;
// kLimitExceeded; kIo.
Result<StreamLayout> find_audio(ByteSource& bytes, std::string_view name);
// The layout of a file that is samples and nothing else. Errors: kInvalidArgument.
Result<StreamLayout> raw_layout(const ByteSource& bytes, const RawAudioLayout& raw);
// Whether a file that begins so can be audio at all. Errors: as find_audio's.
Result<void> check_first_bytes(Bytes first, std::string_view name);

// The parsers of the single formats; `start` is where the format's first byte is.
Result<StreamLayout> find_wav_audio(ByteSource& bytes, std::string_view name);
Result<StreamLayout> find_aiff_audio(ByteSource& bytes, std::string_view name);
Result<StreamLayout> find_flac_audio(ByteSource& bytes, std::uint64_t start, std::string_view name);
Result<StreamLayout> find_ogg_audio(ByteSource& bytes, std::string_view name);
Result<StreamLayout> find_mp3_audio(ByteSource& bytes, std::uint64_t start, std::string_view name);

// Shared by the parsers.
Error damaged(std::string_view name, const std::string& what);
// Errors: kCorruptData for 0, kLimitExceeded outside limits.
Result<void> check_rate_and_channels(std::string_view name, double sample_rate_hz,
                                     std::uint64_t channels);
// The bytes at `offset`, all of them. Errors: kCorruptData "ends inside <what>".
Result<std::vector<std::byte>> read_exactly(ByteSource& bytes, std::uint64_t offset,
                                            std::size_t count, std::string_view name,
                                            std::string_view what);
// Sets offset and length to the whole frames among the `declared` bytes from `start` on that the
// file has, and truncated if it has fewer. Pre: layout.pcm.
void place_pcm(StreamLayout& layout, std::uint64_t start, std::uint64_t declared,
               std::uint64_t file_size);

}  // namespace syrinx::io
