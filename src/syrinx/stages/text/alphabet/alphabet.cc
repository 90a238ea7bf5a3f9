// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/alphabet/alphabet.h"

#include <algorithm>

#include "syrinx/core/base/limits.h"
#include "syrinx/stages/text/alphabet/arpabet.h"
#include "syrinx/stages/text/alphabet/ipa.h"
#include "syrinx/stages/text/alphabet/kokoro.h"

namespace syrinx::text {
namespace {

Result<std::vector<Phoneme>> read(PhonemeSet set, std::string_view symbols) {
  switch (set) {
    case PhonemeSet::kArpabet:
      return read_arpabet(symbols);
    case PhonemeSet::kIpa:
      return read_ipa(symbols);
    case PhonemeSet::kKokoro:
      return read_kokoro(symbols);
    case PhonemeSet::kXSampa:
      return read_x_sampa(symbols);
  }
  return make_error(ErrorCode::kInternal, "a phoneme set without a reader");
}

std::string write(PhonemeSet set, const std::vector<Phoneme>& phonemes) {
  switch (set) {
    case PhonemeSet::kArpabet:
      return write_arpabet(phonemes);
    case PhonemeSet::kIpa:
      return write_ipa(phonemes);
    case PhonemeSet::kKokoro:
      return write_kokoro(phonemes);
    case PhonemeSet::kXSampa:
      return write_x_sampa(phonemes);
  }
  return {};
}

Result<std::vector<Phoneme>> to_ipa(PhonemeSet from, std::vector<Phoneme> phonemes,
                                    Dialect dialect) {
  switch (from) {
    case PhonemeSet::kArpabet:
      return arpabet_to_ipa(phonemes, dialect);
    case PhonemeSet::kIpa:
      return phonemes;
    case PhonemeSet::kKokoro:
      return kokoro_to_ipa(phonemes);
    case PhonemeSet::kXSampa:
      return x_sampa_to_ipa(std::move(phonemes));
  }
  return phonemes;
}

Result<std::vector<Phoneme>> from_ipa(PhonemeSet to, std::vector<Phoneme> phonemes,
                                      Dialect dialect) {
  switch (to) {
    case PhonemeSet::kArpabet:
      return ipa_to_arpabet(phonemes, dialect);
    case PhonemeSet::kIpa:
      return phonemes;
    case PhonemeSet::kKokoro:
      return ipa_to_kokoro(phonemes, dialect);
    case PhonemeSet::kXSampa:
      return ipa_to_x_sampa(std::move(phonemes));
  }
  return phonemes;
}

struct SetName {
  std::string_view name;
  PhonemeSet set;
};
constexpr SetName kSetNames[] = {
    {"ipa", PhonemeSet::kIpa},
    {"x-sampa", PhonemeSet::kXSampa},
    {"arpabet", PhonemeSet::kArpabet},
    {"kokoro", PhonemeSet::kKokoro},
    {"x-ipa", PhonemeSet::kIpa},
    {"xsampa", PhonemeSet::kXSampa},
    {"sampa", PhonemeSet::kXSampa},
    {"cmu", PhonemeSet::kArpabet},
    {"x-cmu", PhonemeSet::kArpabet},
    {"cmudict", PhonemeSet::kArpabet},
    {"cmu-arpabet", PhonemeSet::kArpabet},
    {"x-arpabet", PhonemeSet::kArpabet},
    {"misaki", PhonemeSet::kKokoro},
    {"x-kokoro", PhonemeSet::kKokoro},
};

bool same_in_any_case(std::string_view a, std::string_view lower) {
  return std::equal(a.begin(), a.end(), lower.begin(), lower.end(), [](char x, char y) {
    return (x >= 'A' && x <= 'Z' ? static_cast<char>(x - 'A' + 'a') : x) == y;
  });
}

}  // namespace

Result<std::vector<Phoneme>> parse_phonemes(const Pronunciation& pronunciation) {
  if (pronunciation.symbols.size() > limits::kMaxPronunciationBytes)
    return make_error(ErrorCode::kLimitExceeded, "a pronunciation of ",
                      pronunciation.symbols.size(), " bytes; at most ",
                      limits::kMaxPronunciationBytes, " are read");
  return read(pronunciation.set, pronunciation.symbols);
}

Pronunciation write_phonemes(PhonemeSet set, const std::vector<Phoneme>& phonemes) {
  return {set, write(set, phonemes)};
}

Result<Pronunciation> convert(const Pronunciation& pronunciation, PhonemeSet to, Dialect dialect) {
  SYRINX_ASSIGN(auto phonemes, parse_phonemes(pronunciation));
  if (pronunciation.set == to) return write_phonemes(to, phonemes);
  SYRINX_ASSIGN(auto ipa, to_ipa(pronunciation.set, std::move(phonemes), dialect));
  SYRINX_ASSIGN(const auto made, from_ipa(to, std::move(ipa), dialect));
  return write_phonemes(to, made);
}

std::string_view name_of(PhonemeSet set) noexcept {
  for (const SetName& name : kSetNames) {
    if (name.set == set) return name.name;
  }
  return "ipa";
}

std::optional<PhonemeSet> phoneme_set_named(std::string_view name) noexcept {
  for (const SetName& known : kSetNames) {
    if (same_in_any_case(name, known.name)) return known.set;
  }
  return std::nullopt;
}

}  // namespace syrinx::text
