// SPDX-License-Identifier: Apache-2.0
#include <sndfile.h>

#include <mutex>
#include <string>
#include <utility>

#include "syrinx/core/io/byte_cursor.h"
#include "syrinx/core/io/decoder.h"
#include "syrinx/core/io/sndfile_format.h"

namespace syrinx::io {
namespace {

sf_count_t length_of(void* user) {
  return static_cast<sf_count_t>(static_cast<ByteCursor*>(user)->size());
}

sf_count_t seek_to(sf_count_t offset, int whence, void* user) {
  return static_cast<ByteCursor*>(user)->seek(offset, whence);
}

sf_count_t read_from(void* out, sf_count_t count, void* user) {
  if (count <= 0) return 0;
  auto& cursor = *static_cast<ByteCursor*>(user);
  return static_cast<sf_count_t>(cursor.read(out, static_cast<std::size_t>(count)).value_or(0));
}

sf_count_t no_write(const void*, sf_count_t, void*) { return 0; }

sf_count_t tell(void* user) {
  return static_cast<sf_count_t>(static_cast<ByteCursor*>(user)->position());
}

class SndfileDecoder final : public Decoder {
 public:
  SndfileDecoder(std::unique_ptr<ByteSource> bytes, std::string_view name)
      : name_(name), cursor_(std::move(bytes)) {}

  Result<void> open(const StreamLayout& layout) {
    if (layout.pcm) {
      info_.format = sndfile_raw_format(layout.pcm->encoding, layout.pcm->big_endian);
      info_.samplerate = layout.pcm->sample_rate_hz;
      info_.channels = static_cast<int>(layout.pcm->channels);
    }
    SF_VIRTUAL_IO io{length_of, seek_to, read_from, no_write, tell};
    {
      const std::lock_guard lock(sndfile_open_mutex());
      file_.reset(::sf_open_virtual(&io, SFM_READ, &info_, &cursor_));
      if (!file_) return open_error(::sf_strerror(nullptr));
    }
    encoding_ = layout.pcm ? layout.pcm->encoding : sndfile_encoding(info_.format);
    if (!is_format(layout.format)) return open_error("it is not what it begins as");
    return check_rate_and_channels(name_, info_.samplerate,
                                   static_cast<std::uint64_t>(info_.channels));
  }

  int sample_rate_hz() const noexcept override { return info_.samplerate; }
  std::size_t channels() const noexcept override {
    return static_cast<std::size_t>(info_.channels);
  }
  SampleEncoding encoding() const noexcept override { return encoding_; }
  std::optional<std::uint64_t> frames() const noexcept override {
    if (info_.frames < 0 || info_.frames == SF_COUNT_MAX) return std::nullopt;
    return static_cast<std::uint64_t>(info_.frames);
  }

  bool truncated() const noexcept override { return truncated_; }

  Result<std::size_t> read(std::span<float> interleaved) override {
    const auto wanted = static_cast<sf_count_t>(interleaved.size() / channels());
    sf_count_t filled = 0;
    while (filled < wanted) {
      const auto got = ::sf_readf_float(file_.get(), interleaved.data() + filled * info_.channels,
                                        wanted - filled);
      if (got <= 0) break;
      filled += got;
    }
    if (filled == 0) SYRINX_TRY(check_end());
    return static_cast<std::size_t>(filled);
  }

 private:
  struct Close {
    void operator()(SNDFILE* file) const noexcept { ::sf_close(file); }
  };

  // Why nothing more came: the end, the operating system, or damage. A decoder that fails when all
  // bytes have been read lacks the rest of its last frame: that is a file cut short.
  Result<void> check_end() {
    if (cursor_.error()) return *cursor_.error();
    if (::sf_error(file_.get()) == SF_ERR_NO_ERROR) return {};
    truncated_ = cursor_.reached_end();
    if (truncated_) return {};
    return damaged(name_,
                   std::string("it cannot be decoded further: ") + ::sf_strerror(file_.get()));
  }

  bool is_format(AudioFormat format) const noexcept {
    const int container = info_.format & SF_FORMAT_TYPEMASK;
    const int codec = info_.format & SF_FORMAT_SUBMASK;
    switch (format) {
      case AudioFormat::kFlac:
        return container == SF_FORMAT_FLAC;
      case AudioFormat::kOpus:
        return container == SF_FORMAT_OGG && codec == SF_FORMAT_OPUS;
      default:
        return container == SF_FORMAT_RAW;
    }
  }

  Error open_error(std::string_view why) const {
    if (cursor_.error()) return *cursor_.error();
    return damaged(name_, std::string(why));
  }

  std::string name_;
  ByteCursor cursor_;
  SF_INFO info_{};
  SampleEncoding encoding_ = SampleEncoding::kInt16;
  bool truncated_ = false;
  std::unique_ptr<SNDFILE, Close> file_;  // Last: closed while the cursor still lives.
};

}  // namespace

Result<std::unique_ptr<Decoder>> make_sndfile_decoder(std::unique_ptr<ByteSource> bytes,
                                                      const StreamLayout& layout,
                                                      std::string_view name) {
  auto decoder = std::make_unique<SndfileDecoder>(std::move(bytes), name);
  SYRINX_TRY(decoder->open(layout));
  return std::unique_ptr<Decoder>(std::move(decoder));
}

}  // namespace syrinx::io
