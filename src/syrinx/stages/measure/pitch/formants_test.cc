// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/pitch/formants.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <limits>
#include <numbers>
#include <string>

#include "support/test_data.h"
#include "syrinx/core/dsp/biquad.h"
#include "syrinx/core/dsp/pitch/test_voices.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/measure/pitch/praat_tracks.h"

namespace syrinx::measure {
namespace {

// White noise to 5.5 kHz through resonances of given frequency and bandwidth.
AudioBuffer resonating_noise(const std::vector<Formant>& formants) {
  constexpr int rate_hz = 11'000;
  AudioBuffer audio = dsp::white_noise(4, rate_hz, 0.001);
  std::vector<dsp::Biquad> sections;
  for (const auto& formant : formants) {
    const double radius = std::exp(-std::numbers::pi * formant.bandwidth_hz / rate_hz);
    const double angle = 2 * std::numbers::pi * formant.hz / rate_hz;
    sections.push_back({1, 0, 0, -2 * radius * std::cos(angle), radius * radius});
  }
  auto filter = dsp::BiquadCascade::create(sections, 1).value();
  filter.process(audio.view());
  return audio;
}

TEST(BurgPrediction, FindsTheRecursionThatMadeTheSignal) {
  const auto noise = dsp::white_noise(1, 8'000);
  std::vector<double> x(noise.frames());
  for (std::size_t i = 2; i < x.size(); ++i) {
    x[i] = 1.5 * x[i - 1] - 0.8 * x[i - 2] + static_cast<double>(noise.channel(0)[i]);
  }
  const auto a = burg_prediction(x, 2);
  EXPECT_NEAR(a[0], 1.5, 0.02);
  EXPECT_NEAR(a[1], -0.8, 0.02);
  EXPECT_EQ(burg_prediction(std::vector<double>(50), 4), std::vector<double>(4));
  EXPECT_EQ(burg_prediction(std::vector<double>(2, 1.0), 4), std::vector<double>(4));
}

// Four resonances and white noise between: the medians over frames find them within 3 %.
TEST(Formants, OfResonatingNoiseAreItsResonances) {
  const std::vector<Formant> made = {{500, 60}, {1'500, 90}, {2'500, 120}, {3'500, 150}};
  const auto noise = resonating_noise(made);
  for (const int rate_hz : {11'000, 22'050, 48'000}) {
    FormantOptions options;
    options.emphasis_from_hz = 5'500;  // The source is white, not a voice: nothing to raise.
    const auto track = track_formants(dsp::resample(noise, rate_hz).value(), options).value();
    for (std::size_t k = 0; k < 3; ++k) {
      EXPECT_NEAR(track.median_hz(k) / made[k].hz, 1, 0.03) << "F" << k + 1 << " at " << rate_hz;
    }
  }
}

TEST(Formants, AreDefinedForSilenceOneSampleNanAndManyChannels) {
  const auto silence = track_formants(AudioBuffer(64, 8'000, 8'000)).value();
  EXPECT_GT(silence.frames.size(), 90u);
  EXPECT_TRUE(silence.frames[0].empty());
  EXPECT_TRUE(std::isnan(silence.median_hz(0)));
  EXPECT_EQ(track_formants(AudioBuffer(1, 1, 48'000)).value().frames.size(), 1u);
  AudioBuffer bad(1, 8'000, 8'000);
  for (float& v : bad.channel(0)) v = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(std::isnan(track_formants(bad).value().median_hz(1)));
  EXPECT_FALSE(track_formants(AudioView()));
  FormantOptions options;
  options.most_formants = 9;
  EXPECT_FALSE(track_formants(bad, options));
}

// Praat's medians over the whole file, pauses too, where the noise of the recording decides and the
// two resamplers' edges differ: within 4 %.
TEST(Formants, AgreeWithPraatOnSpeech) {
  SYRINX_NEED_DATA("golden/f0/voice_quality.tsv");
  const auto table = support::data_path("golden/f0/voice_quality.tsv");
  for (const auto& file : praat_files()) {
    SYRINX_NEED_DATA(std::string("speech/") + file.speech + ".flac");
    const auto praat = read_praat_quality(table, file.quality);
    ASSERT_TRUE(praat) << file.quality;
    const auto audio =
        io::read_audio(support::data_path(std::string("speech/") + file.speech + ".flac")).value();
    const auto track = track_formants(audio).value();
    std::printf("%-24s", file.quality);
    for (std::size_t k = 0; k < 3; ++k) {
      const double ratio = track.median_hz(k) / praat->formants_hz[k];
      std::printf("  F%zu %+5.2f %%", k + 1, 100 * (ratio - 1));
      EXPECT_NEAR(ratio, 1, 0.04) << file.quality;
    }
    std::printf("\n");
  }
}

}  // namespace
}  // namespace syrinx::measure
