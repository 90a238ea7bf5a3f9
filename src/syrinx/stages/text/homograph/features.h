// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/stages/text/tagger/tagger.h"

namespace syrinx::text {

// What the homograph model sees of a unit and its neighbours: a hash for each thing that is so.
// Training and use both call this. The hashes are part of the model file: changing what is looked
// at means training anew.
struct HomographFeatures {
  struct Feature {
    std::uint32_t hash = 0;
    std::uint8_t kind = 0;
    std::int8_t number = 0;
    std::string_view first;  // In the sentence, or constant.
    std::string_view second;
  };
  std::vector<Feature> syntactic;  // Which part of speech fits: shared by all words.
  std::vector<Feature> topical;    // What it is about: of use to one word alone.
};

// Whether a person would see what a feature is about ("the next word"), unlike a constant.
bool is_telling(const HomographFeatures::Feature& feature) noexcept;
// A feature for a person: "the next word is 'the'"; empty for those that say nothing of themselves.
std::string describe(const HomographFeatures::Feature& feature);

// Fills `features` for sentence[index], in place of what was there. Looks at a bounded number of
// neighbours. The features refer to `sentence`. Pre: `sentence` is tagged by `tagger`.
void find_features(const Tagger& tagger, const TaggedSentence& sentence, std::size_t index,
                   HomographFeatures& features);

}  // namespace syrinx::text
