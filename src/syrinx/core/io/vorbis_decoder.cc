// SPDX-License-Identifier: Apache-2.0
#define OV_EXCLUDE_STATIC_CALLBACKS
#include <vorbis/vorbisfile.h>

#include <algorithm>
#include <string>
#include <utility>

#include "syrinx/core/io/byte_cursor.h"
#include "syrinx/core/io/decoder.h"

namespace syrinx::io {
namespace {

std::size_t read_from(void* out, std::size_t size, std::size_t count, void* user) {
  if (size == 0) return 0;
  return static_cast<ByteCursor*>(user)->read(out, size * count).value_or(0) / size;
}

int seek_to(void* user, ogg_int64_t offset, int whence) {
  return static_cast<ByteCursor*>(user)->seek(offset, whence) < 0 ? -1 : 0;
}

long tell(void* user) { return static_cast<long>(static_cast<ByteCursor*>(user)->position()); }

class VorbisDecoder final : public Decoder {
 public:
  VorbisDecoder(std::unique_ptr<ByteSource> bytes, std::string_view name)
      : name_(name), cursor_(std::move(bytes)) {}
  ~VorbisDecoder() override {
    if (open_) ::ov_clear(&file_);
  }
  VorbisDecoder(const VorbisDecoder&) = delete;
  VorbisDecoder& operator=(const VorbisDecoder&) = delete;

  Result<void> open() {
    const int status =
        ::ov_open_callbacks(&cursor_, &file_, nullptr, 0, {read_from, seek_to, nullptr, tell});
    open_ = status == 0;
    if (!open_) return failure(status);
    const vorbis_info& info = *::ov_info(&file_, 0);
    rate_hz_ = info.rate;
    channels_ = static_cast<std::size_t>(std::max(info.channels, 0));
    return check_rate_and_channels(name_, static_cast<double>(rate_hz_), channels_);
  }

  int sample_rate_hz() const noexcept override { return static_cast<int>(rate_hz_); }
  std::size_t channels() const noexcept override { return channels_; }
  SampleEncoding encoding() const noexcept override { return SampleEncoding::kLossy; }
  std::optional<std::uint64_t> frames() const noexcept override {
    const ogg_int64_t total = ::ov_pcm_total(const_cast<OggVorbis_File*>(&file_), -1);
    if (total < 0) return std::nullopt;
    return static_cast<std::uint64_t>(total);
  }

  Result<std::size_t> read(std::span<float> interleaved) override {
    const std::size_t wanted = interleaved.size() / channels_;
    std::size_t filled = 0;
    while (filled < wanted && pending_status_ > 0) {
      const auto left = interleaved.subspan(filled * channels_);
      const long got = read_some(left, static_cast<int>(wanted - filled));
      if (got > 0) filled += static_cast<std::size_t>(got);
      pending_status_ = got;
    }
    if (filled > 0) return filled;
    SYRINX_TRY(check_end());
    return std::size_t{0};
  }

 private:
  // Frames decoded, 0 at the end, or an error of the library.
  long read_some(std::span<float> interleaved, int frames) {
    float** rows = nullptr;
    int section = 0;
    long got = ::ov_read_float(&file_, &rows, frames, &section);
    // Before the first sound a hole only means that the stream was joined late.
    while (got == OV_HOLE && !heard_) got = ::ov_read_float(&file_, &rows, frames, &section);
    if (got <= 0) return got;
    if (!same_kind(section)) return OV_EBADLINK;
    heard_ = true;
    for (std::size_t c = 0; c < channels_; ++c) {
      for (long i = 0; i < got; ++i) {
        interleaved[static_cast<std::size_t>(i) * channels_ + c] = rows[c][i];
      }
    }
    return got;
  }

  // Streams that are chained one after another may differ.
  bool same_kind(int section) {
    const vorbis_info* info = ::ov_info(&file_, section);
    changed_ =
        info == nullptr || info->rate != rate_hz_ || info->channels != static_cast<int>(channels_);
    return !changed_;
  }

  Result<void> check_end() {
    if (cursor_.error()) return *cursor_.error();
    if (pending_status_ == 0) return {};
    if (changed_) {
      return make_error(ErrorCode::kUnsupported, "'", name_,
                        "' changes its sample rate or channels part-way; cut it there first");
    }
    return failure(static_cast<int>(pending_status_));
  }

  Error failure(int status) const {
    if (cursor_.error()) return *cursor_.error();
    if (status == OV_EVERSION || status == OV_EBADHEADER || status == OV_ENOTVORBIS) {
      return damaged(name_, "its Vorbis headers are not valid");
    }
    if (status == OV_HOLE) return damaged(name_, "a part of its Vorbis stream is missing");
    return damaged(name_, "it cannot be decoded as Vorbis (error " + std::to_string(status) + ")");
  }

  std::string name_;
  ByteCursor cursor_;
  OggVorbis_File file_{};
  bool open_ = false;
  bool heard_ = false;
  bool changed_ = false;
  long rate_hz_ = 0;
  std::size_t channels_ = 0;
  long pending_status_ = 1;  // Of the last read: more, the end, or an error to be reported.
};

}  // namespace

Result<std::unique_ptr<Decoder>> make_vorbis_decoder(std::unique_ptr<ByteSource> bytes,
                                                     const StreamLayout&, std::string_view name) {
  auto decoder = std::make_unique<VorbisDecoder>(std::move(bytes), name);
  SYRINX_TRY(decoder->open());
  return std::unique_ptr<Decoder>(std::move(decoder));
}

}  // namespace syrinx::io
