// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/profile/profile_file.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <span>

#include "support/test_data.h"
#include "syrinx/stages/voice/profile/profile_test_support.h"

namespace syrinx::voice {
namespace {

VoiceProfile known() {
  auto profile = learn_profile(talker(120.0, 16'000), "anna").value();
  profile.consent = "Anna agreed on paper.";
  return profile;
}

TEST(ProfileFiles, KeepEverything) {
  const auto path = support::scratch_dir() / "a.voice.safetensors";
  const auto profile = known();
  ASSERT_TRUE(write_profile(path, profile));
  const auto read = read_profile(path).value();
  EXPECT_EQ(read.name, "anna");
  EXPECT_EQ(read.consent, "Anna agreed on paper.");
  EXPECT_NEAR(read.log_f0_mean, profile.log_f0_mean, 1e-6);
  EXPECT_EQ(read.voiced.mean, profile.voiced.mean);
  EXPECT_EQ(read.unvoiced.deviation, profile.unvoiced.deviation);
  EXPECT_EQ(read.exemplars, profile.exemplars);
}

TEST(ProfileFiles, AreRefusedWhenTheyAreNoVoice) {
  const auto path = support::scratch_dir() / "b.voice.safetensors";
  EXPECT_FALSE(read_profile(path));
  auto profile = known();
  profile.log_f0_mean = 100.0;
  ASSERT_TRUE(write_profile(path, profile));
  EXPECT_EQ(read_profile(path).error().code, ErrorCode::kCorruptData);
  profile = known();
  profile.voiced.deviation[3] = 0.0f;
  ASSERT_TRUE(write_profile(path, profile));
  EXPECT_EQ(read_profile(path).error().code, ErrorCode::kCorruptData);
  profile = known();
  profile.exemplars.resize(kMaxExemplars + 1);
  ASSERT_TRUE(write_profile(path, profile));
  EXPECT_EQ(read_profile(path).error().code, ErrorCode::kLimitExceeded);
  profile = known();
  profile.consent.assign(kMaxConsentBytes + 1, 'x');
  EXPECT_FALSE(write_profile(path, profile));
}

TEST(ProfileFiles, ThatAreCutAnywhereAreRefused) {
  const auto path = support::scratch_dir() / "c.voice.safetensors";
  ASSERT_TRUE(write_profile(path, known()));
  std::ifstream in(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  for (std::size_t size = 0; size < bytes.size(); size += 1 + size / 20) {
    const auto cut = std::as_bytes(std::span(bytes).first(size));
    std::vector<std::byte> part(cut.begin(), cut.end());
    const auto file = nn::WeightFile::from_memory(std::move(part), "cut");
    if (file) {
      EXPECT_FALSE(read_profile(*file)) << size;
    }
  }
}

TEST(ProfileFiles, LieInTheUsersFolderUnderPlainNames) {
  const auto folder = support::scratch_dir();
  setenv("SYRINX_PROFILES", folder.c_str(), 1);
  EXPECT_EQ(user_profile_path("anna").value(), folder / "anna.voice.safetensors");
  for (const char* bad : {"", ".hidden", "a/b", "a b", "../up"})
    EXPECT_FALSE(user_profile_path(bad));
  ASSERT_TRUE(write_profile(user_profile_path("bert").value(), known()));
  ASSERT_TRUE(write_profile(user_profile_path("anna").value(), known()));
  EXPECT_EQ(user_profile_names().value(), (std::vector<std::string>{"anna", "bert"}));
  unsetenv("SYRINX_PROFILES");
}

}  // namespace
}  // namespace syrinx::voice
