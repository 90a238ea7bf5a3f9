// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

namespace syrinx::text {

// What an ending sounds like.
enum class EndingSound {
  kFixed,   // `phonemes`.
  kPlural,  // "S", "Z" or "IH0 Z", by the sound before.
  kPast,    // "T", "D" or "IH0 D", by the sound before.
  kLy,      // "L IY0", one L where the stem ends in one.
};

// An ending, and whether words that are not known are said better by stem and ending than by the
// model: measured on the tenth of CMUdict that the model was not taught (training/g2p/README.md).
// A stem that the user taught us is always used.
struct Ending {
  std::string_view letters;
  EndingSound sound;
  std::string_view phonemes;
  std::size_t least_stem;  // Letters of the shortest stem.
  bool beats_model;
};

// Longer endings stand before those that they end in.
inline constexpr std::array<Ending, 20> kEndings = {{
    {"ability", EndingSound::kFixed, "AH0 B IH1 L AH0 T IY0", 3, false},
    {"ically", EndingSound::kFixed, "IH0 K L IY0", 3, false},
    {"ness", EndingSound::kFixed, "N AH0 S", 3, true},
    {"less", EndingSound::kFixed, "L AH0 S", 3, true},
    {"able", EndingSound::kFixed, "AH0 B AH0 L", 3, false},
    {"ment", EndingSound::kFixed, "M AH0 N T", 3, false},
    {"ship", EndingSound::kFixed, "SH IH2 P", 3, true},
    {"hood", EndingSound::kFixed, "HH UH2 D", 3, false},
    {"like", EndingSound::kFixed, "L AY2 K", 3, true},
    {"wise", EndingSound::kFixed, "W AY2 Z", 3, true},
    {"ful", EndingSound::kFixed, "F AH0 L", 3, true},
    {"ish", EndingSound::kFixed, "IH0 SH", 3, false},
    {"ing", EndingSound::kFixed, "IH0 NG", 2, false},
    {"est", EndingSound::kFixed, "AH0 S T", 3, true},
    {"ist", EndingSound::kFixed, "IH0 S T", 4, false},
    {"ly", EndingSound::kLy, "", 3, false},
    {"ed", EndingSound::kPast, "", 2, false},
    {"er", EndingSound::kFixed, "ER0", 3, false},
    {"y", EndingSound::kFixed, "IY0", 3, false},
    {"s", EndingSound::kPlural, "", 2, true},
}};

struct Prefix {
  std::string_view letters;
  std::string_view phonemes;
  bool beats_model;
};

inline constexpr std::array<Prefix, 17> kPrefixes = {{
    {"under", "AH2 N D ER0", false},
    {"super", "S UW2 P ER0", false},
    {"inter", "IH2 N T ER0", false},
    {"hyper", "HH AY2 P ER0", false},
    {"micro", "M AY2 K R OW0", false},
    {"multi", "M AH2 L T IY0", true},
    {"over", "OW2 V ER0", false},
    {"anti", "AE2 N T IY0", false},
    {"mini", "M IH2 N IY0", false},
    {"non", "N AA2 N", true},
    {"out", "AW2 T", false},
    {"mis", "M IH0 S", false},
    {"dis", "D IH0 S", false},
    {"pre", "P R IY2", false},
    {"sub", "S AH2 B", false},
    {"un", "AH0 N", false},
    {"re", "R IY0", false},
}};

}  // namespace syrinx::text
