// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/mutator.h"
#include "fuzz/voice_target.h"

namespace syrinx::fuzz {
namespace {

std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

const std::vector<std::string>& texts() {
  static const std::vector<std::string> all = {
      R"({"audio": {"sample_rate": 22050}, "espeak": {"voice": "en-us"}, "num_speakers": 2,
          "speaker_id_map": {"a": 0, "b": 1}, "phoneme_map": {"x": ["k", "s"]},
          "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
          "phoneme_id_map": {"_": [0], "^": [1], "$": [2], " ": [3], "a": [14, 15], "ç": [41]}})",
      R"({"audio": {"sample_rate": 16000}, "phoneme_type": "text", "hop_length": 200,
          "phoneme_id_map": {"_": [0], "^": [1], "$": [2], ",": [8], "k": [9], "s": [10]}})",
      R"({"voices": {"narrator": {"voice": "af_heart(2)+am_adam", "rate": 0.95},
                     "slt": {"pitch_semitones": -1, "volume_db": 3}}})",
      "af_heart(2)+am_adam(0.5)-bf_emma",
      "h\xC9\x99l\xCB\x88o\xCA\x8A (fr)\xCA\x83(en-us)a",
  };
  return all;
}

// Bytes changed blindly are rarely JSON: this puts other values for whole values.
std::string mutate_values(std::uint64_t run) {
  static constexpr std::string_view kValues[] = {
      "0",    "-1",         "1",          "0.5",  "1e9",         "1e400",   "22050",
      "\"\"", "\"text\"",   "\"espeak\"", "[]",   "[1, 2]",      "[\"k\"]", "[[[]]]",
      "{}",   "{\"a\": 1}", "null",       "true", "\"\xC3\xA7\""};
  std::mt19937_64 random(run);
  std::string text = texts()[random() % 3];
  for (std::size_t changes = 1 + random() % 2; changes > 0; --changes) {
    std::vector<std::size_t> colons;
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (text[at] == ':') colons.push_back(at);
    }
    if (colons.empty()) break;
    const std::size_t begin = colons[random() % colons.size()] + 2;
    const std::size_t end = std::min(text.find_first_of(",}]", begin), text.size());
    if (begin < end) text.replace(begin, end - begin, kValues[random() % std::size(kValues)]);
  }
  return text;
}

std::vector<ByteString> seeds() {
  std::vector<ByteString> all;
  for (const std::string& text : texts()) {
    const auto bytes = std::as_bytes(std::span(text));
    all.emplace_back(bytes.begin(), bytes.end());
  }
  return all;
}

// SYRINX_FUZZ_RUNS=100000 for the long run; SYRINX_FUZZ_FIRST to begin elsewhere.
TEST(VoiceMutation, EveryMutantIsReadOrRefusedWithASentence) {
  const std::uint64_t first = number_from_environment("SYRINX_FUZZ_FIRST", 0);
  const std::uint64_t runs = number_from_environment("SYRINX_FUZZ_RUNS", 20'000);
  const auto all = seeds();
  std::uint64_t settings = 0;
  for (std::uint64_t run = first; run < first + runs; ++run) {
    const ByteString bytes = mutate(all, run);
    const std::string mutant =
        run % 2 == 0 ? mutate_values(run)
                     : std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    const VoiceOutcome outcome = read_as_voice(mutant);
    ASSERT_EQ(outcome.broken, "") << "run " << run;
    settings += outcome.is_settings ? 1 : 0;
  }
  if (runs >= 20'000) {
    EXPECT_GT(settings, runs / 50) << "mutants that are all refused test little";
    EXPECT_LT(settings, runs * 9 / 10) << "mutants that are all read test little";
  }
}

}  // namespace
}  // namespace syrinx::fuzz
