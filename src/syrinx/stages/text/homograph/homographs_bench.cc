// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "syrinx/stages/text/homograph/homographs.h"

namespace syrinx::text {
namespace {

// A sentence of 15 words, two of which are homographs: more than common text has.
std::vector<SpokenToken> sentence() {
  std::vector<SpokenToken> tokens;
  for (const char* word : {"The", "committee", "decided", "to", "record", "every", "meeting",
                           "that", "was", "held", "in", "the", "house", "near", "Berlin", "."}) {
    SpokenToken token;
    token.written = word;
    if (*word != '.') token.words.resize(1);
    if (*word != '.') token.words[0].text = word;
    tokens.push_back(token);
  }
  return tokens;
}

void tag_and_choose(benchmark::State& state) {
  const std::vector<SpokenToken> fresh = sentence();
  std::size_t bytes = 0;
  for (const SpokenToken& token : fresh) bytes += token.written.size() + 1;
  for (auto _ : state) {
    std::vector<SpokenToken> tokens = fresh;
    benchmark::DoNotOptimize(Homographs::english().decide(tokens));
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
}
BENCHMARK(tag_and_choose);

}  // namespace
}  // namespace syrinx::text
