// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <vector>

#include "fuzz/mutator.h"
#include "support/test_data.h"
#include "syrinx/engines/conversion/like/sound_like.h"
#include "syrinx/stages/voice/profile/profile_distance.h"
#include "syrinx/stages/voice/profile/profile_file.h"

// Hostile files of learnt voices.
namespace syrinx::fuzz {
namespace {

voice::VoiceProfile some_voice() {
  voice::VoiceProfile profile;
  profile.name = "anna";
  profile.consent = "by letter";
  profile.speech_s = 10.0;
  profile.log_f0_mean = 5.0;
  profile.log_f0_deviation = 0.2;
  for (std::size_t d = 0; d < voice::kCepstra; ++d) {
    profile.voiced.mean[d] = profile.unvoiced.mean[d] = 1.0f / static_cast<float>(d + 1);
    profile.voiced.deviation[d] = profile.unvoiced.deviation[d] = 0.5f;
  }
  profile.formants_hz = {500.0, 1'500.0, 2'500.0, 3'500.0};
  profile.exemplars.assign(8, profile.voiced.mean);
  return profile;
}

ByteString bytes_of(const voice::VoiceProfile& profile) {
  const auto path = support::scratch_dir() / "seed.voice.safetensors";
  EXPECT_TRUE(voice::write_profile(path, profile));
  std::ifstream file(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const auto bytes = std::as_bytes(std::span(text));
  return ByteString(bytes.begin(), bytes.end());
}

// What is read must also be usable: no number that is not finite may come of it.
void expect_usable(const voice::VoiceProfile& profile, std::uint64_t run) {
  const auto apart = voice::compare_profiles(some_voice(), profile);
  EXPECT_TRUE(std::isfinite(apart.similarity) && std::isfinite(apart.mcd_db)) << "run " << run;
  auto likeness = conversion::make_like(some_voice(), profile, {}, {16'000, 1, 8'000});
  ASSERT_TRUE(likeness) << "run " << run;
  if (run % 50 != 0) return;
  std::vector<float> sound(8'000);
  for (std::size_t i = 0; i < sound.size(); ++i) sound[i] = i % 100 == 0 ? 0.5f : 0.0f;
  (*likeness)->process(MutableAudioView(sound, 16'000));
  for (const float value : sound) ASSERT_TRUE(std::isfinite(value)) << "run " << run;
}

TEST(ProfileMutation, EveryMutantIsReadOrRefusedWithASentence) {
  const std::vector<ByteString> seeds{bytes_of(some_voice())};
  std::uint64_t read = 0;
  constexpr std::uint64_t kRuns = 4'000;
  for (std::uint64_t run = 0; run < kRuns; ++run) {
    const auto file = nn::WeightFile::from_memory(mutate(seeds, run), "mutant");
    if (!file) {
      EXPECT_FALSE(file.error().message.empty());
      continue;
    }
    const auto profile = voice::read_profile(*file);
    if (!profile) {
      EXPECT_FALSE(profile.error().message.empty());
      continue;
    }
    expect_usable(*profile, run);
    ++read;
  }
  EXPECT_GT(read, kRuns / 100) << "mutants that are all refused test little";
  EXPECT_LT(read, kRuns * 9 / 10) << "mutants that are all read test little";
}

}  // namespace
}  // namespace syrinx::fuzz
