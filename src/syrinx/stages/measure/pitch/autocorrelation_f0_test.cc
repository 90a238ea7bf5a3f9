// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/dsp/pitch/autocorrelation_f0.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <limits>
#include <string>

#include "support/test_data.h"
#include "syrinx/core/dsp/pitch/f0_distance.h"
#include "syrinx/core/dsp/pitch/test_voices.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/measure/pitch/praat_tracks.h"

namespace syrinx::measure {
namespace {

TEST(AutocorrelationF0, FindsThePitchOfPulsesAtAnyRate) {
  for (const int rate_hz : {8'000, 16'000, 44'100, 96'000}) {
    for (const double hz : {70.0, 123.4, 251.0, 440.0}) {
      const auto track = dsp::autocorrelation_f0(dsp::harmonic_tone(hz, 0.5, rate_hz)).value();
      for (const double found : track.hz) {
        EXPECT_NEAR(1200 * std::log2(found / hz), 0, 1) << hz << " at " << rate_hz;
      }
    }
  }
}

TEST(AutocorrelationF0, IsDefinedForSilenceOneSampleNanAndManyChannels) {
  const auto silence = dsp::autocorrelation_f0(AudioBuffer(64, 8'000, 8'000)).value();
  EXPECT_EQ(silence.hz, std::vector<double>(silence.frames(), 0.0));
  EXPECT_EQ(dsp::autocorrelation_f0(AudioBuffer(1, 1, 48'000)).value().hz,
            std::vector<double>{0.0});
  AudioBuffer bad(1, 8'000, 8'000);
  for (float& v : bad.channel(0)) v = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(dsp::autocorrelation_f0(bad).value().hz, silence.hz);
  EXPECT_FALSE(dsp::autocorrelation_f0(AudioView()));
}

// The same method: what differs is rounding, and the interpolation of the last hundredth of a cent.
TEST(AutocorrelationF0, IsPraatsOnSpeech) {
  for (const auto& file : praat_files()) {
    const std::string golden = std::string("golden/f0/") + file.track + ".tsv";
    SYRINX_NEED_DATA(golden);
    const auto audio =
        io::read_audio(support::data_path(std::string("speech/") + file.speech + ".flac")).value();
    const auto error =
        dsp::compare_f0(
            read_praat_track(support::data_path(golden)),
            dsp::autocorrelation_f0(audio, {.min_hz = 60, .max_hz = 500, .hop_s = 0.01}).value())
            .value();
    std::printf("%-28s voicing %5.2f %%  gross %5.2f %%  median %6.3f cents  rms %6.2f cents\n",
                file.track, 100 * *error.voicing_error, 100 * *error.gross_error,
                *error.fine_median_cents, *error.fine_rmse_cents);
    EXPECT_LE(*error.fine_median_cents, 0.2) << file.track;
    EXPECT_LE(*error.voicing_error, 0.02) << file.track;
    EXPECT_LE(*error.gross_error, 0.01) << file.track;
  }
}

}  // namespace
}  // namespace syrinx::measure
