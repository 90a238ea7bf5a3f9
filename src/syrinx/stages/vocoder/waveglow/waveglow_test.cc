// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support/realtime_guard.h"
#include "syrinx/core/base/thread_pool.h"
#include "syrinx/stages/vocoder/random_weights_test_support.h"
#include "syrinx/stages/vocoder/stream_test_support.h"
#include "syrinx/stages/vocoder/waveglow/matrix_inverse.h"
#include "syrinx/stages/vocoder/waveglow/waveglow_model.h"

namespace syrinx::vocoder {
namespace {

using testing::random_mel;
using testing::RandomWeights;
using testing::snr_db;

using Signal = std::vector<std::vector<double>>;  // [channel][time]

// The published network in double, layer by layer over the whole.
class Naive {
 public:
  Naive(const WaveGlowConfig& config, const RandomWeights& weights) : c_(config), w_(weights) {}

  std::vector<double> run(const Mel& mel, NoiseSource& noise, double sigma) const {
    const Signal side = upsampled(mel);
    const std::size_t rows = side[0].size();
    std::size_t channels = c_.group_samples;
    for (std::size_t i = 1; i < c_.flows; ++i)
      if (i % c_.early_every == 0) channels -= c_.early_channels;
    Signal audio = draw(noise, channels, rows, sigma);
    for (std::size_t k = c_.flows; k-- > 0;) {
      couple(audio, side, k);
      unmix(audio, k);
      if (k % c_.early_every != 0 || k == 0) continue;
      Signal early = draw(noise, c_.early_channels, rows, sigma);
      early.insert(early.end(), audio.begin(), audio.end());
      audio = early;
    }
    std::vector<double> samples;
    for (std::size_t r = 0; r < rows; ++r)
      for (const auto& channel : audio) samples.push_back(channel[r]);
    return samples;
  }

 private:
  static Signal draw(NoiseSource& noise, std::size_t channels, std::size_t rows, double sigma) {
    std::vector<float> values(channels * rows);
    EXPECT_TRUE(noise.draw(values));
    Signal made(channels);
    for (std::size_t c = 0; c < channels; ++c)
      for (std::size_t r = 0; r < rows; ++r)
        made[c].push_back(sigma * double{values[c * rows + r]});
    return made;
  }
  Signal upsampled(const Mel& mel) const {
    const std::size_t bands = c_.mel_bands, samples = mel.frames() * 256;
    const auto& w = w_.at("upsample");
    Signal wide(bands, std::vector<double>(samples + 1024));
    for (std::size_t o = 0; o < bands; ++o) {
      for (double& v : wide[o]) v = w_.at("upsample.bias")[o];
      for (std::size_t f = 0; f < mel.frames(); ++f)
        for (std::size_t i = 0; i < bands; ++i)
          for (std::size_t k = 0; k < 1024; ++k)
            wide[o][f * 256 + k] += double{mel.frame(f)[i]} * double{w[(i * bands + o) * 1024 + k]};
    }
    Signal rows(bands * c_.group_samples);
    for (std::size_t b = 0; b < bands; ++b)
      for (std::size_t t = 0; t < samples; ++t)
        rows[b * c_.group_samples + t % c_.group_samples].push_back(wide[b][t]);
    return rows;
  }
  void couple(Signal& audio, const Signal& side, std::size_t flow) const {
    const std::string name = "WN." + std::to_string(flow) + ".";
    const std::size_t half = audio.size() / 2, width = c_.channels;
    Signal x = conv(Signal(audio.begin(), audio.begin() + static_cast<long>(half)), name + "start",
                    width, 1, 1);
    Signal sum(width, std::vector<double>(x[0].size()));
    Signal all;
    if (!c_.separate_conditioning)
      all = conv(side, name + "cond_layer", 2 * width * c_.layers, 1, 1);
    for (std::size_t i = 0; i < c_.layers; ++i) {
      const std::string number = std::to_string(i);
      Signal y = conv(x, name + "in_layers." + number, 2 * width, c_.kernel_size, 1UL << i);
      const Signal own = c_.separate_conditioning
                             ? conv(side, name + "cond_layers." + number, 2 * width, 1, 1)
                             : Signal(all.begin() + static_cast<long>(2 * width * i),
                                      all.begin() + static_cast<long>(2 * width * (i + 1)));
      Signal gated(width, std::vector<double>(x[0].size()));
      for (std::size_t c = 0; c < width; ++c)
        for (std::size_t t = 0; t < x[0].size(); ++t)
          gated[c][t] =
              std::tanh(y[c][t] + own[c][t]) / (1 + std::exp(-y[c + width][t] - own[c + width][t]));
      const bool last = i + 1 == c_.layers;
      const Signal out =
          conv(gated, name + "res_skip_layers." + number, last ? width : 2 * width, 1, 1);
      for (std::size_t c = 0; c < width; ++c)
        for (std::size_t t = 0; t < x[0].size(); ++t) {
          if (!last) x[c][t] += out[c][t];
          sum[c][t] += out[last ? c : c + width][t];
        }
    }
    const Signal transform = conv(sum, name + "end", 2 * half, 1, 1);
    for (std::size_t c = 0; c < half; ++c)
      for (std::size_t t = 0; t < x[0].size(); ++t)
        audio[half + c][t] =
            (audio[half + c][t] - transform[c][t]) / std::exp(transform[half + c][t]);
  }
  void unmix(Signal& audio, std::size_t flow) const {
    const auto& w = w_.at("convinv." + std::to_string(flow) + ".conv");
    const auto matrix = inverse(std::vector<double>(w.begin(), w.end()), audio.size()).value();
    const Signal mixed = audio;
    for (std::size_t o = 0; o < audio.size(); ++o)
      for (std::size_t t = 0; t < audio[0].size(); ++t) {
        audio[o][t] = 0;
        for (std::size_t i = 0; i < audio.size(); ++i)
          audio[o][t] += matrix[o * audio.size() + i] * mixed[i][t];
      }
  }
  Signal conv(const Signal& x, const std::string& name, std::size_t out, std::size_t kernel,
              std::size_t dilation) const {
    const auto& w = w_.at(name);
    const auto& bias = w_.at(name + ".bias");
    const auto pad = static_cast<long>((kernel - 1) * dilation / 2);
    const auto length = static_cast<long>(x[0].size());
    Signal y(out, std::vector<double>(x[0].size()));
    for (std::size_t o = 0; o < out; ++o)
      for (long t = 0; t < length; ++t) {
        double v = bias[o];
        for (std::size_t k = 0; k < kernel; ++k) {
          const long from = t - pad + static_cast<long>(k * dilation);
          if (from < 0 || from >= length) continue;
          for (std::size_t i = 0; i < x.size(); ++i)
            v += x[i][static_cast<std::size_t>(from)] * double{w[(o * x.size() + i) * kernel + k]};
        }
        y[o][static_cast<std::size_t>(t)] = v;
      }
    return y;
  }
  const WaveGlowConfig& c_;
  const RandomWeights& w_;
};

WaveGlowConfig small_config(bool separate) {
  WaveGlowConfig config;
  config.mel_bands = 3;
  config.flows = 5;
  config.group_samples = 8;
  config.early_every = 2;
  config.early_channels = 2;
  config.layers = 3;
  config.channels = 10;
  config.kernel_size = 3;
  config.separate_conditioning = separate;
  return config;
}
MelSpec small_mel() {
  MelSpec spec;
  spec.bands = 3;
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
                             {nn::RowLevel::kAmx, nn::Precision::kFloat32, 90},
                             {nn::RowLevel::kAmx, nn::Precision::kBf16, 35}};

// Weights whose mixing matrices are near enough to rotations to be undone without much loss.
WeightSource gentle(RandomWeights& weights) {
  const WeightSource plain = weights.source(0.5);
  return {[&weights, plain](const std::string& name,
                            std::span<const std::size_t> shape) -> Result<std::vector<float>> {
            auto made = plain.weight(name, shape).value();
            if (name.find("convinv") == std::string::npos || !weights.values[name + "#"].empty())
              return made;
            for (std::size_t i = 0; i < shape[0]; ++i) made[i * shape[0] + i] += 1;
            weights.values[name] = weights.values[name + "#"] = made;
            return made;
          },
          plain.bias};
}

std::unique_ptr<VocoderModel> build(const WaveGlowConfig& config, RandomWeights& weights,
                                    const nn::RowKernels& kernels, nn::Precision precision) {
  auto network = WaveGlowNetwork::build(config, gentle(weights), kernels, precision);
  EXPECT_TRUE(network) << network.error().message;
  return WaveGlowModel::create(std::move(*network), small_mel()).value();
}

TEST(WaveGlow, IsThePublishedNetworkAtEveryLevel) {
  const Mel mel = random_mel(small_mel(), 7);
  for (const bool separate : {false, true}) {
    const WaveGlowConfig config = small_config(separate);
    for (const Level& level : kLevels) {
      const nn::RowKernels* kernels = nn::row_kernels_for(level.level);
      if (kernels == nullptr) continue;
      SCOPED_TRACE(nn::to_string(level.level));
      RandomWeights weights;
      const auto model = build(config, weights, *kernels, level.precision);
      SeededNoise noise(4), same(4);
      SynthesisOptions options;
      options.noise = &noise;
      const auto audio = model->synthesise(mel.view(), options);
      ASSERT_TRUE(audio) << audio.error().message;
      ASSERT_EQ(audio->frames(), 7U * 256U);
      const auto expected = Naive(config, weights).run(mel, same, double{options.sigma});
      EXPECT_GT(snr_db(expected, audio->channel(0)), level.snr_db);
    }
  }
}

TEST(WaveGlow, SoundsTheSameOnSeveralThreads) {
  RandomWeights weights;
  const auto model =
      build(small_config(false), weights, nn::row_kernels(), nn::Precision::kFloat32);
  const Mel mel = random_mel(small_mel(), 20);
  const auto alone = model->synthesise(mel.view(), {});
  ASSERT_TRUE(alone);
  for (const std::size_t threads : {2UL, 3UL, 7UL}) {
    ThreadPool pool(threads);
    SynthesisOptions options;
    options.pool = &pool;
    const auto together = model->synthesise(mel.view(), options);
    ASSERT_TRUE(together);
    EXPECT_TRUE(std::equal(alone->channel(0).begin(), alone->channel(0).end(),
                           together->channel(0).begin()));
  }
}

TEST(WaveGlow, IsItsStreamBitForBitInBlocksOfAnySize) {
  const Mel mel = random_mel(small_mel(), 20);
  for (const Level& level : kLevels) {
    const nn::RowKernels* kernels = nn::row_kernels_for(level.level);
    if (kernels == nullptr) continue;
    SCOPED_TRACE(nn::to_string(level.level));
    RandomWeights weights;
    const auto model = build(small_config(false), weights, *kernels, level.precision);
    ChannelNoise noise(9);
    SynthesisOptions options;
    options.noise = &noise;
    options.sigma = 0.7F;
    const auto whole = model->synthesise(mel.view(), options);
    ASSERT_TRUE(whole);
    const std::vector<float> expected(whole->channel(0).begin(), whole->channel(0).end());
    for (const std::size_t block : {1UL, 3UL, 17UL, 20UL}) {
      const auto stream = model->open_stream_from_noise(block, {9, nullptr, 0.7F});
      ASSERT_TRUE(stream) << stream.error().message;
      // Five flows of three layers: 1 + 2 + 4 rows of eight samples each.
      EXPECT_EQ((*stream)->latency_samples(), 5U * 7U * 8U);
      EXPECT_EQ((*stream)->latency_samples(), model->info().latency_samples);
      EXPECT_EQ(testing::streamed(**stream, mel, block), expected) << block;
      EXPECT_EQ(testing::streamed(**stream, mel, block), expected) << "again, " << block;
    }
  }
}

TEST(WaveGlow, StreamIsAsLateAsItMustBeAndEndsAsItShould) {
  RandomWeights weights;
  WaveGlowConfig config = small_config(false);
  config.flows =
      1;  // What a frame changes through several is less, that far off, than a float says.
  const auto model = build(config, weights, nn::row_kernels(), nn::Precision::kFloat32);
  const auto stream = model->open_stream(3).value();
  std::vector<float> rest(stream->tail_samples(), 1.0F);
  EXPECT_REALTIME_SAFE(stream->finish({rest, 22'050}));
  EXPECT_EQ(rest, std::vector<float>(rest.size(), 0.0F));
  Mel mel = random_mel(small_mel(), 10);
  const auto before = testing::streamed(*stream, mel, 3);
  mel.frame(5)[1] += 100;
  const auto after = testing::streamed(*stream, mel, 3);
  std::size_t first = 0;
  while (first < before.size() && before[first] == after[first]) ++first;
  // The mel goes in behind the first layer's convolution, which looks one row ahead.
  EXPECT_LE(5 * 256 - first, stream->latency_samples());
  EXPECT_GE(5 * 256 - first + 2 * 8, stream->latency_samples());
  mel.frame(5)[1] = std::numeric_limits<float>::quiet_NaN();
  const auto silenced = testing::streamed(*stream, mel, 3);
  EXPECT_EQ(stream->bad_frames(), 1U);
  const auto whole = model->synthesise(mel.view(), {});
  EXPECT_TRUE(std::equal(silenced.begin(), silenced.end(), whole->channel(0).begin()));
  EXPECT_EQ(model->open_stream(0).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(model->open_stream_from_noise(3, {0, nullptr, -1.0F}).error().code,
            ErrorCode::kInvalidArgument);
}

TEST(WaveGlow, TakesItsHumAwayWhenAsked) {
  RandomWeights weights;
  const auto model =
      build(small_config(false), weights, nn::row_kernels(), nn::Precision::kFloat32);
  SynthesisOptions options;
  options.sigma = 0;
  const Mel zeros(small_mel(), 88);
  const auto hum = model->synthesise(zeros.view(), options);
  options.denoise = 1;
  const auto clean = model->synthesise(zeros.view(), options);
  ASSERT_TRUE(hum && clean);
  const auto power = [](std::span<const float> x) {
    double sum = 0;
    for (const float v : x.subspan(4'096, 12'000)) sum += double{v} * double{v};
    return sum;
  };
  // The spectrum is taken where the hum begins, mirrored there, so that not all of it matches.
  EXPECT_LT(power(clean->channel(0)), 0.5 * power(hum->channel(0)));
  options.denoise = -1;
  EXPECT_FALSE(model->synthesise(zeros.view(), options));
}

TEST(WaveGlow, SilencesFramesThatAreNotFiniteStopsAndRefuses) {
  RandomWeights weights;
  const auto model =
      build(small_config(false), weights, nn::row_kernels(), nn::Precision::kFloat32);
  Mel mel = random_mel(small_mel(), 6);
  mel.frame(3)[1] = std::numeric_limits<float>::infinity();
  std::size_t bad = 0;
  SynthesisOptions options;
  options.bad_frames = &bad;
  const auto audio = model->synthesise(mel.view(), options);
  EXPECT_EQ(bad, 1U);
  for (float& v : mel.frame(3)) v = static_cast<float>(std::log(1e-5));
  const auto silent = model->synthesise(mel.view(), options);
  EXPECT_TRUE(
      std::equal(audio->channel(0).begin(), audio->channel(0).end(), silent->channel(0).begin()));
  options.sigma = std::nanf("");
  EXPECT_FALSE(model->synthesise(mel.view(), options));
  options.sigma = 0.6F;
  std::stop_source stop;
  stop.request_stop();
  options.stop = stop.get_token();
  EXPECT_EQ(model->synthesise(mel.view(), options).error().code, ErrorCode::kCancelled);
  EXPECT_EQ(model->synthesise(Mel(small_mel(), 20'000).view(), {}).error().code,
            ErrorCode::kLimitExceeded);
}

TEST(WaveGlow, RefusesAMatrixThatCannotBeUndoneByName) {
  RandomWeights weights;
  const WeightSource plain = gentle(weights);
  const WeightSource source{[&](const std::string& name, std::span<const std::size_t> shape) {
                              auto made = plain.weight(name, shape);
                              if (name == "convinv.2.conv")
                                std::fill(made->begin(), made->end(), 1.0F);
                              return made;
                            },
                            plain.bias};
  const auto network = WaveGlowNetwork::build(small_config(false), source, nn::row_kernels(),
                                              nn::Precision::kFloat32);
  ASSERT_FALSE(network);
  EXPECT_EQ(network.error().code, ErrorCode::kCorruptData);
  EXPECT_EQ(network.error().message.find("'convinv.2.conv' is a matrix of 6 by 6 that has no"), 0U);
  WaveGlowConfig config = small_config(false);
  config.early_channels = 4;
  EXPECT_FALSE(WaveGlowNetwork::build(config, plain, nn::row_kernels(), nn::Precision::kFloat32));
}

}  // namespace
}  // namespace syrinx::vocoder
