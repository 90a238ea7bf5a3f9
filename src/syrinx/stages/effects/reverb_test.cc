// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "syrinx/core/dsp/biquad.h"
#include "syrinx/stages/effects/effect_test_support.h"

namespace syrinx::effects {
namespace {

// Seconds for 60 dB, from a line through Schroeder's backward integral between -5 and -35 dB.
double decay_time_s(std::span<const float> response) {
  std::vector<double> left(response.size() + 1);
  for (std::size_t i = response.size(); i-- > 0;)
    left[i] = left[i + 1] + double(response[i]) * double(response[i]);
  const auto when = [&](double db) {
    std::size_t i = 0;
    while (left[i] > left[0] * std::pow(10.0, db / 10)) ++i;
    return double(i) / kTestRateHz;
  };
  return 2.0 * (when(-35) - when(-5));
}

AudioBuffer impulse_response(Settings settings, std::size_t channels = 1) {
  auto effect = prepared("reverb", settings, channels);
  AudioBuffer audio(channels, 240'000, kTestRateHz);
  audio.channel(0)[0] = 1.0f;
  run(*effect, audio);
  return audio;
}

TEST(Reverb, DiesAwayIn60DbPerDecayTimeWithin5Percent) {
  for (const double seconds : {0.5, 1.5, 3.0}) {
    const auto response = impulse_response({{"decay_s", seconds}, {"damping", 0}, {"mix", 1}});
    EXPECT_NEAR(decay_time_s(response.channel(0)), seconds, 0.05 * seconds);
  }
}

TEST(Reverb, DampingShortensTheHighsAndNotTheLows) {
  auto response = impulse_response({{"decay_s", 2}, {"damping", 0.5}, {"mix", 1}});
  const auto band = [&](double hz) {
    std::vector<float> x(response.channel(0).begin(), response.channel(0).end());
    const auto filter = dsp::band_pass({kTestRateHz, hz, 2.0, 0}).value();
    auto cascade = dsp::BiquadCascade::create({&filter, 1}, 1).value();
    cascade.process(x, 0);
    return decay_time_s(x);
  };
  EXPECT_NEAR(band(100), 2.0, 0.2);
  EXPECT_LT(band(16'000), 0.8);  // Between 2 s at 0 Hz and 0.36 s at half the rate.
}

TEST(Reverb, IsSilentBeforeItsPredelayAndSpreadsOverStereo) {
  const auto response =
      impulse_response({{"decay_s", 1}, {"damping", 0}, {"predelay_ms", 100}, {"mix", 1}}, 2);
  EXPECT_EQ(peak_of(response.channel(1).subspan(0, 4'800)), 0.0);
  double product = 0, left = 0, right = 0;
  for (std::size_t i = 0; i < 96'000; ++i) {
    const double l = response.channel(0)[i];
    const double r = response.channel(1)[i];
    product += l * r;
    left += l * l;
    right += r * r;
  }
  EXPECT_LT(std::abs(product) / std::sqrt(left * right), 0.2);
  EXPECT_NEAR(10 * std::log10(left / right), 0, 1.5);
  EXPECT_NEAR(10 * std::log10(left + right), 0, 3.0);  // About the impulse's energy.
}

TEST(Reverb, AtMixZeroLeavesEveryBit) {
  auto effect = prepared("reverb", {{"mix", 0}});
  AudioBuffer audio = noise(1, 10'000);
  run(*effect, audio);
  EXPECT_TRUE(same(audio, noise(1, 10'000)));
}

}  // namespace
}  // namespace syrinx::effects
