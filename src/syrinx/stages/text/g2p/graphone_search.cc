// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/g2p/graphone_search.h"

#include <algorithm>
#include <bitset>

namespace syrinx::text {
namespace {

constexpr std::uint32_t kNoTrace = 0xFFFFFFFF;
constexpr std::uint32_t kNoCost = 0xFFFFFFFF / 2;
constexpr std::uint32_t kNotAsked = 0xFFFFFFFF;  // Of a node: nobody has looked for it yet.
constexpr std::uint32_t kNoNode = 0xFFFFFFFE;    // Only in a file that training did not make.

// A symbol, the one before it, and the n-grams that end here: nodes[n - 1] is the one of n symbols,
// up to `length`. Most of the shorter ones are never needed, so they are found when they are.
struct Trace {
  std::uint32_t before = kNoTrace;
  std::uint8_t symbol = 0;
  std::uint8_t length = 0;
  std::array<std::uint32_t, kMaxGraphoneOrder> nodes{};
};

struct Beginning {
  std::uint32_t cost = 0;
  std::uint32_t trace = 0;  // Its last symbol.
};

// One more symbol for one beginning.
struct Step {
  std::uint32_t cost = 0;
  std::uint32_t order = 0;  // As they were found: of two that cost the same the first is taken.
  std::uint16_t from = 0;   // Which beginning.
  std::uint8_t symbol = 0;
  std::uint8_t length = 0;  // Of the longest n-gram that ends with the symbol ...
  std::uint32_t node = 0;   // ... and which it is.
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
  Trace trace_of(const Step& step);
  std::uint32_t node_of(std::uint32_t trace, std::size_t length);
  std::uint32_t found_node(const Trace& trace, std::size_t length);
  bool is_known(const Trace& trace) const;

  const GraphoneTrie& trie_;
  GraphoneBeam limits_;
  std::vector<Beginning> beam_, before_;
  std::vector<Step> steps_;
  std::uint32_t least_ = kNoCost;  // Of the steps.
  std::vector<Trace> traces_;
};

void Search::start() {
  Trace trace;
  trace.symbol = kGraphoneStart;
  const GraphoneRange at = trie_.continuations(0, 0, {kGraphoneStart, kGraphoneStart + 1});
  if (at.begin < at.end) {
    trace.length = 1;
    trace.nodes[0] = at.begin;
  }
  traces_.push_back(trace);
  beam_.push_back({});
}

// The n-gram of `length` symbols (1 or more) that ends with a trace's symbol, or kNoNode.
std::uint32_t Search::node_of(std::uint32_t trace, std::size_t length) {
  if (traces_[trace].nodes[length - 1] == kNotAsked)
    traces_[trace].nodes[length - 1] = found_node(traces_[trace], length);
  return traces_[trace].nodes[length - 1];
}

std::uint32_t Search::found_node(const Trace& trace, std::size_t length) {
  const std::uint32_t shorter = length == 1 ? 0 : node_of(trace.before, length - 1);
  if (shorter == kNoNode) return kNoNode;
  const GraphoneRange at =
      trie_.continuations(length - 1, shorter, {trace.symbol, std::uint32_t{trace.symbol} + 1});
  return at.begin == at.end ? kNoNode : at.begin;
}

// Every symbol of the range, each by the longest n-gram that there is; shorter ones cost backoff.
void Search::extend(std::size_t index, GraphoneRange symbols) {
  const std::uint32_t trace = beam_[index].trace;
  std::bitset<256> seen;
  std::uint32_t cost = beam_[index].cost;
  for (std::size_t n = std::size_t{traces_[trace].length} + 1; n-- > 0;) {
    if (cost > least_ + limits_.depth) break;  // Nothing shorter can be likelier.
    const std::uint32_t node = n == 0 ? 0 : node_of(trace, n);
    if (node == kNoNode) continue;
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
                        static_cast<std::uint16_t>(index), symbol, static_cast<std::uint8_t>(n + 1),
                        at});
    }
    if (n > 0) cost += trie_.level(n).backoffs[node];
  }
}

// What continues by one n-gram of the order's length knows all but its first symbol.
Trace Search::trace_of(const Step& step) {
  Trace trace;
  trace.before = before_[step.from].trace;
  trace.symbol = step.symbol;
  trace.length = static_cast<std::uint8_t>(std::min<std::size_t>(step.length, trie_.order() - 1));
  trace.nodes.fill(kNotAsked);
  if (trace.length == 0) return trace;  // A model of single symbols.
  trace.nodes[trace.length - 1u] =
      step.length == trace.length ? step.node : found_node(trace, trace.length);
  return trace;
}

bool Search::is_known(const Trace& trace) const {
  return std::any_of(beam_.begin(), beam_.end(), [&](const Beginning& one) {
    const Trace& other = traces_[one.trace];
    return other.length == trace.length &&
           (trace.length == 0 || other.nodes[trace.length - 1u] == trace.nodes[trace.length - 1u]);
  });
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
    const Trace trace = trace_of(step);
    if (is_known(trace)) continue;
    traces_.push_back(trace);
    beam_.push_back({step.cost, static_cast<std::uint32_t>(traces_.size() - 1)});
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
