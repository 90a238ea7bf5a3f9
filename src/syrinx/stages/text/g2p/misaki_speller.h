// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "syrinx/stages/text/g2p/misaki_rules.h"
#include "syrinx/stages/text/g2p/said_word.h"

namespace syrinx::text {

// misaki's rules for words as a text has them: joined by hyphens, spelt, and homographs.
class MisakiSpeller {
 public:
  MisakiSpeller(MisakiRules rules, Dialect dialect) : rules_(std::move(rules)), dialect_(dialect) {}

  // Nothing when the word, or a part of it, is in neither lexicon.
  std::optional<SaidWord> say(std::string_view word, std::string_view part_of_speech,
                              const SoundContext& context) const;
  // That reading of the lexicons which is most like `reading`; the only one where it has the same
  // sounds; else nothing.
  std::optional<SaidWord> nearest(std::string_view word, const Pronunciation& reading) const;
  // A letter's name; with a plural's or genitive's s if `has_s`. Nothing for what is no letter.
  std::optional<SaidWord> letter(char letter, bool has_s, bool is_stressed) const;

 private:
  std::optional<MisakiAnswer> say_parts(std::string_view word, std::string_view part_of_speech,
                                        SoundContext context) const;

  MisakiRules rules_;
  Dialect dialect_;
};

}  // namespace syrinx::text
