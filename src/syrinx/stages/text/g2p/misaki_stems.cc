// SPDX-License-Identifier: Apache-2.0
// The stems of -s, -ed and -ing, and what the endings sound like.
#include <utility>

#include "syrinx/stages/text/g2p/ascii_case.h"
#include "syrinx/stages/text/g2p/kokoro_letters.h"
#include "syrinx/stages/text/g2p/misaki_rules.h"

namespace syrinx::text {
namespace {

std::string without_last(std::string_view word, std::size_t count) {
  return std::string(word.substr(0, word.size() - count));
}

bool is_one_of(char32_t letter, std::u32string_view letters) {
  return letters.find(letter) != std::u32string_view::npos;
}

// "stopping", "picnicking".
bool has_doubled_consonant(std::string_view word) {
  constexpr std::string_view kDoubled = "bcdgklmnprstvxz";
  if (word.size() < 5) return false;
  const char last = word[word.size() - 4], before = word[word.size() - 5];
  return (last == before && kDoubled.find(last) != std::string_view::npos) ||
         ends_with(word, "cking");
}

}  // namespace

MisakiRules::Stem MisakiRules::stem_of_s(std::string_view word) const {
  if (word.size() < 3 || word.back() != 's') return std::nullopt;
  if (!ends_with(word, "ss") && is_known(word.substr(0, word.size() - 1))) {
    return without_last(word, 1);
  }
  const bool is_es = word.size() > 4 && ends_with(word, "es") && !ends_with(word, "ies");
  if ((ends_with(word, "'s") || is_es) && is_known(word.substr(0, word.size() - 2))) {
    return without_last(word, 2);
  }
  if (word.size() > 4 && ends_with(word, "ies") && is_known(without_last(word, 3) + "y")) {
    return without_last(word, 3) + "y";
  }
  return std::nullopt;
}

MisakiRules::Stem MisakiRules::stem_of_ed(std::string_view word) const {
  if (word.size() < 4 || word.back() != 'd') return std::nullopt;
  if (!ends_with(word, "dd") && is_known(word.substr(0, word.size() - 1))) {
    return without_last(word, 1);
  }
  const bool is_ed = word.size() > 4 && ends_with(word, "ed") && !ends_with(word, "eed");
  if (is_ed && is_known(word.substr(0, word.size() - 2))) return without_last(word, 2);
  return std::nullopt;
}

MisakiRules::Stem MisakiRules::stem_of_ing(std::string_view word) const {
  if (word.size() < 5 || !ends_with(word, "ing")) return std::nullopt;
  if (word.size() > 5 && is_known(word.substr(0, word.size() - 3))) return without_last(word, 3);
  if (is_known(without_last(word, 3) + "e")) return without_last(word, 3) + "e";
  if (word.size() > 5 && has_doubled_consonant(word) && is_known(word.substr(0, word.size() - 4))) {
    return without_last(word, 4);
  }
  return std::nullopt;
}

bool MisakiRules::has_stem(std::string_view word) const {
  return stem_of_s(word) || stem_of_ed(word) || stem_of_ing(word);
}

std::u32string MisakiRules::add_s(std::u32string stem) const {
  if (stem.empty()) return stem;
  if (is_one_of(stem.back(), U"ptkfθ")) return stem + U's';
  if (is_one_of(stem.back(), U"szʃʒʧʤ")) stem += is_british_ ? U'ɪ' : U'ᵻ';
  return stem + U'z';
}

std::u32string MisakiRules::add_ed(std::u32string stem) const {
  if (stem.empty()) return stem;
  const char32_t last = stem.back();
  if (is_one_of(last, U"pkfθʃsʧ")) return stem + U't';
  if (last == U'd') return stem + (is_british_ ? U"ɪd" : U"ᵻd");
  if (last != U't') return stem + U'd';
  if (is_british_ || stem.size() < 2) return stem + U"ɪd";
  if (is_before_tap(stem[stem.size() - 2])) stem.back() = U'ɾ';
  return stem + U"ᵻd";
}

std::u32string MisakiRules::add_ing(std::u32string stem) const {
  if (stem.empty()) return stem;
  if (is_british_) return is_one_of(stem.back(), U"əː") ? std::u32string() : stem + U"ɪŋ";
  if (stem.size() > 1 && stem.back() == U't' && is_before_tap(stem[stem.size() - 2])) {
    stem.back() = U'ɾ';
  }
  return stem + U"ɪŋ";
}

std::optional<MisakiAnswer> MisakiRules::by_stem(const MisakiWord& word,
                                                 std::string_view text) const {
  struct Ending {
    Stem (MisakiRules::*stem)(std::string_view) const;
    std::u32string (MisakiRules::*add)(std::u32string) const;
    std::string_view name;
  };
  constexpr Ending kEndings[] = {{&MisakiRules::stem_of_s, &MisakiRules::add_s, "s"},
                                 {&MisakiRules::stem_of_ed, &MisakiRules::add_ed, "ed"},
                                 {&MisakiRules::stem_of_ing, &MisakiRules::add_ing, "ing"}};
  for (const Ending& ending : kEndings) {
    const Stem stem = (this->*ending.stem)(text);
    if (!stem) continue;
    MisakiWord asked = word;
    if (ending.name == "ing" && !asked.stress) asked.stress = 0.5;
    auto answer = look_up(asked, *stem);
    if (!answer) continue;
    answer->symbols = (this->*ending.add)(std::move(answer->symbols));
    if (answer->symbols.empty()) continue;
    answer->decided_by += std::string(", with -").append(ending.name);
    return answer;
  }
  return std::nullopt;
}

}  // namespace syrinx::text
