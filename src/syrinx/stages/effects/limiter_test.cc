// SPDX-License-Identifier: Apache-2.0
// The limiter against signals made to slip through it. True peaks are measured by the meter of
// ITU-R BS.1770-4, and, for sounds that end at 20 kHz as recordings do, by soxr at eight times the
// rate: beyond 20 kHz interpolators differ, and with them what a true peak is.
#include <gtest/gtest.h>

#include "support/test_data.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/effects/effect_test_support.h"
#include "syrinx/stages/effects/levels.h"

namespace syrinx::effects {
namespace {

// Annex 2 of the standard, in its own order: the taps of the four phases.
constexpr double kPhases[4][12] = {
    {0.0017089843750, 0.0109863281250, -0.0196533203125, 0.0332031250000, -0.0594482421875,
     0.1373291015625, 0.9721679687500, -0.1022949218750, 0.0476074218750, -0.0266113281250,
     0.0148925781250, -0.0083007812500},
    {-0.0291748046875, 0.0292968750000, -0.0517578125000, 0.0891113281250, -0.1665039062500,
     0.4650878906250, 0.7797851562500, -0.2003173828125, 0.1015625000000, -0.0582275390625,
     0.0330810546875, -0.0189208984375},
    {-0.0189208984375, 0.0330810546875, -0.0582275390625, 0.1015625000000, -0.2003173828125,
     0.7797851562500, 0.4650878906250, -0.1665039062500, 0.0891113281250, -0.0517578125000,
     0.0292968750000, -0.0291748046875},
    {-0.0083007812500, 0.0148925781250, -0.0266113281250, 0.0476074218750, -0.1022949218750,
     0.9721679687500, 0.1373291015625, -0.0594482421875, 0.0332031250000, -0.0196533203125,
     0.0109863281250, 0.0017089843750}};

double metered_peak_db(AudioView audio) {
  double peak = 0.0;
  for (std::size_t c = 0; c < audio.channels(); ++c) {
    const auto x = audio.channel(c);
    for (std::size_t i = 11; i < x.size(); ++i) {
      for (const auto& phase : kPhases) {
        double sum = 0.0;
        for (std::size_t k = 0; k < 12; ++k) sum += phase[k] * double(x[i - k]);
        peak = std::max(peak, std::abs(sum));
      }
    }
    peak = std::max(peak, peak_of(x));
  }
  return decibels(peak);
}

double fine_peak_db(AudioView audio) {
  const AudioBuffer fine = dsp::resample(audio, 8 * audio.sample_rate_hz()).value();
  double peak = 0.0;
  for (std::size_t c = 0; c < audio.channels(); ++c)
    peak = std::max({peak, peak_of(fine.channel(c)), peak_of(audio.channel(c))});
  return decibels(peak);
}

struct Drive {
  double lookahead_ms = 5.0;
  double input_db = 0.0;
};

AudioBuffer limited(const AudioBuffer& given, double ceiling, const Drive& drive) {
  auto effect = made("limiter", {{"ceiling_dbtp", ceiling},
                                 {"lookahead_ms", drive.lookahead_ms},
                                 {"input_db", drive.input_db},
                                 {"release_ms", 20}});
  return apply(*effect, given.view()).value();
}

// The most by which the limited sound exceeds its ceiling, by the meter.
double excess_db(const AudioBuffer& given, double ceiling, const Drive& drive = {}) {
  return metered_peak_db(limited(given, ceiling, drive)) - ceiling;
}
// By soxr. The ends fade, since a sound that breaks off has no end at 20 kHz.
double fine_excess_db(AudioBuffer given, double ceiling, const Drive& drive = {}) {
  fade_in(given.view(), 0.01).value();
  fade_out(given.view(), 0.01).value();
  return fine_peak_db(limited(given, ceiling, drive)) - ceiling;
}
// Nothing above 19 kHz.
AudioBuffer below_19_khz(const AudioBuffer& audio) {
  const AudioBuffer narrow = dsp::resample(audio.view(), 40'000).value();
  return dsp::resample(narrow.view(), audio.sample_rate_hz()).value();
}

AudioBuffer from(std::size_t frames, double (*value)(double)) {
  AudioBuffer audio(1, frames, kTestRateHz);
  for (std::size_t i = 0; i < frames; ++i)
    audio.channel(0)[i] = static_cast<float>(value(static_cast<double>(i)));
  return audio;
}

// A quarter of the rate at 45 degrees: the samples are 3 dB below the wave between them.
TEST(Limiter, SeesThePeakBetweenSamples) {
  const auto between = from(48'000, [](double i) {
    return 1.3 * std::sin(std::numbers::pi / 2 * i + std::numbers::pi / 4);
  });
  EXPECT_GT(fine_peak_db(between.view()), 2.0);
  EXPECT_LE(excess_db(between, -1.0), 0.0);
  EXPECT_LE(fine_excess_db(between, -1.0), 0.0);
}

TEST(Limiter, HoldsItsCeilingOnTonesOfAllPitches) {
  for (double hz = 30; hz < 20'500; hz *= 1.37) {
    EXPECT_LE(excess_db(tone(hz, 2.0, 12'000), -1.0), 0.0) << hz;
    EXPECT_LE(fine_excess_db(tone(hz, 2.0, 12'000), -1.0), 0.0) << hz;
  }
}

TEST(Limiter, HoldsItsCeilingOnNoiseClicksSquaresAndBursts) {
  EXPECT_LE(excess_db(noise(2, 48'000, 5, 4.0f), -0.3), 0.0);
  AudioBuffer clicks(1, 48'000, kTestRateHz);
  for (std::size_t i = 100; i < 48'000; i += 977) clicks.channel(0)[i] = i % 2 == 0 ? 6.0f : -6.0f;
  EXPECT_LE(excess_db(clicks, -1.0), 0.0);
  EXPECT_LE(
      excess_db(from(48'000, [](double i) { return std::sin(0.013 * i) > 0 ? 2.0 : -2.0; }), -1.0),
      0.0);
  EXPECT_LE(excess_db(from(48'000,
                           [](double i) {
                             return std::fmod(i, 4'000) < 200 ? 3.0 * std::sin(0.9 * i)
                                                              : 0.05 * std::sin(0.9 * i);
                           }),
                      -1.0),
            0.0);
  EXPECT_LE(excess_db(from(48'000, [](double i) { return 2.0 * std::sin(1e-5 * i * i); }), -1.0),
            0.0);
}

// The signs of a sinc, which make its neighbours add up as they can at most between two samples.
TEST(Limiter, HoldsItsCeilingOnAlternationThatTurnsRound) {
  AudioBuffer worst(1, 4'800, kTestRateHz);
  for (std::size_t i = 0; i < 4'800; ++i) {
    const bool late = i >= 2'400;
    worst.channel(0)[i] = ((i + (late ? 1 : 0)) % 2 == 0 ? 0.9f : -0.9f);
  }
  EXPECT_GT(fine_peak_db(worst.view()), 5.0);
  EXPECT_LE(excess_db(worst, -1.0), 0.0);
}

TEST(Limiter, HoldsItsCeilingWithTheShortestAndLongestLookAhead) {
  const AudioBuffer recorded = below_19_khz(noise(1, 24'000, 8, 3.0f));
  for (const double ms : {0.5, 1.5, 20.0}) {
    EXPECT_LE(excess_db(noise(1, 24'000, 8, 3.0f), -1.0, {ms}), 0.0) << ms;
    EXPECT_LE(fine_excess_db(recorded, -1.0, {ms}), 0.0) << ms;
  }
}

TEST(Limiter, HoldsItsCeilingOnSpeechDrivenHard) {
  SYRINX_NEED_DATA("speech/jfk.flac");
  const auto speech = io::read_audio(support::data_path("speech/jfk.flac"));
  ASSERT_TRUE(speech);
  EXPECT_LE(excess_db(*speech, -1.0, {5.0, 24.0}), 0.0);
  EXPECT_LE(fine_excess_db(*speech, -1.0, {5.0, 24.0}), 0.0);
}

TEST(Limiter, LeavesWhatIsBelowTheCeilingBitForBit) {
  auto effect = made("limiter", {{"ceiling_dbtp", -1}});
  const AudioBuffer given = noise(2, 24'000, 1, 0.3f);
  EXPECT_TRUE(same(apply(*effect, given.view()).value(), given));
}

TEST(Limiter, IsNotNeedlesslySoft) {
  auto effect = made("limiter", {{"ceiling_dbtp", -1}});
  const auto quieter = apply(*effect, tone(1'000, 2.0, 48'000).view()).value();
  EXPECT_GT(fine_peak_db(quieter.view()), -1.3);
}

TEST(Limiter, HasTheLatencyItStates) {
  auto effect = prepared("limiter");
  AudioBuffer audio(1, 2'000, kTestRateHz);
  audio.channel(0)[0] = 0.5f;
  run(*effect, audio);
  EXPECT_EQ(audio.channel(0)[effect->latency_samples()], 0.5f);
}

}  // namespace
}  // namespace syrinx::effects
