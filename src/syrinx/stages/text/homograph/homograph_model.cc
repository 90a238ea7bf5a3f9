// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/homograph/homograph_model.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "syrinx/core/base/limits.h"
#include "syrinx/stages/text/tagger/byte_reader.h"

namespace syrinx::text {
namespace {

constexpr std::string_view kMagic = "SYHG0001";
constexpr std::uint32_t kFirstOwnKey = 64;  // Keys below are those of the classes.

Error corrupt(std::string_view expected) {
  return make_error(ErrorCode::kCorruptData, "the homographs' model file is damaged: expected ",
                    expected);
}

// Where the weight of a feature for a reading or class is, before masking. training/homographs has
// the same.
std::uint32_t bucket(std::uint32_t hash, std::uint32_t key) noexcept {
  std::uint32_t h = hash ^ ((key + 1) * 0x9E3779B1U);
  h ^= h >> 15;
  h *= 0x2C1B3C6DU;
  h ^= h >> 12;
  h *= 0x297A2D39U;
  h ^= h >> 15;
  return h;
}

// The logarithm of the sum of exp over the classes in `mask`; 0 where there are none.
double log_sum(std::span<const double> scores, std::uint32_t mask) {
  double top = -std::numeric_limits<double>::infinity();
  for (std::size_t c = 0; c < scores.size(); ++c) {
    if ((mask >> c & 1U) != 0) top = std::max(top, scores[c]);
  }
  if (mask == 0) return 0;
  double sum = 0;
  for (std::size_t c = 0; c < scores.size(); ++c) {
    if ((mask >> c & 1U) != 0) sum += std::exp(scores[c] - top);
  }
  return top + std::log(sum);
}

}  // namespace

Result<HomographModel> HomographModel::parse(std::span<const std::uint8_t> bytes) {
  ByteReader reader(bytes);
  HomographModel model;
  if (reader.text(kMagic.size()) != kMagic) return corrupt("\"SYHG0001\" at its start");
  SYRINX_TRY(model.read_words(reader));
  SYRINX_TRY(model.read_weights(reader));
  if (reader.failed() || reader.left() > 0) return corrupt("an end after its weights");
  return model;
}

Result<void> HomographModel::read_words(ByteReader& reader) {
  const std::uint32_t count = reader.u32();
  if (count > limits::kMaxHomographs) return corrupt("at most ten thousand words");
  for (std::uint32_t i = 0; i < count && !reader.failed(); ++i) {
    Word word;
    word.text = reader.text(reader.u8());
    const std::uint32_t readings = reader.u8();
    if (readings == 0 || readings > kMaxReadings) return corrupt("one to three readings a word");
    for (std::uint32_t r = 0; r < readings; ++r) {
      HomographReading reading;
      reading.wordid = reader.text(reader.u8());
      reading.classes = reader.u8();
      reading.american = reader.text(reader.u8());
      reading.british = reader.text(reader.u8());
      reading.number = reader.u16();
      reading.bias = reader.f32();
      if (reading.classes >> kClasses != 0) return corrupt("classes below five");
      word.readings.push_back(std::move(reading));
    }
    if (!words_.empty() && word.text <= words_.back().text) return corrupt("words in their order");
    words_.push_back(std::move(word));
  }
  return {};
}

Result<void> HomographModel::read_weights(ByteReader& reader) {
  const std::uint32_t own_bits = reader.u8();
  own_scale_ = reader.f32();
  if (own_bits > limits::kMaxHomographBits) return corrupt("at most 2^24 weights");
  own_mask_ = (1U << own_bits) - 1;
  for (const std::uint8_t byte : reader.bytes(std::size_t{1} << own_bits)) {
    own_.push_back(static_cast<std::int8_t>(byte));
  }
  const std::uint32_t shared_bits = reader.u8();
  shared_scale_ = reader.f32();
  if (shared_bits > limits::kMaxHomographBits) return corrupt("at most 2^24 shared weights");
  shared_mask_ = (1U << shared_bits) - 1;
  const std::span<const std::uint8_t> shared = reader.bytes(std::size_t{2} << shared_bits);
  for (std::size_t i = 0; i + 1 < shared.size(); i += 2) {
    shared_.push_back(static_cast<std::int16_t>(shared[i] | shared[i + 1] << 8));
  }
  return {};
}

std::span<const HomographReading> HomographModel::readings(std::string_view lower_case) const {
  const auto found =
      std::lower_bound(words_.begin(), words_.end(), lower_case,
                       [](const Word& word, std::string_view text) { return word.text < text; });
  if (found == words_.end() || found->text != lower_case) return {};
  return found->readings;
}

double HomographModel::own_weight(std::uint32_t hash, std::uint32_t number) const noexcept {
  const std::size_t at = bucket(hash, kFirstOwnKey + number) & own_mask_;
  return static_cast<double>(own_[at]) * static_cast<double>(own_scale_);
}

double HomographModel::shared_weight(std::uint32_t hash, std::uint32_t class_index) const noexcept {
  const std::size_t at = bucket(hash, class_index) & shared_mask_;
  return static_cast<double>(shared_[at]) * static_cast<double>(shared_scale_);
}

// A word's first reading has no weights of its own: the others are measured against it.
HomographModel::Verdict HomographModel::judge(std::span<const HomographReading> readings,
                                              const HomographFeatures& features) const {
  ClassScores classes{};
  std::uint32_t needed = 0;
  for (const HomographReading& reading : readings) needed |= reading.classes;
  for (std::uint32_t c = 0; c < kClasses; ++c) {
    if ((needed >> c & 1U) == 0) continue;
    for (const auto& feature : features.syntactic) classes[c] += shared_weight(feature.hash, c);
  }
  std::array<double, kMaxReadings> scores{};
  for (std::size_t r = 0; r < readings.size(); ++r) {
    scores[r] = log_sum(classes, readings[r].classes);
    if (r == 0) continue;
    scores[r] += readings[r].bias;
    for (const auto* group : {&features.syntactic, &features.topical}) {
      for (const auto& feature : *group) scores[r] += own_weight(feature.hash, readings[r].number);
    }
  }
  Verdict verdict;
  for (std::size_t r = 1; r < readings.size(); ++r) {
    if (scores[r] > scores[verdict.reading]) verdict.reading = r;
  }
  double sum = 0;
  std::size_t second = verdict.reading == 0 ? 1 : 0;
  for (std::size_t r = 0; r < readings.size(); ++r) {
    sum += std::exp(scores[r] - scores[verdict.reading]);
    if (r != verdict.reading && scores[r] > scores[second]) second = r;
  }
  verdict.probability = 1 / sum;
  if (readings.size() > 1) verdict.reason = reason(readings, verdict.reading, second, features);
  return verdict;
}

// How much a feature speaks for one reading over another.
double HomographModel::advantage(const HomographFeatures::Feature& feature, bool syntactic,
                                 const HomographReading& over, bool over_first,
                                 const HomographReading& under, bool under_first) const {
  double value = 0;
  if (!over_first) value += own_weight(feature.hash, over.number);
  if (!under_first) value -= own_weight(feature.hash, under.number);
  if (!syntactic || over.classes == 0 || under.classes == 0) return value;
  const auto best_of = [&](std::uint32_t mask) {
    double best = -std::numeric_limits<double>::infinity();
    for (std::uint32_t c = 0; c < kClasses; ++c) {
      if ((mask >> c & 1U) != 0) best = std::max(best, shared_weight(feature.hash, c));
    }
    return best;
  };
  return value + best_of(over.classes) - best_of(under.classes);
}

std::string HomographModel::reason(std::span<const HomographReading> readings, std::size_t best,
                                   std::size_t second, const HomographFeatures& features) const {
  const HomographFeatures::Feature* strongest = nullptr;
  double most = 0;
  for (const auto* group : {&features.syntactic, &features.topical}) {
    for (const auto& feature : *group) {
      const double value = advantage(feature, group == &features.syntactic, readings[best],
                                     best == 0, readings[second], second == 0);
      if (value <= most || !is_telling(feature)) continue;
      most = value;
      strongest = &feature;
    }
  }
  return strongest == nullptr ? "" : describe(*strongest);
}

}  // namespace syrinx::text
