// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/style/style_transfer.h"

#include <gtest/gtest.h>

#include <cmath>

#include "syrinx/engines/conversion/style/style_test_support.h"

namespace syrinx::conversion {
namespace {

Prosody prosody_of(AudioBuffer audio) {
  BufferSource source(std::move(audio));
  return summarise(hear_prosody(source).value());
}

TEST(StyleTransfer, TakesThePaceMelodyPitchAndDynamicsOfAReference) {
  const Prosody source = prosody_of(chant({}, 5.0));
  Manner manner;
  manner.f0_hz = 180.0;
  manner.swing_semitones = 4.5;
  manner.syllables_per_s = 5.0;
  manner.depth_db = 18.0;
  const Prosody reference = prosody_of(chant(manner, 5.0));
  const StyleChange change = change_of_style(source, reference, Keep::kNothing).value();
  EXPECT_NEAR(change.pitch_ratio, 1.5, 0.06);
  EXPECT_NEAR(change.intonation, 1.5, 0.2);
  EXPECT_NEAR(change.speed, 1.25, 0.15);
  EXPECT_NEAR(change.dynamics, 1.5, 0.2);
  EXPECT_TRUE(change.limits.empty());
  EXPECT_EQ(change_of_style(source, reference, Keep::kIdentity)->pitch_ratio, 1.0);
}

TEST(StyleTransfer, SaysWhereItStops) {
  Prosody source = prosody_of(chant({}, 2.0));
  Prosody reference = source;
  reference.syllables_per_s = 5.0 * source.syllables_per_s;
  const StyleChange change = change_of_style(source, reference, Keep::kNothing).value();
  EXPECT_EQ(change.speed, kMostStyleSpeed);
  ASSERT_EQ(change.limits.size(), 1u);
  EXPECT_NE(change.limits.front().find("pace asks for a factor of 5.00"), std::string::npos);
}

TEST(StyleTransfer, AsksOnceMoreForWhatWasMissed) {
  Prosody reference = prosody_of(chant({}, 2.0));
  Prosody made = reference;
  made.f0_range_semitones = 0.8 * reference.f0_range_semitones;
  StyleChange change;
  change.intonation = 1.5;
  EXPECT_NEAR(corrected(change, made, reference, Keep::kNothing).intonation, 1.5 * std::sqrt(1.25),
              1e-9);
  EXPECT_GT(style_distance(made, reference, Keep::kNothing), 0.3);
  EXPECT_EQ(style_distance(reference, reference, Keep::kNothing), 0.0);
}

TEST(StyleTransfer, WidensAndNarrowsLevelSwingsAndKeepsTheLength) {
  const AudioBuffer sound = chant({}, 4.03);
  const Prosody before = prosody_of(sound);
  for (const double dynamics : {0.6, 1.0, 1.5}) {
    auto source =
        with_dynamics(std::make_unique<BufferSource>(sound), before.level_db, dynamics).value();
    const AudioBuffer made = all_of(*source);
    ASSERT_EQ(made.frames(), sound.frames());
    EXPECT_NEAR(prosody_of(made).dynamics_db / before.dynamics_db, dynamics, 0.12);
    if (dynamics != 1.0) continue;
    for (std::size_t i = 0; i < made.frames(); ++i)
      ASSERT_NEAR(made.channel(0)[i], sound.channel(0)[i], 1e-6f);
  }
}

TEST(StyleTransfer, GivesTheSameSoundInBlocksOfAnySize) {
  const AudioBuffer sound = chant({}, 0.5);
  const auto through = [&](std::size_t block) {
    return all_of(*with_dynamics(std::make_unique<BufferSource>(sound, block), -20.0, 1.6).value());
  };
  const AudioBuffer whole = through(sound.frames());
  for (const std::size_t block : {std::size_t{1}, std::size_t{7}, std::size_t{64}}) {
    const AudioBuffer parts = through(block);
    ASSERT_EQ(parts.frames(), whole.frames());
    for (std::size_t i = 0; i < whole.frames(); ++i)
      ASSERT_EQ(parts.channel(0)[i], whole.channel(0)[i]);
  }
}

TEST(StyleTransfer, DoesNotRaisePauses) {
  AudioBuffer sound = chant({}, 1.0);
  AudioBuffer hiss(1, 16'000, kTestRateHz);
  for (std::size_t i = 0; i < hiss.frames(); ++i) hiss.channel(0)[i] = i % 2 == 0 ? 1e-4f : -1e-4f;
  sound.append(hiss);
  auto source = with_dynamics(std::make_unique<BufferSource>(sound), -20.0, 0.5).value();
  const AudioBuffer made = all_of(*source);
  EXPECT_NEAR(made.channel(0)[24'000], 1e-4f, 1e-7f);
}

TEST(StyleTransfer, RefusesWhatSaysNothing) {
  const Prosody voice = prosody_of(chant({}, 2.0));
  const auto silent = change_of_style(Prosody{}, voice, Keep::kNothing);
  ASSERT_FALSE(silent);
  EXPECT_NE(silent.error().message.find("the source has 0.00 s of voice"), std::string::npos);
  EXPECT_FALSE(change_of_style(voice, voice, Keep::kProsody));
  EXPECT_FALSE(with_dynamics(std::make_unique<BufferSource>(chant({}, 0.1)), 0.0, 5.0));
  EXPECT_EQ(parse_keep("identity").value(), Keep::kIdentity);
  EXPECT_NE(parse_keep("all").error().message.find("prosody"), std::string::npos);
}

}  // namespace
}  // namespace syrinx::conversion
