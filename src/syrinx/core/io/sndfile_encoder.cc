// SPDX-License-Identifier: Apache-2.0
#include <sndfile.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "syrinx/core/dsp/kernels.h"
#include "syrinx/core/io/encoder.h"
#include "syrinx/core/io/mpeg_header.h"
#include "syrinx/core/io/sndfile_format.h"

namespace syrinx::io {
namespace {

// What libsndfile writes to: our sink and a position in it.
struct Cursor {
  ByteSink* sink = nullptr;
  std::uint64_t start = 0;
  std::uint64_t position = 0;
  std::uint64_t end = 0;
  // The bytes at the front that a pipe is not shown: LAME's empty first frame, made for the seek
  // table that it would fill in at the end.
  std::uint64_t hidden = 0;
  bool hides_first_mpeg_frame = false;
  bool abandoned = false;
  std::optional<Error> error;
};

sf_count_t length_of(void* user) {
  return static_cast<sf_count_t>(static_cast<Cursor*>(user)->end);
}

sf_count_t seek_to(sf_count_t offset, int whence, void* user) {
  auto& cursor = *static_cast<Cursor*>(user);
  sf_count_t base = 0;
  if (whence == SEEK_CUR) base = static_cast<sf_count_t>(cursor.position);
  if (whence == SEEK_END) base = static_cast<sf_count_t>(cursor.end);
  if (offset < -base) return -1;
  const auto target = static_cast<std::uint64_t>(base + offset);
  if (!cursor.sink->seekable() && target != cursor.end) return -1;
  cursor.position = target;
  return base + offset;
}

sf_count_t no_read(void*, sf_count_t, void*) { return 0; }

// Finds out how long LAME's first frame is, from the first bytes that it writes.
void hide_first_mpeg_frame(Cursor& cursor, Bytes bytes) {
  if (!cursor.hides_first_mpeg_frame || cursor.position != 0 || bytes.size() < 4) return;
  const auto header = parse_mpeg_header(load_be32(bytes, 0));
  if (header) cursor.hidden = header->frame_bytes;
}

Result<void> write_shown(Cursor& cursor, Bytes bytes) {
  const std::uint64_t at = cursor.position;
  const auto skip =
      std::min<std::uint64_t>(cursor.hidden - std::min(cursor.hidden, at), bytes.size());
  const Bytes shown = bytes.subspan(static_cast<std::size_t>(skip));
  if (shown.empty()) return {};
  return cursor.sink->write_at(cursor.start + at + skip - cursor.hidden, shown);
}

sf_count_t write_to(const void* data, sf_count_t count, void* user) {
  auto& cursor = *static_cast<Cursor*>(user);
  // Even when nothing is written any more, the library hears that it was: it is only known to tidy
  // up after itself on that path.
  if (count <= 0 || cursor.error || cursor.abandoned) return count;
  const Bytes bytes(static_cast<const std::byte*>(data), static_cast<std::size_t>(count));
  hide_first_mpeg_frame(cursor, bytes);
  auto written = write_shown(cursor, bytes);
  if (!written) {
    cursor.error = std::move(written).error();
    return count;
  }
  cursor.position += bytes.size();
  cursor.end = std::max(cursor.end, cursor.position);
  return count;
}

sf_count_t tell(void* user) {
  return static_cast<sf_count_t>(static_cast<Cursor*>(user)->position);
}

// The highest and lowest bitrates between which libsndfile's compression level (0 to 1) moves, as
// its documentation of SFC_SET_COMPRESSION_LEVEL gives them.
struct BitrateRange {
  double highest_bps;
  double lowest_bps;
};

BitrateRange bitrate_range(const AudioWriteOptions& options) noexcept {
  const auto channels = static_cast<double>(options.channels);
  if (options.format == AudioFormat::kOpus) return {256'000 * channels, 6'000 * channels};
  if (options.sample_rate_hz >= 32'000) return {320'000, 32'000};
  return options.sample_rate_hz >= 16'000 ? BitrateRange{160'000, 8'000}
                                          : BitrateRange{64'000, 8'000};
}

Error refused(const AudioWriteOptions& options, const std::string& what) {
  return make_error(ErrorCode::kInvalidArgument, to_string(options.format), " cannot have ", what);
}

// libsndfile's compression level for the options; nothing for the library's own choice.
Result<std::optional<double>> compression_level(const AudioWriteOptions& options) {
  const bool lossy = options.encoding == SampleEncoding::kLossy;
  if (!options.quality && !options.bitrate_bps) return std::optional<double>{};
  if (!lossy) return refused(options, "a quality or bitrate: it loses nothing");
  if (options.quality && options.bitrate_bps) return refused(options, "both quality and bitrate");
  if (options.quality) {
    const bool valid = *options.quality >= 0.0 && *options.quality <= 1.0;
    if (!valid) return refused(options, "a quality outside 0 to 1");
    return std::optional<double>{1.0 - *options.quality};
  }
  if (options.format == AudioFormat::kOggVorbis) {
    return refused(options, "a fixed bitrate; give a quality from 0 to 1");
  }
  const auto [highest_bps, lowest_bps] = bitrate_range(options);
  if (*options.bitrate_bps < lowest_bps || *options.bitrate_bps > highest_bps) {
    return make_error(ErrorCode::kInvalidArgument, to_string(options.format), " of ",
                      options.channels, " channels at ", options.sample_rate_hz,
                      " Hz takes bitrates from ", lowest_bps, " to ", highest_bps, ", not ",
                      *options.bitrate_bps, " bits a second");
  }
  return std::optional<double>{(highest_bps - *options.bitrate_bps) / (highest_bps - lowest_bps)};
}

class SndfileEncoder final : public Encoder {
 public:
  SndfileEncoder(ByteSink& sink, std::uint64_t start, const AudioWriteOptions& options)
      : encoding_(*options.encoding), channels_(options.channels), dither_(options.dither) {
    cursor_.sink = &sink;
    cursor_.start = start;
    cursor_.hides_first_mpeg_frame = options.format == AudioFormat::kMp3 && !sink.seekable();
  }

  // Unfinished: what the library would still write is of no use to anybody.
  ~SndfileEncoder() override { cursor_.abandoned = true; }

  Result<void> open(const AudioWriteOptions& options) {
    SYRINX_ASSIGN(const std::optional<double> level, compression_level(options));
    SF_INFO info{};
    info.samplerate = options.sample_rate_hz;
    info.channels = static_cast<int>(options.channels);
    info.format = sndfile_write_format(options.format, encoding_);
    SF_VIRTUAL_IO io{length_of, seek_to, no_read, write_to, tell};
    {
      const std::lock_guard lock(sndfile_open_mutex());
      file_.reset(::sf_open_virtual(&io, SFM_WRITE, &info, &cursor_));
      if (!file_) return library_error(::sf_strerror(nullptr));
    }
    return level ? set_level(options, *level) : Result<void>{};
  }

  Result<void> write(std::span<const float> interleaved) override {
    const auto frames = static_cast<sf_count_t>(interleaved.size() / channels_);
    const sf_count_t written = write_encoded(interleaved, frames);
    if (cursor_.error) return *cursor_.error;
    if (written != frames) return library_error(::sf_strerror(file_.get()));
    empty_ = empty_ && frames == 0;
    return {};
  }

  Result<void> finish() override {
    if (empty_) ::sf_command(file_.get(), SFC_UPDATE_HEADER_NOW, nullptr, 0);  // Or FLAC has none.
    const int status = ::sf_close(file_.release());
    if (cursor_.error) return *cursor_.error;
    if (status != SF_ERR_NO_ERROR) return library_error(::sf_error_number(status));
    return {};
  }

 private:
  struct Close {
    void operator()(SNDFILE* file) const noexcept { ::sf_close(file); }
  };

  Result<void> set_level(const AudioWriteOptions& options, double level) {
    if (options.format == AudioFormat::kMp3) {
      int mode = options.bitrate_bps ? SF_BITRATE_MODE_CONSTANT : SF_BITRATE_MODE_VARIABLE;
      ::sf_command(file_.get(), SFC_SET_BITRATE_MODE, &mode, sizeof mode);
    }
    const int taken = ::sf_command(file_.get(), SFC_SET_COMPRESSION_LEVEL, &level, sizeof level);
    if (taken == SF_TRUE) return {};
    return library_error("the quality or bitrate was refused");
  }

  sf_count_t write_encoded(std::span<const float> samples, sf_count_t frames) {
    if (encoding_ == SampleEncoding::kInt16) {
      shorts_.resize(samples.size());
      dsp::kernels().float_to_int16(shorts_.data(), samples.data(), samples.size(), noise());
      return ::sf_writef_short(file_.get(), shorts_.data(), frames);
    }
    if (encoding_ == SampleEncoding::kInt24 || encoding_ == SampleEncoding::kInt32) {
      ints_.resize(samples.size());
      if (encoding_ == SampleEncoding::kInt24) {
        to_upper_24_bits(samples);
      } else {
        dsp::kernels().float_to_int32(ints_.data(), samples.data(), samples.size());
      }
      return ::sf_writef_int(file_.get(), ints_.data(), frames);
    }
    if (encoding_ == SampleEncoding::kFloat32) {
      return ::sf_writef_float(file_.get(), samples.data(), frames);
    }
    floats_.resize(samples.size());
    std::transform(samples.begin(), samples.end(), floats_.begin(),
                   [](float sample) { return std::clamp(sample, -1.0f, 1.0f); });
    return ::sf_writef_float(file_.get(), floats_.data(), frames);
  }

  // libsndfile takes 24-bit samples in the upper bits of 32.
  void to_upper_24_bits(std::span<const float> samples) {
    packed_.resize(3 * samples.size());
    dsp::kernels().float_to_int24(packed_.data(), samples.data(), samples.size(), noise());
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const std::uint8_t* bytes = packed_.data() + 3 * i;
      const auto bits = static_cast<std::uint32_t>(bytes[0]) << 8 |
                        static_cast<std::uint32_t>(bytes[1]) << 16 |
                        static_cast<std::uint32_t>(bytes[2]) << 24;
      ints_[i] = static_cast<std::int32_t>(bits);
    }
  }

  dsp::Dither* noise() noexcept { return dither_ ? &noise_ : nullptr; }

  Error library_error(std::string_view why) const {
    if (cursor_.error) return *cursor_.error;
    return make_error(ErrorCode::kUnsupported, "libsndfile cannot write this audio: ", why);
  }

  SampleEncoding encoding_;
  std::size_t channels_;
  bool dither_;
  bool empty_ = true;
  dsp::Dither noise_;
  std::vector<std::int16_t> shorts_;
  std::vector<std::int32_t> ints_;
  std::vector<std::uint8_t> packed_;
  std::vector<float> floats_;
  Cursor cursor_;
  std::unique_ptr<SNDFILE, Close> file_;  // Last: closed while the cursor still lives.
};

}  // namespace

Result<std::unique_ptr<Encoder>> make_sndfile_encoder(ByteSink& sink, std::uint64_t start,
                                                      const AudioWriteOptions& options) {
  auto encoder = std::make_unique<SndfileEncoder>(sink, start, options);
  SYRINX_TRY(encoder->open(options));
  return std::unique_ptr<Encoder>(std::move(encoder));
}

}  // namespace syrinx::io
