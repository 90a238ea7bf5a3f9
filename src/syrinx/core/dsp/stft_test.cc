// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/dsp/stft.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "support/realtime_guard.h"

namespace syrinx::dsp {
namespace {

std::vector<float> noise(std::size_t n) {
  std::mt19937 engine(11);
  std::uniform_real_distribution<float> uniform(-1.0f, 1.0f);
  std::vector<float> x(n);
  for (float& v : x) v = uniform(engine);
  return x;
}

// The power of the difference over that of the signal, in dB.
double error_db(std::span<const float> given, std::span<const float> expected) {
  double error = 0;
  double power = 0;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const double d = static_cast<double>(given[i]) - static_cast<double>(expected[i]);
    error += d * d;
    power += static_cast<double>(expected[i]) * static_cast<double>(expected[i]);
  }
  return 10 * std::log10(error / power);
}

const StftSpec kSpecs[] = {
    {1024, 256, 1024, WindowShape::kHann},      {512, 128, 512, WindowShape::kSqrtHann},
    {320, 160, 320, WindowShape::kSqrtHann},    {512, 160, 400, WindowShape::kHamming},
    {480, 100, 480, WindowShape::kBlackman},    {1024, 300, 800, WindowShape::kKaiser},
    {256, 256, 256, WindowShape::kRectangular}, {400, 160, 400, WindowShape::kHann}};

// Single precision: the measured errors lie between -135 and -145 dB.
TEST(Stft, InverseGivesTheSignalBackUnder120Db) {
  for (const auto& spec : kSpecs) {
    for (const std::size_t n : {1u, 100u, 5'000u, 22'051u}) {
      const auto x = noise(n);
      const auto frames = stft(x, spec);
      ASSERT_TRUE(frames);
      const auto back = istft(*frames);
      ASSERT_TRUE(back) << back.error().message;
      ASSERT_EQ(back->size(), n);
      EXPECT_LT(error_db(*back, x), -120) << spec.fft_size << '/' << spec.hop_samples << ' ' << n;
    }
  }
}

TEST(Stft, AnyBlockSizeGivesTheSameFrames) {
  const auto x = noise(4'000);
  for (const auto& spec : kSpecs) {
    const auto whole = stft(x, spec).value();
    for (const std::size_t block : {1u, 7u, 64u, 4'000u}) {
      auto streaming = Stft::create(spec).value();
      std::vector<std::complex<float>> values;
      for (std::size_t i = 0; i < x.size(); i += block) {
        streaming.process(std::span(x).subspan(i, std::min(block, x.size() - i)), [&](auto frame) {
          values.insert(values.end(), frame.begin(), frame.end());
        });
      }
      ASSERT_LE(values.size(), whole.values.size());
      EXPECT_EQ(values.size() / whole.bins, x.size() / spec.hop_samples);
      EXPECT_TRUE(std::equal(values.begin(), values.end(), whole.values.begin()));
    }
  }
}

TEST(Stft, ThroughAndBackDelaysByTheStatedLatency) {
  const StftSpec spec{512, 128, 512, WindowShape::kHann};
  auto analysis = Stft::create(spec).value();
  auto synthesis = Istft::create(spec).value();
  const auto x = noise(128 * 40);
  std::vector<float> y;
  std::vector<float> hop(128);
  analysis.process(x, [&](auto frame) {
    synthesis.process(frame, hop);
    y.insert(y.end(), hop.begin(), hop.end());
  });
  ASSERT_EQ(y.size(), x.size());
  const std::size_t late = synthesis.latency_samples();
  EXPECT_EQ(late, 384u);
  EXPECT_LT(error_db(std::span(y).subspan(late), std::span(x).first(x.size() - late)), -120);
}

TEST(Stft, ResetForgetsThePast) {
  const StftSpec spec;
  auto analysis = Stft::create(spec).value();
  const auto x = noise(2'000);
  std::vector<std::complex<float>> first;
  std::vector<std::complex<float>> second;
  analysis.process(x, [&](auto f) { first.insert(first.end(), f.begin(), f.end()); });
  analysis.reset();
  analysis.process(x, [&](auto f) { second.insert(second.end(), f.begin(), f.end()); });
  EXPECT_EQ(first, second);
}

TEST(Stft, RefusesSpecsThatCannotWork) {
  EXPECT_FALSE(Stft::create({0, 256, 1024}));
  EXPECT_FALSE(Stft::create({1023, 256, 1023}));
  EXPECT_FALSE(Stft::create({1024, 0, 1024}));
  EXPECT_FALSE(Stft::create({1024, 256, 2048}));
  EXPECT_EQ(Stft::create({std::size_t{1} << 21, 256, 1024}).error().code,
            ErrorCode::kLimitExceeded);
  // A Hann window is 0 at its first sample: without overlap that sample is gone.
  const auto gap = Istft::create({1024, 1024, 1024, WindowShape::kHann});
  ASSERT_FALSE(gap);
  EXPECT_NE(gap.error().message.find("smaller hop"), std::string::npos);
}

TEST(Stft, IstftRefusesTooFewFrames) {
  auto frames = stft(noise(3'000), StftSpec{}).value();
  frames.values.resize(frames.values.size() - frames.bins);
  EXPECT_FALSE(istft(frames));
}

TEST(Stft, IsSafeInRealTime) {
  const StftSpec spec;
  auto analysis = Stft::create(spec).value();
  auto synthesis = Istft::create(spec).value();
  const auto x = noise(4'096);
  std::vector<float> hop(spec.hop_samples);
  EXPECT_REALTIME_SAFE(analysis.process(x, [&](auto frame) { synthesis.process(frame, hop); }));
}

}  // namespace
}  // namespace syrinx::dsp
