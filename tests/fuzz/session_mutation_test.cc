// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "fuzz/mutator.h"
#include "fuzz/session_target.h"

namespace syrinx::fuzz {
namespace {

using ByteList = std::vector<std::uint8_t>;

std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

void add(ByteList& script, std::initializer_list<int> step) {
  for (const int byte : step) script.push_back(static_cast<std::uint8_t>(byte));
}

// A call of two seconds: packets of 20 ms, reports both ways, a digit, comfort noise, a hold, a
// switch of codec, something that comes back.
ByteList a_call(std::uint8_t choice) {
  ByteList script = {choice};
  for (int i = 0; i < 100; ++i) {
    add(script, {0, 16, 20, 0, 80, 0x55, 0, 2});
    if (i % 20 == 9) add(script, {12, 1, 1 + 2 * (i % 2), 20, 1, 2, 3, 0});
    if (i == 30) add(script, {9, 16, 0, 0, 5, 10, 3, 2, 9, 16, 0, 0, 5, 138, 6, 2});
    if (i == 40) add(script, {10, 16, 20, 0, 5, 60, 0, 3});
    if (i == 45) add(script, {13, 0, 0, 0, 0, 0, 0, 1, 13, 1, 0, 0, 0, 0, 0, 1});
    if (i == 50) add(script, {13, 3, 1, 0, 0, 0, 0, 1});
    if (i == 60) add(script, {15, 0, 0, 0, 0, 0, 0, 1});
    if (i == 70) add(script, {0, 16, 20, 6, 80, 0x55, 0, 2});
    if (i == 80) add(script, {14, 0, 0, 0, 12, 0, 0, 1, 128, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 9});
    if (i == 85) add(script, {13, 2, 20, 30, 0, 0, 0, 1});
  }
  add(script, {12, 2, 4, 0, 0, 0, 0, 5});
  return script;
}

std::vector<ByteString> seeds() {
  std::vector<ByteString> out;
  for (const int choice : {0, 1 + 16, 2 + 16 + 64, 3 + 32, 2}) {
    const ByteList script = a_call(static_cast<std::uint8_t>(choice));
    const auto bytes = std::as_bytes(std::span(script));
    out.emplace_back(bytes.begin(), bytes.end());
  }
  return out;
}

SessionOutcome outcome_of(const ByteString& bytes) {
  return play_to_session({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

// SYRINX_FUZZ_RUNS=100000 for the long run; SYRINX_FUZZ_FIRST to begin elsewhere.
TEST(SessionMutation, EveryScriptOfDatagramsIsPlayedAndKeepsEveryPromise) {
  const auto whole = seeds();
  const std::uint64_t first = number_from_environment("SYRINX_FUZZ_FIRST", 0);
  const std::uint64_t runs = number_from_environment("SYRINX_FUZZ_RUNS", 300);
  std::uint64_t packets = 0;
  std::uint64_t reports = 0;
  std::uint64_t refused = 0;
  for (std::uint64_t run = first; run < first + runs; ++run) {
    const SessionOutcome outcome = outcome_of(mutate(whole, run));
    EXPECT_EQ(outcome.broken, "") << "again with SYRINX_FUZZ_FIRST=" << run
                                  << " SYRINX_FUZZ_RUNS=1";
    packets += outcome.packets;
    reports += outcome.reports;
    refused += outcome.refused;
  }
  std::cout << runs << " mutants: " << packets << " packets and " << reports << " reports taken, "
            << refused << " datagrams refused\n";
  if (runs < 300) return;
  EXPECT_GT(packets, 10 * runs);
  EXPECT_GT(reports, runs);
  EXPECT_GT(refused, runs / 10);
}

TEST(SessionMutation, TheSeedsAreCalls) {
  for (const ByteString& seed : seeds()) {
    const SessionOutcome outcome = outcome_of(seed);
    EXPECT_EQ(outcome.broken, "");
    EXPECT_GT(outcome.packets, 90u);
    EXPECT_GE(outcome.reports, 5u);
    EXPECT_GE(outcome.refused, 1u);
  }
}

}  // namespace
}  // namespace syrinx::fuzz
