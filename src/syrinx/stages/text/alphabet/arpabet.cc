// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/alphabet/arpabet.h"

#include <algorithm>

#include "syrinx/stages/text/alphabet/arpabet_table.h"
#include "syrinx/stages/text/alphabet/british.h"
#include "syrinx/stages/text/alphabet/characters.h"
#include "syrinx/stages/text/alphabet/ipa_letters.h"
#include "syrinx/stages/text/alphabet/nearest.h"

namespace syrinx::text {
namespace {

constexpr std::string_view kSpace = " \t\r\n";
constexpr std::string_view kSyllabic = "\u0329";

char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
char to_upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

template <class Function>
Result<void> for_each_token(std::string_view text, Function&& take) {
  for (std::size_t at = text.find_first_not_of(kSpace); at != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(kSpace, at), text.size());
    SYRINX_TRY(take(SourceSpan{at, end}));
    at = text.find_first_not_of(kSpace, end);
  }
  return {};
}

// Turns CMU's and SSML's digit into stress: 1 primary, 2 secondary, 0 or none no stress.
int take_stress_digit(std::string& name) {
  if (name.empty() || name.back() < '0' || name.back() > '2') return 0;
  const int stress = name.back() - '0';
  name.pop_back();
  return stress;
}

Result<Phoneme> read_symbol(std::string_view symbols, SourceSpan place) {
  std::string name(symbols.substr(place.begin, place.size()));
  std::transform(name.begin(), name.end(), name.begin(), to_lower);
  const std::size_t written_size = name.size();
  const int stress = take_stress_digit(name);
  const ArpabetSymbol* symbol = find_arpabet(name);
  const bool has_digit = name.size() != written_size;
  if (symbol == nullptr || (has_digit && !symbol->is_vowel))
    return symbol_error("ARPABET", symbols, place,
                        "symbols with spaces between them, as in \"HH AH0 L OW1\"");
  return Phoneme{name, stress, place};
}

void add_boundary(std::vector<Phoneme>& phonemes, SourceSpan place) {
  if (!phonemes.empty() && phonemes.back().symbol != kWordBoundary)
    phonemes.push_back({std::string(kWordBoundary), 0, place});
}

}  // namespace

Result<std::vector<Phoneme>> read_arpabet(std::string_view symbols) {
  std::vector<Phoneme> phonemes;
  SYRINX_TRY(for_each_token(symbols, [&](SourceSpan place) -> Result<void> {
    const std::string_view token = symbols.substr(place.begin, place.size());
    if (token == "-" || token == ".") return {};
    if (token == "|") {
      add_boundary(phonemes, place);
      return {};
    }
    SYRINX_ASSIGN(Phoneme phoneme, read_symbol(symbols, place));
    phonemes.push_back(std::move(phoneme));
    return {};
  }));
  if (!phonemes.empty() && phonemes.back().symbol == kWordBoundary) phonemes.pop_back();
  return phonemes;
}

std::string write_arpabet(const std::vector<Phoneme>& phonemes) {
  std::string out;
  for (const Phoneme& phoneme : phonemes) {
    if (!out.empty()) out += ' ';
    if (phoneme.symbol == kWordBoundary) {
      out += '|';
      continue;
    }
    std::transform(phoneme.symbol.begin(), phoneme.symbol.end(), std::back_inserter(out), to_upper);
    const ArpabetSymbol* symbol = find_arpabet(phoneme.symbol);
    if (symbol != nullptr && symbol->is_vowel) out += static_cast<char>('0' + phoneme.stress);
  }
  return out;
}

std::vector<Phoneme> arpabet_to_ipa(const std::vector<Phoneme>& phonemes, Dialect dialect) {
  if (dialect == Dialect::kGb) return arpabet_to_british_ipa(phonemes);
  std::vector<Phoneme> ipa = phonemes;
  for (Phoneme& phoneme : ipa) {
    const ArpabetSymbol* symbol = find_arpabet(phoneme.symbol);
    if (symbol == nullptr) continue;  // The end of a word.
    const bool weak = phoneme.stress == 0 && !symbol->unstressed_ipa.empty();
    phoneme.symbol = weak ? symbol->unstressed_ipa : symbol->ipa;
  }
  return ipa;
}

namespace {

// IPA to ARPABET, phoneme by phoneme.
class ToArpabet {
 public:
  ToArpabet(const std::vector<Phoneme>& ipa, Dialect dialect) : ipa_(ipa), dialect_(dialect) {}

  Result<std::vector<Phoneme>> made() {
    for (std::size_t i = 0; i < ipa_.size();) {
      SYRINX_ASSIGN(const std::size_t used, add(i));
      i += used;
    }
    return std::move(arpabet_);
  }

 private:
  // Returns how many phonemes of IPA were used.
  Result<std::size_t> add(std::size_t i) {
    const Phoneme& phoneme = ipa_[i];
    if (phoneme.symbol == kWordBoundary) {
      arpabet_.push_back(phoneme);
      return std::size_t{1};
    }
    if (is_rhotic_schwa(i)) {
      push(phoneme, "ER");
      arpabet_.back().source.end = ipa_[i + 1].source.end;
      return std::size_t{2};
    }
    SYRINX_TRY(add_parts(phoneme));
    return std::size_t{1};
  }

  // "əɹ" and "ɜɹ" are one vowel unless the "ɹ" begins the next syllable ("around").
  bool is_rhotic_schwa(std::size_t i) const {
    if (i + 1 >= ipa_.size() || ipa_[i + 1].symbol != "ɹ") return false;
    const std::string& vowel = ipa_[i].symbol;
    if (vowel == "ɜ" || vowel == "ɜː") return true;
    return vowel == "ə" && !(i + 2 < ipa_.size() && is_vowel(ipa_[i + 2].symbol));
  }

  static bool is_vowel(std::string_view ipa) {
    const auto characters = characters_of(ipa);
    const IpaCharacter* first = characters.empty() ? nullptr : find_ipa(characters[0].code);
    return first != nullptr && first->kind == IpaKind::kVowel;
  }

  Result<void> add_parts(const Phoneme& phoneme) {
    if (const auto* row = find_nearest(phoneme.symbol); row != nullptr && !row->arpabet.empty()) {
      push(phoneme, sound_of(*row));
      return {};
    }
    Phoneme rest = phoneme;
    const bool syllabic = phoneme.symbol.find(kSyllabic) != std::string::npos;
    if (syllabic) {
      push(rest, "AH");
      rest.stress = 0;
    }
    for (const Character& character : characters_of(phoneme.symbol)) {
      const IpaCharacter* letter = find_ipa(character.code);
      if (letter == nullptr || letter->kind == IpaKind::kModifier || letter->kind == IpaKind::kTie)
        continue;
      const auto* row = find_nearest(utf8_of(character.code));
      if (row == nullptr || row->arpabet.empty())
        return make_error(ErrorCode::kUnsupported, "ARPABET has nothing near to '", phoneme.symbol,
                          "' of IPA");
      push(rest, sound_of(*row));
    }
    return {};
  }

  std::string_view sound_of(const NearestSound& row) const {
    return row.ipa == "a" && dialect_ == Dialect::kGb ? "AE" : row.arpabet;
  }

  void push(const Phoneme& phoneme, std::string_view sounds) {
    int stress = phoneme.stress;
    while (!sounds.empty()) {
      const std::size_t end = std::min(sounds.find(' '), sounds.size());
      std::string name(sounds.substr(0, end));
      std::transform(name.begin(), name.end(), name.begin(), to_lower);
      const ArpabetSymbol* symbol = find_arpabet(name);
      const bool takes_stress = symbol != nullptr && symbol->is_vowel;
      arpabet_.push_back({name, takes_stress ? stress : 0, phoneme.source});
      if (takes_stress) stress = 0;
      sounds.remove_prefix(std::min(end + 1, sounds.size()));
    }
  }

  const std::vector<Phoneme>& ipa_;
  Dialect dialect_;
  std::vector<Phoneme> arpabet_;
};

}  // namespace

Result<std::vector<Phoneme>> ipa_to_arpabet(const std::vector<Phoneme>& phonemes, Dialect dialect) {
  return ToArpabet(phonemes, dialect).made();
}

}  // namespace syrinx::text
