// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/lexicon/lexicon_record.h"

namespace syrinx::text {
namespace {

constexpr std::size_t kFixedBytes = 9;
constexpr unsigned kSetBits = 4;

void put(std::string& blob, std::size_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) blob.push_back(static_cast<char>(value >> (8 * i) & 0xFF));
}

std::size_t number_at(std::string_view blob, std::size_t offset, int bytes) noexcept {
  std::size_t value = 0;
  for (int i = bytes; i-- > 0;) {
    value = value << 8 | static_cast<unsigned char>(blob[offset + static_cast<std::size_t>(i)]);
  }
  return value;
}

}  // namespace

void append_record(std::string& blob, std::string_view spelling, const LexiconEntry& entry) {
  put(blob, spelling.size(), 1);
  put(blob, entry.part_of_speech.size(), 1);
  put(blob, entry.symbols.size(), 2);
  put(blob, static_cast<std::size_t>(entry.kind) << kSetBits | static_cast<std::size_t>(entry.set),
      1);
  put(blob, entry.line, 4);
  blob.append(spelling).append(entry.part_of_speech).append(entry.symbols);
}

LexiconEntry record_at(std::string_view blob, std::size_t offset) noexcept {
  const std::size_t spelling = number_at(blob, offset, 1), pos = number_at(blob, offset + 1, 1);
  const std::size_t symbols = number_at(blob, offset + 2, 2), kind = number_at(blob, offset + 4, 1);
  const std::string_view texts = blob.substr(offset + kFixedBytes, spelling + pos + symbols);
  LexiconEntry entry;
  entry.spelling = texts.substr(0, spelling);
  entry.part_of_speech = texts.substr(spelling, pos);
  entry.symbols = texts.substr(spelling + pos);
  entry.kind = static_cast<EntryKind>(kind >> kSetBits);
  entry.set = static_cast<PhonemeSet>(kind & ((1U << kSetBits) - 1));
  entry.line = number_at(blob, offset + 5, 4);
  return entry;
}

}  // namespace syrinx::text
