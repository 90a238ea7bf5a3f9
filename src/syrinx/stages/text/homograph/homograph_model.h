// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/text/homograph/features.h"

namespace syrinx::text {

class ByteReader;

// One way to say a homograph.
struct HomographReading {
  std::string wordid;
  std::string american;       // ARPABET with stress.
  std::string british;        // The same, or empty where it is as the Americans say it.
  std::uint32_t classes = 0;  // Bits of the parts of speech whose weights it shares.
  std::uint32_t number = 0;   // Of its own weights.
  float bias = 0;
};

// What training/homographs learned. Private to this folder.
class HomographModel {
 public:
  static constexpr std::size_t kMaxReadings = 3;
  static constexpr std::size_t kClasses = 5;  // N, V, A, P, Z of readings.tsv.
  struct Verdict {
    std::size_t reading = 0;  // Among those of the word.
    double probability = 1;
    std::string reason;  // What spoke for it most, or empty.
  };

  // Reads the file's bytes. Errors: kCorruptData, with what was expected where.
  static Result<HomographModel> parse(std::span<const std::uint8_t> bytes);

  // The readings of a word in lower case; empty where it is no homograph.
  std::span<const HomographReading> readings(std::string_view lower_case) const;
  // The likeliest of `readings`, which are those of one word. Pre: 1 to kMaxReadings readings.
  Verdict judge(std::span<const HomographReading> readings,
                const HomographFeatures& features) const;

 private:
  struct Word {
    std::string text;
    std::vector<HomographReading> readings;
  };
  using ClassScores = std::array<double, kClasses>;

  Result<void> read_words(ByteReader& reader);
  Result<void> read_weights(ByteReader& reader);
  double own_weight(std::uint32_t hash, std::uint32_t number) const noexcept;
  double shared_weight(std::uint32_t hash, std::uint32_t class_index) const noexcept;
  double advantage(const HomographFeatures::Feature& feature, bool syntactic,
                   const HomographReading& over, bool over_first, const HomographReading& under,
                   bool under_first) const;
  std::string reason(std::span<const HomographReading> readings, std::size_t best,
                     std::size_t second, const HomographFeatures& features) const;

  std::vector<Word> words_;  // In order of their text.
  std::uint32_t own_mask_ = 0;
  std::uint32_t shared_mask_ = 0;
  float own_scale_ = 0;
  float shared_scale_ = 0;
  std::vector<std::int8_t> own_;
  std::vector<std::int16_t> shared_;
};

}  // namespace syrinx::text
