// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/g2p/english_words.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "syrinx/core/base/check.h"
#include "syrinx/stages/text/g2p/arpabet_codes.h"
#include "syrinx/stages/text/g2p/english_data.h"
#include "syrinx/stages/text/g2p/file_bytes.h"

namespace syrinx::text {
namespace {

constexpr std::string_view kMagic = "SYXWRD01";

Error broken(std::string_view what) {
  return make_error(ErrorCode::kCorruptData, "the list of known words ", what,
                    "; make it anew with training/g2p");
}

std::uint64_t hash_of(std::string_view word) noexcept {  // FNV-1a, its bits mixed once more.
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : word) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  hash ^= hash >> 33;
  hash *= 0xFF51AFD7ED558CCDULL;
  return hash ^ hash >> 33;
}

std::string_view view_of(const std::uint8_t* bytes, std::size_t count) {
  return {reinterpret_cast<const char*>(bytes), count};
}

bool are_codes(std::span<const std::uint8_t> codes) {
  return std::all_of(codes.begin(), codes.end(), [](auto code) { return code < kArpabetCodes; });
}

// Adds one word's record; `word` is the word before, and becomes this one.
Result<void> read_word(FileBytes& bytes, std::string& word, std::vector<std::uint8_t>& records) {
  if (!bytes.has(2)) return broken("ends between words");
  const std::size_t shared = bytes.byte(), more = bytes.byte();
  if (shared > word.size() || shared + more > 255) return broken("has a word that is too long");
  if (!bytes.has(more + 1)) return broken("ends in a word");
  word.resize(shared);
  word += view_of(bytes.take(more).data(), more);
  const std::uint8_t phonemes = bytes.byte();
  if (!bytes.has(phonemes)) return broken("ends in a pronunciation");
  const auto codes = bytes.take(phonemes);
  if (!are_codes(codes)) return broken("names a phoneme that is none");
  records.push_back(static_cast<std::uint8_t>(word.size()));
  records.insert(records.end(), word.begin(), word.end());
  records.push_back(phonemes);
  records.insert(records.end(), codes.begin(), codes.end());
  return {};
}

}  // namespace

std::array<std::size_t, 7> filter_bits(std::string_view word, std::size_t bits) noexcept {
  const std::uint64_t hash = hash_of(word);
  const std::uint64_t first = hash & 0xFFFFFFFF, step = (hash >> 32) | 1;
  std::array<std::size_t, 7> chosen{};
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    chosen[i] = static_cast<std::size_t>((first + i * step) % bits);
  }
  return chosen;
}

Result<EnglishWords> EnglishWords::from_bytes(std::span<const std::byte> data) {
  FileBytes bytes(data);
  if (!bytes.has(kMagic.size() + 4) ||
      view_of(bytes.take(kMagic.size()).data(), kMagic.size()) != kMagic) {
    return broken("does not begin with SYXWRD01");
  }
  EnglishWords words;
  words.words_ = bytes.u32();
  if (!bytes.has(words.words_)) return broken("promises more words than it has");
  words.slots_.assign(std::bit_ceil(words.words_ * 2 + 1), 0);
  std::string word;
  for (std::size_t i = 0; i < words.words_; ++i) {
    const auto record = static_cast<std::uint32_t>(words.records_.size());
    SYRINX_TRY(read_word(bytes, word, words.records_));
    std::size_t slot = hash_of(word) & (words.slots_.size() - 1);
    while (words.slots_[slot] != 0) slot = (slot + 1) & (words.slots_.size() - 1);
    words.slots_[slot] = record + 1;
  }
  if (!bytes.has(4)) return broken("has no filter");
  const std::size_t filter_bytes = bytes.u32();
  if (filter_bytes == 0 || !bytes.has(filter_bytes)) return broken("ends in its filter");
  words.filter_ = bytes.take(filter_bytes);
  return words;
}

const EnglishWords& EnglishWords::builtin() {
  static const EnglishWords words = [] {
    auto read = from_bytes(english_words_bytes());
    SYRINX_CHECK(read.has_value(), "the known words in the library do not read");
    return std::move(read).value();
  }();
  return words;
}

std::string EnglishWords::by_heart(std::string_view word) const {
  std::string symbols;
  for (std::size_t slot = hash_of(word) & (slots_.size() - 1); slots_[slot] != 0;
       slot = (slot + 1) & (slots_.size() - 1)) {
    const std::uint8_t* record = &records_[slots_[slot] - 1];
    if (view_of(record + 1, record[0]) != word) continue;
    const std::uint8_t* phonemes = record + 1 + record[0];
    for (std::size_t i = 0; i < phonemes[0]; ++i) append_arpabet(symbols, phonemes[1 + i]);
    break;
  }
  return symbols;
}

bool EnglishWords::was_taught(std::string_view word) const noexcept {
  const auto bits = filter_bits(word, filter_.size() * 8);
  return std::all_of(bits.begin(), bits.end(),
                     [&](std::size_t bit) { return (filter_[bit / 8] >> (bit % 8) & 1) != 0; });
}

}  // namespace syrinx::text
