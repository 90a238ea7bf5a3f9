// SPDX-License-Identifier: Apache-2.0
#include "fuzz/mutator.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <random>

namespace syrinx::fuzz {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{256} << 10;
constexpr std::size_t kHeaderBytes = 96;  // Where most numbers worth changing are.
constexpr std::array<std::uint64_t, 14> kExtremes{0,
                                                  1,
                                                  2,
                                                  7,
                                                  0x7F,
                                                  0x80,
                                                  0xFF,
                                                  0xFFFF,
                                                  0x7FFFFFFF,
                                                  0x80000000,
                                                  0xFFFFFFF0,
                                                  0xFFFFFFFF,
                                                  0xFFFFFFFFFFFFFFFF,
                                                  0x100000000};

class Mutator {
 public:
  Mutator(const std::vector<ByteString>& seeds, std::uint64_t run) : seeds_(seeds), random_(run) {}

  ByteString make() {
    bytes_ = any_seed();
    for (std::size_t changes = 1 + below(4); changes > 0; --changes) change();
    if (bytes_.size() > kMaxBytes) bytes_.resize(kMaxBytes);
    if (below(8) != 0) mend_ogg_checksums(bytes_);
    return std::move(bytes_);
  }

 private:
  // At least 0, less than `end`, or 0.
  std::size_t below(std::size_t end) {
    return end == 0 ? 0 : static_cast<std::size_t>(random_() % end);
  }
  // Half of the time in the header.
  std::size_t any_place() {
    return below(below(2) == 0 ? std::min(bytes_.size(), kHeaderBytes) : bytes_.size());
  }
  const ByteString& any_seed() { return seeds_[below(seeds_.size())]; }

  void change() {
    switch (below(8)) {
      case 0:
        return flip_bits();
      case 1:
        return set_bytes();
      case 2:
      case 3:
        return set_number();
      case 4:
        return bytes_.resize(below(bytes_.size() + 1));
      case 5:
        return remove_part();
      case 6:
        return insert_part(bytes_);
      default:
        return insert_part(any_seed());
    }
  }

  void flip_bits() {
    for (std::size_t flips = 1 + below(16); flips > 0 && !bytes_.empty(); --flips) {
      bytes_[any_place()] ^= static_cast<std::byte>(1u << below(8));
    }
  }

  void set_bytes() {
    const std::size_t at = any_place();
    const std::size_t end = std::min(bytes_.size(), at + 1 + below(32));
    for (std::size_t i = at; i < end; ++i) bytes_[i] = static_cast<std::byte>(below(256));
  }

  // A 16-, 32- or 64-bit field of either byte order, made extreme or moved by a little.
  void set_number() {
    const std::size_t width = std::size_t{2} << below(3);
    if (bytes_.size() < width) return;
    const std::size_t at = std::min(any_place(), bytes_.size() - width);
    const bool little = below(2) == 0;
    std::uint64_t value = kExtremes[below(kExtremes.size())] + below(3) - 1;
    for (std::size_t i = 0; i < width; ++i, value >>= 8) {
      bytes_[little ? at + i : at + width - 1 - i] = static_cast<std::byte>(value & 0xFF);
    }
  }

  void remove_part() {
    const std::size_t at = any_place();
    const std::size_t count = std::min(bytes_.size() - at, 1 + below(400));
    const auto from = bytes_.begin() + static_cast<std::ptrdiff_t>(at);
    bytes_.erase(from, from + static_cast<std::ptrdiff_t>(count));
  }

  void insert_part(const ByteString& source) {
    const std::size_t from = below(source.size());
    const std::size_t count = std::min(source.size() - from, 1 + below(2'000));
    const ByteString part(source.begin() + static_cast<std::ptrdiff_t>(from),
                          source.begin() + static_cast<std::ptrdiff_t>(from + count));
    const auto to = bytes_.begin() + static_cast<std::ptrdiff_t>(any_place());
    bytes_.insert(to, part.begin(), part.end());
  }

  const std::vector<ByteString>& seeds_;
  std::mt19937_64 random_;
  ByteString bytes_;
};

std::uint32_t ogg_checksum(const std::byte* bytes, std::size_t count) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    sum ^= std::to_integer<std::uint32_t>(bytes[i]) << 24;
    for (int bit = 0; bit < 8; ++bit) sum = sum << 1 ^ ((sum >> 31) != 0 ? 0x04C11DB7u : 0u);
  }
  return sum;
}

// How long the page at `at` says it is, at most up to the end; 0 if there is none.
std::size_t ogg_page_bytes(const ByteString& bytes, std::size_t at) {
  constexpr std::size_t kHeader = 27;
  if (bytes.size() - at < kHeader || std::memcmp(bytes.data() + at, "OggS", 4) != 0) return 0;
  const auto segments = std::to_integer<std::size_t>(bytes[at + 26]);
  std::size_t size = kHeader + segments;
  for (std::size_t i = 0; i < segments && at + kHeader + i < bytes.size(); ++i) {
    size += std::to_integer<std::size_t>(bytes[at + kHeader + i]);
  }
  return std::min(size, bytes.size() - at);
}

}  // namespace

ByteString mutate(const std::vector<ByteString>& seeds, std::uint64_t run) {
  return Mutator(seeds, run).make();
}

void mend_ogg_checksums(ByteString& bytes) {
  constexpr std::size_t kSumAt = 22;
  for (std::size_t at = 0; at + 4 <= bytes.size(); ++at) {
    const std::size_t size = ogg_page_bytes(bytes, at);
    if (size == 0) continue;
    for (std::size_t i = 0; i < 4; ++i) bytes[at + kSumAt + i] = std::byte{0};
    const std::uint32_t sum = ogg_checksum(bytes.data() + at, size);
    for (std::size_t i = 0; i < 4; ++i) {
      bytes[at + kSumAt + i] = static_cast<std::byte>(sum >> (8 * i) & 0xFF);
    }
  }
}

}  // namespace syrinx::fuzz
