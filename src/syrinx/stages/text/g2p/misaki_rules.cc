// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/g2p/misaki_rules.h"

#include <algorithm>
#include <utility>

#include "syrinx/stages/text/g2p/ascii_case.h"
#include "syrinx/stages/text/g2p/kokoro_letters.h"

namespace syrinx::text {
namespace {

bool is_alpha(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), is_ascii_letter);
}

// "can" of "Can" and "Can" of "can"; "" for other cases and single letters.
std::string in_other_case(std::string_view word) {
  if (word.size() < 2 || !has_no_upper(word.substr(1))) return {};
  std::string other(word);
  if (is_ascii_upper(word[0])) {
    other[0] = static_cast<char>(word[0] - 'A' + 'a');
  } else if (is_ascii_lower(word[0])) {
    other[0] = static_cast<char>(word[0] - 'a' + 'A');
  } else {
    return {};
  }
  return other;
}

MisakiAnswer answer_of(std::u32string symbols, std::string decided_by) {
  return {std::move(symbols), std::move(decided_by)};
}

std::string decided_by(const Lexicon& lexicon, const LexiconReading& reading) {
  return "lexicon " + lexicon.name() + ":" + std::to_string(reading.line);
}

// "U.S.", "e.g.": dots within, and never more than two letters between them.
bool is_dotted(std::string_view word) {
  std::size_t longest = 0, run = 0, dots = 0;
  for (const char c : word) {
    if (c != '.' && !is_ascii_letter(c)) return false;
    dots += c == '.' ? 1 : 0;
    run = c == '.' ? 0 : run + 1;
    longest = std::max(longest, run);
  }
  const bool has_inner = word.size() > 2 && word.find('.', 1) < word.size() - 1;
  return dots > 0 && longest > 0 && longest < 3 && has_inner;
}

}  // namespace

std::optional<double> stress_of_case(std::string_view word) {
  if (has_no_upper(word)) return std::nullopt;
  return has_no_lower(word) ? 2.0 : 0.5;
}

MisakiRules::MisakiRules(std::shared_ptr<const Lexicon> gold, std::shared_ptr<const Lexicon> silver,
                         bool is_british)
    : gold_(std::move(gold)), silver_(std::move(silver)), is_british_(is_british) {}

std::optional<LexiconReading> MisakiRules::find(const Lexicon* lexicon, std::string_view word,
                                                const LexiconQuery& query) const {
  if (lexicon == nullptr) return std::nullopt;
  if (auto exact = lexicon->find(word, query)) return exact;
  const std::string other = in_other_case(word);
  return other.empty() ? std::nullopt : lexicon->find(other, query);
}

bool MisakiRules::has(const Lexicon* lexicon, std::string_view word) const {
  if (lexicon == nullptr) return false;
  if (lexicon->contains(word)) return true;
  const std::string other = in_other_case(word);
  return !other.empty() && lexicon->contains(other);
}

std::vector<LexiconReading> MisakiRules::readings(std::string_view word) const {
  const std::string other = in_other_case(word);
  for (const Lexicon* lexicon : {gold_.get(), silver_.get()}) {
    if (lexicon == nullptr) continue;
    if (auto exact = lexicon->readings(word); !exact.empty()) return exact;
    if (auto found = lexicon->readings(other); !found.empty()) return found;
  }
  return {};
}

bool MisakiRules::is_listed(std::string_view word) const {
  return has(gold_.get(), word) || has(silver_.get(), word);
}

bool MisakiRules::is_known(std::string_view word) const {
  if (word.empty()) return false;
  if (is_listed(word)) return true;
  if (!is_alpha(word)) return false;
  if (word.size() == 1) return true;
  if (has_no_lower(word) && has(gold_.get(), ascii_lower(word))) return true;
  return has_no_lower(word.substr(1));
}

std::optional<MisakiAnswer> MisakiRules::spell(std::string_view word) const {
  std::u32string symbols;
  for (const char letter : word) {
    if (!is_ascii_letter(letter)) continue;
    const char name = is_ascii_lower(letter) ? static_cast<char>(letter - 'a' + 'A') : letter;
    const auto reading = gold_->find({&name, 1}, {});
    if (!reading) return std::nullopt;
    symbols += wide_of(reading->pronunciation.symbols);
  }
  if (symbols.empty()) return std::nullopt;
  symbols = with_stress(std::move(symbols), 0);
  if (const auto last = symbols.rfind(kSecondaryStress); last != std::u32string::npos) {
    symbols[last] = kPrimaryStress;
  }
  return answer_of(std::move(symbols), "letter by letter");
}

std::optional<MisakiAnswer> MisakiRules::look_up(const MisakiWord& word,
                                                 std::string_view text) const {
  bool is_name = false;
  const std::string lower = ascii_lower(text);
  if (has_no_lower(text) && !has(gold_.get(), text)) {
    text = lower;
    is_name = word.part_of_speech == "NNP";
  }
  const LexiconQuery query{word.part_of_speech, !word.context.next_is_vowel.has_value()};
  const Lexicon* lexicon = gold_.get();
  auto reading = find(lexicon, text, query);
  if (!reading && !is_name) {
    lexicon = silver_.get();
    reading = find(lexicon, text, query);
  }
  std::u32string symbols;
  if (reading) symbols = wide_of(reading->pronunciation.symbols);
  if (symbols.empty() || (is_name && !has_letter(symbols, kPrimaryStress))) {
    if (auto spelt = spell(text)) return spelt;
  }
  if (symbols.empty()) return std::nullopt;
  return answer_of(with_stress(std::move(symbols), word.stress), decided_by(*lexicon, *reading));
}

std::optional<MisakiAnswer> MisakiRules::gold_answer(std::string_view word,
                                                     std::string_view tag) const {
  const auto reading = find(gold_.get(), word, {tag, false});
  if (!reading) return std::nullopt;
  return answer_of(wide_of(reading->pronunciation.symbols), decided_by(*gold_, *reading));
}

// Words whose sound depends on what follows them or what they are.
std::optional<MisakiAnswer> MisakiRules::special(const MisakiWord& word) const {
  const std::string_view text = word.text, tag = word.part_of_speech;
  const auto next = word.context.next_is_vowel;
  const auto is = [text](std::string_view lower, std::string_view capital) {
    return text == lower || text == capital;
  };
  if (is("to", "To") || (text == "TO" && (tag == "TO" || tag == "IN"))) {
    if (!next) return gold_answer("to", {});
    return *next ? answer_of(U"tʊ", "special case 'to' before a vowel")
                 : answer_of(U"tə", "special case 'to' before a consonant");
  }
  if (is("in", "In") || (text == "IN" && tag != "NNP")) {
    const bool is_strong = !next || tag != "IN";
    return answer_of(is_strong ? U"ˈɪn" : U"ɪn", "special case 'in'");
  }
  if (is("the", "The") || (text == "THE" && tag == "DT")) {
    return next.value_or(false) ? answer_of(U"ði", "special case 'the' before a vowel")
                                : answer_of(U"ðə", "special case 'the'");
  }
  if (is("used", "Used") || text == "USED") {
    const bool is_habit = (tag == "VBD" || tag == "JJ") && word.context.next_is_to;
    return gold_answer("used", is_habit ? "VBD" : "");
  }
  if (tag == "IN" && (ascii_lower(text) == "vs" || ascii_lower(text) == "vs.")) {
    return look_up({"versus", {}, {}, word.context}, "versus");
  }
  return special_of_letters(word);
}

std::optional<MisakiAnswer> MisakiRules::special_of_letters(const MisakiWord& word) const {
  const std::string_view text = word.text, tag = word.part_of_speech;
  const std::string lower = ascii_lower(text);
  if (is_dotted(text)) return spell(text);
  if (lower == "a") return answer_of(tag == "DT" ? U"ɐ" : U"ˈA", "special case 'a'");
  if (text == "am" || text == "Am" || text == "AM") {
    if (begins_with(tag, "NN")) return spell(text);
    const bool is_strong = !word.context.next_is_vowel || text != "am" || word.stress > 0.0;
    return is_strong ? gold_answer("am", {}) : answer_of(U"ɐm", "special case 'am'");
  }
  if (text == "an" || text == "An" || text == "AN") {
    if (text == "AN" && begins_with(tag, "NN")) return spell(text);
    return answer_of(U"ɐn", "special case 'an'");
  }
  if (text == "I" && tag == "PRP") return answer_of(U"ˌI", "special case 'I'");
  const bool is_by = text == "by" || text == "By" || text == "BY";
  if (is_by && family_of(tag) == "ADV") return answer_of(U"bˈI", "special case 'by'");
  return std::nullopt;
}

// "Running" and "RUNNING" are asked as "running", unless they are names or listed as they stand.
bool MisakiRules::is_better_in_lower_case(const MisakiWord& word, std::string_view lower) const {
  const std::string_view text = word.text;
  std::string letters(text);
  letters.erase(std::remove(letters.begin(), letters.end(), '\''), letters.end());
  if (text.size() < 2 || !is_alpha(letters) || lower == text) return false;
  if (word.part_of_speech == "NNP" && text.size() <= 7) return false;
  if (is_listed(text) || !(has_no_lower(text) || has_no_upper(text.substr(1)))) return false;
  return is_listed(lower) || has_stem(lower);
}

std::optional<MisakiAnswer> MisakiRules::say(const MisakiWord& word) const {
  if (auto answer = special(word)) return answer;
  const std::string lower = ascii_lower(word.text);
  const std::string_view text =
      is_better_in_lower_case(word, lower) ? std::string_view(lower) : word.text;
  if (is_known(text)) return look_up(word, text);
  if (ends_with(text, "s'")) {
    const std::string genitive = std::string(text.substr(0, text.size() - 2)) + "'s";
    if (is_known(genitive)) return look_up(word, genitive);
  }
  if (ends_with(text, "'") && is_known(text.substr(0, text.size() - 1))) {
    return look_up(word, text.substr(0, text.size() - 1));
  }
  return by_stem(word, text);
}

}  // namespace syrinx::text
