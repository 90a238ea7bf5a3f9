// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/g2p/sentence_pass.h"

#include <utility>

#include "syrinx/stages/text/g2p/ascii_case.h"
#include "syrinx/stages/text/g2p/letter_names.h"
#include "syrinx/stages/text/g2p/morphology.h"
#include "syrinx/stages/text/g2p/user_words.h"
#include "syrinx/stages/text/lexicon/spelling.h"

namespace syrinx::text {
namespace {

constexpr std::string_view kHomograph = "homograph";

std::optional<MisakiSpeller> misaki_of(const LexiconList& lexicons, Dialect dialect) {
  std::shared_ptr<const Lexicon> gold, silver;
  for (const auto& lexicon : lexicons) {
    if (lexicon->format() != LexiconFormat::kMisaki) continue;
    if (gold == nullptr) {
      gold = lexicon;
    } else if (silver == nullptr) {
      silver = lexicon;
    }
  }
  if (gold == nullptr) return std::nullopt;
  return MisakiSpeller(MisakiRules(gold, silver, dialect == Dialect::kGb), dialect);
}

// What the small words are where no tagger said it.
std::string_view tag_of(const SpokenWord& word, std::string_view lower) {
  if (!word.part_of_speech.empty()) return word.part_of_speech;
  if (lower == "a" || lower == "an" || lower == "the") return "DT";
  if (lower == "in" || lower == "vs" || lower == "by") return "IN";
  if (lower == "i") return "PRP";
  if (lower == "to") return "TO";
  return lower == "used" ? "VBD" : "";
}

bool was_given(const SpokenWord& word) {
  return word.pronunciation && !begins_with(word.decided_by, kHomograph);
}

bool is_pause(std::string_view mark) {
  constexpr std::string_view kPauses[] = {";", ":",      ",",      ".",      "!",
                                          "?", "\u2014", "\u2013", "\u2026", "-"};
  for (const std::string_view pause : kPauses) {
    if (mark.find(pause) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

SentencePass::SentencePass(std::vector<SpokenToken>& sentence, const LexiconList& lexicons,
                           const LanguageWords& language, const HomographChooser& homographs)
    : sentence_(sentence),
      language_(language),
      homographs_(homographs),
      misaki_(misaki_of(lexicons, language.dialect())) {
  for (const auto& lexicon : lexicons) {
    if (lexicon->format() != LexiconFormat::kMisaki) others_.push_back(lexicon);
  }
  for (const SpokenToken& token : sentence) {
    for (const SpokenWord& word : token.words) words_.push_back(&word);
  }
  at_ = words_.size();
}

void SentencePass::run() {
  for (std::size_t i = sentence_.size(); i-- > 0;) say_token(sentence_[i]);
}

void SentencePass::say_token(SpokenToken& token) {
  if (token.words.empty()) pause_after(token);
  for (std::size_t i = token.words.size(); i-- > 0;) say_word(token, i);
}

void SentencePass::pause_after(const SpokenToken& token) {
  if (token.skipped.empty() && is_pause(token.written)) context_ = {};
}

void SentencePass::say_word(SpokenToken& token, std::size_t index) {
  --at_;
  SpokenWord& word = token.words[index];
  const std::string spelling = lexicon_spelling(word.text);
  const std::string ascii = is_ascii(spelling) ? spelling : language_.in_ascii(spelling);
  if (was_given(word)) {
    settle(word, {*word.pronunciation, word.decided_by.empty() ? "given" : word.decided_by}, ascii);
  } else {
    settle(word, choose(token, index, spelling, ascii), ascii);
  }
}

void SentencePass::settle(SpokenWord& word, SaidWord said, std::string_view ascii) {
  if (said.pronunciation.symbols.empty()) {
    word.pronunciation.reset();
    word.decided_by = "nothing to say";
    return;
  }
  SaidWord wanted = language_.in_wanted_set(std::move(said), ascii);
  context_ = {begins_with_vowel(wanted.pronunciation), ascii_lower(ascii) == "to"};
  word.pronunciation = std::move(wanted.pronunciation);
  word.decided_by = std::move(wanted.decided_by);
}

SaidWord SentencePass::choose(const SpokenToken& token, std::size_t index,
                              std::string_view spelling, std::string_view ascii) const {
  const SpokenWord& word = token.words[index];
  if (auto letter = by_letter(token, index)) return *std::move(letter);
  const bool ends_phrase = !context_.next_is_vowel.has_value();
  const UserWords user(others_, language_.speller(), language_.dialect());
  if (auto said = user.say(spelling, {word.part_of_speech, ends_phrase})) return *std::move(said);
  if (auto said = by_homograph(word, ascii)) return *std::move(said);
  if (misaki_) {
    if (auto said = misaki_->say(ascii, tag_of(word, ascii_lower(ascii)), context_)) {
      return *std::move(said);
    }
  }
  return language_.say(ascii, context_.next_is_vowel);
}

// The letters of a word that is spelt: the last one is stressed.
std::optional<SaidWord> SentencePass::by_letter(const SpokenToken& token, std::size_t index) const {
  const SpokenWord& word = token.words[index];
  if (!word.is_letter_name || word.text.empty()) return std::nullopt;
  const std::string rest = lexicon_spelling(std::string_view(word.text).substr(1));
  const bool has_s = rest == "s" || rest == "'s";
  if ((!rest.empty() && !has_s) || letter_name(word.text[0]).empty()) return std::nullopt;
  const bool is_last = index + 1 == token.words.size() || !token.words[index + 1].is_letter_name;
  if (misaki_) {
    if (auto said = misaki_->letter(word.text[0], has_s, is_last)) return said;
  }
  std::string symbols(letter_name(word.text[0]));
  for (char& c : symbols) c = c == '1' && !is_last ? '2' : c;
  if (has_s) symbols += plural_ending(symbols);
  SaidWord said;
  said.pronunciation.symbols = std::move(symbols);
  said.decided_by = "name of the letter";
  return said;
}

std::optional<SaidWord> SentencePass::by_homograph(const SpokenWord& word,
                                                   std::string_view ascii) const {
  std::optional<SaidWord> said;
  if (word.pronunciation) {
    said = SaidWord{*word.pronunciation, word.decided_by};
  } else if (homographs_) {
    const auto reading = homographs_(words_, at_);
    if (reading) said = SaidWord{reading->pronunciation, "homograph " + reading->why};
  }
  if (!said || !misaki_) return said;
  if (auto listed = misaki_->nearest(ascii, said->pronunciation)) {
    said->pronunciation = std::move(listed->pronunciation);
  }
  return said;
}

}  // namespace syrinx::text
