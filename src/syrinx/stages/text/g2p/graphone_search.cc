// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/g2p/graphone_search.h"

#include <algorithm>
#include <bitset>

namespace syrinx::text {
namespace {

constexpr std::size_t kBeamWidth = 32;
constexpr float kBeamDepth = 9.0F;  // Beginnings less likely than the best by e^-9 are dropped.
constexpr float kStep = -1.0F / 16;
constexpr std::uint32_t kNoTrace = 0xFFFFFFFF;

// The n-grams that a beginning ends with: nodes[n - 1] is the one of n symbols, up to `length`.
struct Context {
  std::uint8_t length = 0;
  std::array<std::uint32_t, kMaxGraphoneOrder> nodes{};

  bool same_as(const Context& other) const noexcept {
    return length == other.length && (length == 0 || nodes[length - 1] == other.nodes[length - 1]);
  }
};

struct Beginning {
  float score = 0;
  std::uint32_t trace = kNoTrace;  // Its last symbol, and the one before, ...
  Context context;
};

struct Trace {
  std::uint32_t before = kNoTrace;
  std::uint8_t symbol = 0;
};

// One more symbol for one beginning: its score and in which n-gram of each length it ends.
struct Step {
  float score = 0;
  std::uint32_t from = 0;  // Which beginning.
  std::uint8_t symbol = 0;
  Context context;
};

class Search {
 public:
  explicit Search(const GraphoneTrie& trie) : trie_(trie) { start(); }

  void advance(GraphoneRange symbols) {
    steps_.clear();
    for (std::uint32_t i = 0; i < beam_.size(); ++i) extend(i, symbols);
    choose();
  }
  std::vector<GraphoneReading> readings(std::size_t most) const;

 private:
  void start();
  void extend(std::uint32_t index, GraphoneRange symbols);
  void choose();
  bool is_known(const Step& step) const;

  const GraphoneTrie& trie_;
  std::vector<Beginning> beam_;
  std::vector<Step> steps_;
  std::vector<Trace> traces_;
};

void Search::start() {
  Beginning beginning;
  const GraphoneRange at = trie_.continuations(0, 0, {kGraphoneStart, kGraphoneStart + 1});
  if (at.begin < at.end) beginning.context = {1, {at.begin}};
  beam_.push_back(beginning);
}

// Every symbol of the range, each by the longest n-gram that there is; shorter ones cost backoff.
void Search::extend(std::uint32_t index, GraphoneRange symbols) {
  const Context& context = beam_[index].context;
  std::array<Step*, 256> made{};
  std::bitset<256> seen;
  const std::size_t first_step = steps_.size();
  steps_.reserve(first_step + 256);
  float score = beam_[index].score;
  std::size_t longest = std::min<std::size_t>(context.length, trie_.order() - 1);
  for (std::size_t n = longest + 1; n-- > 0;) {
    const std::uint32_t node = n == 0 ? 0 : context.nodes[n - 1];
    const GraphoneRange range = trie_.continuations(n, node, symbols);
    const GraphoneLevel& level = trie_.level(n + 1);
    for (std::uint32_t at = range.begin; at < range.end; ++at) {
      const std::uint8_t symbol = level.symbols[at];
      if (!seen[symbol]) {
        seen.set(symbol);
        Step step;
        step.score = score + kStep * static_cast<float>(level.chances[at]);
        step.from = index;
        step.symbol = symbol;
        step.context.length = static_cast<std::uint8_t>(std::min(n + 1, trie_.order() - 1));
        steps_.push_back(step);
        made[symbol] = &steps_.back();
      }
      if (n + 1 < trie_.order()) made[symbol]->context.nodes[n] = at;
    }
    if (n > 0) score += kStep * static_cast<float>(trie_.level(n).backoffs[node]);
  }
}

bool Search::is_known(const Step& step) const {
  return std::any_of(beam_.begin(), beam_.end(),
                     [&](const Beginning& one) { return one.context.same_as(step.context); });
}

void Search::choose() {
  std::vector<Beginning> before;
  before.swap(beam_);
  std::stable_sort(steps_.begin(), steps_.end(),
                   [](const Step& a, const Step& b) { return a.score > b.score; });
  for (const Step& step : steps_) {
    if (beam_.size() == kBeamWidth || step.score < steps_.front().score - kBeamDepth) break;
    if (is_known(step)) continue;
    traces_.push_back({before[step.from].trace, step.symbol});
    beam_.push_back({step.score, static_cast<std::uint32_t>(traces_.size() - 1), step.context});
  }
}

std::vector<GraphoneReading> Search::readings(std::size_t most) const {
  std::vector<GraphoneReading> readings;
  for (const Beginning& ending : beam_) {
    if (readings.size() == most) break;
    GraphoneReading reading{{}, ending.score};
    for (std::uint32_t at = ending.trace; at != kNoTrace; at = traces_[at].before) {
      if (traces_[at].symbol >= kGraphoneEnd) continue;
      const GraphonePhones& phones = trie_.phones(traces_[at].symbol);
      for (std::size_t i = phones.count; i-- > 0;) reading.codes.push_back(phones.codes[i]);
    }
    std::reverse(reading.codes.begin(), reading.codes.end());
    readings.push_back(std::move(reading));
  }
  return readings;
}

}  // namespace

std::vector<GraphoneReading> search_graphones(const GraphoneTrie& trie, std::string_view word,
                                              std::size_t most) {
  Search search(trie);
  bool has_letter = false;
  for (const char letter : word) {
    const GraphoneRange symbols = trie.symbols_of(letter);
    if (symbols.begin == symbols.end) continue;
    has_letter = true;
    search.advance(symbols);
  }
  if (!has_letter) return {};
  search.advance({kGraphoneEnd, kGraphoneEnd + 1});
  return search.readings(most);
}

}  // namespace syrinx::text
