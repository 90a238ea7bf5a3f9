// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/dsp/pitch/pyin.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <limits>

#include "support/test_data.h"
#include "syrinx/core/dsp/pitch/f0_distance.h"
#include "syrinx/core/dsp/pitch/test_voices.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/measure/pitch/praat_tracks.h"

namespace syrinx::measure {
namespace {

// Within 4 cents: what a parabola over lags of 1/8000 s errs by at 440 Hz.
TEST(Pyin, FindsThePitchOfPulsesAtAnyRate) {
  for (const int rate_hz : {8'000, 16'000, 44'100, 96'000}) {
    for (const double hz : {70.0, 123.4, 251.0, 440.0}) {
      const auto track = dsp::pyin_f0(dsp::harmonic_tone(hz, 0.5, rate_hz)).value();
      for (const double found : track.hz) {
        EXPECT_NEAR(1200 * std::log2(found / hz), 0, 4) << hz << " at " << rate_hz;
      }
    }
  }
}

TEST(Pyin, FollowsAGlide) {
  const auto track = dsp::pyin_f0(dsp::gliding_tone(100, 200, 1.0, 16'000)).value();
  for (std::size_t i = 0; i < track.frames(); ++i) {
    const double hz = 100 * std::exp2(track.time_s(i));
    EXPECT_NEAR(1200 * std::log2(track.hz[i] / hz), 0, 5) << track.time_s(i);
  }
}

TEST(Pyin, HearsNoPitchInNoiseOrSilence) {
  const auto noise = dsp::pyin_f0(dsp::white_noise(2.0, 16'000)).value();
  std::size_t voiced = 0;
  for (const double hz : noise.hz) voiced += hz > 0 ? 1u : 0u;
  EXPECT_LT(voiced, noise.frames() / 50);
  const auto silence = dsp::pyin_f0(AudioBuffer(2, 16'000, 16'000)).value();
  EXPECT_EQ(silence.hz, std::vector<double>(silence.frames(), 0.0));
}

TEST(Pyin, IsDefinedForOneSampleNanAndManyChannels) {
  EXPECT_EQ(dsp::pyin_f0(AudioBuffer(1, 1, 48'000)).value().hz, std::vector<double>{0.0});
  AudioBuffer bad(64, 8'000, 8'000);
  for (float& v : bad.channel(63)) v = std::numeric_limits<float>::quiet_NaN();
  const auto track = dsp::pyin_f0(bad).value();
  EXPECT_EQ(track.hz, std::vector<double>(track.frames(), 0.0));
  EXPECT_FALSE(dsp::pyin_f0(AudioView()));
  EXPECT_FALSE(
      dsp::pyin_f0(AudioBuffer(1, 100, 1'000)));  // 500 Hz is more than a quarter of the rate.
  EXPECT_TRUE(
      dsp::pyin_f0(AudioBuffer(1, 100, 1'000), {.min_hz = 60, .max_hz = 250, .hop_s = 0.01}));
  EXPECT_FALSE(dsp::pyin_f0(bad, {.min_hz = 300, .max_hz = 200, .hop_s = 0.01}));
  EXPECT_FALSE(dsp::pyin_f0(bad, {.min_hz = 60, .max_hz = 400, .hop_s = 0}));
}

// Against another method by another hand (Praat's autocorrelation): 3 % gross errors and 5 cents
// are what two good methods differ by on running speech; voicing is a matter of each one's taste.
TEST(Pyin, AgreesWithPraatOnSpeech) {
  std::size_t voiced = 0;
  double gross = 0;
  for (const auto& file : praat_files()) {
    const std::string track = std::string("golden/f0/") + file.track + ".tsv";
    SYRINX_NEED_DATA(track);
    const auto audio =
        io::read_audio(support::data_path(std::string("speech/") + file.speech + ".flac")).value();
    const auto error =
        dsp::compare_f0(read_praat_track(support::data_path(track)), dsp::pyin_f0(audio).value())
            .value();
    std::printf("%-28s voicing %5.2f %%  gross %5.2f %%  median %5.2f cents  rms %5.1f cents\n",
                file.track, 100 * *error.voicing_error, 100 * *error.gross_error,
                *error.fine_median_cents, *error.fine_rmse_cents);
    EXPECT_LE(*error.fine_median_cents, 5) << file.track;
    EXPECT_LE(*error.voicing_error, 0.13) << file.track;
    voiced += error.both_voiced;
    gross += *error.gross_error * static_cast<double>(error.both_voiced);
  }
  EXPECT_LE(gross / static_cast<double>(voiced), 0.03);
}

}  // namespace
}  // namespace syrinx::measure
