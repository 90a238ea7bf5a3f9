// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/hifigan/hifigan_stream.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <vector>

#include "support/realtime_guard.h"
#include "syrinx/stages/vocoder/stream_test_support.h"

namespace syrinx::vocoder {
namespace {

// Random weights by name, lively enough to be heard after every layer.
class RandomWeights {
 public:
  WeightSource source() {
    return {[this](const std::string& name, std::span<const std::size_t> shape) {
              const double fan_in = static_cast<double>(shape[1] * shape[2]);
              return make(name, shape[0] * shape[1] * shape[2], std::sqrt(1.5 / fan_in));
            },
            [this](const std::string& name, std::size_t length) {
              return make(name + ".bias", length, 0.05);
            }};
  }
  std::map<std::string, std::vector<float>> values;

 private:
  Result<std::vector<float>> make(const std::string& name, std::size_t n, double spread) {
    std::normal_distribution<float> normal(0.0F, static_cast<float>(spread));
    std::vector<float>& made = values[name];
    made.resize(n);
    for (float& value : made) value = normal(random_);
    return made;
  }
  std::mt19937 random_{7};
};

using Signal = std::vector<std::vector<double>>;  // [channel][time]

double leaky(double v, double slope) { return v > 0 ? v : v * slope; }
Signal activated(Signal x, double slope) {
  for (auto& channel : x)
    for (double& v : channel) v = leaky(v, slope);
  return x;
}

// The textbook generator in double, layer by layer over the whole.
class Naive {
 public:
  Naive(const HifiganConfig& config, const RandomWeights& weights) : c_(config), w_(weights) {}

  std::vector<double> run(const Mel& mel) {
    Signal x(c_.mel.bands, std::vector<double>(mel.frames()));
    for (std::size_t t = 0; t < mel.frames(); ++t)
      for (std::size_t b = 0; b < c_.mel.bands; ++b) x[b][t] = mel.frame(t)[b];
    x = conv(x, "conv_pre", c_.initial_channels, 7, 1);
    const std::size_t kernels = c_.block_kernel_sizes.size();
    for (std::size_t i = 0; i < c_.upsample_rates.size(); ++i) {
      x = transposed(activated(x, 0.1), i);
      Signal sum(x.size(), std::vector<double>(x[0].size()));
      for (std::size_t j = 0; j < kernels; ++j) add(sum, block(x, i * kernels + j, j));
      for (auto& channel : sum)
        for (double& v : channel) v /= static_cast<double>(kernels);
      x = sum;
    }
    x = conv(activated(x, 0.01), "conv_post", 1, 7, 1);
    for (double& v : x[0]) v = std::tanh(v);
    return x[0];
  }

 private:
  static void add(Signal& to, const Signal& from) {
    for (std::size_t c = 0; c < to.size(); ++c)
      for (std::size_t t = 0; t < to[c].size(); ++t) to[c][t] += from[c][t];
  }
  Signal conv(const Signal& x, const std::string& name, std::size_t out, std::size_t kernel,
              std::size_t dilation) {
    const auto& w = w_.values.at(name);
    const auto& bias = w_.values.at(name + ".bias");
    const auto pad = static_cast<long>((kernel - 1) * dilation / 2);
    const auto length = static_cast<long>(x[0].size());
    Signal y(out, std::vector<double>(x[0].size()));
    for (std::size_t o = 0; o < out; ++o)
      for (long t = 0; t < length; ++t) {
        double v = bias[o];
        for (std::size_t i = 0; i < x.size(); ++i)
          for (std::size_t k = 0; k < kernel; ++k) {
            const long from = t - pad + static_cast<long>(k * dilation);
            if (from >= 0 && from < length)
              v +=
                  x[i][static_cast<std::size_t>(from)] * double{w[(o * x.size() + i) * kernel + k]};
          }
        y[o][static_cast<std::size_t>(t)] = v;
      }
    return y;
  }
  Signal transposed(const Signal& x, std::size_t stage) {
    const std::string name = "ups." + std::to_string(stage);
    const auto& w = w_.values.at(name);
    const auto& bias = w_.values.at(name + ".bias");
    const std::size_t rate = c_.upsample_rates[stage];
    const std::size_t kernel = c_.upsample_kernel_sizes[stage];
    const std::size_t out = c_.channels_after(stage);
    const auto pad = static_cast<long>((kernel - rate) / 2);
    const std::size_t samples = x[0].size() * rate + (kernel - rate) % 2;
    const auto length = static_cast<long>(samples);
    Signal y(out, std::vector<double>(samples));
    for (std::size_t o = 0; o < out; ++o) {
      for (double& v : y[o]) v = bias[o];
      for (std::size_t i = 0; i < x.size(); ++i)
        for (std::size_t t = 0; t < x[i].size(); ++t)
          for (std::size_t k = 0; k < kernel; ++k) {
            const long to = static_cast<long>(t * rate + k) - pad;
            if (to >= 0 && to < length)
              y[o][static_cast<std::size_t>(to)] += x[i][t] * double{w[(i * out + o) * kernel + k]};
          }
    }
    return y;
  }
  Signal block(Signal x, std::size_t index, std::size_t j) {
    const std::string name = "resblocks." + std::to_string(index);
    const std::size_t kernel = c_.block_kernel_sizes[j];
    for (std::size_t i = 0; i < c_.block_dilations[j].size(); ++i) {
      const std::string number = std::to_string(i);
      const std::string first = name + (c_.two_convolutions ? ".convs1." : ".convs.") + number;
      Signal y = conv(activated(x, 0.1), first, x.size(), kernel, c_.block_dilations[j][i]);
      if (c_.two_convolutions)
        y = conv(activated(y, 0.1), name + ".convs2." + number, x.size(), kernel, 1);
      add(x, y);
    }
    return x;
  }
  const HifiganConfig& c_;
  const RandomWeights& w_;
};

// With uneven kernels the generator makes more samples than hop_samples() a frame.
HifiganConfig small_config(bool two, bool uneven = false) {
  HifiganConfig config;
  config.mel.bands = 10;
  config.mel.hop_samples = 30;
  config.initial_channels = 48;
  config.upsample_rates = {5, 3, 2};
  config.upsample_kernel_sizes = {uneven ? 10U : 11U, uneven ? 6U : 7U, 4};
  config.two_convolutions = two;
  config.block_kernel_sizes = {5, 3};
  config.block_dilations = {{1, 2, 4}, {1, 5, 3}};
  return config;
}

struct Level {
  nn::RowLevel level;
  nn::Precision precision;
  double snr_db;
};
constexpr Level kLevels[] = {{nn::RowLevel::kGeneric, nn::Precision::kFloat32, 100},
                             {nn::RowLevel::kAvx2, nn::Precision::kFloat32, 100},
                             {nn::RowLevel::kAvx512, nn::Precision::kFloat32, 100},
                             {nn::RowLevel::kAmx, nn::Precision::kFloat32, 90},
                             {nn::RowLevel::kAmx, nn::Precision::kBf16, 30}};

TEST(HifiganStream, IsTheTextbookGeneratorAtEveryLevelAndInEveryCut) {
  for (const int kind : {0, 1, 2}) {
    const HifiganConfig config = small_config(kind != 1, kind == 2);
    const Mel mel = testing::noise_mel(config.mel, 41);
    for (const Level& level : kLevels) {
      const nn::RowKernels* kernels = nn::row_kernels_for(level.level);
      if (kernels == nullptr) continue;
      SCOPED_TRACE(nn::to_string(level.level));
      RandomWeights weights;
      const auto generator =
          HifiganGenerator::build(config, weights.source(), *kernels, level.precision);
      ASSERT_TRUE(generator) << generator.error().message;
      HifiganStream whole(*generator, mel.frames());
      const auto once = testing::streamed(whole, mel, mel.frames());
      EXPECT_GT(testing::stream_snr_db(Naive(config, weights).run(mel), once), level.snr_db);
      for (const std::size_t step : {1UL, 3UL, 17UL}) {
        HifiganStream cut(*generator, step);
        EXPECT_EQ(testing::streamed(cut, mel, step), once) << "in steps of " << step;
      }
      EXPECT_EQ(testing::streamed(whole, mel, 7), once) << "a stream used again";
    }
  }
}

TEST(HifiganStream, MakesTheSameSoundAfterABeginningThatItSkips) {
  for (const int kind : {0, 1, 2}) {
    const HifiganConfig config = small_config(kind != 1, kind == 2);
    for (const Level& level : kLevels) {
      const nn::RowKernels* kernels = nn::row_kernels_for(level.level);
      if (kernels == nullptr) continue;
      SCOPED_TRACE(nn::to_string(level.level));
      RandomWeights weights;
      const auto generator =
          HifiganGenerator::build(config, weights.source(), *kernels, level.precision);
      ASSERT_TRUE(generator) << generator.error().message;
      HifiganStream stream(*generator, 41);
      testing::expect_skips(stream, testing::noise_mel(config.mel, 41));
      testing::expect_finishes_with_its_last_frames(stream, testing::noise_mel(config.mel, 41));
    }
  }
}

TEST(HifiganStream, LooksAheadExactlyAsFarAsItSays) {
  const HifiganConfig config = small_config(true);
  RandomWeights weights;
  const auto generator =
      HifiganGenerator::build(config, weights.source(), nn::row_kernels(), nn::Precision::kFloat32);
  ASSERT_TRUE(generator);
  Mel mel = testing::noise_mel(config.mel, 40);
  HifiganStream stream(*generator, 40);
  const auto before = testing::streamed(stream, mel, 40);
  for (float& value : mel.frame(25)) value += 3;
  const auto after = testing::streamed(stream, mel, 40);
  std::size_t first = 0;
  while (before[first] == after[first]) ++first;
  // The earliest sample that frame 25 can reach, and it does.
  EXPECT_GE(first + stream.latency_samples(), 25 * config.hop_samples());
  EXPECT_LT(first + stream.latency_samples(), 26 * config.hop_samples());
}

TEST(HifiganStream, TurnsFramesThatAreNotFiniteIntoSilenceAndCountsThem) {
  const HifiganConfig config = small_config(true);
  RandomWeights weights;
  const auto generator =
      HifiganGenerator::build(config, weights.source(), nn::row_kernels(), nn::Precision::kFloat32);
  ASSERT_TRUE(generator);
  Mel mel = testing::noise_mel(config.mel, 20);
  HifiganStream stream(*generator, 20);
  mel.frame(4)[2] = std::numeric_limits<float>::quiet_NaN();
  const auto broken = testing::streamed(stream, mel, 20);
  EXPECT_EQ(stream.bad_frames(), 1U);
  for (float& value : mel.frame(4)) value = static_cast<float>(std::log(config.mel.clamp));
  EXPECT_EQ(testing::streamed(stream, mel, 20), broken);
}

TEST(HifiganStream, SurvivesUtterancesShorterThanItsLatency) {
  const HifiganConfig config = small_config(true);
  RandomWeights weights;
  const auto generator =
      HifiganGenerator::build(config, weights.source(), nn::row_kernels(), nn::Precision::kFloat32);
  ASSERT_TRUE(generator);
  for (const std::size_t frames : {1UL, 2UL, 5UL}) {
    const Mel mel = testing::noise_mel(config.mel, frames);
    HifiganStream stream(*generator, 5);
    EXPECT_GT(
        testing::stream_snr_db(Naive(config, weights).run(mel), testing::streamed(stream, mel, 1)),
        80);
  }
}

}  // namespace
}  // namespace syrinx::vocoder
