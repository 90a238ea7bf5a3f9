// SPDX-License-Identifier: Apache-2.0
#include <mpg123.h>
#include <sys/types.h>

#include <string>
#include <utility>

#include "syrinx/core/io/byte_cursor.h"
#include "syrinx/core/io/decoder.h"

namespace syrinx::io {
namespace {

// How many MPEG frames may be missing from the count in an Info tag: encoders differ in whether
// they count the tag's own frame and the flushed tail.
constexpr std::uint64_t kFramesOfSlack = 4;

ssize_t read_from(void* user, void* out, std::size_t count) {
  const auto got = static_cast<ByteCursor*>(user)->read(out, count);
  return got ? static_cast<ssize_t>(*got) : -1;
}

off_t seek_to(void* user, off_t offset, int whence) {
  return static_cast<ByteCursor*>(user)->seek(offset, whence);
}

struct Delete {
  void operator()(mpg123_handle* handle) const noexcept {
    ::mpg123_close(handle);
    ::mpg123_delete(handle);
  }
};
using Handle = std::unique_ptr<mpg123_handle, Delete>;

Result<Handle> make_handle() {
  static const int started = ::mpg123_init();
  int error = started;
  Handle handle(started == MPG123_OK ? ::mpg123_new(nullptr, &error) : nullptr);
  if (handle) return handle;
  return make_error(ErrorCode::kInternal,
                    "libmpg123 does not start: ", ::mpg123_plain_strerror(error));
}

class MpegDecoder final : public Decoder {
 public:
  MpegDecoder(Handle handle, std::unique_ptr<ByteSource> bytes, std::string_view name)
      : name_(name), cursor_(std::move(bytes)), handle_(std::move(handle)) {}

  Result<void> open(const StreamLayout& layout) {
    mpg123_handle* handle = handle_.get();
    ::mpg123_param(handle, MPG123_REMOVE_FLAGS, MPG123_AUTO_RESAMPLE, 0.0);
    ::mpg123_param(handle, MPG123_ADD_FLAGS,
                   MPG123_QUIET | MPG123_FORCE_FLOAT | MPG123_GAPLESS | MPG123_SKIP_ID3V2, 0.0);
    ::mpg123_replace_reader_handle(handle, read_from, seek_to, nullptr);
    if (::mpg123_open_handle(handle, &cursor_) != MPG123_OK) return error_now();
    if (::mpg123_scan(handle) != MPG123_OK) return error_now();
    int channels = 0;
    int encoding = 0;
    if (::mpg123_getformat(handle, &rate_hz_, &channels, &encoding) != MPG123_OK) {
      return error_now();
    }
    channels_ = static_cast<std::size_t>(channels);
    SYRINX_TRY(check_rate_and_channels(name_, static_cast<double>(rate_hz_), channels_));
    if (encoding != MPG123_ENC_FLOAT_32) return damaged(name_, "it does not decode to floats");
    count_frames(layout.mpeg_frames);
    return {};
  }

  int sample_rate_hz() const noexcept override { return static_cast<int>(rate_hz_); }
  std::size_t channels() const noexcept override { return channels_; }
  SampleEncoding encoding() const noexcept override { return SampleEncoding::kLossy; }
  std::optional<std::uint64_t> frames() const noexcept override { return frames_; }
  bool truncated() const noexcept override { return truncated_; }

  Result<std::size_t> read(std::span<float> interleaved) override {
    const std::size_t wanted = interleaved.size() / channels_ * channels_;
    std::size_t filled = 0;
    int status = MPG123_OK;
    while (filled < wanted && status == MPG123_OK) {
      std::size_t bytes = 0;
      status = ::mpg123_read(handle_.get(),
                             reinterpret_cast<unsigned char*>(interleaved.data() + filled),
                             (wanted - filled) * sizeof(float), &bytes);
      filled += bytes / sizeof(float);
    }
    const bool failed = status != MPG123_OK && status != MPG123_DONE;
    if (failed && filled < channels_) return error_of(status);
    return filled / channels_;
  }

 private:
  void count_frames(std::optional<std::uint64_t> tagged_mpeg_frames) {
    const off_t length = ::mpg123_length(handle_.get());
    if (length >= 0) frames_ = static_cast<std::uint64_t>(length);
    const int samples_per_frame = ::mpg123_spf(handle_.get());
    if (!tagged_mpeg_frames || !frames_ || samples_per_frame <= 0) return;
    const std::uint64_t there = *frames_ / static_cast<std::uint64_t>(samples_per_frame);
    truncated_ = there + kFramesOfSlack < *tagged_mpeg_frames;
  }

  Error error_now() const { return error_of(::mpg123_errcode(handle_.get())); }
  Error error_of(int status) const {
    if (cursor_.error()) return *cursor_.error();
    if (status == MPG123_NEW_FORMAT) {
      return make_error(ErrorCode::kUnsupported, "'", name_,
                        "' changes its sample rate or channels part-way; cut it there first");
    }
    const char* why =
        status == MPG123_ERR ? ::mpg123_strerror(handle_.get()) : ::mpg123_plain_strerror(status);
    return damaged(name_, std::string("it cannot be decoded as MPEG audio: ") + why);
  }

  std::string name_;
  ByteCursor cursor_;
  long rate_hz_ = 0;
  std::size_t channels_ = 0;
  std::optional<std::uint64_t> frames_;
  bool truncated_ = false;
  Handle handle_;  // Last: closed while the cursor still lives.
};

}  // namespace

Result<std::unique_ptr<Decoder>> make_mpeg_decoder(std::unique_ptr<ByteSource> bytes,
                                                   const StreamLayout& layout,
                                                   std::string_view name) {
  SYRINX_ASSIGN(Handle handle, make_handle());
  auto decoder = std::make_unique<MpegDecoder>(std::move(handle), std::move(bytes), name);
  SYRINX_TRY(decoder->open(layout));
  return std::unique_ptr<Decoder>(std::move(decoder));
}

}  // namespace syrinx::io
