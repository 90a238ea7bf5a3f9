// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/pitch/voice_quality.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "support/test_data.h"
#include "syrinx/core/dsp/pitch/test_voices.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/measure/pitch/praat_tracks.h"

namespace syrinx::measure {
namespace {

struct UnevenPulses {
  AudioBuffer audio{1, 48'000, 48'000};
  std::vector<double> times_s;
  double shimmer = 0.0;  // Of their heights, by its definition.
};

// Bumps of 0.25 ms, 8 ms apart, each moved and scaled at random by up to a share.
UnevenPulses uneven_pulses(double jitter, double shimmer) {
  UnevenPulses made;
  std::mt19937 random(3);
  std::uniform_real_distribution<double> share(-1.0, 1.0);
  double former = 0.0;
  double sum = 0.0;
  for (double time_s = 0.01; time_s < 0.98; time_s += 0.008 * (1 + jitter * share(random))) {
    const double height = 0.5 * (1 + shimmer * share(random));
    for (std::size_t i = 0; i < made.audio.frames(); ++i) {
      const double away = (static_cast<double>(i) + 0.5) / 48'000 - time_s;
      if (std::abs(away) > 0.002) continue;
      made.audio.channel(0)[i] +=
          static_cast<float>(height * std::exp(-0.5 * std::pow(away / 0.00025, 2)));
    }
    made.times_s.push_back(time_s);
    if (former > 0) made.shimmer += std::abs(height - former);
    former = height;
    sum += height;
  }
  made.shimmer /= sum;
  return made;
}

TEST(VoiceQuality, FindsTheJitterAndShimmerThatWerePutIn) {
  const auto made = uneven_pulses(0.02, 0.1);
  const auto quality = measure_voice_quality(made.audio).value();
  EXPECT_NEAR(quality.jitter_local / jitter_local(made.times_s), 1, 0.1);
  EXPECT_NEAR(quality.shimmer_local / made.shimmer, 1, 0.1);
  EXPECT_NEAR(static_cast<double>(quality.periods), 121, 4);
}

// Periods of 10 and 11 ms in turn: 1 ms over 10.5.
TEST(VoiceQuality, JitterIsTheMeanDifferenceOverTheMeanPeriod) {
  std::vector<double> pulses = {0.0};
  for (int i = 0; i < 20; ++i) pulses.push_back(pulses.back() + (i % 2 == 0 ? 0.010 : 0.011));
  EXPECT_NEAR(jitter_local(pulses), 1 / 10.5, 1e-9);
}

TEST(VoiceQuality, OfASteadyVoiceIsPerfect) {
  const auto quality = measure_voice_quality(dsp::harmonic_tone(140, 1, 44'100)).value();
  EXPECT_LT(quality.jitter_local, 1e-3);
  EXPECT_LT(quality.shimmer_local, 1e-2);
  EXPECT_GT(quality.hnr_db, 40);
}

// A tone in white noise: the correlation of neighbours is S / (S + N), so HNR is the SNR.
TEST(VoiceQuality, HearsNoiseAtItsLevel) {
  for (const double snr_db : {5.0, 10.0, 20.0}) {
    auto audio = dsp::harmonic_tone(100, 3, 16'000);
    double power = 0;
    for (const float v : audio.channel(0)) power += static_cast<double>(v) * static_cast<double>(v);
    power /= static_cast<double>(audio.frames());
    const auto noise = dsp::white_noise(3, 16'000, std::sqrt(power * std::pow(10.0, -snr_db / 10)));
    for (std::size_t i = 0; i < audio.frames(); ++i) audio.channel(0)[i] += noise.channel(0)[i];
    // The largest of many lags is a little too large.
    EXPECT_NEAR(measure_voice_quality(audio).value().hnr_db, snr_db, 0.7) << snr_db;
  }
}

TEST(VoiceQuality, DoesNotExistWithoutAVoice) {
  const auto silence = measure_voice_quality(AudioBuffer(64, 8'000, 8'000)).value();
  EXPECT_TRUE(std::isnan(silence.jitter_local));
  EXPECT_TRUE(std::isnan(silence.shimmer_local));
  EXPECT_TRUE(std::isnan(silence.hnr_db));
  EXPECT_TRUE(std::isnan(measure_voice_quality(AudioBuffer(1, 1, 8'000)).value().jitter_local));
  AudioBuffer bad(1, 8'000, 8'000);
  for (float& v : bad.channel(0)) v = std::numeric_limits<float>::infinity();
  EXPECT_TRUE(std::isnan(measure_voice_quality(bad).value().hnr_db));
  EXPECT_FALSE(measure_voice_quality(AudioView()));
  EXPECT_TRUE(std::isnan(jitter_local({0.1, 0.2})));
}

// Praat's values for the same files. Jitter hangs on single pulses at the edges of voicing (a 2 s
// file has 300), hence 8 % of the value; shimmer 1 %, HNR 0.05 dB.
TEST(VoiceQuality, AgreesWithPraatOnSpeech) {
  SYRINX_NEED_DATA("golden/f0/voice_quality.tsv");
  const auto table = support::data_path("golden/f0/voice_quality.tsv");
  for (const auto& file : praat_files()) {
    SYRINX_NEED_DATA(std::string("speech/") + file.speech + ".flac");
    const auto praat = read_praat_quality(table, file.quality);
    ASSERT_TRUE(praat) << file.quality;
    const auto audio =
        io::read_audio(support::data_path(std::string("speech/") + file.speech + ".flac")).value();
    const auto ours = measure_voice_quality(audio).value();
    std::printf("%-24s jitter %+6.2f %%  shimmer %+6.2f %%  HNR %+6.3f dB\n", file.quality,
                100 * (ours.jitter_local / praat->jitter_local - 1),
                100 * (ours.shimmer_local / praat->shimmer_local - 1), ours.hnr_db - praat->hnr_db);
    EXPECT_NEAR(ours.jitter_local / praat->jitter_local, 1, 0.08) << file.quality;
    EXPECT_NEAR(ours.shimmer_local / praat->shimmer_local, 1, 0.01) << file.quality;
    EXPECT_NEAR(ours.hnr_db, praat->hnr_db, 0.05) << file.quality;
  }
}

}  // namespace
}  // namespace syrinx::measure
