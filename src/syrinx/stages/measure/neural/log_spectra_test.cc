// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/neural/log_spectra.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "syrinx/core/dsp/mel_filterbank.h"

namespace syrinx::measure {
namespace {

std::vector<float> sine(std::size_t samples, double hz, double amplitude) {
  std::vector<float> signal(samples);
  for (std::size_t i = 0; i < samples; ++i)
    signal[i] = static_cast<float>(
        amplitude * std::sin(2.0 * std::numbers::pi * hz * static_cast<double>(i) / 16'000.0));
  return signal;
}

TEST(RelativeMel, HasTheFramesThatTheModelsExpect) {
  EXPECT_EQ(relative_mel(std::vector<float>(144'000), {})->frames, 900u);
  EXPECT_EQ(relative_mel(std::vector<float>(1), {})->frames, 1u);
  EXPECT_EQ(relative_mel({}, {})->frames, 0u);
  EXPECT_EQ(relative_mel(std::vector<float>(256 * 99), {16'000, 513, 256, 160})->frames, 99u);
}

TEST(RelativeMel, PutsAToneInItsBandAtTheTopOfTheScale) {
  const auto mel = relative_mel(sine(16'000, 1'000.0, 0.1), {}).value();
  const double top = dsp::hz_to_mel(8'000.0, MelScale::kSlaney);
  const double place = dsp::hz_to_mel(1'000.0, MelScale::kSlaney) / top * 121.0 - 1.0;
  const auto row = std::span(mel.values).subspan(50 * mel.bands, mel.bands);
  const auto loudest = std::max_element(row.begin(), row.end()) - row.begin();
  EXPECT_NEAR(static_cast<double>(loudest), place, 1.0);
  EXPECT_EQ(*std::max_element(mel.values.begin(), mel.values.end()), 1.0f);
  EXPECT_EQ(*std::min_element(mel.values.begin(), mel.values.end()), -1.0f);
}

TEST(RelativeMel, DoesNotDependOnTheLevelButOfSilenceIsAllLoudest) {
  const auto loud = relative_mel(sine(4'000, 700.0, 0.5), {}).value();
  const auto soft = relative_mel(sine(4'000, 700.0, 0.05), {}).value();
  for (std::size_t i = 0; i < loud.values.size(); ++i)
    ASSERT_NEAR(loud.values[i], soft.values[i], 2e-3) << i;  // 0.08 dB: float spectra.
  const auto silence = relative_mel(std::vector<float>(800), {}).value();
  for (const float value : silence.values) EXPECT_EQ(value, 1.0f);
}

TEST(LogPower, HasTheFramesAndBinsOfThePublishedInput) {
  EXPECT_EQ(log_power(std::vector<float>(256)).frames, 2u);
  EXPECT_EQ(log_power(std::vector<float>(257)).frames, 3u);
  EXPECT_EQ(log_power(std::vector<float>(16'000)).bands, 257u);
}

TEST(LogPower, OfAToneIsTheWindowsGainAtItsBin) {
  const auto log = log_power(sine(4'096, 1'000.0, 0.5));  // Bin 32 of 512.
  const double peak = 0.5 * 0.54 * 512.0 / 2.0;           // Hamming's mean is 0.54.
  EXPECT_NEAR(log.values[5 * 257 + 32], 2.0 * std::log(peak) / 20.0, 1e-4);
}

TEST(LogPower, FloorsWhatHasNoPower) {
  const double db = std::log(10.0) / 10.0;
  const auto silence = log_power(std::vector<float>(1'000));
  for (const float value : silence.values) EXPECT_NEAR(value, -80.0 * db / 20.0, 1e-6);
  auto half = sine(2'048, 1'000.0, 0.5);
  half.resize(8'192);
  const auto log = log_power(half);
  const auto voiced = std::span(log.values).first(8 * 257);
  const float least = *std::min_element(voiced.begin(), voiced.end());
  EXPECT_NEAR(log.values.back(), least - 120.0 * db / 20.0, 1e-5);
}

}  // namespace
}  // namespace syrinx::measure
