// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <numbers>
#include <vector>

#include "syrinx/core/dsp/window.h"
#include "syrinx/core/nn/rows/row_kernels.h"
#include "syrinx/stages/vocoder/random_weights_test_support.h"
#include "syrinx/stages/vocoder/source_filter/excitation.h"
#include "syrinx/stages/vocoder/source_filter/source_filter_head.h"
#include "syrinx/stages/vocoder/stream_test_support.h"
#include "syrinx/stages/vocoder/vocos/vocos_stream.h"

namespace syrinx::vocoder {
namespace {

constexpr std::size_t kHop = 64;

MelSpec small_mel() {
  MelSpec mel;
  mel.bands = 12;
  mel.fft_size = mel.window_samples = 4 * kHop;
  mel.hop_samples = kHop;
  return mel;
}

VocosConfig small_config() {
  VocosConfig config;
  config.mel_bands = 12;
  config.channels = 24;
  config.hidden_channels = 40;
  config.layers = 2;
  config.fft_size = 4 * kHop;
  config.hop_samples = kHop;
  config.same_padding = config.source_filter = true;
  return config;
}

class SmallVocoder {
 public:
  explicit SmallVocoder(const nn::RowKernels& kernels) {
    const WeightSource random = weights_.source();
    WeightSource source;
    source.tensor = [&](const std::string& name, std::span<const std::size_t> shape) {
      if (name == "head.istft.window")
        return Result<std::vector<float>>(dsp::make_window(dsp::WindowShape::kHann, shape[0]));
      return random.weight(name, shape);
    };
    network_ =
        VocosNetwork::build(small_config(), source, kernels, nn::Precision::kFloat32).value();
  }
  std::unique_ptr<VocosStream> stream(std::size_t block) const {
    const std::size_t heard = VocosStream::heard_frames(network_, block);
    auto head = SourceFilterHead::create(*network_.maths, small_mel(), heard).value();
    return VocosStream::create(network_, std::move(head), small_mel(), block).value();
  }

 private:
  testing::RandomWeights weights_;
  VocosNetwork network_;
};

TEST(NoiseAt, IsWhiteOfUnitPowerAndTheSameWhereverOneBegins) {
  double sum = 0, power = 0, neighbours = 0;
  constexpr int kCount = 100'000;
  for (int i = 0; i < kCount; ++i) {
    const double v = noise_at(static_cast<std::uint64_t>(i));
    sum += v;
    power += v * v;
    neighbours += v * noise_at(static_cast<std::uint64_t>(i) + 1);
  }
  EXPECT_NEAR(sum / kCount, 0, 0.01);
  EXPECT_NEAR(power / kCount, 1, 0.01);
  EXPECT_NEAR(neighbours / kCount, 0, 0.01);
}

// As training/voice/vocoder.py makes it: torch's numbers for the first places.
TEST(NoiseAt, IsWhatTheRecipeTrainsWith) {
  const float first[] = {1.32782757F, -0.237193957F, -1.64048147F,
                         1.63118291F, -1.36365497F,  -0.598160982F};
  for (std::size_t i = 0; i < std::size(first); ++i) EXPECT_FLOAT_EQ(noise_at(i), first[i]);
}

TEST(PulseTrain, IsTheSumOfCosinesBelowTenKilohertz) {
  constexpr double kF0 = 210.5, kRate = 22'050;
  PulseTrain train(kRate);
  std::vector<float> made(1024);
  for (std::size_t i = 0; i < 4; ++i)
    train.make(i == 0 ? 0 : kF0, kF0, kF0, std::span(made).subspan(i * 256, 256));
  const int count = static_cast<int>(10'000 / kF0);
  for (std::size_t n = 0; n < made.size(); ++n) {
    double sum = 0;
    for (int k = 1; k <= count; ++k)
      sum += std::cos(2 * std::numbers::pi * k * (0.5 + kF0 * static_cast<double>(n) / kRate));
    EXPECT_NEAR(made[n], sum / std::sqrt(count / 2.0), 1e-4) << n;
  }
}

TEST(PulseTrain, GlidesWithoutAStepAndBeginsAnewAfterAPause) {
  PulseTrain train(22'050), fresh(22'050);
  std::vector<float> hop(256), again(256), silence(256, 1.0F);
  train.make(0, 200, 240, hop);
  train.make(200, 240, 0, hop);
  train.make(240, 0, 200, silence);
  EXPECT_EQ(silence, std::vector<float>(256));
  train.make(0, 200, 240, hop);
  fresh.make(0, 200, 240, again);
  EXPECT_EQ(hop, again);
}

TEST(EnvelopeBins, LieOnLinesBetweenTheMiddlesOfTheBands) {
  const auto bins = envelope_bins(MelSpec{});
  ASSERT_EQ(bins.size(), 513);
  EXPECT_EQ(bins[0].band, 0);
  EXPECT_EQ(bins[0].part, 0) << "below the first band its value holds";
  EXPECT_EQ(bins[512].band, 78);
  EXPECT_EQ(bins[512].part, 1) << "above the last band its value holds";
  for (std::size_t k = 1; k < bins.size(); ++k) {
    const auto place = [&](std::size_t i) {
      return static_cast<float>(bins[i].band) + bins[i].part;
    };
    EXPECT_GE(place(k), place(k - 1));
    EXPECT_LE(place(k), place(k - 1) + 1.2F);
  }
}

TEST(SourceFilterStream, IsTheSameInEveryCutAndRealTimeSafe) {
  for (const nn::RowLevel level : {nn::RowLevel::kGeneric, nn::RowLevel::kAvx512}) {
    const nn::RowKernels* const kernels = nn::row_kernels_for(level);
    if (kernels == nullptr) continue;
    const SmallVocoder vocoder(*kernels);
    const Mel mel = testing::noise_mel(small_mel(), 90);
    const auto whole = vocoder.stream(90);
    const auto once = testing::streamed(*whole, mel, 90);
    ASSERT_EQ(once.size(), 90 * kHop);
    double power = 0;
    for (const float v : once) power += double{v} * double{v};
    EXPECT_GT(power, 1.0) << "there must be sound";
    for (const std::size_t step : {1UL, 7UL, 64UL})
      EXPECT_EQ(testing::streamed(*vocoder.stream(step), mel, step), once) << step;
    testing::expect_skips(*whole, mel);
    testing::expect_finishes_with_its_last_frames(*whole, mel);
  }
}

TEST(SourceFilterStream, MakesSoundOfUtterancesShorterThanItsLatency) {
  const SmallVocoder vocoder(*nn::row_kernels_for(nn::RowLevel::kGeneric));
  for (const std::size_t frames : {1UL, 2UL, 3UL, 4UL}) {
    const Mel mel = testing::noise_mel(small_mel(), frames);
    EXPECT_EQ(testing::streamed(*vocoder.stream(4), mel, 1).size(), frames * kHop);
    EXPECT_EQ(testing::streamed(*vocoder.stream(4), mel, 1),
              testing::streamed(*vocoder.stream(4), mel, 4));
  }
}

}  // namespace
}  // namespace syrinx::vocoder
