// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/reference/stoi.h"

#include "syrinx/core/dsp/resample.h"
#include "syrinx/stages/measure/reference/octave_resample.h"
#include "syrinx/stages/measure/reference/pair_test.h"

namespace syrinx::measure {
namespace {

constexpr int kRateHz = 16'000;

std::vector<float> with_noise(std::vector<float> signal, float level) {
  const auto hiss = noise(signal.size(), 99, level);
  for (std::size_t n = 0; n < signal.size(); ++n) signal[n] += hiss[n];
  return signal;
}

TEST(Stoi, OfASignalAndItselfIsOneAtAnyLevel) {
  const auto ref = babble(2 * kRateHz, kRateHz, 1);
  auto quiet = ref;
  for (float& s : quiet) s *= 0.01f;
  for (const auto measure : {stoi, extended_stoi}) {
    EXPECT_NEAR(*measure(AudioView(ref, kRateHz), AudioView(ref, kRateHz)), 1.0, 1e-9);
    EXPECT_NEAR(*measure(AudioView(ref, kRateHz), AudioView(quiet, kRateHz)), 1.0, 1e-5);
  }
}

TEST(Stoi, FallsAsNoiseRises) {
  const auto ref = babble(3 * kRateHz, kRateHz, 2);
  for (const auto measure : {stoi, extended_stoi}) {
    double last = 1.0;
    for (const float level : {0.05f, 0.2f, 0.8f, 3.0f}) {
      const auto deg = with_noise(ref, level);
      const double now = *measure(AudioView(ref, kRateHz), AudioView(deg, kRateHz));
      EXPECT_LT(now, last);
      last = now;
    }
    EXPECT_LT(last, 0.35);
  }
}

// 10 kHz needs no resampling; 8, 22.05 and 48 kHz bring different filters. The bands end below
// 3.8 kHz, so that the same sound scores nearly the same.
TEST(Stoi, HardlyDependsOnTheRate) {
  const auto ref = babble(30'000, 10'000, 3);
  const auto deg = with_noise(ref, 0.2f);
  const double expected = *stoi(AudioView(ref, 10'000), AudioView(deg, 10'000));
  for (const int rate_hz : {22'050, 48'000}) {
    const auto r = dsp::resample(AudioView(ref, 10'000), rate_hz);
    const auto d = dsp::resample(AudioView(deg, 10'000), rate_hz);
    EXPECT_NEAR(*stoi(*r, *d), expected, 0.01) << rate_hz;
  }
}

TEST(Stoi, NeedsThirtyFramesOfSpeech) {
  const auto ref = babble(kRateHz, kRateHz, 4);
  const AudioView short_view = AudioView(ref, kRateHz).slice(0, 6'000);
  for (const auto measure : {stoi, extended_stoi}) {
    expect_refusal(measure, short_view, short_view, "30");
    expect_refusal(measure, short_view.slice(0, 1), short_view.slice(0, 1), "30");
  }
}

TEST(Stoi, SilenceHasDefinedResults) {
  const auto sound = babble(kRateHz, kRateHz, 5);
  const std::vector<float> silence(sound.size(), 0.0f);
  for (const auto measure : {stoi, extended_stoi}) {
    EXPECT_NEAR(*measure(AudioView(sound, kRateHz), AudioView(silence, kRateHz)), 0.0, 1e-9);
    expect_refusal(measure, AudioView(silence, kRateHz), AudioView(sound, kRateHz), "silent");
  }
}

TEST(Stoi, AnswersOddPairsWithinItsRange) {
  expect_answers_odd_pairs(stoi, 9'000, kRateHz, -1.0, 1.0 + 1e-9);
  expect_answers_odd_pairs(extended_stoi, 9'000, kRateHz, -1.0, 1.0 + 1e-9);
}

TEST(Stoi, BadPairsAreRefused) {
  expect_refuses_bad_pairs(stoi);
  expect_refuses_bad_pairs(extended_stoi);
  const auto odd = noise(1'000, 6);
  const AudioView view(odd, 767'999);
  EXPECT_EQ(stoi(view, view).error().code, ErrorCode::kUnsupported);
}

TEST(Stoi, SixtyFourEqualChannelsAreAsOne) {
  const auto ref = babble(8'000, 10'000, 7);
  expect_same_of_64_channels(stoi, ref, with_noise(ref, 0.2f), 10'000);
  expect_same_of_64_channels(extended_stoi, ref, with_noise(ref, 0.2f), 10'000);
}

TEST(OctaveResample, KeepsATonesPlaceAndLevel) {
  const auto in = sine(16'000, 1'000.0, 16'000.0);
  const auto out = octave_resample(in, 16'000, 10'000);
  ASSERT_EQ(out->size(), 10'000u);
  for (std::size_t n = 1'000; n < 9'000; ++n)
    ASSERT_NEAR((*out)[n], 0.5 * std::sin(2.0 * std::numbers::pi * 0.1 * static_cast<double>(n)),
                1e-3);  // 60 dB of rejection.
}

}  // namespace
}  // namespace syrinx::measure
