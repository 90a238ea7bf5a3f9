// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/griffin_lim/griffin_lim.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "syrinx/core/base/thread_pool.h"
#include "syrinx/core/dsp/mel_analysis.h"
#include "syrinx/core/dsp/mel_filterbank.h"
#include "syrinx/stages/vocoder/griffin_lim/griffin_lim_model.h"
#include "syrinx/stages/vocoder/random_weights_test_support.h"

namespace syrinx::vocoder {
namespace {

// A second of a voice-like sound: harmonics that glide and swell.
AudioBuffer voice(int rate_hz) {
  AudioBuffer audio(1, static_cast<std::size_t>(rate_hz), rate_hz);
  double phase = 0;
  for (std::size_t i = 0; i < audio.frames(); ++i) {
    const double t = static_cast<double>(i) / rate_hz;
    phase += 2 * std::numbers::pi * (140 + 40 * std::sin(3 * t)) / rate_hz;
    double v = 0;
    for (int k = 1; k < 30; ++k) v += std::sin(k * phase) / (k * (1 + 0.2 * std::cos(9 * t + k)));
    audio.channel(0)[i] = static_cast<float>(0.2 * v * (0.6 + 0.4 * std::sin(12 * t)));
  }
  return audio;
}

double mel_distance_db(const Mel& a, const Mel& b) {
  double sum = 0;
  std::size_t count = 0;
  for (std::size_t i = 4; i + 4 < a.frames(); ++i)
    for (std::size_t k = 0; k < a.bands(); ++k, ++count) {
      const double d = (double{a.frame(i)[k]} - double{b.frame(i)[k]}) * 20 / std::log(10.0);
      sum += d * d;
    }
  return std::sqrt(sum / static_cast<double>(count));
}

TEST(MelInversion, FindsASpectrumWithTheseBands) {
  for (const MelSpec& spec : {dsp::hifigan_22050_80(), dsp::diffwave_22050_80()}) {
    const auto inversion = MelInversion::create(spec);
    ASSERT_TRUE(inversion);
    const auto mel = dsp::analyse_mel(voice(22'050).view(), spec);
    ASSERT_TRUE(mel);
    const auto filters = dsp::MelFilterbank::create(spec).value();
    double window_energy = 1;
    if (spec.normalise_window) window_energy = 384;  // Of a periodic Hann window of 1024.
    std::vector<float> spectrum(inversion->bins()), bands(spec.bands);
    double sum = 0;
    for (std::size_t i = 0; i < mel->frames(); ++i) {
      inversion->apply(mel->frame(i), spectrum);
      for (float& v : spectrum) {
        ASSERT_GE(v, 0.0F);
        v = static_cast<float>(double{v} / std::sqrt(window_energy));
      }
      filters.apply(spectrum, bands);
      for (std::size_t b = 0; b < spec.bands; ++b) {
        const double given = spec.log == MelLog::kNatural
                                 ? std::exp(double{mel->frame(i)[b]})
                                 : std::pow(10.0, double{mel->frame(i)[b]} * 5 - 4);
        const double error_db = 20 * std::log10(double{bands[b]} / given);
        sum += error_db * error_db;
      }
    }
    EXPECT_LT(std::sqrt(sum / static_cast<double>(mel->frames() * spec.bands)), 1.0);
  }
}

TEST(GriffinLim, MakesSilenceOfNothing) {
  MelSpec spec;
  const std::size_t frames = 12, bins = 513;
  std::vector<float> magnitudes(frames * bins, 0.0F), phases(frames * bins, 0.0F);
  const auto silent = griffin_lim(magnitudes, phases, spec, {});
  ASSERT_TRUE(silent);
  EXPECT_EQ(silent->size(), 11U * 256U + 1024U);
  for (const float v : *silent) EXPECT_EQ(v, 0.0F);
}

TEST(GriffinLim, ComesCloserWithMomentumThanWithout) {
  const MelSpec spec = dsp::hifigan_22050_80();
  const auto mel = dsp::analyse_mel(voice(22'050).view(), spec).value();
  double distance[2];
  for (const int fast : {0, 1}) {
    const auto model = GriffinLimModel::create(spec, {60, fast == 1 ? 0.99 : 0.0}).value();
    const auto audio = model->synthesise(mel.view(), {});
    ASSERT_TRUE(audio) << audio.error().message;
    ASSERT_EQ(audio->frames(), mel.frames() * 256);
    distance[fast] = mel_distance_db(mel, dsp::analyse_mel(audio->view(), spec).value());
  }
  EXPECT_LT(distance[1], distance[0]);
  EXPECT_LT(distance[1], 2.5);
  RecordProperty("distance_db", std::to_string(distance[1]));
}

TEST(GriffinLimModel, IsDecidedByTheSeedOnAnyNumberOfThreads) {
  const auto model = GriffinLimModel::create(dsp::diffwave_22050_80(), {5, 0.99}).value();
  const auto mel = dsp::analyse_mel(voice(22'050).view(), dsp::diffwave_22050_80()).value();
  const auto alone = model->synthesise(mel.view(), {});
  ThreadPool pool(2);
  SeededNoise zero(0), one(1);
  SynthesisOptions options;
  options.pool = &pool;
  options.noise = &zero;
  const auto same = model->synthesise(mel.view(), options);
  options.noise = &one;
  const auto other = model->synthesise(mel.view(), options);
  ASSERT_TRUE(alone && same && other);
  const auto a = alone->channel(0);
  EXPECT_TRUE(std::equal(a.begin(), a.end(), same->channel(0).begin()));
  EXPECT_FALSE(std::equal(a.begin(), a.end(), other->channel(0).begin()));
}

TEST(GriffinLimModel, RefusesStopsAndSilences) {
  const MelSpec spec = dsp::hifigan_22050_80();
  EXPECT_FALSE(GriffinLimModel::create(spec, {10, 1.0}));
  const auto model = GriffinLimModel::create(spec, {2, 0.5}).value();
  EXPECT_EQ(model->open_stream(1).error().code, ErrorCode::kUnsupported);
  Mel mel = testing::random_mel(spec, 10, -5, 1);
  mel.frame(2)[0] = std::numeric_limits<float>::quiet_NaN();
  std::size_t bad = 0;
  SynthesisOptions options;
  options.bad_frames = &bad;
  const auto audio = model->synthesise(mel.view(), options);
  ASSERT_TRUE(audio);
  EXPECT_EQ(bad, 1U);
  for (const float v : audio->channel(0)) ASSERT_TRUE(std::isfinite(v));
  std::stop_source stop;
  stop.request_stop();
  options.stop = stop.get_token();
  EXPECT_EQ(model->synthesise(mel.view(), options).error().code, ErrorCode::kCancelled);
  EXPECT_FALSE(griffin_lim(std::vector<float>(512), std::vector<float>(512), spec, {}));
  EXPECT_FALSE(griffin_lim(std::vector<float>(513), std::vector<float>(512), spec, {}));
}

}  // namespace
}  // namespace syrinx::vocoder
