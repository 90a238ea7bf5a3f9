// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "fuzz/mutator.h"
#include "fuzz/voice_target.h"
#include "support/two_stage.h"
#include "syrinx/stages/acoustic/fastspeech/fastspeech_model.h"

namespace syrinx::fuzz {
namespace {

std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// The text with one to three of its numbers and words replaced.
std::string with_other_values(std::string text, std::uint64_t run) {
  const std::vector<std::string> values = {"0",    "1",  "-1",    "2",    "3",    "7",     "64",
                                           "4097", "[]", "null",  "1e9",  "1e99", "true",  "0.5",
                                           "8193", "{}", "\"^\"", "\"\"", "-0.0", "1e-30", "65"};
  std::mt19937_64 random(run);
  for (std::uint64_t changes = 1 + random() % 3; changes > 0; --changes) {
    std::size_t at = text.find_first_of(run % 2 == 0 ? "0123456789" : "\"", random() % text.size());
    if (at == std::string::npos) continue;
    std::size_t end = text.find_first_not_of("0123456789.", at);
    if (text[at] == '"') end = std::min(text.find('"', at + 1), text.size() - 1) + 1;
    text.replace(at, std::min(end, text.size()) - at, values[random() % values.size()]);
  }
  return text;
}

TEST(TwoStageMutation, EveryMutantOfTheSettingsIsReadOrRefusedWithASentence) {
  const std::string text = support::golden_settings();
  const auto bytes = std::as_bytes(std::span(text));
  const std::vector<ByteString> seeds{ByteString(bytes.begin(), bytes.end())};
  const std::uint64_t first = number_from_environment("SYRINX_FUZZ_FIRST", 0);
  const std::uint64_t runs = number_from_environment("SYRINX_FUZZ_RUNS", 20'000) / 5;
  std::uint64_t read = 0;
  for (std::uint64_t run = first; run < first + runs; ++run) {
    const ByteString mutant = mutate(seeds, run);
    const std::string mutated =
        run % 4 == 0 ? std::string(reinterpret_cast<const char*>(mutant.data()), mutant.size())
                     : with_other_values(text, run);
    const VoiceOutcome outcome = read_as_voice(mutated);
    ASSERT_EQ(outcome.broken, "") << "run " << run;
    read += outcome.is_two_stage ? 1 : 0;
  }
  EXPECT_GT(read, runs / 50) << "mutants that are all refused test little";
  EXPECT_LT(read, runs * 9 / 10) << "mutants that are all read test little";
}

// Bits of the values themselves flipped, so that the file is still a model.
ByteString with_flipped_values(ByteString bytes, std::uint64_t run) {
  std::mt19937_64 random(run);
  const std::size_t begin = bytes.size() / 4;  // Behind the header.
  for (std::uint64_t flips = 1 + random() % 2'000; flips > 0; --flips)
    bytes[begin + random() % (bytes.size() - begin)] ^= static_cast<std::byte>(1u << random() % 8);
  return bytes;
}

struct MutantWeights {
  bool spoken = false;
  std::string broken;  // A promise that was not kept; empty as it should be.
};
MutantWeights speak_with(const acoustic::FastSpeechConfig& config, const ByteString& bytes) {
  const auto refused = [](const Error& error) {
    return MutantWeights{false, error.message.empty() ? "an error without a sentence" : ""};
  };
  const auto file = nn::WeightFile::from_memory(bytes, "mutant");
  if (!file) return refused(file.error());
  const auto network = acoustic::FastSpeechNetwork::build(config, file.value(), nn::row_kernels(),
                                                          nn::Precision::kFloat32);
  if (!network) return refused(network.error());
  const auto voicing = network->encode(std::vector<std::int32_t>{0, 7, 8, 1}, 0.0F).value();
  const auto frames = acoustic::frames_of(voicing.log_durations, {false, true, true, false}, 1);
  if (!frames) return refused(frames.error());
  const std::size_t all = std::accumulate(frames->begin(), frames->end(), std::size_t{0});
  const auto mel = network->decode(voicing.hidden.view(), frames.value());
  return {true, mel.value().size() == all * config.mel.bands ? "" : "a mel of another size"};
}

TEST(TwoStageMutation, EveryMutantOfTheWeightsSpeaksOrIsRefusedWithASentence) {
  const std::string text = support::text_of(support::golden_voice() / "acoustic.safetensors");
  const auto bytes = std::as_bytes(std::span(text));
  const std::vector<ByteString> seeds{ByteString(bytes.begin(), bytes.end())};
  const auto config =
      acoustic::FastSpeechModel::read_config(support::golden_voice() / "voice.json").value();
  const std::uint64_t first = number_from_environment("SYRINX_FUZZ_FIRST", 0);
  const std::uint64_t runs = number_from_environment("SYRINX_FUZZ_RUNS", 20'000) / 50;
  std::uint64_t spoken = 0;
  for (std::uint64_t run = first; run < first + runs; ++run) {
    const MutantWeights made =
        speak_with(config, run % 2 == 0 ? mutate(seeds, run) : with_flipped_values(seeds[0], run));
    ASSERT_EQ(made.broken, "") << "run " << run;
    spoken += made.spoken ? 1 : 0;
  }
  EXPECT_GT(spoken, runs / 50) << "mutants that are all refused test little";
  EXPECT_LT(spoken, runs * 9 / 10) << "mutants that all speak test little";
}

}  // namespace
}  // namespace syrinx::fuzz
