// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/dsp/biquad.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <random>

#include "support/realtime_guard.h"
#include "syrinx/core/dsp/fft.h"

namespace syrinx::dsp {
namespace {

constexpr double kRateHz = 48'000;
using Design = Result<Biquad> (*)(const BiquadDesign&);
const Design kDesigns[] = {low_pass, high_pass, band_pass, notch,
                           all_pass, peak,      low_shelf, high_shelf};

double gain_db(const Biquad& filter, double hz) {
  return 20 * std::log10(std::abs(response(filter, hz, kRateHz)));
}

Biquad designed(Design design, double hz, double q = std::numbers::sqrt2 / 2, double gain = 0) {
  return design({kRateHz, hz, q, gain}).value();
}

std::vector<float> noise(std::size_t n) {
  std::mt19937 engine(41);
  std::uniform_real_distribution<float> uniform(-0.5f, 0.5f);
  std::vector<float> x(n);
  for (float& v : x) v = uniform(engine);
  return x;
}

// An analogue second-order low pass has |H|^2 = 1 / ((1 - w^2)^2 + (w / q)^2); the bilinear
// transform maps w = tan(pi f / rate) / tan(pi corner / rate).
TEST(Biquad, LowAndHighPassFollowTheAnaloguePrototype) {
  for (const double corner : {100.0, 1'000.0, 15'000.0}) {
    for (const double q : {0.5, 0.7071, 4.0}) {
      for (double hz = 20; hz < 20'000; hz *= 1.3) {
        const double w = std::tan(std::numbers::pi * hz / kRateHz) /
                         std::tan(std::numbers::pi * corner / kRateHz);
        const double denominator = (1 - w * w) * (1 - w * w) + w * w / (q * q);
        EXPECT_NEAR(gain_db(designed(low_pass, corner, q), hz), -10 * std::log10(denominator),
                    1e-6);
        EXPECT_NEAR(gain_db(designed(high_pass, corner, q), hz),
                    40 * std::log10(w) - 10 * std::log10(denominator), 1e-6);
      }
    }
  }
}

TEST(Biquad, PeakAndShelvesHaveTheirGainAndAreFlatElsewhere) {
  for (const double gain : {-12.0, 6.0}) {
    const auto bell = designed(peak, 2'000, 2, gain);
    EXPECT_NEAR(gain_db(bell, 2'000), gain, 0.05);
    EXPECT_NEAR(gain_db(bell, 20), 0, 0.05);
    EXPECT_NEAR(gain_db(bell, 23'900), 0, 0.05);
    const auto low = designed(low_shelf, 1'000, 0.7071, gain);
    EXPECT_NEAR(gain_db(low, 10), gain, 0.05);
    EXPECT_NEAR(gain_db(low, 1'000), gain / 2, 0.05);
    EXPECT_NEAR(gain_db(low, 23'000), 0, 0.05);
    const auto high = designed(high_shelf, 1'000, 0.7071, gain);
    EXPECT_NEAR(gain_db(high, 10), 0, 0.05);
    EXPECT_NEAR(gain_db(high, 1'000), gain / 2, 0.05);
    EXPECT_NEAR(gain_db(high, 23'000), gain, 0.05);
  }
}

TEST(Biquad, BandPassAndNotchHaveTheirBandwidth) {
  const double q = 5;
  const auto band = designed(band_pass, 1'000, q);
  const auto hole = designed(notch, 1'000, q);
  EXPECT_NEAR(gain_db(band, 1'000), 0, 0.05);
  EXPECT_LT(gain_db(hole, 1'000), -120);
  // Half the power at the edges, whose distance is centre / q (warped a little at 48 kHz).
  const double below = 1'000 * (std::sqrt(1 + 1 / (4 * q * q)) - 1 / (2 * q));
  EXPECT_NEAR(gain_db(band, below), -3.01, 0.05);
  EXPECT_NEAR(gain_db(hole, below), -3.01, 0.05);
}

TEST(Biquad, AllPassChangesPhaseAlone) {
  const auto filter = designed(all_pass, 1'000);
  for (double hz = 10; hz < 24'000; hz *= 2) EXPECT_NEAR(gain_db(filter, hz), 0, 1e-9);
  EXPECT_NEAR(std::abs(std::arg(response(filter, 1'000, kRateHz))), std::numbers::pi, 1e-6);
}

// The filter as it runs: the spectrum of its impulse response against the formula.
TEST(BiquadCascade, RunsAsTheFormulaSaysWithin5HundredthsOfADb) {
  constexpr std::size_t kSize = 65'536;
  auto fft = RealFft::create(kSize).value();
  for (const auto design : kDesigns) {
    const Biquad sections[] = {designed(design, 3'000, 2, 9), designed(design, 300, 0.7, -6)};
    auto cascade = BiquadCascade::create(sections, 1).value();
    std::vector<float> impulse(kSize);
    impulse[0] = 1.0f;
    cascade.process(impulse, 0);
    std::vector<std::complex<float>> spectrum(fft.bins());
    fft.forward(impulse, spectrum);
    for (std::size_t k = 10; k + 10 < spectrum.size(); k += 7) {
      const double hz = static_cast<double>(k) * kRateHz / kSize;
      const double expected = 20 * std::log10(std::abs(response(sections, hz, kRateHz)));
      if (expected < -80) continue;  // Where single precision ends.
      EXPECT_NEAR(20 * std::log10(static_cast<double>(std::abs(spectrum[k]))), expected, 0.05);
    }
  }
}

TEST(BiquadCascade, AnyBlockSizeGivesTheSameOutput) {
  const Biquad sections[] = {designed(low_pass, 3'000), designed(peak, 500, 1, 6)};
  auto whole = noise(2'000);
  BiquadCascade::create(sections, 1).value().process(whole, 0);
  for (const std::size_t block : {1u, 7u, 64u}) {
    auto cascade = BiquadCascade::create(sections, 1).value();
    auto pieces = noise(2'000);
    for (std::size_t i = 0; i < pieces.size(); i += block) {
      cascade.process(std::span(pieces).subspan(i, std::min(block, pieces.size() - i)), 0);
    }
    EXPECT_EQ(pieces, whole);
  }
}

TEST(BiquadCascade, KeepsChannelsApartAndResetForgets) {
  const Biquad section = designed(low_pass, 100);
  auto cascade = BiquadCascade::create({&section, 1}, 2).value();
  AudioBuffer audio(2, 100, 48'000);
  audio.channel(0)[0] = 1.0f;
  cascade.process(audio.view());
  EXPECT_NE(audio.channel(0)[99], 0.0f);
  EXPECT_EQ(audio.channel(1)[99], 0.0f);
  cascade.reset();
  AudioBuffer silence(2, 10, 48'000);
  cascade.process(silence.view());
  EXPECT_EQ(silence.channel(0)[9], 0.0f);
}

TEST(BiquadCascade, IsSafeInRealTime) {
  const Biquad sections[] = {designed(low_pass, 3'000), designed(peak, 500, 1, 6)};
  auto cascade = BiquadCascade::create(sections, 2).value();
  AudioBuffer audio(2, 480, 48'000);
  const auto view = audio.view();
  EXPECT_REALTIME_SAFE({
    cascade.process(view);
    cascade.set_section(0, sections[1]);
    cascade.reset();
  });
}

TEST(Biquad, RefusesDesignsThatNoFilterHas) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const auto design : kDesigns) {
    EXPECT_TRUE(is_stable(designed(design, 1'000, 0.7, 3)));
    EXPECT_FALSE(design({kRateHz, 0, 1, 0}));
    EXPECT_FALSE(design({kRateHz, 24'000, 1, 0}));
    EXPECT_FALSE(design({kRateHz, 1'000, 0, 0}));
    EXPECT_FALSE(design({kRateHz, nan, 1, 0}));
    EXPECT_FALSE(design({kRateHz, 1'000, 1, nan}));
    EXPECT_FALSE(design({0, 1'000, 1, 0}));
  }
  const Biquad unstable{1, 0, 0, 0, 1.1};
  EXPECT_FALSE(BiquadCascade::create({&unstable, 1}, 1));
  EXPECT_FALSE(BiquadCascade::create({}, 0));
}

}  // namespace
}  // namespace syrinx::dsp
