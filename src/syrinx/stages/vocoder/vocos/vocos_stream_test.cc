// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/vocos/vocos_stream.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <numbers>
#include <random>
#include <vector>

#include "support/realtime_guard.h"
#include "syrinx/core/dsp/window.h"
#include "syrinx/stages/vocoder/stream_test_support.h"

namespace syrinx::vocoder {
namespace {

// Random weights by name, lively enough to be heard after every layer.
class RandomTensors {
 public:
  WeightSource source() {
    WeightSource named;
    named.tensor = [this](const std::string& name,
                          std::span<const std::size_t> shape) -> Result<std::vector<float>> {
      std::size_t n = 1;
      for (const std::size_t extent : shape) n *= extent;
      std::vector<float>& made = values[name];
      if (name == "head.istft.window") {
        made = dsp::make_window(dsp::WindowShape::kHann, n);
        return made;
      }
      const double fan_in = shape.size() > 1 ? static_cast<double>(n / shape[0]) : 10;
      std::normal_distribution<float> normal(0.0F, static_cast<float>(std::sqrt(1 / fan_in)));
      made.resize(n);
      for (float& value : made) value = normal(random_);
      const bool scale = name.ends_with("norm.weight") || name.ends_with("gamma");
      for (float& value : made) value += scale ? 0.7F : 0.0F;
      return made;
    };
    return named;
  }
  std::map<std::string, std::vector<float>> values;

 private:
  std::mt19937 random_{7};
};

using Frames = std::vector<std::vector<double>>;  // [time][channel]

// The textbook network in double, layer by layer over the whole.
class Naive {
 public:
  Naive(const VocosConfig& config, const RandomTensors& tensors) : c_(config), w_(tensors) {}

  std::vector<double> run(const Mel& mel) {
    Frames x(mel.frames());
    for (std::size_t t = 0; t < mel.frames(); ++t)
      x[t].assign(mel.frame(t).begin(), mel.frame(t).end());
    x = norm(conv(x, "backbone.embed", c_.channels, 7), "backbone.norm");
    for (std::size_t i = 0; i < c_.layers; ++i) {
      const std::string name = "backbone.convnext." + std::to_string(i);
      Frames y = norm(depthwise(x, name + ".dwconv"), name + ".norm");
      y = conv(y, name + ".pwconv1", c_.hidden_channels, 1);
      for (auto& row : y)
        for (double& v : row) v *= 0.5 * std::erfc(-v / std::sqrt(2.0));
      y = conv(y, name + ".pwconv2", c_.channels, 1);
      for (std::size_t t = 0; t < x.size(); ++t)
        for (std::size_t c = 0; c < c_.channels; ++c)
          x[t][c] += double{w_.values.at(name + ".gamma")[c]} * y[t][c];
    }
    x = conv(norm(x, "backbone.final_layer_norm"), "head.out", c_.fft_size + 2, 1);
    return overlapped(x);
  }

 private:
  Frames conv(const Frames& x, const std::string& name, std::size_t out, std::size_t taps) {
    const auto& w = w_.values.at(name + ".weight");
    const auto& bias = w_.values.at(name + ".bias");
    Frames y(x.size(), std::vector<double>(out));
    const std::size_t in = x[0].size();
    for (std::size_t t = 0; t < x.size(); ++t)
      for (std::size_t o = 0; o < out; ++o) {
        y[t][o] = bias[o];
        for (std::size_t k = 0; k < taps; ++k) {
          const std::size_t from = t + k - taps / 2;  // Wraps below zero, and is then too large.
          if (from >= x.size()) continue;
          for (std::size_t i = 0; i < in; ++i)
            y[t][o] += x[from][i] * double{w[(o * in + i) * taps + k]};
        }
      }
    return y;
  }
  Frames depthwise(const Frames& x, const std::string& name) {
    const auto& w = w_.values.at(name + ".weight");
    Frames y(x.size(), std::vector<double>(c_.channels));
    for (std::size_t t = 0; t < x.size(); ++t)
      for (std::size_t c = 0; c < c_.channels; ++c) {
        y[t][c] = w_.values.at(name + ".bias")[c];
        for (std::size_t k = 0; k < 7; ++k)
          if (t + k - 3 < x.size()) y[t][c] += x[t + k - 3][c] * double{w[c * 7 + k]};
      }
    return y;
  }
  Frames norm(Frames x, const std::string& name) {
    for (auto& row : x) {
      double mean = 0, variance = 0;
      for (const double v : row) mean += v / static_cast<double>(row.size());
      for (const double v : row) variance += (v - mean) * (v - mean);
      variance /= static_cast<double>(row.size());
      for (std::size_t c = 0; c < row.size(); ++c)
        row[c] = (row[c] - mean) / std::sqrt(variance + 1e-6) *
                     double{w_.values.at(name + ".weight")[c]} +
                 double{w_.values.at(name + ".bias")[c]};
    }
    return x;
  }
  std::vector<double> overlapped(const Frames& spectra) const {
    const std::size_t n = c_.fft_size, bins = n / 2 + 1;
    std::vector<double> sound(spectra.size() * c_.hop_samples + n), weight(sound.size());
    const auto window = dsp::make_window(dsp::WindowShape::kHann, n);
    for (std::size_t t = 0; t < spectra.size(); ++t)
      for (std::size_t i = 0; i < n; ++i) {
        double v = 0;
        for (std::size_t k = 0; k < bins; ++k) {
          const double magnitude = std::min(std::exp(spectra[t][k]), 100.0);
          const double angle =
              2 * std::numbers::pi * static_cast<double>(k * i % n) / static_cast<double>(n);
          const double phase = spectra[t][bins + k];
          const bool real = k == 0 || k == n / 2;
          v += magnitude / static_cast<double>(n) *
               (real ? std::cos(phase) * std::cos(angle) : 2 * std::cos(angle + phase));
        }
        sound[t * c_.hop_samples + i] += v * double{window[i]};
        weight[t * c_.hop_samples + i] += double{window[i]} * double{window[i]};
      }
    const std::size_t trim = c_.same_padding ? (n - c_.hop_samples) / 2 : n / 2;
    const std::size_t length = (spectra.size() - (c_.same_padding ? 0 : 1)) * c_.hop_samples;
    std::vector<double> out(length);
    for (std::size_t i = 0; i < length; ++i) out[i] = sound[i + trim] / weight[i + trim];
    return out;
  }
  const VocosConfig& c_;
  const RandomTensors& w_;
};

VocosConfig small_config(bool same) {
  VocosConfig config;
  config.mel_bands = 10;
  config.channels = 24;
  config.hidden_channels = 40;
  config.layers = 3;
  config.fft_size = 32;
  config.hop_samples = 8;
  config.same_padding = same;
  return config;
}

MelSpec spec_of(const VocosConfig& config) {
  MelSpec spec;
  spec.bands = config.mel_bands;
  spec.hop_samples = config.hop_samples;
  return spec;
}

struct Level {
  nn::RowLevel level;
  nn::Precision precision;
  double snr_db;
};
constexpr Level kLevels[] = {{nn::RowLevel::kGeneric, nn::Precision::kFloat32, 110},
                             {nn::RowLevel::kAvx2, nn::Precision::kFloat32, 110},
                             {nn::RowLevel::kAvx512, nn::Precision::kFloat32, 110},
                             {nn::RowLevel::kAmx, nn::Precision::kFloat32, 90},
                             {nn::RowLevel::kAmx, nn::Precision::kBf16, 35}};

TEST(VocosStream, IsTheTextbookNetworkAtEveryLevelAndInEveryCut) {
  for (const bool same : {false, true}) {
    const VocosConfig config = small_config(same);
    const Mel mel = testing::noise_mel(spec_of(config), 150);
    for (const Level& level : kLevels) {
      const nn::RowKernels* kernels = nn::row_kernels_for(level.level);
      if (kernels == nullptr) continue;
      SCOPED_TRACE(nn::to_string(level.level));
      RandomTensors tensors;
      const auto network = VocosNetwork::build(config, tensors.source(), *kernels, level.precision);
      ASSERT_TRUE(network) << network.error().message;
      const auto whole = VocosStream::create(*network, mel.spec(), mel.frames()).value();
      const auto once = testing::streamed(*whole, mel, mel.frames());
      EXPECT_GT(testing::stream_snr_db(Naive(config, tensors).run(mel), once), level.snr_db);
      for (const std::size_t step : {1UL, 3UL, 17UL}) {
        const auto cut = VocosStream::create(*network, mel.spec(), step).value();
        EXPECT_EQ(testing::streamed(*cut, mel, step), once) << "in steps of " << step;
      }
      EXPECT_EQ(testing::streamed(*whole, mel, 7), once) << "a stream used again";
      testing::expect_skips(*whole, mel);
      testing::expect_finishes_with_its_last_frames(*whole, mel);
    }
  }
}

TEST(VocosStream, SurvivesUtterancesShorterThanItsLatency) {
  for (const bool same : {false, true}) {
    const VocosConfig config = small_config(same);
    RandomTensors tensors;
    const auto network =
        VocosNetwork::build(config, tensors.source(), nn::row_kernels(), nn::Precision::kFloat32);
    ASSERT_TRUE(network);
    for (const std::size_t frames : {2UL, 3UL, 5UL}) {
      const Mel mel = testing::noise_mel(spec_of(config), frames);
      const auto stream = VocosStream::create(*network, mel.spec(), 5).value();
      EXPECT_GT(testing::stream_snr_db(Naive(config, tensors).run(mel),
                                       testing::streamed(*stream, mel, 1)),
                90);
    }
    const Mel shortest = testing::noise_mel(spec_of(config), 1);
    const auto stream = VocosStream::create(*network, shortest.spec(), 1).value();
    EXPECT_EQ(testing::streamed(*stream, shortest, 1).size(), same ? config.hop_samples : 0);
  }
}

class VocosStreamOfOne : public ::testing::Test {
 protected:
  void SetUp() override {
    auto network =
        VocosNetwork::build(config_, tensors_.source(), nn::row_kernels(), nn::Precision::kFloat32);
    ASSERT_TRUE(network) << network.error().message;
    network_ = std::make_unique<VocosNetwork>(std::move(*network));
    stream_ = VocosStream::create(*network_, spec_of(config_), 40).value();
  }
  VocosConfig config_ = small_config(false);
  RandomTensors tensors_;
  std::unique_ptr<VocosNetwork> network_;
  std::unique_ptr<VocosStream> stream_;
};

TEST_F(VocosStreamOfOne, LooksAheadExactlyAsFarAsItSays) {
  Mel mel = testing::noise_mel(spec_of(config_), 40);
  const auto before = testing::streamed(*stream_, mel, 40);
  for (float& value : mel.frame(25)) value += 3;
  const auto after = testing::streamed(*stream_, mel, 40);
  std::size_t first = 0;
  while (before[first] == after[first]) ++first;
  // The earliest sample that frame 25 can reach, and it does: a Hann window's first value is 0.
  EXPECT_GE(first + stream_->latency_samples(), 25 * config_.hop_samples);
  EXPECT_LE(first + stream_->latency_samples(), 25 * config_.hop_samples + 1);
}

TEST_F(VocosStreamOfOne, TurnsFramesThatAreNotFiniteIntoSilenceAndCountsThem) {
  Mel mel = testing::noise_mel(spec_of(config_), 20);
  mel.frame(4)[2] = std::numeric_limits<float>::quiet_NaN();
  const auto broken = testing::streamed(*stream_, mel, 20);
  EXPECT_EQ(stream_->bad_frames(), 1U);
  for (float& value : mel.frame(4)) value = static_cast<float>(std::log(mel.spec().clamp));
  EXPECT_EQ(testing::streamed(*stream_, mel, 20), broken);
}

TEST(VocosNetwork, RefusesWindowsThatLeaveGaps) {
  VocosConfig config = small_config(false);
  RandomTensors tensors;
  WeightSource zero_window;
  zero_window.tensor = [get = tensors.source().tensor](const std::string& name,
                                                       std::span<const std::size_t> shape) {
    if (name == "head.istft.window")
      return Result<std::vector<float>>(std::vector<float>(shape[0]));
    return get(name, shape);
  };
  const auto made =
      VocosNetwork::build(config, zero_window, nn::row_kernels(), nn::Precision::kFloat32);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().message,
            "Vocos: windows of 'head.istft.window' 8 samples apart leave gaps");
  config.hop_samples = 17;
  EXPECT_FALSE(
      VocosNetwork::build(config, tensors.source(), nn::row_kernels(), nn::Precision::kFloat32));
}

}  // namespace
}  // namespace syrinx::vocoder
