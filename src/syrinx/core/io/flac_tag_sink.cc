// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "syrinx/core/io/comment_tags.h"

namespace syrinx::io {
namespace {

constexpr std::size_t kBlockHeaderBytes = 4;
constexpr std::size_t kFirstBlockEnd = 4 + kBlockHeaderBytes + 34;  // "fLaC" and STREAMINFO.
constexpr std::size_t kMaxBlockBytes = (std::size_t{1} << 24) - 1;
constexpr unsigned kCommentBlock = 4;
constexpr unsigned kLastBlock = 0x80;

// The blocks of metadata are held back until they are all there; the comments among them are made
// anew and stand last. What comes later is written so much further on.
class FlacTagSink final : public ByteSink {
 public:
  FlacTagSink(std::unique_ptr<ByteSink> target, const AudioTags& tags, int sample_rate_hz)
      : target_(std::move(target)), tags_(tags), sample_rate_hz_(sample_rate_hz) {}

  bool seekable() const noexcept override { return target_->seekable(); }

  Result<void> write_at(std::uint64_t offset, Bytes bytes) override {
    if (header_bytes_ > 0) return write_behind(offset, bytes);
    const auto at = static_cast<std::size_t>(offset);
    if (at > held_.size()) return broken();
    held_.resize(std::max(held_.size(), at + bytes.size()));
    std::copy(bytes.begin(), bytes.end(), held_.begin() + static_cast<std::ptrdiff_t>(at));
    return put_header();
  }

  Result<void> finish() override {
    if (header_bytes_ == 0) return broken();
    return target_->finish();
  }

 private:
  static Error broken() {
    return make_error(ErrorCode::kInternal, "the FLAC stream cannot be tagged: no header came");
  }

  Result<void> write_behind(std::uint64_t offset, Bytes bytes) {
    if (offset + bytes.size() <= kFirstBlockEnd) return target_->write_at(offset, bytes);
    if (offset < header_bytes_) return broken();
    return target_->write_at(offset - header_bytes_ + new_header_bytes_, bytes);
  }

  Result<void> put_header() {
    std::vector<std::byte> kept;
    std::size_t at = 4;
    bool last = false;
    while (!last) {
      if (held_.size() < at + kBlockHeaderBytes) return {};
      const std::uint32_t header = load_be32(held_, at);
      const std::size_t end = at + kBlockHeaderBytes + (header & 0xFFFFFF);
      if (held_.size() < end) return {};
      last = (header >> 24 & kLastBlock) != 0;
      if ((header >> 24 & 0x7F) != kCommentBlock) {
        kept.insert(kept.end(), held_.begin() + static_cast<std::ptrdiff_t>(at),
                    held_.begin() + static_cast<std::ptrdiff_t>(end));
        kept[kept.size() - (end - at)] &= static_cast<std::byte>(0x7F);
      }
      at = end;
    }
    return put(kept, at);
  }

  Result<void> put(const std::vector<std::byte>& kept, std::size_t old_header_bytes) {
    constexpr std::string_view kVendor = "Syrinx";
    std::string made = std::string{static_cast<char>(kVendor.size()), '\0', '\0', '\0'} +
                       std::string(kVendor) + comment_fields(tags_, sample_rate_hz_, "", 0);
    if (made.size() > kMaxBlockBytes)
      return make_error(ErrorCode::kLimitExceeded, "the chapters' names have ", made.size(),
                        " bytes; a flac file can hold ", kMaxBlockBytes);
    std::vector<std::byte> header(held_.begin(), held_.begin() + 4);
    header.insert(header.end(), kept.begin(), kept.end());
    header.push_back(static_cast<std::byte>(kLastBlock | kCommentBlock));
    for (int shift = 16; shift >= 0; shift -= 8)
      header.push_back(static_cast<std::byte>(made.size() >> shift));
    for (const char c : made) header.push_back(static_cast<std::byte>(c));
    header_bytes_ = old_header_bytes;
    new_header_bytes_ = header.size();
    SYRINX_TRY(target_->write_at(0, header));
    const Bytes rest = Bytes(held_).subspan(old_header_bytes);
    if (!rest.empty()) SYRINX_TRY(target_->write_at(new_header_bytes_, rest));
    held_.clear();
    return {};
  }

  std::unique_ptr<ByteSink> target_;
  AudioTags tags_;
  int sample_rate_hz_;
  std::vector<std::byte> held_;
  std::uint64_t header_bytes_ = 0;  // As the encoder has it; 0 until it is complete.
  std::uint64_t new_header_bytes_ = 0;
};

}  // namespace

std::unique_ptr<ByteSink> make_flac_tag_sink(std::unique_ptr<ByteSink> target,
                                             const AudioTags& tags, int sample_rate_hz) {
  return std::make_unique<FlacTagSink>(std::move(target), tags, sample_rate_hz);
}

}  // namespace syrinx::io
