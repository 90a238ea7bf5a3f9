// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/tagger/tagger_model.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "syrinx/core/base/limits.h"
#include "syrinx/stages/text/tagger/byte_reader.h"
#include "syrinx/stages/text/tagger/text_hash.h"

namespace syrinx::text {
namespace {

constexpr std::string_view kMagic = "SYTG0001";
constexpr std::size_t kLongestEnding = 4;

Error corrupt(std::string_view expected) {
  return make_error(ErrorCode::kCorruptData, "the tagger's model file is damaged: expected ",
                    expected);
}

// Likelihoods are kept as quarters of a nat below the likeliest.
float likelihood_of(std::uint32_t quarters) {
  return std::exp(-0.25F * static_cast<float>(quarters));
}

// What a number is known by: "#" digits, "#s" "1960s", "#th" "4th", "#x" others with letters.
std::string_view number_key(std::string_view number) {
  const char last = number.back();
  if (last >= '0' && last <= '9') return "#";
  if (last == 's') return "#s";
  const std::string_view end =
      number.substr(number.size() - std::min<std::size_t>(2, number.size()));
  return end == "st" || end == "nd" || end == "rd" || end == "th" ? "#th" : "#x";
}

}  // namespace

Result<TaggerModel> TaggerModel::parse(std::span<const std::uint8_t> bytes) {
  ByteReader reader(bytes);
  TaggerModel model;
  if (reader.text(kMagic.size()) != kMagic) return corrupt("\"SYTG0001\" at its start");
  for (Row& row : model.transitions_) {
    for (float& value : row) value = reader.f32();
  }
  for (auto& position : model.shapes_) {
    for (Row& row : position) {
      for (float& value : row) value = reader.f32();
    }
  }
  SYRINX_TRY(model.read_classes(reader));
  SYRINX_TRY(model.read_words(reader));
  if (reader.failed() || reader.left() > 0) return corrupt("an end after its last word");
  model.index_words();
  if (model.find("~") == nullptr || model.find("~mark") == nullptr) {
    return corrupt("what to make of unknown words");
  }
  return model;
}

Result<void> TaggerModel::read_classes(ByteReader& reader) {
  const std::uint32_t classes = reader.u16();
  for (std::uint32_t i = 0; i < classes && !reader.failed(); ++i) {
    class_begin_.push_back(static_cast<std::uint32_t>(options_.size()));
    const std::uint32_t count = reader.u8();
    if (count == 0) return corrupt("at least one tag in every class");
    for (std::uint32_t k = 0; k < count; ++k) {
      const std::uint32_t tag = reader.u8();
      if (tag >= kPennTags) return corrupt("tags below 42");
      options_.push_back({static_cast<PennTag>(tag), likelihood_of(reader.u8())});
    }
  }
  class_begin_.push_back(static_cast<std::uint32_t>(options_.size()));
  return {};
}

// Each word says how many letters it shares with the word before it.
Result<void> TaggerModel::read_words(ByteReader& reader) {
  const std::uint32_t words = reader.u32();
  if (words > limits::kMaxTaggerWords) return corrupt("at most a million words");
  std::string word;
  for (std::uint32_t i = 0; i < words && !reader.failed(); ++i) {
    const std::uint32_t shared = reader.u8();
    if (shared > word.size()) return corrupt("words that share letters with the word before");
    word.resize(shared);
    word += reader.text(reader.u8());
    Entry entry;
    entry.begin = static_cast<std::uint32_t>(letters_.size());
    entry.size = static_cast<std::uint16_t>(word.size());
    entry.class_index = static_cast<std::uint16_t>(reader.u16());
    entry.noun_topic = static_cast<std::uint8_t>(reader.u8());
    entry.verb_topic = static_cast<std::uint8_t>(reader.u8());
    if (entry.class_index + std::size_t{1} >= class_begin_.size()) {
      return corrupt("classes of words that it lists");
    }
    letters_ += word;
    words_.push_back(entry);
  }
  return {};
}

void TaggerModel::index_words() {
  slots_.assign(std::bit_ceil(2 * words_.size() + 2), 0);
  for (std::size_t i = 0; i < words_.size(); ++i) {
    const auto key = std::string_view(letters_).substr(words_[i].begin, words_[i].size);
    std::size_t slot = hash_of(key) & (slots_.size() - 1);
    while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = static_cast<std::uint32_t>(i + 1);
  }
}

const TaggerModel::Entry* TaggerModel::find(std::string_view key) const noexcept {
  std::size_t slot = hash_of(key) & (slots_.size() - 1);
  for (; slots_[slot] != 0; slot = (slot + 1) & (slots_.size() - 1)) {
    const Entry& entry = words_[slots_[slot] - 1];
    if (std::string_view(letters_).substr(entry.begin, entry.size) == key) return &entry;
  }
  return nullptr;
}

const TaggerModel::Entry& TaggerModel::guess(std::string_view word, WordShape shape) const {
  if (shape == WordShape::kMark) return *find("~mark");
  std::array<char, kLongestEnding + 1> key{'~'};
  for (std::size_t size = std::min(kLongestEnding, word.size()); size > 0; --size) {
    std::copy(word.end() - static_cast<std::ptrdiff_t>(size), word.end(), key.begin() + 1);
    if (const Entry* entry = find({key.data(), size + 1})) return *entry;
  }
  return *find("~");
}

TaggerModel::Word TaggerModel::word(std::string_view lower_case, WordShape shape) const {
  const Entry* entry = find(shape == WordShape::kNumber ? number_key(lower_case) : lower_case);
  if (entry == nullptr) entry = &guess(lower_case, shape);
  const std::uint32_t begin = class_begin_[entry->class_index];
  const std::uint32_t end = class_begin_[entry->class_index + std::size_t{1}];
  return {std::span(options_).subspan(begin, end - begin), entry->noun_topic, entry->verb_topic};
}

}  // namespace syrinx::text
