// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/dsp/pitch/streaming_f0.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <limits>
#include <string>

#include "support/realtime_guard.h"
#include "support/test_data.h"
#include "syrinx/core/dsp/pitch/f0_distance.h"
#include "syrinx/core/dsp/pitch/test_voices.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/measure/pitch/praat_tracks.h"

namespace syrinx::measure {
namespace {

dsp::F0Track stream(AudioView audio, std::size_t block, const dsp::F0Options& options = {}) {
  auto f0 = dsp::StreamingF0::create(audio.sample_rate_hz(), options).value();
  dsp::F0Track track;
  track.hop_s = static_cast<double>(f0.hop_samples()) / audio.sample_rate_hz();
  for (std::size_t at = 0; at < audio.frames(); at += block) {
    const auto piece = audio.slice(at, std::min(block, audio.frames() - at));
    f0.process(piece.channel(0), [&](const dsp::F0Frame& frame) {
      if (track.hz.empty()) track.first_s = frame.time_s;
      track.hz.push_back(frame.hz);
      track.voicing.push_back(frame.voicing);
    });
  }
  return track;
}

// Within 5 cents: what a parabola over lags of 1/8000 s errs by at 440 Hz.
TEST(StreamingF0, FindsThePitchOfPulsesAtAnyRate) {
  for (const int rate_hz : {8'000, 22'050, 48'000}) {
    for (const double hz : {70.0, 123.4, 251.0, 440.0}) {
      const auto track = stream(dsp::harmonic_tone(hz, 0.5, rate_hz), 512);
      for (std::size_t i = 2; i < track.frames(); ++i) {
        EXPECT_NEAR(1200 * std::log2(track.hz[i] / hz), 0, 5) << hz << " at " << rate_hz;
      }
    }
  }
}

TEST(StreamingF0, HearsPastAConstant) {
  auto audio = dsp::harmonic_tone(123.4, 0.5, 16'000);
  audio.append(AudioBuffer(1, 8'000, 16'000));
  const auto expected = stream(audio, 512);
  for (float& x : audio.channel(0)) x += 0.5f;
  const auto track = stream(audio, 512);
  ASSERT_EQ(track.frames(), expected.frames());
  for (std::size_t i = 0; i < track.frames(); ++i) EXPECT_NEAR(track.hz[i], expected.hz[i], 0.1);
  EXPECT_EQ(track.hz.back(), 0.0) << "a constant has no pitch";
}

TEST(StreamingF0, DoesNotJumpAnOctaveWhenOneHarmonicFades) {
  auto audio = dsp::harmonic_tone(120, 1, 16'000);
  const auto second = dsp::harmonic_tone(240, 1, 16'000);
  for (std::size_t i = 0; i < audio.frames(); ++i) {  // Every other harmonic grows fourfold.
    const float part = 3.0f * static_cast<float>(i) / static_cast<float>(audio.frames());
    audio.channel(0)[i] += part * second.channel(0)[i];
  }
  const auto track = stream(audio, 160);
  for (std::size_t i = 2; i < track.frames(); ++i) {
    EXPECT_NEAR(track.hz[i], 120, 2) << track.time_s(i);
  }
}

TEST(StreamingF0, AnyBlockSizeGivesTheSameFrames) {
  const auto audio = dsp::gliding_tone(80, 300, 0.7, 22'050);
  const auto whole = stream(audio, audio.frames());
  EXPECT_GT(whole.frames(), 50u);
  for (const std::size_t block : {1u, 7u, 64u}) {
    EXPECT_EQ(stream(audio, block).hz, whole.hz);
  }
}

TEST(StreamingF0, IsSafeInRealTimeAndForgets) {
  auto f0 = dsp::StreamingF0::create(48'000).value();
  const auto audio = dsp::harmonic_tone(150, 0.5, 48'000);
  double last_hz = 0;
  std::size_t frames = 0;
  EXPECT_REALTIME_SAFE({
    f0.process(audio.channel(0), [&](const dsp::F0Frame& frame) { last_hz = frame.hz; });
    f0.reset();
    f0.process(audio.channel(0).first(2 * f0.latency_samples() - 1),
               [&](const dsp::F0Frame&) { ++frames; });
  });
  EXPECT_NEAR(last_hz, 150, 0.5);
  EXPECT_EQ(frames, 0u);
}

TEST(StreamingF0, HearsNoPitchInNoiseSilenceOrNan) {
  const auto noise = stream(dsp::white_noise(2, 16'000), 100);
  std::size_t voiced = 0;
  for (const double hz : noise.hz) voiced += hz > 0 ? 1u : 0u;
  EXPECT_LT(voiced, noise.frames() / 20);
  const auto silence = stream(AudioBuffer(1, 16'000, 16'000), 100);
  EXPECT_EQ(silence.hz, std::vector<double>(silence.frames(), 0.0));
  AudioBuffer bad(1, 16'000, 16'000);
  for (float& v : bad.channel(0)) v = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(stream(bad, 100).hz, silence.hz);
  EXPECT_TRUE(stream(AudioBuffer(1, 1, 16'000), 1).hz.empty());
}

TEST(StreamingF0, RefusesRatesAndRangesItCannotHear) {
  EXPECT_FALSE(dsp::StreamingF0::create(0));
  EXPECT_FALSE(dsp::StreamingF0::create(1'000));
  EXPECT_FALSE(dsp::StreamingF0::create(16'000, {.min_hz = 5, .max_hz = 500, .hop_s = 0.01}));
}

// Beside Praat's autocorrelation, which sees the whole utterance and we only what came before.
TEST(StreamingF0, AgreesWithPraatOnSpeech) {
  double gross = 0;
  std::size_t voiced = 0;
  for (const auto& file : praat_files()) {
    const std::string golden = std::string("golden/f0/") + file.track + ".tsv";
    SYRINX_NEED_DATA(golden);
    const auto audio =
        io::read_audio(support::data_path(std::string("speech/") + file.speech + ".flac")).value();
    dsp::F0Options options;
    options.hop_s = 0.005;  // Twice as fine as theirs, since our frames lie elsewhere in time.
    const auto error =
        dsp::compare_f0(read_praat_track(support::data_path(golden)), stream(audio, 480, options))
            .value();
    std::printf("%-28s voicing %5.2f %%  gross %5.2f %%  median %5.2f cents  rms %5.1f cents\n",
                file.track, 100 * *error.voicing_error, 100 * *error.gross_error,
                *error.fine_median_cents, *error.fine_rmse_cents);
    EXPECT_LE(*error.fine_median_cents, 8) << file.track;  // Up to 2.5 ms apart in time.
    EXPECT_LE(*error.voicing_error, 0.15) << file.track;
    voiced += error.both_voiced;
    gross += *error.gross_error * static_cast<double>(error.both_voiced);
  }
  EXPECT_LE(gross / static_cast<double>(voiced), 0.03);
}

}  // namespace
}  // namespace syrinx::measure
