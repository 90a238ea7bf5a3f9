// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/loudness.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "support/realtime_guard.h"
#include "support/test_data.h"
#include "support/wav.h"

namespace syrinx::measure {
namespace {

// `peak_dbfs` sine of 997 Hz in every channel.
AudioBuffer tone(double seconds, double peak_dbfs, int rate_hz, std::size_t channels,
                 double hz = 997) {
  AudioBuffer audio(channels, static_cast<std::size_t>(seconds * rate_hz), rate_hz);
  const double amplitude = std::pow(10.0, peak_dbfs / 20);
  for (std::size_t i = 0; i < audio.frames(); ++i) {
    const double phase = 2 * std::numbers::pi * hz * static_cast<double>(i) / rate_hz;
    for (std::size_t c = 0; c < channels; ++c) {
      audio.channel(c)[i] = static_cast<float>(amplitude * std::sin(phase));
    }
  }
  return audio;
}

double integrated(AudioView audio) { return measure_loudness(audio).value().integrated_lufs; }

// BS.1770-4, Annex 1, tables 1 and 2, to their last digit.
TEST(KWeighting, HasTheStandardsCoefficientsAt48Khz) {
  const auto [shelf, high_pass] = k_weighting(48'000);
  EXPECT_NEAR(shelf.b0, 1.53512485958697, 1e-12);
  EXPECT_NEAR(shelf.b1, -2.69169618940638, 1e-12);
  EXPECT_NEAR(shelf.b2, 1.19839281085285, 1e-12);
  EXPECT_NEAR(shelf.a1, -1.69065929318241, 1e-12);
  EXPECT_NEAR(shelf.a2, 0.73248077421585, 1e-12);
  EXPECT_EQ(high_pass.b1, -2.0);
  EXPECT_NEAR(high_pass.a1, -1.99004745483398, 1e-12);
  EXPECT_NEAR(high_pass.a2, 0.99007225036621, 1e-12);
}

// BS.1770-4: a 0 dB FS 997 Hz sine in one front channel measures -3.01 LKFS.
TEST(Loudness, OfAFullScaleSineIsMinus3AtAnyRate) {
  for (const int rate_hz : {16'000, 22'050, 44'100, 48'000, 96'000}) {
    EXPECT_NEAR(integrated(tone(5, 0, rate_hz, 1)), -3.01, 0.05) << rate_hz;
  }
}

// EBU Tech 3341, tests 1 and 2: a stereo sine of -23 (-33) dBFS measures -23 (-33) LUFS.
TEST(Loudness, OfAStereoSineIsItsLevel) {
  EXPECT_NEAR(integrated(tone(20, -23, 48'000, 2)), -23.0, 0.1);
  EXPECT_NEAR(integrated(tone(20, -33, 48'000, 2)), -33.0, 0.1);
}

// EBU Tech 3341, test 3: what is 10 LU below the rest is gated away.
TEST(Loudness, LeavesOutWhatTheRelativeGateExcludes) {
  AudioBuffer audio = tone(10, -36, 48'000, 2);
  audio.append(tone(60, -23, 48'000, 2));
  audio.append(tone(10, -36, 48'000, 2));
  EXPECT_NEAR(integrated(audio), -23.0, 0.1);
}

// EBU Tech 3341, test 4: -72 dBFS lies under the absolute gate.
TEST(Loudness, LeavesOutWhatTheAbsoluteGateExcludes) {
  AudioBuffer audio = tone(10, -72, 48'000, 2);
  audio.append(tone(10, -36, 48'000, 2));
  audio.append(tone(60, -23, 48'000, 2));
  audio.append(tone(10, -36, 48'000, 2));
  audio.append(tone(10, -72, 48'000, 2));
  EXPECT_NEAR(integrated(audio), -23.0, 0.1);
}

// EBU Tech 3341, test 6: 5.0 sines of -28, -28, -24, -30, -30 dBFS together are -23 LUFS.
TEST(Loudness, WeightsSurroundChannelsAndIgnoresLfe) {
  AudioBuffer audio(6, 20 * 48'000, 48'000);
  const double levels_db[] = {-28, -28, -24, 0, -30, -30};
  for (std::size_t c = 0; c < 6; ++c) {
    const auto one = tone(20, levels_db[c], 48'000, 1);
    std::copy(one.channel(0).begin(), one.channel(0).end(), audio.channel(c).begin());
  }
  EXPECT_NEAR(integrated(audio), -23.0, 0.1);
}

struct Reference {
  const char* file;
  double lufs;
};

// The published values of the two gate tests (ITU-R BS.2217), and pyloudnorm's for the sine; the
// tolerance of 0.1 LU is that of BS.2217.
TEST(Loudness, AgreesWithTheReferencesOnRealFiles) {
  for (const auto& [file, lufs] :
       {Reference{"metrics/loudness/sine_1000.wav", -3.0523438444331137},
        Reference{"metrics/loudness/1770-2_Comp_AbsGateTest.wav", -69.5},
        Reference{"metrics/loudness/1770-2_Comp_RelGateTest.wav", -10.0}}) {
    SYRINX_NEED_DATA(file);
    const auto audio = support::read_wav16(support::data_path(file)).value();
    EXPECT_NEAR(integrated(audio), lufs, 0.1) << file;
  }
}

TEST(Loudness, MomentaryAndShortTermFollowTheirWindows) {
  auto meter = LoudnessMeter::create(48'000, 2).value();
  meter.process(tone(5, -33, 48'000, 2));
  meter.process(tone(0.5, -23, 48'000, 2));
  EXPECT_NEAR(meter.momentary_lufs(), -23, 0.1);
  EXPECT_LT(meter.short_term_lufs(), -28);
  EXPECT_NEAR(meter.loudness().max_momentary_lufs, -23, 0.1);
}

TEST(Loudness, OfSilenceOrTooShortASoundDoesNotExist) {
  const double none = -std::numeric_limits<double>::infinity();
  EXPECT_EQ(integrated(AudioBuffer(1, 48'000, 48'000)), none);
  EXPECT_EQ(integrated(tone(0.3, -10, 48'000, 1)), none);
  EXPECT_EQ(measure_loudness(AudioBuffer(1, 48'000, 48'000)).value().sample_peak_dbfs, none);
}

TEST(LoudnessMeter, AnyBlockSizeMeasuresTheSame) {
  const auto audio = tone(3.3, -20, 22'050, 2, 440);
  const auto whole = measure_loudness(audio).value();
  for (const std::size_t block : {1u, 7u, 64u}) {
    auto meter = LoudnessMeter::create(22'050, 2).value();
    for (std::size_t i = 0; i < audio.frames(); i += block) {
      meter.process(audio.view().slice(i, std::min(block, audio.frames() - i)));
    }
    EXPECT_EQ(meter.loudness().integrated_lufs, whole.integrated_lufs);
    EXPECT_EQ(meter.loudness().max_short_term_lufs, whole.max_short_term_lufs);
    EXPECT_EQ(meter.loudness().true_peak_dbtp, whole.true_peak_dbtp);
  }
}

TEST(LoudnessMeter, ResetForgetsAndNonFiniteSamplesDoNoHarm) {
  auto meter = LoudnessMeter::create(48'000, 1).value();
  auto bad = tone(1, 0, 48'000, 1);
  bad.channel(0)[100] = std::numeric_limits<float>::quiet_NaN();
  bad.channel(0)[200] = std::numeric_limits<float>::infinity();
  meter.process(bad);
  EXPECT_NEAR(meter.loudness().integrated_lufs, -3.0, 0.1);
  meter.reset();
  meter.process(tone(1, -20, 48'000, 1));
  EXPECT_NEAR(meter.loudness().integrated_lufs, -23.0, 0.1);
  EXPECT_NEAR(meter.loudness().sample_peak_dbfs, -20.0, 0.01);
}

TEST(LoudnessMeter, IsSafeInRealTime) {
  auto meter = LoudnessMeter::create(48'000, 2).value();
  const auto audio = tone(1, -20, 48'000, 2);
  double sum = 0;
  EXPECT_REALTIME_SAFE({
    meter.process(audio);
    sum += meter.loudness().integrated_lufs;
    meter.reset();
  });
  EXPECT_LT(sum, 0);
}

TEST(LoudnessMeter, RefusesRatesAndChannelsItCannotMeasure) {
  EXPECT_FALSE(LoudnessMeter::create(1'000, 1));
  EXPECT_FALSE(LoudnessMeter::create(48'000, 0));
}

}  // namespace
}  // namespace syrinx::measure
