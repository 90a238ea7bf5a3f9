// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/effects/ambisonics.h"

#include <gtest/gtest.h>

#include "support/realtime_guard.h"
#include "syrinx/stages/effects/effect_test_support.h"

namespace syrinx::effects {
namespace {

const Direction kDirections[] = {{0, 0}, {30, 0}, {90, 0}, {-100, 20}, {170, -60}, {0, 90}};

AudioBuffer encoded(int order, const Direction& direction, const AudioBuffer& mono) {
  auto encoder = AmbisonicEncoder::create(order, direction).value();
  AudioBuffer field(encoder.channels(), mono.frames(), kTestRateHz);
  encoder.process(mono.channel(0), field.view());
  return field;
}

// SN3D: within each order the squares add up to 1 in every direction (the addition theorem).
TEST(Ambisonics, HarmonicsObeyTheAdditionTheorem) {
  for (const Direction& a : kDirections) {
    const Harmonics ya = harmonics(a);
    for (const Direction& b : kDirections) {
      const Harmonics yb = harmonics(b);
      const auto u = unit_vector(a);
      const auto v = unit_vector(b);
      const double x = u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
      const double legendre[] = {1, x, (3 * x * x - 1) / 2, (5 * x * x * x - 3 * x) / 2};
      for (std::size_t order = 0, i = 0; order <= 3; ++order) {
        double sum = 0;
        for (std::size_t m = 0; m <= 2 * order; ++m, ++i) sum += ya[i] * yb[i];
        EXPECT_NEAR(sum, legendre[order], 1e-12) << order;
      }
    }
  }
}

// The AmbiX table: W, Y, Z, X, then V, T, R, S, U.
TEST(Ambisonics, HarmonicsAreInAcnOrder) {
  EXPECT_NEAR(harmonics({0, 0})[3], 1, 1e-12);
  EXPECT_NEAR(harmonics({90, 0})[1], 1, 1e-12);
  EXPECT_NEAR(harmonics({0, 90})[2], 1, 1e-12);
  EXPECT_NEAR(harmonics({0, 90})[6], 1, 1e-12);
  EXPECT_NEAR(harmonics({0, 90})[12], 1, 1e-12);
  EXPECT_NEAR(harmonics({45, 0})[4], std::sqrt(3.0) / 2, 1e-12);
  EXPECT_NEAR(harmonics({0, 0})[8], std::sqrt(3.0) / 2, 1e-12);
}

TEST(Ambisonics, RotatingTheFieldEqualsEncodingElsewhere) {
  const AudioBuffer mono = noise(1, 64);
  for (const Turn& turn : {Turn{90, 0, 0}, Turn{0, 40, 0}, Turn{0, 0, -70}, Turn{20, -35, 110}}) {
    for (const Direction& direction : kDirections) {
      for (const int order : {1, 2, 3}) {
        AudioBuffer field = encoded(order, direction, mono);
        AmbisonicRotator::create(order, turn).value().process(field.view());
        const AudioBuffer there = encoded(order, turned(direction, turn), mono);
        for (std::size_t c = 0; c < field.channels(); ++c)
          for (std::size_t i = 0; i < 64; ++i)
            ASSERT_NEAR(field.channel(c)[i], there.channel(c)[i], 1e-6);
      }
    }
  }
  EXPECT_NEAR(turned({0, 0}, {90, 0, 0}).azimuth_deg, 90, 1e-9);
  EXPECT_NEAR(turned({0, 0}, {0, 30, 0}).elevation_deg, -30, 1e-9);
}

TEST(Ambisonics, StereoIsTwoCardioids) {
  for (const double azimuth : {0.0, 60.0, -120.0}) {
    const AudioBuffer field = encoded(1, {azimuth, 0}, constant(1.0f, 4));
    auto decoder = AmbisonicDecoder::create(1, AmbisonicOutput::kStereo, kTestRateHz).value();
    AudioBuffer out(2, 4, kTestRateHz);
    decoder.process(field.view(), out.view());
    const auto cardioid = [&](double axis) {
      return 0.5 + 0.5 * std::cos((azimuth - axis) * std::numbers::pi / 180);
    };
    EXPECT_NEAR(out.channel(0)[3], cardioid(60), 1e-6);
    EXPECT_NEAR(out.channel(1)[3], cardioid(-60), 1e-6);
  }
}

// Third order is exact as long as the head is small beside the wave: about 600 Hz for 0.5 dB.
TEST(Ambisonics, BinauralHearsWhatTheHeadModelHears) {
  for (const Direction& direction : {Direction{0, 0}, Direction{50, 0}, Direction{-90, 20}}) {
    const AudioBuffer field = encoded(3, direction, [] {
      AudioBuffer impulse(1, 4'800, kTestRateHz);
      impulse.channel(0)[0] = 1.0f;
      return impulse;
    }());
    auto decoder = AmbisonicDecoder::create(3, AmbisonicOutput::kBinaural, kTestRateHz).value();
    AudioBuffer out(2, 4'800, kTestRateHz);
    decoder.process(field.view(), out.view());
    for (std::size_t ear = 0; ear < 2; ++ear) {
      for (const double hz : {200.0, 400.0, 600.0}) {
        const auto heard = amplitude(out.channel(ear), hz) * 2'400.0;
        const auto model = head_transfer(incidence_deg(direction, ear), hz);
        EXPECT_NEAR(decibels(std::abs(heard)), decibels(std::abs(model)), 0.5);
        const double late = 2 * std::numbers::pi * hz * double(decoder.latency_samples()) / 48'000;
        EXPECT_NEAR(std::arg(heard * std::polar(1.0, late) / model), 0.0, 0.1);
      }
    }
  }
}

TEST(Ambisonics, AnyBlockSizeGivesTheSameAndAllIsSafeInRealTime) {
  const AudioBuffer mono = noise(1, 2'000);
  AudioBuffer whole(2, 2'000, kTestRateHz);
  for (const std::size_t block : {2'000u, 1u, 7u, 64u}) {
    auto encoder = AmbisonicEncoder::create(2, {10, 0}).value();
    auto rotator = AmbisonicRotator::create(2).value();
    auto decoder = AmbisonicDecoder::create(2, AmbisonicOutput::kBinaural, kTestRateHz).value();
    AudioBuffer field(9, 2'000, kTestRateHz);
    AudioBuffer out(2, 2'000, kTestRateHz);
    encoder.set_direction({-60, 10});
    EXPECT_REALTIME_SAFE({
      rotator.set_turn({45, 0, 0});
      for (std::size_t at = 0; at < 2'000; at += block) {
        const std::size_t part = std::min<std::size_t>(block, 2'000 - at);
        encoder.process(mono.channel(0).subspan(at, part), field.view().slice(at, part));
        rotator.process(field.view().slice(at, part));
        decoder.process(field.view().slice(at, part), out.view().slice(at, part));
      }
    });
    if (block == 2'000) whole = out;
    EXPECT_TRUE(same(out, whole));
  }
}

TEST(Ambisonics, RefusesOrdersThatItDoesNotHave) {
  for (const int order : {-1, 0, 4}) {
    EXPECT_FALSE(AmbisonicEncoder::create(order, {}));
    EXPECT_FALSE(AmbisonicRotator::create(order));
    EXPECT_FALSE(AmbisonicDecoder::create(order, AmbisonicOutput::kStereo, kTestRateHz));
  }
  EXPECT_FALSE(AmbisonicDecoder::create(1, AmbisonicOutput::kBinaural, 0));
}

}  // namespace
}  // namespace syrinx::effects
