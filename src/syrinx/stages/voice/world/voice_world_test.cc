// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support/realtime_guard.h"
#include "syrinx/core/dsp/pitch/test_voices.h"
#include "syrinx/stages/voice/world/voice_analyser.h"
#include "syrinx/stages/voice/world/voice_synthesiser.h"
#include "syrinx/stages/voice/world/world_test_support.h"

namespace syrinx::voice {
namespace {

std::size_t peak_bin(std::span<const float> power) {
  return static_cast<std::size_t>(std::max_element(power.begin(), power.end()) - power.begin());
}

double mean_aperiodicity(const VoiceFrames& frames, std::size_t band) {
  double sum = 0.0;
  double count = 0.0;
  for (std::size_t k = 10; k + 10 < frames.frames(); ++k) {
    if (frames.f0_hz[k] == 0.0f) continue;
    sum += static_cast<double>(frames.frame(k).aperiodicity[band]);
    count += 1.0;
  }
  EXPECT_GT(count, 50.0);
  return sum / count;
}

class AnalysisRates : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Rates, AnalysisRates,
                         testing::Values(8'000, 11'025, 16'000, 22'050, 24'000, 44'100, 48'000));

TEST_P(AnalysisRates, FindTheVowelsPitchAndItsResonance) {
  const auto frames = analyse_voice(vowel(120.0, 0.6, GetParam())).value();
  EXPECT_NEAR(mean_f0(frames), 120.0, 0.6);
  const auto middle = frames.frame(frames.frames() / 2);
  EXPECT_NEAR(static_cast<double>(peak_bin(middle.power)) * frames.shape.bin_hz(), 700.0, 60.0);
  EXPECT_EQ(frames.frames(), (frames.samples - 1) / frames.shape.hop_samples + 1);
}

TEST_P(AnalysisRates, AreResynthesisedWithPitchLevelAndEnvelope) {
  const auto sound = vowel(150.0, 0.6, GetParam());
  const auto frames = analyse_voice(sound).value();
  const auto again = synthesise_voice(frames).value();
  ASSERT_EQ(again.frames(), sound.frames());
  EXPECT_NEAR(20.0 * std::log10(rms(again.channel(0)) / rms(sound.channel(0))), 0.0, 1.0);
  const auto second = analyse_voice(again).value();
  EXPECT_NEAR(mean_f0(second), 150.0, 0.75);
  const std::size_t k = frames.frames() / 2;
  double difference_db = 0.0;
  const auto top = static_cast<std::size_t>(3'000.0 / frames.shape.bin_hz());
  for (std::size_t bin = 1; bin < top; ++bin)
    difference_db += std::abs(10.0 * std::log10(static_cast<double>(frames.frame(k).power[bin]) /
                                                static_cast<double>(second.frame(k).power[bin])));
  EXPECT_LT(difference_db / static_cast<double>(top), 2.0);
}

TEST(VoiceAnalysis, TellsTheDensityOfWhiteNoise) {
  const auto frames = analyse_voice(dsp::white_noise(1.0, 16'000, 0.1)).value();
  double sum = 0.0;
  for (const float power : frames.power) sum += static_cast<double>(power);
  EXPECT_NEAR(sum / static_cast<double>(frames.power.size()), 0.01, 0.002);
}

TEST(VoiceAnalysis, HearsMoreNoiseWhereThereIsMore) {
  const double clean = mean_aperiodicity(analyse_voice(vowel(120.0, 1.0, 16'000, 0.0)).value(), 2);
  const double some = mean_aperiodicity(analyse_voice(vowel(120.0, 1.0, 16'000, 0.2)).value(), 2);
  const double half = mean_aperiodicity(analyse_voice(vowel(120.0, 1.0, 16'000, 0.5)).value(), 2);
  EXPECT_LT(clean, 0.05);
  EXPECT_GT(some, clean + 0.02);  // The square leans towards the harmonics.
  EXPECT_LT(some, 0.2);
  EXPECT_GT(half, some + 0.1);
  EXPECT_LT(half, 0.6);
}

TEST(VoiceAnalysis, IsNotFooledByAGlide) {
  const auto frames = analyse_voice(dsp::gliding_tone(100.0, 200.0, 1.0, 16'000)).value();
  EXPECT_LT(mean_aperiodicity(frames, 1), 0.1);
}

TEST(VoiceAnalysis, IsTheSameForBlocksOfAnySize) {
  const auto sound = vowel(180.0, 0.3, 22'050, 0.1);
  const auto whole = analyse_voice(sound).value();
  for (const std::size_t size : {1u, 7u, 64u, 1'000u}) {
    auto analyser = VoiceAnalyser::create(22'050).value();
    VoiceFrames frames;
    frames.shape = analyser.shape();
    const auto keep = [&](const VoiceFrame& frame) { frames.append(frame); };
    const auto samples = sound.channel(0);
    for (std::size_t at = 0; at < samples.size(); at += size)
      analyser.process(samples.subspan(at, std::min(size, samples.size() - at)), keep);
    analyser.finish(keep);
    EXPECT_EQ(frames.f0_hz, whole.f0_hz);
    EXPECT_EQ(frames.power, whole.power);
    EXPECT_EQ(frames.aperiodicity, whole.aperiodicity);
  }
}

TEST(VoiceAnalysis, KeepsItsPromiseOfLatency) {
  auto analyser = VoiceAnalyser::create(16'000).value();
  const auto sound = vowel(120.0, 0.3, 16'000);
  std::uint64_t taken = 0;
  std::uint64_t told = 0;
  for (const float sample : sound.channel(0)) {
    ++taken;
    analyser.process({&sample, 1}, [&](const VoiceFrame& frame) {
      EXPECT_EQ(taken, frame.index * analyser.shape().hop_samples + analyser.latency_samples());
      ++told;
    });
  }
  EXPECT_GT(told, 40u);
}

TEST(VoiceAnalysis, CanStartAnew) {
  auto analyser = VoiceAnalyser::create(16'000).value();
  const auto sound = vowel(120.0, 0.2, 16'000);
  std::vector<float> first;
  std::vector<float> second;
  const auto into = [](std::vector<float>& list) {
    return
        [&list](const VoiceFrame& f) { list.insert(list.end(), f.power.begin(), f.power.end()); };
  };
  analyser.process(sound.channel(0), into(first));
  analyser.finish(into(first));
  analyser.reset();
  analyser.process(sound.channel(0), into(second));
  analyser.finish(into(second));
  EXPECT_EQ(first, second);
}

TEST(VoiceWorld, IsRealTimeSafe) {
  auto analyser = VoiceAnalyser::create(16'000).value();
  auto synthesiser = VoiceSynthesiser::create(analyser.shape()).value();
  const auto sound = vowel(120.0, 0.3, 16'000);
  std::vector<float> out(analyser.shape().hop_samples);
  EXPECT_REALTIME_SAFE(analyser.process(
      sound.channel(0), [&](const VoiceFrame& frame) { synthesiser.process(frame, out); }));
}

TEST(VoiceWorld, TakesSilenceConstantsClicksAndTheShortest) {
  for (const int rate : {8'000, 22'050, 48'000}) {
    const auto frames = static_cast<std::size_t>(0.02 * rate);
    for (int kind = 0; kind < 4; ++kind) {
      AudioBuffer sound(1, kind == 3 ? 1 : frames, rate);
      if (kind == 1) std::fill(sound.channel(0).begin(), sound.channel(0).end(), 0.5f);
      if (kind == 2) sound.channel(0)[frames / 2] = std::numeric_limits<float>::quiet_NaN();
      if (kind == 2) sound.channel(0)[frames / 3] = 1.0f;
      const auto parts = analyse_voice(sound).value();
      ASSERT_TRUE(check_frames("test", parts)) << check_frames("test", parts).error().message;
      const auto again = synthesise_voice(parts).value();
      ASSERT_EQ(again.frames(), sound.frames());
      for (const float v : again.channel(0)) ASSERT_TRUE(std::abs(v) < 4.0f) << kind;
      if (kind == 0) {
        EXPECT_LT(rms(again.channel(0)), 1e-6);
      }
    }
  }
}

TEST(VoiceWorld, RefusesWhatItCannotDo) {
  EXPECT_FALSE(VoiceAnalyser::create(4'000));
  EXPECT_FALSE(analyse_voice(AudioBuffer(2, 100, 16'000)));
  EXPECT_FALSE(analyse_voice(AudioBuffer(1, 0, 16'000)));
  EXPECT_FALSE(frame_shape(16'000, {0.1, 65.0, 600.0}));
  EXPECT_FALSE(frame_shape(16'000, {0.005, 300.0, 400.0}));
  auto frames = analyse_voice(vowel(120.0, 0.1, 16'000)).value();
  frames.f0_hz[0] = 9'000.0f;
  EXPECT_FALSE(synthesise_voice(frames));
  frames.f0_hz[0] = 0.0f;
  frames.power[5] = 0.0f;
  EXPECT_FALSE(synthesise_voice(frames));
  frames.power.pop_back();
  EXPECT_FALSE(synthesise_voice(frames));
}

TEST(VoiceSynthesis, HasNothingBeforeItsLatency) {
  auto frames = analyse_voice(vowel(120.0, 0.3, 16'000)).value();
  auto synthesiser = VoiceSynthesiser::create(frames.shape).value();
  std::vector<float> out(frames.shape.hop_samples);
  std::vector<float> stream;
  for (std::size_t k = 0; k < frames.frames(); ++k) {
    synthesiser.process(frames.frame(k), out);
    stream.insert(stream.end(), out.begin(), out.end());
  }
  const auto whole = synthesise_voice(frames).value();
  const std::size_t latency = synthesiser.latency_samples();
  for (std::size_t i = 0; i + latency < stream.size() && i < whole.frames(); ++i)
    ASSERT_EQ(stream[i + latency], whole.channel(0)[i]) << i;
}

}  // namespace
}  // namespace syrinx::voice
