// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/homograph/homographs.h"

#include <algorithm>
#include <cstdio>

#include "syrinx/core/base/check.h"
#include "syrinx/stages/text/homograph/embedded_model.h"
#include "syrinx/stages/text/homograph/features.h"
#include "syrinx/stages/text/homograph/homograph_model.h"
#include "syrinx/stages/text/tagger/tagger.h"

namespace syrinx::text {
namespace {

constexpr std::string_view kApostrophe = "'";
constexpr std::string_view kCurlyApostrophe = "\u2019";

std::string in_lower_case(std::string_view word) {
  std::string small(word);
  std::transform(small.begin(), small.end(), small.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return small;
}

// A word in lower case, without the possessive's ending.
struct Stem {
  std::string text;
  bool possessive = false;
};
Stem stem_of(std::string_view word) {
  Stem stem{in_lower_case(word), false};
  for (const std::string_view apostrophe : {kApostrophe, kCurlyApostrophe}) {
    const std::string ending = std::string(apostrophe) + "s";
    if (stem.text.size() <= ending.size() || !stem.text.ends_with(ending)) continue;
    stem.text.resize(stem.text.size() - ending.size());
    stem.possessive = true;
  }
  return stem;
}

bool ends_in_any(std::string_view symbols, std::initializer_list<std::string_view> endings) {
  const std::string_view last = symbols.substr(symbols.rfind(' ') + 1);
  return std::find(endings.begin(), endings.end(), last) != endings.end();
}

// The sounds of the possessive after `symbols`, as in "cat's", "dog's", "fox's".
std::string_view possessive_after(std::string_view symbols) {
  if (ends_in_any(symbols, {"S", "Z", "SH", "ZH", "CH", "JH"})) return " IH0 Z";
  return ends_in_any(symbols, {"P", "T", "K", "F", "TH"}) ? " S" : " Z";
}

std::string with_two_decimals(double value) {
  char text[16];
  std::snprintf(text, sizeof(text), "%.2f", value);
  return text;
}

HomographChoice choice_of(const HomographReading& reading, const HomographModel::Verdict& verdict,
                          bool possessive, EnglishAccent accent) {
  HomographChoice choice;
  choice.wordid = reading.wordid;
  const bool british = accent == EnglishAccent::kBritish && !reading.british.empty();
  choice.pronunciation = {PhonemeSet::kArpabet, british ? reading.british : reading.american};
  if (possessive) choice.pronunciation.symbols += possessive_after(choice.pronunciation.symbols);
  choice.confidence = verdict.probability;
  choice.why = reading.wordid + " " + with_two_decimals(verdict.probability);
  if (!verdict.reason.empty()) choice.why += ": " + verdict.reason;
  return choice;
}

// How the readings' names abbreviate the part of speech of a Penn tag.
std::string_view name_of_tag(std::string_view penn) {
  if (penn.starts_with("VB")) return "vrb";
  if (penn.starts_with("NN")) return "nou";
  if (penn.starts_with("JJ")) return "adj";
  return penn.starts_with("RB") ? "adv" : "";
}

// The one reading of that part of speech, where there is just one.
const HomographReading* reading_of_tag(std::span<const HomographReading> readings,
                                       std::string_view penn) {
  const std::string_view name = name_of_tag(penn);
  const HomographReading* found = nullptr;
  for (const HomographReading& reading : readings) {
    if (name.empty() || reading.wordid.find(name, reading.wordid.find('_')) == std::string::npos)
      continue;
    if (found != nullptr) return nullptr;
    found = &reading;
  }
  return found;
}

}  // namespace

const Homographs& Homographs::english() {
  static const Homographs homographs = [] {
    Result<HomographModel> model = HomographModel::parse(embedded_homograph_model());
    SYRINX_CHECK(model.has_value(), "the built-in homographs must be whole");
    return Homographs(std::make_unique<const HomographModel>(std::move(*model)));
  }();
  return homographs;
}

Homographs::Homographs(std::unique_ptr<const HomographModel> model) : model_(std::move(model)) {}
Homographs::~Homographs() = default;
Homographs::Homographs(Homographs&&) noexcept = default;

bool Homographs::knows(std::string_view word) const {
  return !model_->readings(stem_of(word).text).empty();
}

std::optional<HomographChoice> Homographs::choose_unit(const TaggedSentence& sentence,
                                                       std::size_t unit, std::string_view word,
                                                       EnglishAccent accent) const {
  const Stem stem = stem_of(word);
  const auto readings = model_->readings(stem.text);
  if (readings.empty()) return std::nullopt;
  HomographFeatures features;
  find_features(Tagger::english(), sentence, unit, features);
  const HomographModel::Verdict verdict = model_->judge(readings, features);
  return choice_of(readings[verdict.reading], verdict, stem.possessive, accent);
}

std::optional<HomographChoice> Homographs::choose(std::span<const SpokenWord* const> sentence,
                                                  std::size_t index, EnglishAccent accent) const {
  SYRINX_CHECK(index < sentence.size(), "the word must be one of the sentence");
  if (!knows(sentence[index]->text)) return std::nullopt;
  constexpr std::size_t kReachWords = 64;  // Further words cannot matter; a sentence may be long.
  const std::size_t begin = index - std::min(index, kReachWords);
  const std::size_t end = std::min(sentence.size(), index + kReachWords + 1);
  TaggedSentence tagged = TaggedSentence::of_words(sentence.subspan(begin, end - begin));
  Tagger::english().tag(tagged);
  const std::uint32_t unit = tagged.unit_of_word()[index - begin];
  if (unit == TaggedSentence::kNoUnit) return std::nullopt;
  return choose_unit(tagged, unit, sentence[index]->text, accent);
}

std::size_t Homographs::decide(std::span<SpokenToken> sentence, EnglishAccent accent) const {
  TaggedSentence tagged = TaggedSentence::of_tokens(sentence);
  Tagger::english().tag(tagged);
  std::size_t decided = decide_by_tags(sentence, accent);
  Tagger::english().copy_tags(tagged, sentence);
  std::size_t index = 0;
  for (SpokenToken& token : sentence) {
    for (std::size_t i = 0; i < token.words.size(); ++i) {
      const std::uint32_t unit = tagged.unit_of_word()[index++];
      SpokenWord& word = token.words[i];
      if (word.pronunciation || word.is_letter_name || !knows(word.text)) continue;
      const bool written =
          unit != TaggedSentence::kNoUnit && tagged.text(unit) == stem_of(word.text).text;
      const auto choice = written ? choose_unit(tagged, unit, word.text, accent)
                                  : choose_among(token.words, i, accent);
      if (!choice) continue;
      word.pronunciation = choice->pronunciation;
      word.decided_by = "homograph " + choice->why;
      ++decided;
    }
  }
  return decided;
}

// What somebody else has tagged is that part of speech.
std::size_t Homographs::decide_by_tags(std::span<SpokenToken> sentence,
                                       EnglishAccent accent) const {
  std::size_t decided = 0;
  for (SpokenToken& token : sentence) {
    for (SpokenWord& word : token.words) {
      if (word.part_of_speech.empty() || word.pronunciation || word.is_letter_name) continue;
      const Stem stem = stem_of(word.text);
      const HomographReading* reading =
          reading_of_tag(model_->readings(stem.text), word.part_of_speech);
      if (reading == nullptr) continue;
      const HomographChoice choice =
          choice_of(*reading, {0, 1.0, "its part of speech was given"}, stem.possessive, accent);
      word.pronunciation = choice.pronunciation;
      word.decided_by = "homograph " + choice.why;
      ++decided;
    }
  }
  return decided;
}

// The reading of a word that is said but not written ("minute" of "1 min"), by the words about it.
std::optional<HomographChoice> Homographs::choose_among(std::span<const SpokenWord> words,
                                                        std::size_t index,
                                                        EnglishAccent accent) const {
  constexpr std::size_t kReachWords = 8;
  const std::size_t begin = index - std::min(index, kReachWords);
  const std::size_t end = std::min(words.size(), index + kReachWords + 1);
  std::vector<const SpokenWord*> near;
  for (std::size_t i = begin; i < end; ++i) near.push_back(&words[i]);
  return choose(near, index - begin, accent);
}

}  // namespace syrinx::text
