// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/world/early_analyser.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/realtime_guard.h"
#include "syrinx/stages/voice/world/voice_analyser.h"
#include "syrinx/stages/voice/world/world_test_support.h"

namespace syrinx::voice {
namespace {

constexpr int kRateHz = 16'000;

TEST(EarlyAnalyser, GivesTheFramesOfTheWholeAnalysisWhereThePitchIsTheSame) {
  const auto sound = vowel(180.0, 0.4, kRateHz, 0.1);
  const auto whole = analyse_voice(sound).value();
  auto early = EarlyAnalyser::create(kRateHz).value();
  const std::size_t hop = early.shape().hop_samples;
  const std::size_t behind = 2 * hop;  // 10 ms: more than 1.5 periods.
  std::size_t compared = 0;
  for (std::size_t i = 0; i < sound.frames(); ++i) {
    if (!early.take(sound.channel(0)[i])) continue;
    // The analysis centres its frames on whole hops.
    const std::size_t index = (i - behind) / hop;
    if (i < 30 * hop || index >= whole.frames()) continue;
    const auto expected = whole.frame(index);
    const auto frame = early.analyse(expected.f0_hz, i - index * hop);
    for (std::size_t k = 0; k < frame.power.size(); ++k)
      ASSERT_EQ(frame.power[k], expected.power[k]) << index << " " << k;
    for (std::size_t b = 0; b < frame.aperiodicity.size(); ++b)
      ASSERT_EQ(frame.aperiodicity[b], expected.aperiodicity[b]) << index << " " << b;
    ++compared;
  }
  EXPECT_GT(compared, 30u);
}

TEST(EarlyAnalyser, WaitsForTheWholeWindowOfAPitchThatIsLow) {
  const auto sound = vowel(75.0, 0.4, kRateHz);
  const auto whole = analyse_voice(sound).value();
  auto early = EarlyAnalyser::create(kRateHz).value();
  for (std::size_t i = 0; i < 4'800; ++i) early.take(sound.channel(0)[i]);
  // The window of 75 Hz reaches 20 ms ahead, though the frame is asked for where the sound ends.
  const auto frame = early.analyse(75.0f, 0);
  const auto expected = whole.frame((4'799 - 322) / early.shape().hop_samples);
  double difference = 0.0;
  for (std::size_t k = 0; k < frame.power.size(); ++k)
    difference += std::abs(std::log(frame.power[k] / expected.power[k]));
  EXPECT_LT(difference / static_cast<double>(frame.power.size()), 0.5);
}

TEST(EarlyAnalyser, IsRealTimeSafeAndCanStartAnew) {
  auto early = EarlyAnalyser::create(kRateHz).value();
  const auto sound = vowel(120.0, 0.1, kRateHz);
  std::vector<float> powers[2];
  for (auto& power : powers) {
    power.resize(early.shape().bins());
    EXPECT_REALTIME_SAFE({
      for (const float x : sound.channel(0))
        if (early.take(x)) {
          const auto frame = early.analyse(120.0f, 240);
          std::copy(frame.power.begin(), frame.power.end(), power.begin());
        }
      early.reset();
    });
  }
  EXPECT_EQ(powers[0], powers[1]);
}

}  // namespace
}  // namespace syrinx::voice
