// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace syrinx::text {

// A line of a TSV lexicon, its fields as written.
struct TsvLine {
  std::string_view word;
  std::string_view pronunciation;
  std::string_view alphabet;   // Or "".
  std::string part_of_speech;  // In capitals, or "".
};

// A part of speech as lexicons keep it: "verb" is "VERB"; "None" ends a phrase.
std::string tag_spelling(std::string_view written);

// Nothing for an empty line or a comment. The fields after the pronunciation may stand in either
// order, as one is an alphabet and the other is not.
std::optional<TsvLine> parse_tsv_line(std::string_view line);

}  // namespace syrinx::text
