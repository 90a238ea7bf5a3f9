// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/mutator.h"
#include "fuzz/ssml_target.h"

namespace syrinx::fuzz {
namespace {

constexpr double kMaxSecondsEach = 5.0;  // Thousands of times the usual; a busy machine gets there.

std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// The corpus that libFuzzer begins with too.
std::vector<std::string> read_seeds() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(SYRINX_SSML_CORPUS)) {
    paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());  // The same runs on every machine.
  std::vector<std::string> seeds;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return seeds;
}

// Tags and the text between them.
std::vector<std::string> tokens_of(const std::string& source) {
  std::vector<std::string> tokens;
  for (std::size_t at = 0; at < source.size();) {
    const std::size_t next = source[at] == '<' ? source.find('>', at) : source.find('<', at);
    const std::size_t end =
        next == std::string::npos ? source.size() : next + (source[at] == '<' ? 1 : 0);
    tokens.push_back(source.substr(at, end - at));
    at = end;
  }
  return tokens;
}

// Bytes changed blindly are rarely XML: this changes whole tags, texts and attributes' values.
std::string mutate_tokens(const std::vector<std::string>& seeds, std::uint64_t run) {
  static constexpr std::string_view kPieces[] = {"<p>x</p>",
                                                 "<break time=\"60s\"/>",
                                                 "<sub alias=\"\">y</sub>",
                                                 "<w/>",
                                                 "&amp;",
                                                 "<phoneme ph=\"a\"/>",
                                                 "<s/>",
                                                 "\r\n",
                                                 "[pause:2s]",
                                                 "<syrinx:emotion name=\"\">z</syrinx:emotion>",
                                                 "<![CDATA[]]>",
                                                 "<desc/>",
                                                 "<audio/>",
                                                 "\xF0\x9F\x98\x80"};
  static constexpr std::string_view kValues[] = {"",
                                                 "0",
                                                 "-1",
                                                 "1e9",
                                                 "99999999999999999999",
                                                 "+100%",
                                                 "-100%",
                                                 "+9999st",
                                                 "0.0000001s",
                                                 "NaN",
                                                 "(0%,+1st)",
                                                 "(100%,-1st)(0%,+1st)",
                                                 "default",
                                                 "0%",
                                                 "-0",
                                                 "ˈ",
                                                 "t͡",
                                                 "+0Hz",
                                                 "\xC3\xA9"};
  std::mt19937_64 random(run);
  const auto any = [&](const auto& list) -> const auto& {
    return list[random() % std::size(list)];
  };
  std::vector<std::string> tokens = tokens_of(any(seeds));
  for (std::size_t changes = 1 + random() % 4; changes > 0 && !tokens.empty(); --changes) {
    const std::size_t at = random() % tokens.size();
    const auto place = tokens.begin() + static_cast<std::ptrdiff_t>(at);
    std::string& token = *place;
    const std::size_t quote = token.find('"');
    const std::size_t close = quote == std::string::npos ? quote : token.find('"', quote + 1);
    switch (random() % 5) {
      case 0:
        tokens.insert(place, std::string(any(kPieces)));
        break;
      case 1:
        if (token[0] != '<') tokens.erase(place);
        break;
      case 2:
      case 3:
        if (close != std::string::npos) token.replace(quote + 1, close - quote - 1, any(kValues));
        break;
      default:
        tokens.insert(place, any(tokens_of(any(seeds))));
    }
  }
  std::string out;
  for (const std::string& token : tokens) out += token;
  return out;
}

std::string mutate_bytes(const std::vector<std::string>& seeds, std::uint64_t run) {
  std::vector<ByteString> byte_seeds;
  for (const std::string& seed : seeds) {
    const auto bytes = std::as_bytes(std::span(seed));
    byte_seeds.emplace_back(bytes.begin(), bytes.end());
  }
  const ByteString mutant = mutate(byte_seeds, run);
  return {reinterpret_cast<const char*>(mutant.data()), mutant.size()};
}

// SYRINX_FUZZ_RUNS=100000 for the long run; SYRINX_FUZZ_FIRST to begin elsewhere.
TEST(SsmlMutation, EveryMutantIsReadOrRefusedWithItsPlace) {
  const auto seeds = read_seeds();
  ASSERT_GE(seeds.size(), 8u);
  const std::uint64_t first = number_from_environment("SYRINX_FUZZ_FIRST", 0);
  const std::uint64_t runs = number_from_environment("SYRINX_FUZZ_RUNS", 3'000);
  std::uint64_t read = 0;
  double slowest_s = 0;
  for (std::uint64_t run = first; run < first + runs; ++run) {
    const std::string mutant = run % 3 == 0 ? mutate_bytes(seeds, run) : mutate_tokens(seeds, run);
    const auto start = std::chrono::steady_clock::now();
    const SsmlOutcome outcome = read_as_speech_markup(mutant);
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    EXPECT_EQ(outcome.broken, "") << "run " << run << ": " << mutant
                                  << "\nagain with SYRINX_FUZZ_FIRST=" << run
                                  << " SYRINX_FUZZ_RUNS=1";
    EXPECT_LT(seconds, kMaxSecondsEach) << "run " << run;
    slowest_s = std::max(slowest_s, seconds);
    read += outcome.is_ssml ? 1 : 0;
  }
  std::cout << runs << " mutants: " << read << " read as SSML, the others refused; slowest "
            << slowest_s << " s\n";
  if (runs >= 3'000) {
    EXPECT_GT(read, runs / 10) << "mutants that are all refused test little";
    EXPECT_LT(read, runs * 9 / 10) << "mutants that are all read test little";
  }
}

TEST(SsmlMutation, TheSeedsAreReadButForThoseThatShowARefusal) {
  std::size_t read = 0;
  for (const std::string& seed : read_seeds()) {
    const SsmlOutcome outcome = read_as_speech_markup(seed);
    EXPECT_EQ(outcome.broken, "") << seed;
    read += outcome.is_ssml ? 1 : 0;
  }
  EXPECT_EQ(read, 6u) << "all but the document type and the plain text";
}

}  // namespace
}  // namespace syrinx::fuzz
