// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/homograph/features.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "syrinx/stages/text/tagger/text_hash.h"

namespace syrinx::text {
namespace {

constexpr int kNear = 4;    // Units whose place counts.
constexpr int kReach = 20;  // Units that tell the topic.

// The kinds of features, hashed before what they are about.
enum class Kind : std::uint8_t {
  kBias = 1,
  kWordAt,
  kWordNear,
  kEndingAt,
  kTagAt,
  kTagPair,
  kWordPair,
  kWordTag,
  kFit,
  kTag,
  kShape,
  kPlace,
  kSkipLeft,
  kSkipRight,
  kWordFar,
  kTopicNear,
  kTopicFar,
  kVerbTopic,
  kGoverning,
  kTagTriple,
};

class Finder {
 public:
  Finder(const Tagger& tagger, const TaggedSentence& sentence, std::size_t index,
         HomographFeatures& features)
      : tagger_(tagger),
        sentence_(sentence),
        index_(static_cast<std::ptrdiff_t>(index)),
        out_(features) {}

  void run() {
    out_.syntactic.clear();
    out_.topical.clear();
    syntactic(Kind::kBias, 0, "");
    neighbours();
    pairs();
    fits();
    shape_and_place();
    skips();
    topics();
  }

 private:
  bool inside(std::ptrdiff_t offset) const noexcept {
    const std::ptrdiff_t at = index_ + offset;
    return at >= 0 && at < static_cast<std::ptrdiff_t>(sentence_.size());
  }
  const Unit& unit(std::ptrdiff_t offset) const noexcept {
    return sentence_[static_cast<std::size_t>(index_ + offset)];
  }
  // The word at an offset; numbers are all one word, "<" and ">" stand beyond the ends.
  std::string_view word(std::ptrdiff_t offset) const noexcept {
    if (!inside(offset)) return offset < 0 ? "<" : ">";
    if (unit(offset).shape == WordShape::kNumber) return "#";
    return sentence_.text(static_cast<std::size_t>(index_ + offset));
  }
  std::string_view tag(std::ptrdiff_t offset) const noexcept {
    if (!inside(offset)) return offset < 0 ? "<" : ">";
    return name_of(unit(offset).tag);
  }

  static std::uint32_t hash(Kind kind, std::ptrdiff_t number, std::string_view first,
                            std::string_view second = {}) noexcept {
    std::uint32_t value = hash_byte(kHashStart, static_cast<std::uint8_t>(kind));
    value = hash_byte(value, static_cast<std::uint8_t>(number + 64));
    value = hash_of(first, value);
    return second.empty() ? value : hash_of(second, hash_byte(value, 1));
  }
  static HomographFeatures::Feature feature(Kind kind, std::ptrdiff_t number,
                                            std::string_view first, std::string_view second) {
    return {hash(kind, number, first, second), static_cast<std::uint8_t>(kind),
            static_cast<std::int8_t>(number), first, second};
  }
  void syntactic(Kind kind, std::ptrdiff_t number, std::string_view first,
                 std::string_view second = {}) {
    out_.syntactic.push_back(feature(kind, number, first, second));
  }
  void topical(Kind kind, std::ptrdiff_t number, std::string_view first) {
    out_.topical.push_back(feature(kind, number, first, {}));
  }

  void neighbours() {
    for (std::ptrdiff_t offset = -kNear; offset <= kNear; ++offset) {
      if (offset == 0) continue;
      if (std::abs(offset) <= 3) syntactic(Kind::kWordAt, offset, word(offset));
      if (std::abs(offset) <= 3) syntactic(Kind::kTagAt, offset, tag(offset));
      if (std::abs(offset) > 2 || !inside(offset)) continue;
      const std::string_view near = word(offset);
      if (near.size() > 3) syntactic(Kind::kEndingAt, offset, near.substr(near.size() - 3));
    }
  }

  void pairs() {
    syntactic(Kind::kTagPair, 0, tag(-2), tag(-1));
    syntactic(Kind::kTagPair, 1, tag(-1), tag(1));
    syntactic(Kind::kTagPair, 2, tag(1), tag(2));
    syntactic(Kind::kWordPair, 0, word(-2), word(-1));
    syntactic(Kind::kWordPair, 1, word(-1), word(1));
    syntactic(Kind::kWordPair, 2, word(1), word(2));
    syntactic(Kind::kWordTag, 0, word(-1), tag(1));
    syntactic(Kind::kWordTag, 1, tag(-1), word(1));
    syntactic(Kind::kWordTag, 2, word(-1), tag(-2));
    syntactic(Kind::kTagTriple, 0, tag(-1), word(-2));
    syntactic(Kind::kTagTriple, 1, tag(1), word(2));
  }

  // By how many nats one group of tags fits better than another, rounded, from -6 to 6.
  static int advantage(float a, float b) {
    const float nats = std::log((a + 1e-6F) / (b + 1e-6F));
    return static_cast<int>(std::lround(std::clamp(nats, -6.0F, 6.0F)));
  }

  void fits() {
    const auto fit = tagger_.fit(sentence_, static_cast<std::size_t>(index_));
    const auto of = [&fit](PennTag tag) { return fit[static_cast<std::size_t>(tag)]; };
    const float base = of(PennTag::kVB) + of(PennTag::kVBP);
    const float past = of(PennTag::kVBD) + of(PennTag::kVBN);
    const float verb = base + of(PennTag::kVBZ);
    const float noun = of(PennTag::kNN) + of(PennTag::kNNS) + of(PennTag::kNNP);
    const float adjective = of(PennTag::kJJ);
    syntactic(Kind::kFit, advantage(verb, noun), "vn");
    syntactic(Kind::kFit, advantage(verb, noun + adjective), "vna");
    syntactic(Kind::kFit, advantage(verb, adjective), "va");
    syntactic(Kind::kFit, advantage(noun, adjective), "na");
    syntactic(Kind::kFit, advantage(past, base), "pb");
    syntactic(Kind::kFit, advantage(of(PennTag::kVBZ), of(PennTag::kNNS)), "zs");
    syntactic(Kind::kFit, advantage(of(PennTag::kNNP), of(PennTag::kNN)), "pn");
    syntactic(Kind::kTag, 0, tag(0));
  }

  void shape_and_place() {
    const auto shape = [this](std::ptrdiff_t offset) {
      return inside(offset) ? static_cast<std::ptrdiff_t>(unit(offset).shape) : 9;
    };
    const bool first = index_ == 0 || unit(-1).shape == WordShape::kMark;
    topical(Kind::kShape, shape(0) + (first ? 8 : 0), "0");
    topical(Kind::kShape, shape(-1) * 4 + shape(0), "-");
    topical(Kind::kShape, shape(1) * 4 + shape(0), "+");
    syntactic(Kind::kPlace, first ? 1 : 0, first && inside(1) ? tag(1) : "");
    if (!inside(2)) syntactic(Kind::kPlace, 2, tag(1));
  }

  // The first neighbour on a side that is no adverb, and the first that is no adjective either;
  // then, to the left, the nearest word that says what must come.
  void skips() {
    skip(-1, Kind::kSkipLeft);
    skip(1, Kind::kSkipRight);
    for (std::ptrdiff_t offset = -1; offset >= -6 && inside(offset); --offset) {
      const std::string_view t = tag(offset);
      const bool governs = t == "TO" || t == "MD" || t == "DT" || t == "PRP" || t == "PRP$" ||
                           t == "POS" || t == "IN" || t.starts_with("VB") || t.starts_with("W");
      if (!governs) continue;
      syntactic(Kind::kGoverning, 0, t);
      syntactic(Kind::kGoverning, 1, word(offset));
      return;
    }
    syntactic(Kind::kGoverning, 2, "");
  }

  void skip(std::ptrdiff_t side, Kind kind) {
    std::ptrdiff_t offset = side;
    const auto pass = [&](std::string_view prefix) {
      while (std::abs(offset) < 6 && inside(offset) && tag(offset).starts_with(prefix)) {
        offset += side;
      }
    };
    pass("RB");
    syntactic(kind, 0, tag(offset));
    syntactic(kind, 1, word(offset));
    pass("JJ");
    syntactic(kind, 2, tag(offset));
    pass("NN");
    syntactic(kind, 3, tag(offset));
    syntactic(kind, 4, word(offset));
  }

  void topics() {
    for (std::ptrdiff_t offset = -kReach; offset <= kReach; ++offset) {
      if (offset == 0 || !inside(offset)) continue;
      const Unit& other = unit(offset);
      const bool near = std::abs(offset) <= kNear;
      if (near) topical(Kind::kWordNear, 0, word(offset));
      if (other.shape == WordShape::kMark) continue;
      if (other.size > 2) topical(Kind::kWordFar, 0, word(offset));
      const bool noun = tag(offset).starts_with("NN");
      if (noun && other.noun_topic != 0) {
        topical(Kind::kTopicFar, other.noun_topic, "n");
        if (near) topical(Kind::kTopicNear, other.noun_topic, "n");
        if (std::abs(offset) == 1) topical(Kind::kTopicNear, other.noun_topic, "1");
      }
      if (tag(offset).starts_with("VB") && other.verb_topic != 0) {
        topical(Kind::kVerbTopic, other.verb_topic, near ? "n" : "f");
      }
    }
  }

  const Tagger& tagger_;
  const TaggedSentence& sentence_;
  std::ptrdiff_t index_;
  HomographFeatures& out_;
};

std::string quoted(std::string_view word) { return "'" + std::string(word) + "'"; }

// "the next word", "2 words before", ...
std::string place(int offset) {
  if (offset == -1) return "the word before";
  if (offset == 1) return "the next word";
  return offset < 0 ? std::to_string(-offset) + " words before"
                    : std::to_string(offset) + " words on";
}

}  // namespace

bool is_telling(const HomographFeatures::Feature& feature) noexcept {
  const auto kind = static_cast<Kind>(feature.kind);
  return kind != Kind::kBias && kind != Kind::kPlace &&
         (kind != Kind::kGoverning || !feature.first.empty());
}

std::string describe(const HomographFeatures::Feature& feature) {
  switch (static_cast<Kind>(feature.kind)) {
    case Kind::kWordAt:
      return place(feature.number) + " " + quoted(feature.first);
    case Kind::kTagAt:
      return place(feature.number) + " is " + std::string(feature.first);
    case Kind::kWordPair:
    case Kind::kTagPair:
    case Kind::kTagTriple:
    case Kind::kWordTag:
      return "the neighbours " + quoted(feature.first) + " and " + quoted(feature.second);
    case Kind::kTag:
      return "tagged " + std::string(feature.first);
    case Kind::kWordNear:
    case Kind::kWordFar:
      return "near " + quoted(feature.first);
    case Kind::kSkipLeft:
    case Kind::kGoverning:
      return feature.first.empty() ? "" : "after " + quoted(feature.first);
    case Kind::kSkipRight:
      return "followed by " + quoted(feature.first);
    case Kind::kFit:
      return "what fits the grammar";
    case Kind::kShape:
      return "how it is written";
    case Kind::kTopicNear:
    case Kind::kTopicFar:
    case Kind::kVerbTopic:
      return "the topic";
    case Kind::kEndingAt:
      return place(feature.number) + " ends in " + quoted(feature.first);
    case Kind::kBias:
    case Kind::kPlace:
      break;
  }
  return "";
}

void find_features(const Tagger& tagger, const TaggedSentence& sentence, std::size_t index,
                   HomographFeatures& features) {
  Finder(tagger, sentence, index, features).run();
}

}  // namespace syrinx::text
