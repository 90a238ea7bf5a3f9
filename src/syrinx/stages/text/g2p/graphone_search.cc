// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/g2p/graphone_search.h"

#include <algorithm>
#include <bitset>

namespace syrinx::text {
namespace {

constexpr std::uint32_t kNoTrace = 0xFFFFFFFF;
constexpr std::uint32_t kNoCost = 0xFFFFFFFF / 2;

// The n-grams that a beginning ends with: nodes[n - 1] is the one of n symbols, up to `length`.
struct Context {
  std::uint8_t length = 0;
  std::array<std::uint32_t, kMaxGraphoneOrder> nodes{};

  bool same_as(const Context& other) const noexcept {
    return length == other.length && (length == 0 || nodes[length - 1] == other.nodes[length - 1]);
  }
};

struct Beginning {
  std::uint32_t cost = 0;
  std::uint32_t trace = kNoTrace;  // Its last symbol, and the one before, ...
  Context context;
};

struct Trace {
  std::uint32_t before = kNoTrace;
  std::uint8_t symbol = 0;
};

// One more symbol for one beginning.
struct Step {
  std::uint32_t cost = 0;
  std::uint32_t order = 0;  // As they were found: of two that cost the same the first is taken.
  std::uint16_t from = 0;   // Which beginning.
  std::uint8_t symbol = 0;
  std::uint8_t length = 0;  // Of the longest n-gram that ends with the symbol.
};

class Search {
 public:
  Search(const GraphoneTrie& trie, GraphoneBeam limits) : trie_(trie), limits_(limits) { start(); }

  void advance(GraphoneRange symbols) {
    steps_.clear();
    least_ = kNoCost;
    for (std::size_t i = 0; i < beam_.size(); ++i) extend(i, symbols);
    choose();
  }
  std::vector<GraphoneReading> readings(std::size_t most) const;

 private:
  void start();
  void extend(std::size_t index, GraphoneRange symbols);
  void choose();
  Context context_after(const Context& before, const Step& step) const;
  bool is_known(const Context& context) const;

  const GraphoneTrie& trie_;
  GraphoneBeam limits_;
  std::vector<Beginning> beam_, before_;
  std::vector<Step> steps_;
  std::uint32_t least_ = kNoCost;  // Of the steps.
  std::vector<Trace> traces_;
};

void Search::start() {
  Beginning beginning;
  const GraphoneRange at = trie_.continuations(0, 0, {kGraphoneStart, kGraphoneStart + 1});
  if (at.begin < at.end) beginning.context = {1, {at.begin}};
  beam_.push_back(beginning);
}

// Every symbol of the range, each by the longest n-gram that there is; shorter ones cost backoff.
void Search::extend(std::size_t index, GraphoneRange symbols) {
  const Context& context = beam_[index].context;
  std::bitset<256> seen;
  std::uint32_t cost = beam_[index].cost;
  for (std::size_t n = std::min<std::size_t>(context.length, trie_.order() - 1) + 1; n-- > 0;) {
    if (cost > least_ + limits_.depth) break;  // Nothing shorter can be likelier.
    const std::uint32_t node = n == 0 ? 0 : context.nodes[n - 1];
    const GraphoneRange range = trie_.continuations(n, node, symbols);
    const GraphoneLevel& level = trie_.level(n + 1);
    for (std::uint32_t at = range.begin; at < range.end; ++at) {
      const std::uint8_t symbol = level.symbols[at];
      if (seen[symbol]) continue;
      seen.set(symbol);
      const std::uint32_t here = cost + level.chances[at];
      if (here > least_ + limits_.depth) continue;
      least_ = std::min(least_, here);
      steps_.push_back({here, static_cast<std::uint32_t>(steps_.size()),
                        static_cast<std::uint16_t>(index), symbol,
                        static_cast<std::uint8_t>(n + 1)});
    }
    if (n > 0) cost += trie_.level(n).backoffs[node];
  }
}

// The n-grams of all lengths that end with the step's symbol.
Context Search::context_after(const Context& before, const Step& step) const {
  Context context;
  const std::size_t longest = std::min<std::size_t>(step.length, trie_.order() - 1);
  for (std::size_t n = 0; n < longest; ++n) {
    const std::uint32_t node = n == 0 ? 0 : before.nodes[n - 1];
    const GraphoneRange at =
        trie_.continuations(n, node, {step.symbol, std::uint32_t{step.symbol} + 1});
    if (at.begin == at.end) break;  // Only in a file that training did not make.
    context.nodes[n] = at.begin;
    context.length = static_cast<std::uint8_t>(n + 1);
  }
  return context;
}

bool Search::is_known(const Context& context) const {
  return std::any_of(beam_.begin(), beam_.end(),
                     [&](const Beginning& one) { return one.context.same_as(context); });
}

void Search::choose() {
  before_.swap(beam_);
  beam_.clear();
  const std::uint32_t most = least_ + limits_.depth;
  steps_.erase(std::remove_if(steps_.begin(), steps_.end(),
                              [most](const Step& step) { return step.cost > most; }),
               steps_.end());
  const auto likelier = [](const Step& a, const Step& b) {
    return a.cost != b.cost ? a.cost < b.cost : a.order < b.order;
  };
  // Most of the steps are never looked at: order the first, and the others only if they are.
  std::size_t ordered = std::min(steps_.size(), 3 * limits_.width);
  const auto first_unordered = steps_.begin() + static_cast<std::ptrdiff_t>(ordered);
  std::partial_sort(steps_.begin(), first_unordered, steps_.end(), likelier);
  for (std::size_t i = 0; i < steps_.size() && beam_.size() < limits_.width; ++i) {
    if (i == ordered) std::sort(first_unordered, steps_.end(), likelier);
    const Step& step = steps_[i];
    const Context context = context_after(before_[step.from].context, step);
    if (is_known(context)) continue;
    traces_.push_back({before_[step.from].trace, step.symbol});
    beam_.push_back({step.cost, static_cast<std::uint32_t>(traces_.size() - 1), context});
  }
}

std::vector<GraphoneReading> Search::readings(std::size_t most) const {
  std::vector<GraphoneReading> readings;
  for (const Beginning& ending : beam_) {
    if (readings.size() == most) break;
    GraphoneReading reading{{}, ending.cost};
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
                                              std::size_t most, GraphoneBeam beam) {
  Search search(trie, beam);
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
