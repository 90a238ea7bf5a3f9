// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/g2p/misaki_speller.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "syrinx/stages/text/g2p/kokoro_letters.h"

namespace syrinx::text {
namespace {

constexpr double kWeaker = -0.5;  // Primary stress becomes secondary.

SaidWord said(const MisakiAnswer& answer) {
  return {{PhonemeSet::kKokoro, utf8_of(answer.symbols)}, answer.decided_by};
}

std::size_t weight_of(std::u32string_view symbols) {
  constexpr std::u32string_view kDiphthongs = U"AIOQWYʤʧ";
  std::size_t weight = symbols.size();
  for (const char32_t letter : symbols) weight += has_letter(kDiphthongs, letter) ? 1 : 0;
  return weight;
}

// Where several parts are stressed, the lighter half loses its primary stress; after a part of one
// letter ("T-shirt") the second does.
void settle_stress(std::vector<std::u32string>& parts, std::size_t first_letters) {
  if (parts.size() == 2 && first_letters == 1) {
    parts[1] = with_stress(std::move(parts[1]), kWeaker);
    return;
  }
  const auto is_stressed = [](const auto& part) { return has_letter(part, kPrimaryStress); };
  const auto stressed =
      static_cast<std::size_t>(std::count_if(parts.begin(), parts.end(), is_stressed));
  if (parts.size() < 2 || stressed <= (parts.size() + 1) / 2) return;
  std::vector<std::size_t> order(parts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const bool a_is = is_stressed(parts[a]), b_is = is_stressed(parts[b]);
    return a_is != b_is ? b_is : weight_of(parts[a]) < weight_of(parts[b]);
  });
  for (std::size_t i = 0; i < parts.size() / 2; ++i) {
    parts[order[i]] = with_stress(std::move(parts[order[i]]), kWeaker);
  }
}

std::vector<std::string_view> parts_of(std::string_view word) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at < word.size();) {
    const std::size_t end = std::min(word.find_first_of("-_/", at), word.size());
    if (end > at) parts.push_back(word.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

std::size_t distance(std::u32string_view a, std::u32string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, changed}));
    }
  }
  return row.back();
}

// The sounds without stress; weak vowels, which dictionaries write now so, now so, are alike.
std::string bare_sounds(const Pronunciation& pronunciation, Dialect dialect) {
  const auto arpabet = in_set(pronunciation, PhonemeSet::kArpabet, dialect);
  std::string bare;
  for (const char c : arpabet ? arpabet->symbols : std::string()) {
    if (c == '0' && bare.size() >= 2) bare.replace(bare.size() - 2, 2, "V");
    if (c != '0' && c != '1' && c != '2') bare += c;
  }
  return bare;
}

}  // namespace

std::optional<SaidWord> MisakiSpeller::say(std::string_view word, std::string_view part_of_speech,
                                           const SoundContext& context) const {
  auto answer = rules_.say({word, part_of_speech, stress_of_case(word), context});
  if (!answer) answer = say_parts(word, part_of_speech, context);
  if (!answer) return std::nullopt;
  return said(*answer);
}

std::optional<MisakiAnswer> MisakiSpeller::say_parts(std::string_view word,
                                                     std::string_view part_of_speech,
                                                     SoundContext context) const {
  const auto parts = parts_of(word);
  if (parts.size() < 2) return std::nullopt;
  MisakiAnswer whole;
  std::vector<std::u32string> symbols(parts.size());
  for (std::size_t i = parts.size(); i-- > 0;) {
    auto answer = rules_.say({parts[i], part_of_speech, stress_of_case(parts[i]), context});
    if (!answer) return std::nullopt;
    context = {begins_with_vowel(answer->symbols), parts[i] == "to"};
    symbols[i] = std::move(answer->symbols);
    whole.decided_by =
        answer->decided_by + (whole.decided_by.empty() ? "" : " + ") + whole.decided_by;
  }
  settle_stress(symbols, parts[0].size());
  for (const auto& part : symbols) whole.symbols += part;
  return whole;
}

std::optional<SaidWord> MisakiSpeller::nearest(std::string_view word,
                                               const Pronunciation& reading) const {
  const auto wanted = in_set(reading, PhonemeSet::kKokoro, dialect_);
  const auto readings = rules_.readings(word);
  if (!wanted || readings.empty()) return std::nullopt;
  if (readings.size() == 1 &&
      bare_sounds(readings[0].pronunciation, dialect_) != bare_sounds(reading, dialect_)) {
    return std::nullopt;
  }
  const std::u32string like = wide_of(wanted->symbols);
  const LexiconReading* best = nullptr;
  std::size_t least = 0;
  for (const LexiconReading& one : readings) {
    if (one.is_spelt) continue;
    const std::size_t here = distance(like, wide_of(one.pronunciation.symbols));
    if (best == nullptr || here < least) {
      best = &one;
      least = here;
    }
  }
  if (best == nullptr) return std::nullopt;
  const auto symbols = with_stress(wide_of(best->pronunciation.symbols), stress_of_case(word));
  return SaidWord{{PhonemeSet::kKokoro, utf8_of(symbols)}, {}};
}

std::optional<SaidWord> MisakiSpeller::letter(char letter, bool has_s, bool is_stressed) const {
  auto answer = rules_.spell({&letter, 1});
  if (!answer) return std::nullopt;
  if (!is_stressed) answer->symbols = with_stress(std::move(answer->symbols), 0);
  if (has_s) answer->symbols = rules_.add_s(std::move(answer->symbols));
  answer->decided_by = "name of the letter";
  return said(*answer);
}

}  // namespace syrinx::text
