// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "dictionary.h"
#include "syrinx/stages/text/g2p/fallback_model.h"

namespace syrinx::training {

// The words of the texts, lower case, that stand in them at least `least` times.
std::set<std::string> frequent_words(const std::vector<std::filesystem::path>& texts,
                                     std::size_t least);

struct WordsFile {
  std::string bytes;      // As EnglishWords::from_bytes() reads them (its layout stands there).
  std::size_t wrong = 0;  // Words by heart because the model says them in another way.
  std::size_t by_heart = 0;
};

// What the library knows besides the model: the words that the model gets wrong and the frequent
// ones, with their first reading; and a filter that knows every word of the dictionary.
WordsFile make_words_file(const std::vector<Word>& dictionary, const text::FallbackModel& model,
                          const std::set<std::string>& frequent);

}  // namespace syrinx::training
