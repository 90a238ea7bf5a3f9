// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include "fuzz/mutator.h"
#include "fuzz/voice_target.h"

namespace syrinx::fuzz {
namespace {

std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

std::vector<ByteString> seeds() {
  const std::vector<std::string> texts = {
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
  std::vector<ByteString> all;
  for (const std::string& text : texts) {
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
    const ByteString mutant = mutate(all, run);
    const VoiceOutcome outcome =
        read_as_voice({reinterpret_cast<const char*>(mutant.data()), mutant.size()});
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
