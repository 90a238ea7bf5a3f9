// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/pitch_marks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <vector>

namespace syrinx::voice {
namespace {

constexpr int kRateHz = 22'050;

std::vector<PitchMark> marks_of(const std::vector<float>& sound, const PitchMarkOptions& options) {
  auto finder = PitchMarkFinder::create(kRateHz, options);
  EXPECT_TRUE(finder) << finder.error().message;
  std::vector<PitchMark> marks;
  constexpr std::size_t kBlock = 441;
  for (std::size_t at = 0; at < sound.size(); at += kBlock) {
    const auto before = finder->marks();
    finder->take(std::span(sound).subspan(at, std::min(kBlock, sound.size() - at)));
    for (auto number = before; number < finder->marks(); ++number)
      marks.push_back(finder->mark(number));
  }
  return marks;
}

PitchMarkOptions quick_and_thorough() {
  PitchMarkOptions options = thorough_marks();
  options.quick_min_hz = 130.0;
  return options;
}

// A voice from `begin_s` to `end_s` whose pitch goes from one frequency to another in the last part
// of it: pulses through one resonance, and a little noise.
std::vector<float> voice(double seconds, double begin_s, double end_s, double fall_s,
                         double from_hz, double to_hz) {
  std::vector<float> sound(static_cast<std::size_t>(seconds * kRateHz));
  double y1 = 0.0, y2 = 0.0, phase = 1.0;
  std::mt19937 random(1);
  std::normal_distribution<float> noise(0.0f, 1e-3f);
  for (std::size_t i = 0; i < sound.size(); ++i) {
    const double at_s = static_cast<double>(i) / kRateHz;
    const double part = std::clamp((at_s - (end_s - fall_s)) / fall_s, 0.0, 1.0);
    double x = 0.0;
    if (at_s >= begin_s && at_s < end_s) {
      phase += from_hz * std::pow(to_hz / from_hz, part) / kRateHz;
      if (phase >= 1.0) {
        phase -= 1.0;
        x = 1.0;
      }
    }
    constexpr double kR = 0.97;
    const double y =
        x + 2.0 * kR * std::cos(2.0 * std::numbers::pi * 700.0 / kRateHz) * y1 - kR * kR * y2;
    y2 = y1;
    y1 = y;
    sound[i] = static_cast<float>(0.2 * y) + noise(random);
  }
  return sound;
}

TEST(PitchMarks, GoOnByAtLeastHalfTheShortestPeriodWhateverComes) {
  std::mt19937 random(7);
  std::normal_distribution<float> normal(0.0f, 0.2f);
  std::uniform_real_distribution<double> hz_of(30.0, 9'000.0);
  for (const PitchMarkOptions& options : {PitchMarkOptions{}, quick_and_thorough()}) {
    for (int trial = 0; trial < 40; ++trial) {
      std::vector<float> sound(kRateHz / 2);
      double phase = 0.0;
      const double from_hz = hz_of(random);
      const double to_hz = hz_of(random);
      for (std::size_t i = 0; i < sound.size();
           ++i) {  // Sweeps that die away, in more or less noise.
        const double part = static_cast<double>(i) / static_cast<double>(sound.size());
        phase += from_hz * std::pow(to_hz / from_hz, part) / kRateHz;
        sound[i] =
            static_cast<float>(std::exp(-6.0 * part) * std::sin(2.0 * std::numbers::pi * phase)) +
            0.05f * static_cast<float>(trial % 4) * normal(random);
      }
      const auto marks = marks_of(sound, options);
      for (std::size_t i = 1; i < marks.size(); ++i)
        ASSERT_GT(marks[i].at - marks[i - 1].at, 0.5 * kRateHz / options.max_hz)
            << "trial " << trial << ", mark " << i;
    }
  }
}

TEST(PitchMarks, FollowAVoiceThatFallsSteeplyToItsEnd) {
  constexpr double kEndS = 0.5;
  const auto sound = voice(0.8, 0.1, kEndS, 0.08, 190.0, 120.0);
  double last_s = 0.0;
  double shortest = 1e9, longest = 0.0;
  for (const PitchMark& mark : marks_of(sound, thorough_marks())) {
    if (!mark.voiced) continue;
    last_s = mark.at / kRateHz;
    if (last_s < kEndS - 0.08) shortest = std::min(shortest, mark.period);
    if (last_s < kEndS) longest = std::max(longest, mark.period);
  }
  EXPECT_NEAR(last_s, kEndS, 1.5 / 120.0);
  EXPECT_NEAR(kRateHz / shortest, 190.0, 6.0);
  EXPECT_NEAR(kRateHz / longest, 126.0, 5.0);  // The last whole period.
}

TEST(PitchMarks, EndWithTheVoiceThoughItRingsOn) {
  const auto sound = voice(1.2, 0.1, 0.5, 0.05, 150.0, 150.0);
  double last_s = 0.0;
  for (const PitchMark& mark : marks_of(sound, quick_and_thorough()))
    if (mark.voiced) last_s = mark.at / kRateHz;
  EXPECT_LT(last_s, 0.5 + 0.07) << "carried on for longer than kCarriedMs";
}

}  // namespace
}  // namespace syrinx::voice
