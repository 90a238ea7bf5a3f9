// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "syrinx/core/io/byte_writer.h"
#include "syrinx/core/io/comment_tags.h"

namespace syrinx::io {
namespace {

constexpr std::size_t kPageHeaderBytes = 27;
constexpr std::size_t kSequenceAt = 18;
constexpr std::size_t kChecksumAt = 22;
constexpr std::size_t kMaxSegments = 255;
constexpr std::size_t kFullSegment = 255;

constexpr std::array<std::uint32_t, 256> kCrcTable = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t sum = i << 24;
    for (int bit = 0; bit < 8; ++bit) sum = sum << 1 ^ ((sum >> 31) != 0 ? 0x04C11DB7u : 0u);
    table[i] = sum;
  }
  return table;
}();

void store_le32(std::vector<std::byte>& bytes, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<std::byte>(value >> (8 * i));
}

// Gives a page its place and its checksum (RFC 3533, 6).
void number_page(std::vector<std::byte>& page, std::uint32_t sequence) {
  store_le32(page, kSequenceAt, sequence);
  store_le32(page, kChecksumAt, 0);
  std::uint32_t sum = 0;
  for (const std::byte byte : page)
    sum = sum << 8 ^ kCrcTable[(sum >> 24) ^ std::to_integer<std::uint32_t>(byte)];
  store_le32(page, kChecksumAt, sum);
}

class OggTagSink final : public ByteSink {
 public:
  OggTagSink(std::unique_ptr<ByteSink> target, AudioFormat format, const AudioTags& tags,
             int sample_rate_hz)
      : target_(std::move(target)),
        magic_(format == AudioFormat::kOpus ? "OpusTags" : "\x03vorbis"),
        header_packets_(format == AudioFormat::kOpus ? 2 : 3),
        tags_(tags),
        sample_rate_hz_(sample_rate_hz) {}

  bool seekable() const noexcept override { return false; }

  Result<void> write_at(std::uint64_t offset, Bytes bytes) override {
    if (offset != received_) return broken("it is not written front to back");
    received_ += bytes.size();
    held_.insert(held_.end(), bytes.begin(), bytes.end());
    std::size_t at = 0;
    for (std::size_t size = 0; (size = page_size(at)) > 0; at += size) {
      SYRINX_TRY(take({held_.begin() + static_cast<std::ptrdiff_t>(at),
                       held_.begin() + static_cast<std::ptrdiff_t>(at + size)}));
    }
    held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(at));
    return {};
  }

  Result<void> finish() override {
    if (!held_.empty() || packets_.size() < header_packets_) return broken("it ends in its middle");
    return target_->finish();
  }

 private:
  static Error broken(std::string_view why) {
    return make_error(ErrorCode::kInternal, "the Ogg stream cannot be tagged: ", why);
  }

  // Of the page at `at`; 0 until it is there as a whole.
  std::size_t page_size(std::size_t at) const {
    const Bytes rest = Bytes(held_).subspan(at);
    if (rest.size() < kPageHeaderBytes) return 0;
    const std::size_t segments = byte_at(rest, 26);
    std::size_t size = kPageHeaderBytes + segments;
    if (rest.size() < size) return 0;
    for (std::size_t i = 0; i < segments; ++i) size += byte_at(rest, kPageHeaderBytes + i);
    return rest.size() < size ? 0 : size;
  }

  Result<void> take(std::vector<std::byte> page) {
    if (!has_tag(page, 0, "OggS")) return broken("it is not Ogg");
    if (packets_.size() >= header_packets_) return put(std::move(page));
    if (pages_in_ == 0) first_page_ = page;
    ++pages_in_;
    gather(page);
    if (packets_.size() < header_packets_) return {};
    return put_header();
  }

  // Adds a header page's packets to those that are there.
  void gather(const std::vector<std::byte>& page) {
    const std::size_t segments = byte_at(page, 26);
    std::size_t at = kPageHeaderBytes + segments;
    for (std::size_t i = 0; i < segments; ++i) {
      const std::size_t size = byte_at(page, kPageHeaderBytes + i);
      const auto begin = page.begin() + static_cast<std::ptrdiff_t>(at);
      open_packet_.insert(open_packet_.end(), begin, begin + static_cast<std::ptrdiff_t>(size));
      at += size;
      if (size < kFullSegment) packets_.push_back(std::exchange(open_packet_, {}));
    }
  }

  Result<void> put_header() {
    SYRINX_TRY(add_tags());
    SYRINX_TRY(put(first_page_));
    SYRINX_TRY(put_packets());
    first_page_.clear();
    for (auto& packet : packets_) packet.clear();
    return {};
  }

  // The comments that the encoder made, and ours behind them.
  Result<void> add_tags() {
    std::vector<std::byte>& packet = packets_[1];
    if (!has_tag(packet, 0, magic_) || packet.size() < magic_.size() + 8)
      return broken("it has no comments");
    const std::uint64_t vendor_end = magic_.size() + 4 + load_le32(packet, magic_.size());
    if (vendor_end + 4 > packet.size()) return broken("its comments are cut short");
    const std::size_t count = load_le32(packet, vendor_end);
    std::size_t end = vendor_end + 4;
    for (std::size_t i = 0; i < count; ++i) {
      if (packet.size() - end < 4 || packet.size() - end - 4 < load_le32(packet, end))
        return broken("its comments are cut short");
      end += 4 + load_le32(packet, end);
    }
    const std::string before(reinterpret_cast<const char*>(packet.data()) + vendor_end + 4,
                             end - vendor_end - 4);
    ByteWriter made;
    made.tag(comment_fields(tags_, sample_rate_hz_, before, count));
    if (header_packets_ == 3) made.tag("\x01");  // Vorbis' framing bit.
    packet.resize(vendor_end);
    const auto fields = made.take();
    packet.insert(packet.end(), fields.begin(), fields.end());
    return {};
  }

  // The header packets behind the first on pages of their own.
  Result<void> put_packets() {
    std::vector<std::uint8_t> laces;
    std::vector<std::byte> body;
    for (std::size_t i = 1; i < packets_.size(); ++i) {
      laces.insert(laces.end(), packets_[i].size() / kFullSegment, 255);
      laces.push_back(static_cast<std::uint8_t>(packets_[i].size() % kFullSegment));
      body.insert(body.end(), packets_[i].begin(), packets_[i].end());
    }
    std::size_t at = 0;
    for (std::size_t lace = 0; lace < laces.size();) {
      const std::size_t end = std::min(laces.size(), lace + kMaxSegments);
      std::size_t size = 0;
      bool completes = false;
      for (std::size_t i = lace; i < end; ++i) {
        size += laces[i];
        completes = completes || laces[i] < kFullSegment;
      }
      const bool continues = lace > 0 && laces[lace - 1] == kFullSegment;
      // As the first page, but for its flags, its position (none where no packet ends) and laces.
      std::vector<std::byte> page(first_page_.begin(),
                                  first_page_.begin() + std::ptrdiff_t{kPageHeaderBytes});
      page[5] = static_cast<std::byte>(continues ? 1 : 0);
      std::fill(page.begin() + 6, page.begin() + 14, static_cast<std::byte>(completes ? 0 : 0xFF));
      page[26] = static_cast<std::byte>(end - lace);
      for (std::size_t i = lace; i < end; ++i) page.push_back(static_cast<std::byte>(laces[i]));
      const auto from = body.begin() + static_cast<std::ptrdiff_t>(at);
      page.insert(page.end(), from, from + static_cast<std::ptrdiff_t>(size));
      SYRINX_TRY(put(std::move(page)));
      at += size;
      lace = end;
    }
    return {};
  }

  Result<void> put(std::vector<std::byte> page) {
    number_page(page, pages_out_++);
    SYRINX_TRY(target_->write_at(written_, page));
    written_ += page.size();
    return {};
  }

  std::unique_ptr<ByteSink> target_;
  std::string magic_;
  std::size_t header_packets_;
  AudioTags tags_;
  int sample_rate_hz_;
  std::vector<std::byte> held_;  // Less than a page between calls.
  std::vector<std::byte> first_page_;
  std::vector<std::byte> open_packet_;
  std::vector<std::vector<std::byte>> packets_;
  std::size_t pages_in_ = 0;
  std::uint32_t pages_out_ = 0;
  std::uint64_t received_ = 0;
  std::uint64_t written_ = 0;
};

}  // namespace

std::unique_ptr<ByteSink> make_ogg_tag_sink(std::unique_ptr<ByteSink> target, AudioFormat format,
                                            const AudioTags& tags, int sample_rate_hz) {
  return std::make_unique<OggTagSink>(std::move(target), format, tags, sample_rate_hz);
}

}  // namespace syrinx::io
