// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <string>

#include "syrinx/stages/text/alphabet/alphabet.h"
#include "syrinx/stages/text/ssml/shorthand.h"
#include "syrinx/stages/text/ssml/ssml.h"

namespace syrinx::text {
namespace {

std::string repeated(std::string_view piece, std::size_t bytes) {
  std::string out;
  while (out.size() < bytes) out += piece;
  return out;
}

void read_ssml(benchmark::State& state) {
  const std::string source =
      "<speak>" +
      repeated(
          "<p><s>Some words of an ordinary sentence, <emphasis>with</emphasis> a little "
          "markup in it &amp; <prosody rate=\"90%\">a change of rate</prosody>.</s></p>\n",
          static_cast<std::size_t>(state.range(0))) +
      "</speak>";
  for (auto _ : state) benchmark::DoNotOptimize(parse_ssml(source));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(source.size()));
}
BENCHMARK(read_ssml)->Arg(10'000)->Arg(100'000)->Arg(1'000'000);

void read_shorthand(benchmark::State& state) {
  const std::string source = repeated(
      "Some words with [a mark](/mɑːk/) and a pause [pause:300ms] in them, and [brackets] too. ",
      static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(parse_shorthand(source));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(source.size()));
}
BENCHMARK(read_shorthand)->Arg(10'000)->Arg(1'000'000);

// The dearest byte there is for what looks for the end of a mark.
void read_brackets_that_end_nowhere(benchmark::State& state) {
  const std::string source = repeated("[", static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(parse_shorthand(source));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(source.size()));
}
BENCHMARK(read_brackets_that_end_nowhere)->Arg(10'000)->Arg(1'000'000);

void convert_a_word(benchmark::State& state) {
  const Pronunciation word{PhonemeSet::kArpabet, "P R OW0 N AH2 N S IY0 EY1 SH AH0 N"};
  for (auto _ : state) {
    benchmark::DoNotOptimize(convert(word, PhonemeSet::kKokoro, Dialect::kUs));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(convert_a_word);

}  // namespace
}  // namespace syrinx::text
