// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace syrinx::text {

// The parts of speech of the Penn Treebank (Marcus et al. 1993), with HYPH for a hyphen within a
// word. The order is that of the model file: training/tagger/penn.py has the same.
enum class PennTag : std::uint8_t {
  kCC,
  kCD,
  kDT,
  kEX,
  kFW,
  kIN,
  kJJ,
  kJJR,
  kJJS,
  kMD,
  kNN,
  kNNS,
  kNNP,
  kNNPS,
  kPDT,
  kPOS,
  kPRP,
  kPRPS,  // PRP$
  kRB,
  kRBR,
  kRBS,
  kRP,
  kSYM,
  kTO,
  kUH,
  kVB,
  kVBD,
  kVBG,
  kVBN,
  kVBP,
  kVBZ,
  kWDT,
  kWP,
  kWPS,  // WP$
  kWRB,
  kPeriod,
  kComma,
  kColon,
  kQuote,
  kOpen,
  kClose,
  kHYPH,
};
inline constexpr std::size_t kPennTags = 42;

// "NN", "PRP$", ".": as the Treebank writes it; opening and closing quotation marks are both "''".
std::string_view name_of(PennTag tag) noexcept;
// The tag of that name, or nothing.
std::optional<PennTag> penn_tag(std::string_view name) noexcept;

}  // namespace syrinx::text
