// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/espeak_words.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "syrinx/stages/text/alphabet/alphabet.h"
#include "syrinx/stages/text/alphabet/voice_symbols.h"

namespace syrinx::tts {
namespace {

// The most words that espeak-ng says as one, and the most groups that it makes of a word ("www").
constexpr std::size_t kMostTogether = 6;

// Letters that tell sounds apart: stress, length and spaces do not.
std::string bare(std::string_view ipa) {
  std::string out;
  for (std::size_t at = 0; at < ipa.size();) {
    const std::string_view rest = ipa.substr(at);
    bool dropped = false;
    for (const std::string_view mark : {"ˈ", "ˌ", "ː", " "}) {
      if (!rest.starts_with(mark)) continue;
      at += mark.size();
      dropped = true;
      break;
    }
    if (!dropped) out += ipa[at++];
  }
  return out;
}

// Edit distance in bytes, which is enough to tell which of a few words it is.
double distance(std::string_view a, std::string_view b) {
  std::vector<double> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<double>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    double diagonal = std::exchange(row[0], static_cast<double>(i));
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const double replaced = diagonal + (a[i - 1] == b[j - 1] ? 0.0 : 1.0);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1.0, row[j - 1] + 1.0});
    }
  }
  return row[b.size()];
}

std::string joined(const std::vector<std::string>& parts, std::size_t begin, std::size_t end) {
  std::string whole;
  for (std::size_t i = begin; i < end; ++i) whole += parts[i];
  return whole;
}

std::vector<std::string> split_groups(const std::vector<text::EspeakClause>& clauses) {
  std::vector<std::string> groups;
  for (const text::EspeakClause& clause : clauses) {
    for (std::size_t at = 0; at < clause.ipa.size();) {
      const std::size_t end = std::min(clause.ipa.find(' ', at), clause.ipa.size());
      if (end > at) groups.push_back(clause.ipa.substr(at, end - at));
      at = end + 1;
    }
  }
  return groups;
}

std::string reference_of(const SpokenWord& word) {
  if (word.pronunciation) {
    auto ipa = text::convert(*word.pronunciation, PhonemeSet::kIpa, text::Dialect::kUs);
    if (ipa) return bare(ipa.value().symbols);
  }
  return word.text;
}

bool is_the_authors(const SpokenWord& word) {
  return word.pronunciation &&
         (word.decided_by == "markup" || word.decided_by.starts_with("lexicon "));
}

// What we know better than espeak-ng: the letter "A" is no article, and which "read" it is.
bool is_ours(const SpokenWord& word) {
  return word.pronunciation && (word.is_letter_name || word.decided_by.starts_with("homograph"));
}

void spell(SpokenWord& word) {
  word.pronunciation->symbols = text::espeak_spelling(word.pronunciation->symbols);
}

void decompose(SpokenWord& word) {
  if (word.pronunciation && word.pronunciation->set == PhonemeSet::kIpa)
    word.pronunciation->symbols = text::piper_spelling(word.pronunciation->symbols);
}

}  // namespace

void spell_like_espeak(std::vector<SpokenToken>& tokens) {
  for (SpokenToken& token : tokens) {
    for (SpokenWord& word : token.words) {
      if (word.pronunciation && !is_the_authors(word)) spell(word);
      decompose(word);
    }
  }
}

std::vector<std::size_t> match_groups(const std::vector<std::string>& words,
                                      const std::vector<std::string>& groups) {
  std::vector<std::size_t> first(groups.size());
  for (std::size_t g = 0; g < groups.size(); ++g) first[g] = std::min(g, words.size() - 1);
  if (words.size() == groups.size() || words.empty()) return first;
  // best[w][g]: the least cost of words [0, w) being groups [0, g), and by which last step.
  struct Step {
    double cost = std::numeric_limits<double>::infinity();
    std::size_t words = 0;
    std::size_t groups = 0;
  };
  const std::size_t columns = groups.size() + 1;
  std::vector<Step> best((words.size() + 1) * columns);
  best[0].cost = 0;
  for (std::size_t w = 0; w <= words.size(); ++w) {
    for (std::size_t g = 0; g <= groups.size(); ++g) {
      const double so_far = best[w * columns + g].cost;
      const auto step = [&](std::size_t dw, std::size_t dg) {
        if (w + dw > words.size() || g + dg > groups.size()) return;
        const double cost = so_far + 0.5 * static_cast<double>(dw + dg) +
                            distance(joined(words, w, w + dw), joined(groups, g, g + dg));
        Step& there = best[(w + dw) * columns + g + dg];
        if (cost < there.cost) there = {cost, dw, dg};
      };
      if (so_far == std::numeric_limits<double>::infinity()) continue;
      step(1, 0);
      for (std::size_t n = 1; n <= kMostTogether; ++n) step(n, 1);
      for (std::size_t n = 2; n <= kMostTogether; ++n) step(1, n);
    }
  }
  for (std::size_t w = words.size(), g = groups.size(); g > 0 || w > 0;) {
    const Step& last = best[w * columns + g];
    if (last.words == 0 && last.groups == 0) return first;  // No way through: more than 6 to 1.
    w -= last.words;
    g -= last.groups;
    for (std::size_t i = 0; i < last.groups; ++i) first[g + i] = w;
  }
  return first;
}

Result<void> pronounce_by_espeak(const text::Espeak& espeak, std::string_view voice,
                                 std::vector<SpokenToken>& tokens) {
  std::vector<SpokenWord*> words;
  std::vector<std::string> references;
  for (SpokenToken& token : tokens) {
    for (SpokenWord& word : token.words) {
      words.push_back(&word);
      references.push_back(reference_of(word));
    }
  }
  if (words.empty()) return {};
  SYRINX_ASSIGN(const auto clauses, espeak.phonemise(voice, plain_words(tokens)));
  const std::vector<std::string> groups = split_groups(clauses);
  if (groups.empty()) return {};
  std::vector<std::string> bare_groups;
  for (const std::string& group : groups) bare_groups.push_back(bare(group));
  const std::vector<std::size_t> first = match_groups(references, bare_groups);
  std::vector<std::string> said(words.size());
  for (std::size_t g = 0; g < groups.size(); ++g)
    said[first[g]] += (said[first[g]].empty() ? "" : " ") + groups[g];
  for (std::size_t w = first.front(), g = 0; w < words.size(); ++w) {
    while (g + 1 < first.size() && first[g + 1] <= w) ++g;
    if (is_the_authors(*words[w])) continue;
    if (is_ours(*words[w])) {
      spell(*words[w]);
      continue;
    }
    words[w]->pronunciation = Pronunciation{PhonemeSet::kIpa, said[w]};
    words[w]->decided_by = said[w].empty() ? "espeak-ng, with the word before" : "espeak-ng";
  }
  for (SpokenWord* word : words) decompose(*word);
  return {};
}

}  // namespace syrinx::tts
