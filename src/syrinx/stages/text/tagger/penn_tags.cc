// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/tagger/penn_tags.h"

#include <algorithm>
#include <array>

namespace syrinx::text {
namespace {

constexpr std::array<std::string_view, kPennTags> kNames = {
    "CC",  "CD",  "DT",   "EX",  "FW",  "IN",  "JJ",   "JJR", "JJS", "MD",  "NN",
    "NNS", "NNP", "NNPS", "PDT", "POS", "PRP", "PRP$", "RB",  "RBR", "RBS", "RP",
    "SYM", "TO",  "UH",   "VB",  "VBD", "VBG", "VBN",  "VBP", "VBZ", "WDT", "WP",
    "WP$", "WRB", ".",    ",",   ":",   "''",  "(",    ")",   "HYPH"};

}  // namespace

std::string_view name_of(PennTag tag) noexcept { return kNames[static_cast<std::size_t>(tag)]; }

std::optional<PennTag> penn_tag(std::string_view name) noexcept {
  const auto* found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<PennTag>(found - kNames.begin());
}

}  // namespace syrinx::text
