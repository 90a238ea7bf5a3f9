// SPDX-License-Identifier: Apache-2.0
// Generators whose middle stages multiply bytes.
#include <gtest/gtest.h>

#include "syrinx/stages/vocoder/calibration_speech.h"
#include "syrinx/stages/vocoder/hifigan/hifigan_calibration.h"
#include "syrinx/stages/vocoder/hifigan/hifigan_stream.h"
#include "syrinx/stages/vocoder/random_weights_test_support.h"
#include "syrinx/stages/vocoder/stream_test_support.h"

namespace syrinx::vocoder {
namespace {

using testing::RandomWeights;

// The second of three stages is folded where rows are 32 channels wide.
HifiganConfig small_config(bool two) {
  HifiganConfig config;
  config.mel.bands = 10;
  config.mel.hop_samples = 32;
  config.initial_channels = 64;
  config.upsample_rates = {4, 4, 2};
  config.upsample_kernel_sizes = {8, 8, 4};
  config.two_convolutions = two;
  config.block_kernel_sizes = {5, 3};
  config.block_dilations = {{1, 2, 4}, {1, 5, 3}};
  return config;
}

std::vector<double> made_in_float(const HifiganConfig& config, RandomWeights& weights,
                                  const nn::RowKernels& kernels, const Mel& mel) {
  const auto generator = HifiganGenerator::build_float(config, weights.source(), kernels).value();
  HifiganStream stream(generator, mel.frames());
  const auto samples = testing::streamed(stream, mel, mel.frames());
  return {samples.begin(), samples.end()};
}

TEST(HifiganInt8, IsNearFloatAtEveryLevelAndTheSameInEveryCut) {
  for (const bool two : {true, false}) {
    const HifiganConfig config = small_config(two);
    const Mel mel = calibration_mel(config.mel).value();
    for (const nn::RowLevel level :
         {nn::RowLevel::kGeneric, nn::RowLevel::kAvx2, nn::RowLevel::kAvx512, nn::RowLevel::kAmx}) {
      const nn::RowKernels* kernels = nn::row_kernels_for(level);
      if (kernels == nullptr) continue;
      SCOPED_TRACE(nn::to_string(level));
      RandomWeights weights;
      const auto generator =
          HifiganGenerator::build(config, weights.source(), *kernels, nn::Precision::kInt8);
      ASSERT_TRUE(generator) << generator.error().message;
      EXPECT_EQ(generator->byte_stages(), 2U);
      HifiganStream whole(*generator, mel.frames());
      const auto once = testing::streamed(whole, mel, mel.frames());
      const double snr_db =
          testing::stream_snr_db(made_in_float(config, weights, *kernels, mel), once);
      // On what it was calibrated on: 8 bits of each factor, and bfloat16 beside with AMX.
      EXPECT_GT(snr_db, 25);
      EXPECT_LT(snr_db, 80) << "nothing was rounded";
      for (const std::size_t step : {1UL, 3UL, 17UL}) {
        HifiganStream cut(*generator, step);
        EXPECT_EQ(testing::streamed(cut, mel, step), once) << "in steps of " << step;
      }
      EXPECT_EQ(testing::streamed(whole, mel, 7), once) << "a stream used again";
    }
  }
}

// Rows that lie outside the utterance are zeros, which bytes are not.
TEST(HifiganInt8, BeginsAndEndsAsFloatDoes) {
  const HifiganConfig config = small_config(true);
  RandomWeights weights;
  const nn::RowKernels& kernels = nn::row_kernels();
  const auto generator =
      HifiganGenerator::build(config, weights.source(), kernels, nn::Precision::kInt8).value();
  for (const std::size_t frames : {1UL, 2UL, 5UL}) {
    const Mel mel = testing::noise_mel(config.mel, frames);
    HifiganStream stream(generator, 5);
    const double snr_db = testing::stream_snr_db(made_in_float(config, weights, kernels, mel),
                                                 testing::streamed(stream, mel, 1));
    EXPECT_GT(snr_db, 20) << frames;
  }
}

TEST(HifiganInt8, IsCalibratedByTheRangesOfPlainChannels) {
  const HifiganConfig config = small_config(true);
  RandomWeights weights;
  GeneratorRanges before;
  for (const nn::RowLevel level : {nn::RowLevel::kGeneric, nn::RowLevel::kAmx}) {
    const nn::RowKernels* kernels = nn::row_kernels_for(level);
    if (kernels == nullptr) continue;
    const auto found = calibrate_hifigan(config, weights.source(), *kernels);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(found->byte_stages, (std::vector<std::size_t>{0, 1}));
    const GeneratorRanges* ranges = &found->ranges;
    ASSERT_EQ(ranges->size(), 3U);
    EXPECT_EQ((*ranges)[1].activated.high.size(), 16U);
    EXPECT_EQ((*ranges)[1].blocks[1][2].in.low.size(), 16U);
    // Leaky: what is below zero is a tenth.
    EXPECT_GT((*ranges)[1].blocks[0][0].middle.high[3], 0);
    EXPECT_LT((*ranges)[1].blocks[0][0].middle.low[3], 0);
    // However this level folds its rows.
    if (!before.empty()) {
      EXPECT_NEAR((*ranges)[1].activated.high[5], before[1].activated.high[5], 1e-3);
    }
    before = *ranges;
  }
}

TEST(HifiganInt8, IsRefusedWhereNoStageBearsIt) {
  HifiganConfig config = small_config(true);
  config.upsample_rates = {32};
  config.upsample_kernel_sizes = {64};
  RandomWeights weights;
  const auto refused =
      HifiganGenerator::build(config, weights.source(), nn::row_kernels(), nn::Precision::kInt8);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(refused.error().message.find("int8"), std::string::npos) << refused.error().message;
}

// One channel a hundred times as loud as the rest: its neighbours' bytes say almost nothing, and
// the stage that it stands in is left as it was.
TEST(HifiganInt8, LeavesAStageThatLosesTooMuch) {
  const HifiganConfig config = small_config(true);
  RandomWeights weights;
  ASSERT_TRUE(HifiganGenerator::build_float(config, weights.source(), nn::row_kernels()));
  auto& upsampling = weights.values.at("ups.0");  // [64][32][8]
  for (std::size_t in = 0; in < 64; ++in)
    for (std::size_t tap = 0; tap < 8; ++tap) upsampling[in * 256 + 3 * 8 + tap] *= 100;
  // ... which no one reads but the residual, that the next stage takes away again.
  for (const char* block : {"resblocks.0", "resblocks.1"})
    for (const char* layer : {".convs1.0", ".convs1.1", ".convs1.2"}) {
      auto& first = weights.values.at(std::string(block) + layer);
      const std::size_t taps = first.size() / (32 * 32);
      for (std::size_t out = 0; out < 32; ++out)
        for (std::size_t tap = 0; tap < taps; ++tap) first[(out * 32 + 3) * taps + tap] = 0;
    }
  auto& next = weights.values.at("ups.1");  // [32][16][8]
  for (std::size_t i = 0; i < 128; ++i) next[3 * 128 + i] = 0;
  const auto found = calibrate_hifigan(config, weights.source(), nn::row_kernels());
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->byte_stages, (std::vector<std::size_t>{1}));
}

}  // namespace
}  // namespace syrinx::vocoder
