// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/tagger/tagger.h"

#include <algorithm>

#include "syrinx/core/base/check.h"
#include "syrinx/stages/text/tagger/embedded_model.h"
#include "syrinx/stages/text/tagger/tagger_model.h"

namespace syrinx::text {
namespace {

// Forward and backward probabilities below this are lost to rounding anyway.
constexpr float kTiny = 1e-30F;

bool is_cased(std::string_view text, WordShape shape) noexcept {
  return shape <= WordShape::kAllCapitals && text.front() != '\'' && text != "n't";
}

// Whether the unit after `text` begins a sentence, a quotation or the like.
bool begins_after(std::string_view text, WordShape shape) noexcept {
  constexpr std::string_view kInner[] = {",", "-", "'", "$", "%", "&"};
  return shape == WordShape::kMark &&
         std::find(std::begin(kInner), std::end(kInner), text) == std::end(kInner);
}

void scale_to_one(std::span<float> values) noexcept {
  float sum = 0;
  for (const float value : values) sum += value;
  if (!(sum > kTiny)) {
    std::fill(values.begin(), values.end(), 1.0F / static_cast<float>(values.size()));
    return;
  }
  for (float& value : values) value /= sum;
}

}  // namespace

// The forward-backward pass over one sentence (Rabiner 1989, "A tutorial on hidden Markov models").
class Tagger::Pass {
 public:
  Pass(const TaggerModel& model, TaggedSentence& sentence) : model_(model), sentence_(sentence) {}

  void run() {
    if (sentence_.units_.empty()) return;
    look_up();
    forward();
    backward();
    choose();
  }

 private:
  std::span<TagProbability> options(std::size_t i) {
    const Unit& unit = sentence_.units_[i];
    return std::span(sentence_.options_).subspan(unit.first_option, unit.option_count);
  }
  std::span<float> likelihoods(std::size_t i) {
    const Unit& unit = sentence_.units_[i];
    return std::span(likelihoods_).subspan(unit.first_option, unit.option_count);
  }

  // Lists the tags that each unit can have, with how likely each makes its writing.
  void look_up() {
    sentence_.options_.clear();
    for (std::size_t i = 0; i < sentence_.size(); ++i) {
      Unit& unit = sentence_.units_[i];
      const std::string_view text = sentence_.text(i);
      const TaggerModel::Word word = model_.word(text, unit.shape);
      const bool initial =
          i == 0 || begins_after(sentence_.text(i - 1), sentence_.units_[i - 1].shape);
      unit.noun_topic = word.noun_topic;
      unit.verb_topic = word.verb_topic;
      unit.first_option = static_cast<std::uint32_t>(sentence_.options_.size());
      unit.option_count = static_cast<std::uint32_t>(word.options.size());
      const bool cased = is_cased(text, unit.shape);
      for (const TaggerModel::Option& option : word.options) {
        const float shape = cased ? model_.shape_likelihood(initial, unit.shape, option.tag) : 1;
        likelihoods_.push_back(option.likelihood * shape);
        sentence_.options_.push_back({option.tag, 0});
      }
    }
  }

  void forward() {
    scaled_.resize(likelihoods_.size());
    sentence_.from_left_.clear();
    sentence_.from_left_.reserve(likelihoods_.size());
    const TagProbability start{PennTag::kPeriod, 1};
    std::span<const TagProbability> before(&start, 1);
    for (std::size_t i = 0; i < sentence_.size(); ++i) {
      const std::span<TagProbability> now = options(i);
      const std::span<float> seen = likelihoods(i);
      const std::span<float> sums = std::span(scaled_).first(now.size());
      for (std::size_t k = 0; k < now.size(); ++k) {
        float sum = 0;
        for (const TagProbability& from : before) {
          sum += from.probability * model_.transition(from.tag, now[k].tag);
        }
        sums[k] = sum * seen[k];
      }
      scale_to_one(sums);
      for (std::size_t k = 0; k < now.size(); ++k) now[k].probability = sums[k];
      sentence_.from_left_.insert(sentence_.from_left_.end(), sums.begin(), sums.end());
      before = now;
    }
  }

  // Multiplies the forward probabilities by what follows, from the end.
  void backward() {
    sentence_.from_right_.resize(likelihoods_.size());
    std::span<float> after;  // Of the unit to the right: likelihood times what follows it.
    for (std::size_t i = sentence_.size(); i-- > 0;) {
      const std::span<TagProbability> now = options(i);
      const std::span<float> follows = std::span(scaled_).first(now.size());
      std::fill(follows.begin(), follows.end(), 1.0F);
      if (!after.empty()) {
        const std::span<TagProbability> next = options(i + 1);
        for (std::size_t k = 0; k < now.size(); ++k) {
          float sum = 0;
          for (std::size_t m = 0; m < next.size(); ++m) {
            sum += model_.transition(now[k].tag, next[m].tag) * after[m];
          }
          follows[k] = sum;
        }
        scale_to_one(follows);
      }
      after = std::span(sentence_.from_right_).subspan(sentence_[i].first_option, now.size());
      for (std::size_t k = 0; k < now.size(); ++k) {
        now[k].probability *= follows[k];
        after[k] = follows[k] * likelihoods(i)[k];
      }
    }
  }

  void choose() {
    for (std::size_t i = 0; i < sentence_.size(); ++i) {
      float sum = 0;
      const std::span<TagProbability> now = options(i);
      for (const TagProbability& option : now) sum += option.probability;
      const float scale = sum > kTiny ? 1 / sum : 0;
      for (TagProbability& option : now) option.probability *= scale;
      const auto best = std::max_element(now.begin(), now.end(), [](const auto& a, const auto& b) {
        return a.probability < b.probability;
      });
      sentence_.units_[i].tag = best->tag;
    }
  }

  const TaggerModel& model_;
  TaggedSentence& sentence_;
  std::vector<float> likelihoods_;  // Beside sentence_.options_.
  std::vector<float> scaled_;
};

const Tagger& Tagger::english() {
  static const Tagger tagger = [] {
    Result<TaggerModel> model = TaggerModel::parse(embedded_tagger_model());
    SYRINX_CHECK(model.has_value(), "the built-in tagger must be whole");
    return Tagger(std::make_unique<const TaggerModel>(std::move(*model)));
  }();
  return tagger;
}

Tagger::Tagger(std::unique_ptr<const TaggerModel> model) : model_(std::move(model)) {}
Tagger::~Tagger() = default;
Tagger::Tagger(Tagger&&) noexcept = default;

void Tagger::tag(TaggedSentence& sentence) const { Pass(*model_, sentence).run(); }

std::array<float, kPennTags> Tagger::fit(const TaggedSentence& sentence, std::size_t index) const {
  std::array<float, kPennTags> fits{};
  for (std::size_t t = 0; t < kPennTags; ++t) {
    const auto tag = static_cast<PennTag>(t);
    float left = index == 0 ? model_->transition(PennTag::kPeriod, tag) : 0;
    float right = index + 1 == sentence.size() ? 1.0F : 0.0F;
    if (index > 0) {
      const std::uint32_t first = sentence[index - 1].first_option;
      for (std::uint32_t k = first; k < first + sentence[index - 1].option_count; ++k) {
        left += sentence.from_left_[k] * model_->transition(sentence.options_[k].tag, tag);
      }
    }
    if (index + 1 < sentence.size()) {
      const std::uint32_t first = sentence[index + 1].first_option;
      for (std::uint32_t k = first; k < first + sentence[index + 1].option_count; ++k) {
        right += sentence.from_right_[k] * model_->transition(tag, sentence.options_[k].tag);
      }
    }
    fits[t] = left * right;
  }
  scale_to_one(fits);
  return fits;
}

std::string_view Tagger::likeliest_alone(std::string_view word) const {
  std::string small(word);
  std::transform(small.begin(), small.end(), small.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (small.empty()) return "NN";
  const auto options = model_->word(small, WordShape::kLower).options;
  const auto best =
      std::max_element(options.begin(), options.end(),
                       [](const auto& a, const auto& b) { return a.likelihood < b.likelihood; });
  return name_of(best->tag);
}

void Tagger::tag(std::span<SpokenToken> sentence) const {
  TaggedSentence tagged = TaggedSentence::of_tokens(sentence);
  tag(tagged);
  copy_tags(tagged, sentence);
}

void Tagger::copy_tags(const TaggedSentence& tagged, std::span<SpokenToken> sentence) const {
  std::size_t index = 0;
  for (SpokenToken& token : sentence) {
    for (SpokenWord& word : token.words) {
      const std::uint32_t unit = tagged.unit_of_word()[index++];
      if (!word.part_of_speech.empty()) continue;
      word.part_of_speech =
          unit == TaggedSentence::kNoUnit ? likeliest_alone(word.text) : name_of(tagged[unit].tag);
    }
  }
}

void Tagger::tag(std::span<SpokenWord* const> sentence) const {
  const std::vector<const SpokenWord*> words(sentence.begin(), sentence.end());
  TaggedSentence tagged = TaggedSentence::of_words(words);
  tag(tagged);
  for (std::size_t i = 0; i < sentence.size(); ++i) {
    const std::uint32_t unit = tagged.unit_of_word()[i];
    SpokenWord& word = *sentence[i];
    if (!word.part_of_speech.empty() || unit == TaggedSentence::kNoUnit) continue;
    word.part_of_speech = name_of(tagged[unit].tag);
  }
}

}  // namespace syrinx::text
