// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/audio_reader.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "syrinx/core/io/decoder.h"
#include "syrinx/core/io/stream_layout.h"

namespace syrinx::io {

struct AudioReader::Impl {
  AudioFileInfo info;
  std::unique_ptr<Decoder> decoder;
  std::vector<float> interleaved;  // One block.
  std::uint64_t frames_read = 0;
  std::uint64_t non_finite = 0;
  bool truncated = false;
  bool over = false;
};

namespace {

Result<void> check_options(const AudioReadOptions& options) {
  if (options.block_frames >= 1 && options.block_frames <= limits::kMaxBlockFrames) return {};
  return make_error(ErrorCode::kInvalidArgument, "a block of ", options.block_frames,
                    " frames cannot be read; use 1 to ", limits::kMaxBlockFrames);
}

Result<std::unique_ptr<Decoder>> make_decoder(std::unique_ptr<ByteSource> bytes,
                                              const StreamLayout& layout, std::string_view name) {
  switch (layout.format) {
    case AudioFormat::kMp3:
      return make_mpeg_decoder(std::move(bytes), layout, name);
    case AudioFormat::kOggVorbis:
      return make_vorbis_decoder(std::move(bytes), layout, name);
    default:
      return make_sndfile_decoder(std::move(bytes), layout, name);
  }
}

Result<AudioReader> start_reading(std::unique_ptr<ByteSource> bytes, const std::string& name,
                                  const AudioReadOptions& options) {
  SYRINX_ASSIGN(StreamLayout layout,
                options.raw ? raw_layout(*bytes, *options.raw) : find_audio(*bytes, name));
  auto shown = std::make_unique<SplicedBytes>(std::move(layout.head), std::move(bytes),
                                              layout.offset, layout.length);
  auto impl = std::make_unique<AudioReader::Impl>();
  SYRINX_ASSIGN(impl->decoder, make_decoder(std::move(shown), layout, name));
  const Decoder& decoder = *impl->decoder;
  impl->info = {layout.format, decoder.encoding(), decoder.sample_rate_hz(), decoder.channels(),
                decoder.frames()};
  impl->truncated = layout.truncated || decoder.truncated();
  impl->interleaved.resize(options.block_frames * decoder.channels());
  return AudioReader(std::move(impl));
}

// Copies interleaved samples into the block's rows; returns how many were not finite.
std::uint64_t deinterleave(std::span<const float> interleaved, AudioBuffer& block) {
  std::uint64_t replaced = 0;
  const std::size_t channels = block.channels();
  for (std::size_t c = 0; c < channels; ++c) {
    const auto row = block.channel(c);
    for (std::size_t i = 0; i < row.size(); ++i) {
      const float sample = interleaved[i * channels + c];
      const bool finite = std::isfinite(sample);
      row[i] = finite ? sample : 0.0f;
      replaced += finite ? 0 : 1;
    }
  }
  return replaced;
}

}  // namespace

AudioReader::AudioReader(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
AudioReader::AudioReader(AudioReader&&) noexcept = default;
AudioReader& AudioReader::operator=(AudioReader&&) noexcept = default;
AudioReader::~AudioReader() = default;

Result<AudioReader> AudioReader::open(const std::filesystem::path& path, AudioReadOptions options) {
  SYRINX_TRY(check_options(options));
  const auto check = options.raw ? nullptr : check_first_bytes;
  SYRINX_ASSIGN(auto bytes, open_bytes(path, options.max_spool_bytes, check));
  return start_reading(std::move(bytes), path.string(), options);
}

Result<AudioReader> AudioReader::from_memory(std::span<const std::byte> bytes,
                                             AudioReadOptions options) {
  SYRINX_TRY(check_options(options));
  return start_reading(std::make_unique<MemoryBytes>(bytes), "audio in memory", options);
}

Result<AudioReader> AudioReader::from_fd(int fd, std::string name, AudioReadOptions options) {
  SYRINX_TRY(check_options(options));
  const auto check = options.raw ? nullptr : check_first_bytes;
  SYRINX_ASSIGN(auto bytes, bytes_of_fd(fd, name, options.max_spool_bytes, check));
  return start_reading(std::move(bytes), name, options);
}

const AudioFileInfo& AudioReader::info() const noexcept { return impl_->info; }
std::uint64_t AudioReader::frames_read() const noexcept { return impl_->frames_read; }
bool AudioReader::truncated() const noexcept { return impl_->truncated; }
std::uint64_t AudioReader::non_finite_samples() const noexcept { return impl_->non_finite; }

Result<bool> AudioReader::next(AudioBuffer& block, const std::stop_token& stop) {
  Impl& self = *impl_;
  block.reshape(channels(), 0, sample_rate_hz());
  if (self.over) return false;
  if (stop.stop_requested()) {
    self.over = true;
    return make_error(ErrorCode::kCancelled, "reading was cancelled");
  }
  auto frames = self.decoder->read(self.interleaved);
  self.over = !frames || *frames == 0;
  if (!frames) return std::move(frames).error();
  if (self.over) {
    self.truncated = self.truncated || self.decoder->truncated() ||
                     self.frames_read < self.info.frames.value_or(0);
    return false;
  }
  block.reshape(channels(), *frames, sample_rate_hz());
  self.non_finite += deinterleave(self.interleaved, block);
  self.frames_read += *frames;
  return true;
}

Result<AudioBuffer> read_all(AudioSource& source, const std::stop_token& stop) {
  AudioBuffer whole(source.channels(), 0, source.sample_rate_hz());
  AudioBuffer block;
  for (;;) {
    SYRINX_ASSIGN(const bool more, source.next(block, stop));
    if (!more) return whole;
    const std::uint64_t frames = std::uint64_t{whole.frames()} + block.frames();
    const bool fits = frames <= limits::kMaxBufferFrames &&
                      frames * whole.channels() <= limits::kMaxBufferSamples;
    if (!fits) {
      return make_error(ErrorCode::kLimitExceeded, "the audio goes on after ", whole.frames(),
                        " frames, more than is read into memory at once; read it in blocks");
    }
    whole.append(block);
  }
}

Result<AudioBuffer> read_audio(const std::filesystem::path& path, AudioReadOptions options) {
  SYRINX_ASSIGN(AudioReader reader, AudioReader::open(path, std::move(options)));
  return read_all(reader);
}

}  // namespace syrinx::io
