// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/g2p/morphology.h"

#include <algorithm>
#include <vector>

#include "syrinx/stages/text/g2p/affix_table.h"
#include "syrinx/stages/text/g2p/ascii_case.h"

namespace syrinx::text {
namespace {

constexpr int kMaxAffixes = 3;

bool is_vowel_letter(char c) {
  return std::string_view("aeiouy").find(c) != std::string_view::npos;
}

std::string_view last_phoneme(std::string_view symbols) {
  const std::size_t space = symbols.rfind(' ');
  return space == std::string_view::npos ? symbols : symbols.substr(space + 1);
}

bool is_one_of(std::string_view phoneme, std::initializer_list<std::string_view> phonemes) {
  return std::find(phonemes.begin(), phonemes.end(), phoneme) != phonemes.end();
}

std::string_view plural_after(std::string_view stem) {
  const std::string_view last = last_phoneme(stem);
  if (is_one_of(last, {"S", "Z", "SH", "ZH", "CH", "JH"})) return "IH0 Z";
  return is_one_of(last, {"P", "T", "K", "F", "TH"}) ? "S" : "Z";
}

std::string_view past_after(std::string_view stem) {
  const std::string_view last = last_phoneme(stem);
  if (last == "T" || last == "D") return "IH0 D";
  return is_one_of(last, {"P", "K", "F", "TH", "S", "SH", "CH"}) ? "T" : "D";
}

std::string joined(std::string_view stem, std::string_view ending) {
  return std::string(stem).append(" ").append(ending);
}

std::string with_ending(const std::string& stem, const Ending& ending) {
  switch (ending.sound) {
    case EndingSound::kPlural:
      return joined(stem, plural_after(stem));
    case EndingSound::kPast:
      return joined(stem, past_after(stem));
    case EndingSound::kLy:
      return joined(stem, last_phoneme(stem) == "L" ? "IY0" : "L IY0");
    case EndingSound::kFixed:
      break;
  }
  return joined(stem, ending.phonemes);
}

bool is_doubled(std::string_view stem) {
  return stem.size() > 2 && stem.back() == stem[stem.size() - 2] && !is_vowel_letter(stem.back());
}

// "hop" of "hoping": a consonant after one vowel, which would have been doubled.
bool wants_e(std::string_view stem) {
  const std::size_t size = stem.size();
  return size > 2 && !is_vowel_letter(stem[size - 1]) && is_vowel_letter(stem[size - 2]) &&
         !is_vowel_letter(stem[size - 3]) &&
         std::string_view("wx").find(stem.back()) == std::string_view::npos;
}

// How the stem may be written when nothing stands after it, likeliest first.
std::vector<std::string> stems_of(std::string_view rest, const Ending& ending) {
  const std::string plain(rest);
  std::vector<std::string> stems;
  if (ending.letters == "s") {
    if (ends_with(rest, "ie")) stems.push_back(plain.substr(0, plain.size() - 2) + "y");
    stems.push_back(plain);
    if (ends_with(rest, "e")) stems.push_back(plain.substr(0, plain.size() - 1));
    return stems;
  }
  if (rest.back() == 'i') stems.push_back(plain.substr(0, plain.size() - 1) + "y");
  const bool before_vowel = is_vowel_letter(ending.letters.front());
  if (before_vowel && wants_e(rest)) stems.push_back(plain + "e");
  stems.push_back(plain);
  if (before_vowel && is_doubled(rest)) stems.push_back(plain.substr(0, plain.size() - 1));
  if (before_vowel) stems.push_back(plain + "e");
  if (ending.letters == "ly") stems.push_back(plain + "le");
  return stems;
}

class Derivation {
 public:
  Derivation(const StemLookup& look_up, Affixes affixes)
      : look_up_(look_up), takes_all_(affixes == Affixes::kAll) {}

  std::optional<DerivedWord> derive(std::string_view word, int affixes) const {
    if (affixes == 0) return std::nullopt;
    for (const Ending& ending : kEndings) {
      if (!(takes_all_ || ending.beats_model) || !ends_with(word, ending.letters)) continue;
      if (word.size() < ending.letters.size() + ending.least_stem) continue;
      if (ending.letters == "s" && ends_with(word, "ss")) continue;
      if (auto derived = by_ending(word, ending, affixes)) return derived;
    }
    for (const Prefix& prefix : kPrefixes) {
      if (!(takes_all_ || prefix.beats_model)) continue;
      if (!begins_with(word, prefix.letters) || word.size() < prefix.letters.size() + 4) continue;
      if (auto derived = by_prefix(word, prefix, affixes)) return derived;
    }
    return std::nullopt;
  }

 private:
  std::optional<DerivedWord> known(std::string_view stem, int affixes) const {
    std::string symbols = look_up_(stem);
    if (!symbols.empty())
      return DerivedWord{std::move(symbols), "stem '" + std::string(stem) + "'"};
    return derive(stem, affixes - 1);
  }

  std::optional<DerivedWord> by_ending(std::string_view word, const Ending& ending,
                                       int affixes) const {
    const std::string_view rest = word.substr(0, word.size() - ending.letters.size());
    for (const std::string& stem : stems_of(rest, ending)) {
      if (stem.size() < ending.least_stem) continue;
      auto derived = known(stem, affixes);
      if (!derived) continue;
      if (ending.letters == "ly" && ends_with(stem, "le")) {  // "simple": "S IH1 M P AH0 L".
        if (!ends_with(derived->symbols, " AH0 L")) continue;
        derived->symbols.resize(derived->symbols.size() - 6);
      }
      derived->symbols = with_ending(derived->symbols, ending);
      derived->parts += std::string(", with -").append(ending.letters);
      return derived;
    }
    return std::nullopt;
  }

  std::optional<DerivedWord> by_prefix(std::string_view word, const Prefix& prefix,
                                       int affixes) const {
    auto derived = known(word.substr(prefix.letters.size()), affixes);
    if (!derived) return std::nullopt;
    derived->symbols = joined(prefix.phonemes, derived->symbols);
    derived->parts += std::string(", with ").append(prefix.letters).append("-");
    return derived;
  }

  const StemLookup& look_up_;
  bool takes_all_;
};

struct Contraction {
  std::string_view letters;
  std::string_view phonemes;
};
constexpr std::array<Contraction, 5> kContractions = {
    {{"'ll", "AH0 L"}, {"'re", "ER0"}, {"'ve", "AH0 V"}, {"'m", "M"}, {"n't", "AH0 N T"}}};

// The known word, or a derived one.
std::string stem_symbols(std::string_view stem, const StemLookup& look_up, Affixes affixes) {
  std::string symbols = look_up(stem);
  if (!symbols.empty()) return symbols;
  const auto derived = with_affix(stem, look_up, affixes);
  return derived ? derived->symbols : std::string();
}

}  // namespace

std::string plural_ending(std::string_view symbols) {
  return " " + std::string(plural_after(symbols));
}

std::optional<DerivedWord> with_apostrophe(std::string_view word, const StemLookup& look_up,
                                           Affixes affixes) {
  const auto made = [&](std::string_view ending, auto sound) -> std::optional<DerivedWord> {
    if (!ends_with(word, ending) || word.size() == ending.size()) return std::nullopt;
    const std::string_view stem = word.substr(0, word.size() - ending.size());
    std::string symbols = stem_symbols(stem, look_up, affixes);
    if (symbols.empty()) return std::nullopt;
    const std::string_view more = sound(symbols);
    if (!more.empty()) symbols.append(" ").append(more);
    std::string parts = "stem '" + std::string(stem) + "', with " + std::string(ending);
    return DerivedWord{std::move(symbols), std::move(parts)};
  };
  if (auto genitive = made("'s", plural_after)) return genitive;
  if (auto past = made("'d", past_after)) return past;
  for (const Contraction& one : kContractions) {
    if (auto known = made(one.letters, [&](const auto&) { return one.phonemes; })) return known;
  }
  return made("'", [](const auto&) { return std::string_view(); });  // "dogs'", "runnin'".
}

std::optional<DerivedWord> with_affix(std::string_view word, const StemLookup& look_up,
                                      Affixes affixes) {
  return Derivation(look_up, affixes).derive(word, kMaxAffixes);
}

}  // namespace syrinx::text
