// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/bigvgan/bigvgan_stream.h"

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
  explicit RandomWeights(bool beta = true) : beta_(beta) {}
  WeightSource source() {
    WeightSource made;
    made.weight = [this](const std::string& name, std::span<const std::size_t> shape) {
      const double fan_in = static_cast<double>(shape[1] * shape[2]);
      return make(name, shape[0] * shape[1] * shape[2], std::sqrt(1.0 / fan_in));
    };
    made.tensor = [this](const std::string& name, std::span<const std::size_t> shape) {
      return make(name, shape[0], name.ends_with(".bias") ? 0.05 : 0.4);
    };
    made.has = [this](const std::string& name) {
      return !name.ends_with("filter") && (beta_ || !name.ends_with("beta"));
    };
    return made;
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
  bool beta_;
};

using Signal = std::vector<std::vector<double>>;  // [channel][time]

// The textbook generator in double, layer by layer over the whole.
class Naive {
 public:
  Naive(const UpsamplerConfig& config, const RandomWeights& weights) : c_(config), w_(weights) {}

  std::vector<double> run(const Mel& mel) {
    Signal x(c_.mel_bands, std::vector<double>(mel.frames()));
    for (std::size_t t = 0; t < mel.frames(); ++t)
      for (std::size_t b = 0; b < c_.mel_bands; ++b) x[b][t] = mel.frame(t)[b];
    x = conv(x, "conv_pre", c_.initial_channels, 7, 1);
    const std::size_t kernels = c_.resblock_kernel_sizes.size();
    for (std::size_t i = 0; i < c_.upsample_rates.size(); ++i) {
      x = transposed(x, i);
      Signal sum(x.size(), std::vector<double>(x[0].size()));
      for (std::size_t j = 0; j < kernels; ++j) add(sum, block(x, i * kernels + j, j));
      for (auto& channel : sum)
        for (double& v : channel) v /= static_cast<double>(kernels);
      x = sum;
    }
    x = conv(snake(x, "activation_post"), "conv_post", 1, 7, 1);
    for (double& v : x[0]) v = c_.tanh_at_end ? std::tanh(v) : std::clamp(v, -1.0, 1.0);
    return x[0];
  }

 private:
  static void add(Signal& to, const Signal& from) {
    for (std::size_t c = 0; c < to.size(); ++c)
      for (std::size_t t = 0; t < to[c].size(); ++t) to[c][t] += from[c][t];
  }
  double parameter(const std::string& name, std::size_t c) const {
    const double v = w_.values.at(name)[c];
    return c_.snake_log_scale ? std::exp(v) : v;
  }
  Signal snake(const Signal& x, const std::string& name) const {
    const auto filter = bigvgan_filter();
    const auto length = static_cast<long>(x[0].size());
    Signal y(x.size(), std::vector<double>(x[0].size()));
    for (std::size_t c = 0; c < x.size(); ++c) {
      std::vector<double> stretched(static_cast<std::size_t>(2 * (length + 10) + 10));
      for (long i = 0; i < length + 10; ++i)
        for (long k = 0; k < 12; ++k)
          stretched[static_cast<std::size_t>(2 * i + k)] +=
              2 * double{filter[static_cast<std::size_t>(k)]} *
              x[c][static_cast<std::size_t>(std::clamp(i - 5, 0L, length - 1))];
      std::vector<double> doubled(stretched.begin() + 15, stretched.begin() + 15 + 2 * length);
      const double alpha = parameter(name + ".act.alpha", c);
      const bool beta = w_.values.contains(name + ".act.beta");
      const double b = beta ? parameter(name + ".act.beta", c) : alpha;
      for (double& v : doubled) v += std::sin(alpha * v) * std::sin(alpha * v) / (b + 1e-9);
      for (long m = 0; m < length; ++m)
        for (long k = 0; k < 12; ++k)
          y[c][static_cast<std::size_t>(m)] +=
              double{filter[static_cast<std::size_t>(k)]} *
              doubled[static_cast<std::size_t>(std::clamp(2 * m + k - 5, 0L, 2 * length - 1))];
    }
    return y;
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
    const std::string name = "ups." + std::to_string(stage) + ".0";
    const auto& w = w_.values.at(name);
    const std::size_t rate = c_.upsample_rates[stage];
    const std::size_t kernel = c_.upsample_kernel_sizes[stage];
    const std::size_t out = x.size() / 2;
    const auto pad = static_cast<long>((kernel - rate) / 2);
    const auto length = static_cast<long>(x[0].size() * rate);
    Signal y(out, std::vector<double>(x[0].size() * rate));
    for (std::size_t o = 0; o < out; ++o) {
      for (double& v : y[o]) v = w_.values.at(name + ".bias")[o];
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
    const bool two = c_.resblock_type == 1;
    const std::size_t kernel = c_.resblock_kernel_sizes[j];
    for (std::size_t i = 0; i < c_.resblock_dilations[j].size(); ++i) {
      const std::string number = std::to_string(i);
      const auto activation = [&](std::size_t n) {
        return name + ".activations." + std::to_string(n);
      };
      Signal y = conv(snake(x, activation(two ? 2 * i : i)),
                      name + (two ? ".convs1." : ".convs.") + number, x.size(), kernel,
                      c_.resblock_dilations[j][i]);
      if (two)
        y = conv(snake(y, activation(2 * i + 1)), name + ".convs2." + number, x.size(), kernel, 1);
      add(x, y);
    }
    return x;
  }
  const UpsamplerConfig& c_;
  const RandomWeights& w_;
};

// With blocks of pairs the parameters are logarithms and a tanh ends it; with blocks of single
// convolutions neither.
UpsamplerConfig small_config(bool two) {
  UpsamplerConfig config;
  config.mel_bands = 10;
  config.initial_channels = 40;
  config.upsample_rates = {5, 2, 2};
  config.upsample_kernel_sizes = {11, 4, 4};
  config.resblock_type = two ? 1 : 2;
  config.resblock_kernel_sizes = {5, 3};
  config.resblock_dilations = {{1, 2, 4}, {1, 3}};
  config.snake_log_scale = two;
  config.tanh_at_end = two;
  return config;
}

MelSpec small_spec() {
  MelSpec spec;
  spec.bands = 10;
  spec.hop_samples = 20;
  return spec;
}

struct Level {
  nn::RowLevel level;
  nn::Precision precision;
  double snr_db;
};
constexpr Level kLevels[] = {{nn::RowLevel::kGeneric, nn::Precision::kFloat32, 100},
                             {nn::RowLevel::kAvx2, nn::Precision::kFloat32, 100},
                             {nn::RowLevel::kAvx512, nn::Precision::kFloat32, 100},
                             {nn::RowLevel::kAmx, nn::Precision::kFloat32, 100},
                             {nn::RowLevel::kAmx, nn::Precision::kBf16, 60}};

TEST(BigVganStream, IsTheTextbookGeneratorAtEveryLevelAndInEveryCut) {
  for (const bool two : {true, false}) {
    const UpsamplerConfig config = small_config(two);
    const Mel mel = testing::noise_mel(small_spec(), 60, 0.5F);
    for (const Level& level : kLevels) {
      const nn::RowKernels* kernels = nn::row_kernels_for(level.level);
      if (kernels == nullptr) continue;
      SCOPED_TRACE(nn::to_string(level.level));
      RandomWeights weights(two);
      const auto generator =
          BigVganGenerator::build(config, weights.source(), *kernels, level.precision);
      ASSERT_TRUE(generator) << generator.error().message;
      BigVganStream whole(*generator, mel.frames());
      const auto once = testing::streamed(whole, mel, mel.frames());
      EXPECT_GT(testing::stream_snr_db(Naive(config, weights).run(mel), once), level.snr_db);
      for (const std::size_t step : {1UL, 3UL, 17UL}) {
        BigVganStream cut(*generator, step);
        EXPECT_EQ(testing::streamed(cut, mel, step), once) << "in steps of " << step;
      }
      EXPECT_EQ(testing::streamed(whole, mel, 7), once) << "a stream used again";
    }
  }
}

class BigVganStreamOfOne : public ::testing::Test {
 protected:
  void SetUp() override {
    auto generator = BigVganGenerator::build(config_, weights_.source(),
                                             *nn::row_kernels_for(nn::RowLevel::kGeneric),
                                             nn::Precision::kFloat32);
    ASSERT_TRUE(generator) << generator.error().message;
    generator_ = std::make_unique<BigVganGenerator>(std::move(*generator));
    stream_ = std::make_unique<BigVganStream>(*generator_, 60);
  }
  UpsamplerConfig config_ = small_config(true);
  RandomWeights weights_;
  std::unique_ptr<BigVganGenerator> generator_;
  std::unique_ptr<BigVganStream> stream_;
};

TEST_F(BigVganStreamOfOne, LooksAheadExactlyAsFarAsItSays) {
  Mel mel = testing::noise_mel(small_spec(), 60, 0.5F);
  const auto before = testing::streamed(*stream_, mel, 60);
  for (float& value : mel.frame(35)) value += 1e30F;  // The outermost taps are small.
  const auto after = testing::streamed(*stream_, mel, 60);
  std::size_t first = 0;
  while (before[first] == after[first]) ++first;
  EXPECT_GE(first + stream_->latency_samples(), 35 * small_spec().hop_samples);
  EXPECT_LT(first + stream_->latency_samples(), 36 * small_spec().hop_samples);
}

TEST_F(BigVganStreamOfOne, TurnsFramesThatAreNotFiniteIntoSilenceAndCountsThem) {
  Mel mel = testing::noise_mel(small_spec(), 20, 0.5F);
  mel.frame(4)[2] = std::numeric_limits<float>::quiet_NaN();
  const auto broken = testing::streamed(*stream_, mel, 20);
  EXPECT_EQ(stream_->bad_frames(), 1U);
  for (float& value : mel.frame(4)) value = static_cast<float>(std::log(mel.spec().clamp));
  EXPECT_EQ(testing::streamed(*stream_, mel, 20), broken);
}

TEST_F(BigVganStreamOfOne, SurvivesUtterancesShorterThanItsLatency) {
  for (const std::size_t frames : {1UL, 2UL, 5UL}) {
    const Mel mel = testing::noise_mel(small_spec(), frames, 0.5F);
    EXPECT_GT(testing::stream_snr_db(Naive(config_, weights_).run(mel),
                                     testing::streamed(*stream_, mel, 1)),
              90);
  }
}

TEST(BigVganGenerator, RefusesAnotherFilterAndUnevenKernels) {
  RandomWeights weights;
  auto source = weights.source();
  source.has = [](const std::string&) { return true; };
  const auto tensor = source.tensor;
  source.tensor = [tensor](const std::string& name, std::span<const std::size_t> shape) {
    if (!name.ends_with("filter")) return tensor(name, shape);
    return Result<std::vector<float>>(std::vector<float>(nn::kSnakeTaps, 1.0F / 12));
  };
  UpsamplerConfig config = small_config(true);
  const auto made =
      BigVganGenerator::build(config, source, nn::row_kernels(), nn::Precision::kFloat32);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(made.error().message.find("upsample.filter"), std::string::npos);
  config.upsample_kernel_sizes[0] = 10;
  EXPECT_FALSE(validate_bigvgan(config));
}

}  // namespace
}  // namespace syrinx::vocoder
