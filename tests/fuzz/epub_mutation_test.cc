// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <random>
#include <span>
#include <string>

#include "fuzz/epub_target.h"
#include "fuzz/mutator.h"
#include "support/epub_file.h"

namespace syrinx::fuzz {
namespace {

ByteString bytes_of(const std::string& text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

std::string text_of(const ByteString& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Every other mutant is an archive whose checksums are right and one of whose files is damaged, so
// that the damage reaches the readers of XML; the rest are archives that are damaged themselves.
std::string mutant_of(std::uint64_t run) {
  support::EpubParts parts = support::small_epub();
  if (run % 2 == 0) return text_of(mutate({bytes_of(support::make_zip(parts))}, run));
  std::mt19937_64 random(run);
  auto& [name, contents] = parts[1 + random() % (parts.size() - 1)];
  const auto other = parts[1 + random() % (parts.size() - 1)].second;
  contents = text_of(mutate({bytes_of(contents), bytes_of(other)}, run));
  if (random() % 16 == 0) name = "../" + name;
  return support::make_zip(parts);
}

std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// SYRINX_FUZZ_RUNS=100000 for the long run; SYRINX_FUZZ_FIRST to begin elsewhere.
TEST(EpubMutation, EveryMutantIsReadOrRefusedWithASentence) {
  const std::uint64_t first = number_from_environment("SYRINX_FUZZ_FIRST", 0);
  const std::uint64_t runs = number_from_environment("SYRINX_FUZZ_RUNS", 4'000);
  std::uint64_t read = 0;
  for (std::uint64_t run = first; run < first + runs; ++run) {
    const EpubOutcome outcome = read_as_epub(mutant_of(run));
    EXPECT_EQ(outcome.broken, "") << "again with SYRINX_FUZZ_FIRST=" << run
                                  << " SYRINX_FUZZ_RUNS=1";
    read += outcome.is_epub ? 1 : 0;
  }
  std::cout << runs << " mutants: " << read << " read as EPUB, the others refused\n";
  if (runs >= 4'000) {
    EXPECT_GT(read, runs / 10) << "mutants that are all refused test little";
    EXPECT_LT(read, runs * 9 / 10) << "mutants that are all read test little";
  }
}

TEST(EpubMutation, TheSeedIsRead) {
  EXPECT_TRUE(read_as_epub(support::make_zip(support::small_epub())).is_epub);
}

}  // namespace
}  // namespace syrinx::fuzz
