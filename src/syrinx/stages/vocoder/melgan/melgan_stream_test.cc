// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/melgan/melgan_stream.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "support/realtime_guard.h"
#include "syrinx/core/dsp/mel_analysis.h"
#include "syrinx/stages/vocoder/model_families.h"
#include "syrinx/stages/vocoder/random_weights_test_support.h"
#include "syrinx/stages/vocoder/stream_test_support.h"

namespace syrinx::vocoder {
namespace {

using testing::RandomWeights;
using Signal = std::vector<std::vector<double>>;  // [channel][time]

long mirrored(long i, long count) {
  while (i < 0 || i >= count) {
    if (count == 1) return 0;
    i = i < 0 ? -i : 2 * (count - 1) - i;
  }
  return i;
}

Signal activated(Signal x) {
  for (auto& channel : x)
    for (double& v : channel) v = v > 0 ? v : 0.2 * v;
  return x;
}

// The textbook generator in double, layer by layer over the whole.
class Naive {
 public:
  Naive(const ModelKind& kind, const RandomWeights& weights) : kind_(kind), w_(weights) {}

  std::vector<double> run(const Mel& mel) const {
    const MelganConfig& own = kind_.melgan;
    const MelganModules modules = melgan_modules(own, kind_.upsampler.upsample_rates.size());
    Signal x(mel.bands(), std::vector<double>(mel.frames()));
    for (std::size_t t = 0; t < mel.frames(); ++t)
      for (std::size_t b = 0; b < mel.bands(); ++b)
        x[b][t] = own.mean.empty()
                      ? double{mel.frame(t)[b]}
                      : (double{mel.frame(t)[b]} - double{own.mean[b]}) / double{own.scale[b]};
    x = conv(x, modules.first, kind_.upsampler.initial_channels, own.outer_taps, 1);
    for (std::size_t i = 0; i < modules.layers.size(); ++i) {
      x = transposed(activated(x), modules.upsamplings[i], kind_.upsampler.upsample_rates[i]);
      std::size_t dilation = 1;
      for (const auto& layer : modules.layers[i]) {
        const Signal inner = conv(activated(x), layer.dilated, x.size(), own.stack_taps, dilation);
        const Signal added = conv(activated(inner), layer.plain, x.size(), 1, 1);
        x = conv(x, layer.skip, x.size(), 1, 1);
        for (std::size_t c = 0; c < x.size(); ++c)
          for (std::size_t t = 0; t < x[c].size(); ++t) x[c][t] += added[c][t];
        dilation *= own.stack_taps;
      }
    }
    x = conv(activated(x), modules.last, own.sub_bands, own.outer_taps, 1);
    for (auto& channel : x)
      for (double& v : channel) v = kind_.upsampler.tanh_at_end ? std::tanh(v) : v;
    return own.sub_bands == 1 ? x[0] : joined(x);
  }

 private:
  Signal conv(const Signal& x, const std::string& name, std::size_t out, std::size_t taps,
              std::size_t dilation) const {
    const auto& w = w_.at(name);
    const auto& bias = w_.at(name + ".bias");
    const auto length = static_cast<long>(x[0].size());
    const auto all = static_cast<long>((taps - 1) * dilation);
    const long before = kind_.melgan.causal ? all : all / 2;
    Signal y(out, std::vector<double>(x[0].size()));
    for (std::size_t o = 0; o < out; ++o)
      for (long t = 0; t < length; ++t) {
        double v = bias[o];
        for (std::size_t i = 0; i < x.size(); ++i)
          for (std::size_t k = 0; k < taps; ++k)
            v += x[i][static_cast<std::size_t>(
                     mirrored(t - before + static_cast<long>(k * dilation), length))] *
                 double{w[(o * x.size() + i) * taps + k]};
        y[o][static_cast<std::size_t>(t)] = v;
      }
    return y;
  }
  // As PyTorch defines it: each row adds its kernel, and the ends are cut off.
  Signal transposed(Signal x, const std::string& name, std::size_t rate) const {
    const std::size_t out = x.size() / 2, kernel = 2 * rate, length = x[0].size() * rate;
    const bool causal = kind_.melgan.causal;
    if (causal)
      for (auto& channel : x) channel.insert(channel.begin(), channel[0]);
    const std::size_t cut = causal ? rate : rate / 2 + rate % 2;
    const auto& w = w_.at(name);
    Signal y(out);
    for (std::size_t o = 0; o < out; ++o) {
      std::vector<double> full(x[0].size() * rate + kernel, w_.at(name + ".bias")[o]);
      for (std::size_t i = 0; i < x.size(); ++i)
        for (std::size_t t = 0; t < x[i].size(); ++t)
          for (std::size_t k = 0; k < kernel; ++k)
            full[t * rate + k] += x[i][t] * double{w[(i * out + o) * kernel + k]};
      y[o].assign(full.begin() + static_cast<std::ptrdiff_t>(cut),
                  full.begin() + static_cast<std::ptrdiff_t>(cut + length));
    }
    return y;
  }
  // Zeros between the samples of each band, four times as loud, through its filter, and the sum.
  static std::vector<double> joined(const Signal& bands) {
    const auto filters = pqmf_filters({}, true);
    const auto length = static_cast<long>(4 * bands[0].size());
    std::vector<double> y(static_cast<std::size_t>(length));
    for (std::size_t b = 0; b < 4; ++b)
      for (long t = 0; t < length; ++t)
        for (long n = 0; n <= 62; ++n) {
          const long at = t + n - 31;
          if (at >= 0 && at < length && at % 4 == 0)
            y[static_cast<std::size_t>(t)] += 4 * filters[b * 63 + static_cast<std::size_t>(n)] *
                                              bands[b][static_cast<std::size_t>(at / 4)];
        }
    return y;
  }
  const ModelKind& kind_;
  const RandomWeights& w_;
};

struct Case {
  const char* name;
  MelganLayout layout;
  std::vector<std::size_t> rates;
  std::size_t stacks;
  std::size_t sub_bands;
  bool causal;
  bool normalise;
  bool tanh;
  std::size_t channels = 40;
};
const Case kCases[] = {
    {"descript", MelganLayout::kDescript, {4, 3}, 3, 1, false, false, true},
    {"seungwonpark", MelganLayout::kSeungwonPark, {4, 2, 2}, 2, 1, false, true, true},
    {"multi-band", MelganLayout::kParallelWaveGan, {5, 2}, 3, 4, false, true, true},
    {"causal", MelganLayout::kParallelWaveGan, {3, 2}, 2, 1, true, false, false},
    {"causal multi-band", MelganLayout::kParallelWaveGan, {3, 2}, 2, 4, true, false, true},
    {"wide", MelganLayout::kDescript, {2, 3, 2}, 2, 1, false, false, true, 160},
    {"rate of one", MelganLayout::kDescript, {1, 4}, 1, 1, false, false, true}};

ModelKind kind_of(const Case& given) {
  ModelKind kind;
  kind.family = given.sub_bands > 1 ? ModelFamily::kMultiBandMelGan : ModelFamily::kMelGan;
  kind.upsampler.mel_bands = 10;
  kind.upsampler.initial_channels = given.channels;
  kind.upsampler.upsample_rates = given.rates;
  for (const std::size_t rate : given.rates)
    kind.upsampler.upsample_kernel_sizes.push_back(2 * rate);
  kind.upsampler.tanh_at_end = given.tanh;
  kind.melgan.layout = given.layout;
  kind.melgan.causal = given.causal;
  kind.melgan.stacks = given.stacks;
  kind.melgan.sub_bands = given.sub_bands;
  for (std::size_t b = 0; given.normalise && b < 10; ++b) {
    kind.melgan.mean.push_back(0.1F * static_cast<float>(b));
    kind.melgan.scale.push_back(0.5F + 0.1F * static_cast<float>(b));
  }
  return kind;
}

constexpr double kGain = 1.2;  // Lively enough to be heard after every layer.

struct Level {
  nn::RowLevel level;
  nn::Precision precision;
  double snr_db;
};
constexpr Level kLevels[] = {{nn::RowLevel::kGeneric, nn::Precision::kFloat32, 110},
                             {nn::RowLevel::kAvx2, nn::Precision::kFloat32, 110},
                             {nn::RowLevel::kAvx512, nn::Precision::kFloat32, 110},
                             {nn::RowLevel::kAmx, nn::Precision::kFloat32, 90},
                             {nn::RowLevel::kAmx, nn::Precision::kBf16, 30}};

TEST(MelganStream, IsTheTextbookGeneratorAtEveryLevelAndInEveryCut) {
  for (const Case& given : kCases) {
    const ModelKind kind = kind_of(given);
    for (const Level& level : kLevels) {
      const nn::RowKernels* kernels = nn::row_kernels_for(level.level);
      if (kernels == nullptr) continue;
      SCOPED_TRACE(std::string(given.name) + " on " + nn::to_string(level.level));
      RandomWeights weights;
      const auto generator =
          MelganGenerator::build(kind, weights.source(kGain), *kernels, level.precision);
      ASSERT_TRUE(generator) << generator.error().message;
      const Mel mel = testing::noise_mel(generator->mel, 61);
      MelganStream whole(*generator, mel.frames());
      const auto once = testing::streamed(whole, mel, mel.frames());
      EXPECT_GT(testing::stream_snr_db(Naive(kind, weights).run(mel), once), level.snr_db);
      for (const std::size_t step : {1UL, 3UL, 17UL}) {
        MelganStream cut(*generator, step);
        EXPECT_EQ(testing::streamed(cut, mel, step), once) << "in steps of " << step;
      }
      EXPECT_EQ(testing::streamed(whole, mel, 7), once) << "a stream used again";
    }
  }
}

TEST(MelganStream, SurvivesUtterancesShorterThanItsMirrors) {
  for (const Case& given : kCases) {
    SCOPED_TRACE(given.name);
    const ModelKind kind = kind_of(given);
    RandomWeights weights;
    const auto generator = MelganGenerator::build(kind, weights.source(kGain), nn::row_kernels(),
                                                  nn::Precision::kFloat32);
    ASSERT_TRUE(generator) << generator.error().message;
    for (const std::size_t frames : {1UL, 2UL, 3UL, 5UL, 9UL}) {
      const Mel mel = testing::noise_mel(generator->mel, frames);
      MelganStream stream(*generator, 5);
      const auto expected = Naive(kind, weights).run(mel);
      EXPECT_GT(testing::stream_snr_db(expected, testing::streamed(stream, mel, 1)), 85);
      EXPECT_GT(testing::stream_snr_db(expected, testing::streamed(stream, mel, 5)), 85);
    }
  }
}

TEST(MelganStream, LooksAheadExactlyAsFarAsItSays) {
  for (const Case& given : kCases) {
    if (given.causal) continue;  // Only its first samples wait: for what they mirror.
    SCOPED_TRACE(given.name);
    RandomWeights weights;
    const auto generator = MelganGenerator::build(kind_of(given), weights.source(kGain),
                                                  *nn::row_kernels_for(nn::RowLevel::kGeneric),
                                                  nn::Precision::kFloat32);
    ASSERT_TRUE(generator);
    Mel mel = testing::noise_mel(generator->mel, 60);
    MelganStream stream(*generator, 60);
    const auto before = testing::streamed(stream, mel, 60);
    for (float& value : mel.frame(35)) value += 1e20F;  // The bank's outermost taps are small.
    const auto after = testing::streamed(stream, mel, 60);
    std::size_t first = 0;
    while (before[first] == after[first]) ++first;
    EXPECT_GE(first + stream.latency_samples(), 35 * generator->mel.hop_samples);
    EXPECT_LT(first + stream.latency_samples(), 36 * generator->mel.hop_samples);
    // And behind: a stretch that is warmed up for so many frames is as if it had never been cut.
    std::size_t last = after.size();
    while (before[last - 1] == after[last - 1]) --last;
    EXPECT_LT(last, (35 + generator->context_frames()) * generator->mel.hop_samples);
  }
}

TEST(MelganStream, TurnsFramesThatAreNotFiniteIntoSilenceAndCountsThem) {
  RandomWeights weights;
  const auto generator = MelganGenerator::build(kind_of(kCases[2]), weights.source(kGain),
                                                nn::row_kernels(), nn::Precision::kFloat32);
  ASSERT_TRUE(generator);
  Mel mel = testing::noise_mel(generator->mel, 20);
  MelganStream stream(*generator, 20);
  mel.frame(4)[2] = std::numeric_limits<float>::quiet_NaN();
  const auto broken = testing::streamed(stream, mel, 20);
  EXPECT_EQ(stream.bad_frames(), 1U);
  for (float& value : mel.frame(4)) value = static_cast<float>(std::log10(mel.spec().clamp));
  EXPECT_EQ(testing::streamed(stream, mel, 20), broken);
}

TEST(MelganGenerator, RefusesWhatItCannotBuildByField) {
  const auto refused = [](const auto& change) {
    ModelKind kind = kind_of(kCases[0]);
    change(kind);
    const auto valid = validate_melgan(kind, false);
    EXPECT_FALSE(valid);
    return valid ? std::string() : valid.error().message;
  };
  using std::string;
  EXPECT_NE(refused([](ModelKind& k) {
              k.upsampler.upsample_kernel_sizes[1] = 7;
            }).find("upsample_rates[1] is 3 with a kernel of 7"),
            string::npos);
  EXPECT_NE(refused([](ModelKind& k) { k.melgan.sub_bands = 5; }).find("5 bands"), string::npos);
  EXPECT_NE(refused([](ModelKind& k) { k.upsampler.upsample_rates.clear(); }).find("0 upsample"),
            string::npos);
  EXPECT_NE(refused([](ModelKind& k) { k.melgan.stacks = 9; }).find("dilations"), string::npos);
  EXPECT_NE(refused([](ModelKind& k) { k.melgan.outer_taps = 8; }).find("8 and 3"), string::npos);
  EXPECT_NE(refused([](ModelKind& k) { k.upsampler.initial_channels = 2; }).find("stage 2"),
            string::npos);
}

}  // namespace
}  // namespace syrinx::vocoder
