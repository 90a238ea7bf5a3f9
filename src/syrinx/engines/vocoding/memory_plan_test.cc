// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/vocoding/memory_plan.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "support/realtime_guard.h"
#include "support/test_data.h"
#include "syrinx/core/dsp/mel_analysis.h"
#include "syrinx/core/io/safetensors/safetensors_file.h"
#include "syrinx/core/nn/weights/weight_file.h"
#include "syrinx/engines/vocoding/load_vocoder.h"
#include "syrinx/engines/vocoding/vocode.h"
#include "syrinx/stages/vocoder/memory_estimate.h"
#include "syrinx/stages/vocoder/random_weights_test_support.h"
#include "syrinx/stages/vocoder/unet/unet_model.h"

// What models say that they take, against what the heap says.
namespace syrinx::vocoding {
namespace {

constexpr std::size_t kMebibyte = std::size_t{1} << 20;

// Weights that do not matter, small and different.
class RandomFile {
 public:
  void module(const std::string& name, std::vector<std::size_t> shape, std::size_t bias) {
    tensor(name + ".weight", std::move(shape));
    tensor(name + ".bias", {bias});
  }
  std::filesystem::path write(const std::string& name) {
    const auto path = support::scratch_dir() / name;
    EXPECT_TRUE(io::write_safetensors(path, tensors_, {}));
    return path;
  }

 private:
  void tensor(const std::string& name, std::vector<std::size_t> shape) {
    std::size_t count = 1;
    for (const std::size_t n : shape) count *= n;
    std::vector<float> values(count);
    for (float& value : values) {
      random_ = random_ * 1'664'525U + 1'013'904'223U;
      value = (static_cast<float>(random_ >> 8) / float{1 << 23} - 1) * 0.02F;
    }
    tensors_.push_back(nn::make_tensor(name, std::move(shape), values));
  }
  std::vector<nn::TensorBytes> tensors_;
  std::uint32_t random_ = 7;
};

// HiFi-GAN V1 as published, 13.9 million weights.
std::filesystem::path write_v1() {
  constexpr std::size_t kKernels[] = {16, 16, 4, 4}, kBlocks[] = {3, 7, 11};
  RandomFile file;
  file.module("conv_pre", {512, 80, 7}, 512);
  std::size_t channels = 512;
  for (std::size_t i = 0; i < 4; ++i, channels /= 2) {
    const std::size_t out = channels / 2;
    file.module("ups." + std::to_string(i), {channels, out, kKernels[i]}, out);
    for (std::size_t b = 0; b < 3; ++b)
      for (const char* half : {".convs1.", ".convs2."})
        for (std::size_t j = 0; j < 3; ++j)
          file.module("resblocks." + std::to_string(3 * i + b) + half + std::to_string(j),
                      {out, out, kBlocks[b]}, out);
  }
  file.module("conv_post", {1, channels, 7}, 1);
  return file.write("v1.safetensors");
}

class MemoryOfV1 : public testing::Test {
 protected:
  static const std::filesystem::path& weights() {
    static const std::filesystem::path path = write_v1();
    return path;
  }
  static Mel mel(const MelSpec& spec, std::size_t frames) {
    Mel made(spec, frames);
    for (std::size_t i = 0; i < frames; ++i)
      for (float& value : made.frame(i)) value = -5.0F + 0.01F * static_cast<float>(i % 100);
    return made;
  }
};

TEST_F(MemoryOfV1, AnInstanceTakesLessThan256MebibytesAndEachFurtherStreamLessThan8) {
  if (!support::heap_is_counted()) GTEST_SKIP() << "a sanitizer has its own heap";
  const auto path = weights();
  support::reset_heap_peak();
  const std::size_t before = support::heap_bytes();
  const auto model = load_vocoder(path);
  ASSERT_TRUE(model) << model.error().message;
  const vocoder::VocoderInfo& info = (*model)->info();
  ASSERT_EQ(info.variant, "V1");
  const std::size_t loaded = support::heap_bytes() - before;
  EXPECT_LT(support::heap_peak_bytes() - before, 256 * kMebibyte);
  // What is reported is what the heap holds but for names and shapes.
  EXPECT_NEAR(static_cast<double>(loaded), static_cast<double>(info.weight_bytes), 0.3 * kMebibyte);
  EXPECT_GT(info.weight_bytes, 13'900'000U * 2);

  constexpr std::size_t kStreams = 25;
  std::vector<std::unique_ptr<vocoder::VocoderStream>> streams;
  streams.reserve(kStreams);
  for (std::size_t i = 0; i < kStreams; ++i) {
    const std::size_t at = support::heap_bytes();
    streams.push_back((*model)->open_stream(16).value());
    const std::size_t taken = support::heap_bytes() - at;
    EXPECT_LT(taken, 8 * kMebibyte);
    EXPECT_NEAR(static_cast<double>(taken), static_cast<double>(streams.back()->memory_bytes()),
                0.02 * static_cast<double>(taken));
  }
  // All of them on one set of weights: no stream brings any of its own.
  EXPECT_LT(support::heap_bytes() - before, info.weight_bytes + kStreams * 8 * kMebibyte);
  EXPECT_LT(support::heap_peak_bytes() - before, 256 * kMebibyte);
  ::testing::Test::RecordProperty("weight_bytes", static_cast<int>(info.weight_bytes));
  ::testing::Test::RecordProperty("stream_bytes", static_cast<int>(streams[0]->memory_bytes()));
  ::testing::Test::RecordProperty("heap_of_25_streams",
                                  static_cast<int>(support::heap_bytes() - before));
}

TEST_F(MemoryOfV1, ABudgetIsKeptByFewerThreadsAndSmallerBlocksAndMakesTheSameSound) {
  const auto model = load_vocoder(weights()).value();
  const Mel frames = mel(model->info().mel, 160);
  const auto expected = vocode(*model, frames.view()).value();
  MemoryRequest request;
  request.frames = frames.frames();
  request.threads = 4;
  request.block_frames = 64;
  const auto wished = plan_memory(*model, request);
  ASSERT_TRUE(wished);
  EXPECT_EQ(wished->threads, 4U);
  EXPECT_EQ(wished->block_frames, request.block_frames);
  ThreadPool pool(4);
  std::size_t last_threads = 4, plans = 0;
  for (std::size_t budget = wished->peak_bytes; budget > model->info().weight_bytes;
       budget -= 2 * kMebibyte) {
    request.budget_bytes = budget;
    const auto plan = plan_memory(*model, request);
    if (!plan) break;
    ++plans;
    EXPECT_LE(plan->peak_bytes, budget);
    EXPECT_LE(plan->threads, last_threads);
    last_threads = plan->threads;
    if (plans % 5 != 0) continue;
    VocodeOptions options;
    ThreadPool planned(plan->threads);
    options.pool = &planned;
    options.block_frames = plan->block_frames;
    support::reset_heap_peak();
    const std::size_t before = support::heap_bytes();
    ASSERT_TRUE(vocode(*model, frames.view(), options));
    // While it is opened, a stream holds the old of a buffer that it enlarges; and not all threads
    // need be in the middle of a stretch at once.
    if (support::heap_is_counted()) {
      const std::size_t peak = support::heap_peak_bytes() - before + model->info().weight_bytes;
      EXPECT_LT(peak, plan->peak_bytes + kMebibyte);
      EXPECT_GT(peak, plan->peak_bytes - plan->peak_bytes / 5);
    }
    options.pool = &pool;
    options.block_frames = request.block_frames;
    options.memory_budget_bytes = budget;
    const auto made = vocode(*model, frames.view(), options);
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_TRUE(std::equal(made->channel(0).begin(), made->channel(0).end(),
                           expected.channel(0).begin(), expected.channel(0).end()));
  }
  EXPECT_EQ(last_threads, 1U);
  EXPECT_GT(plans, 5U);
}

TEST_F(MemoryOfV1, WhatDoesNotFitIsRefusedWithWhatWould) {
  vocoder::VocoderOptions options;
  options.memory_budget_bytes = 20 * kMebibyte;
  const auto path = weights();
  support::reset_heap_peak();
  const std::size_t before = support::heap_bytes();
  const auto refused = load_vocoder(path, options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kLimitExceeded);
  EXPECT_NE(refused.error().message.find("more than the budget of 20.0 MiB"), std::string::npos)
      << refused.error().message;
  if (support::heap_is_counted()) {
    EXPECT_LT(support::heap_peak_bytes() - before, kMebibyte);  // Before anything was packed.
  }

  const auto model = load_vocoder(weights()).value();
  VocodeOptions run;
  const auto stream_bytes = model->open_stream(1).value()->memory_bytes();
  run.memory_budget_bytes = model->info().weight_bytes + stream_bytes + kMebibyte;
  const auto little = vocode(*model, mel(model->info().mel, 2'000).view(), run);
  ASSERT_FALSE(little);
  EXPECT_EQ(little.error().code, ErrorCode::kLimitExceeded);
  EXPECT_NE(little.error().message.find("give a budget of "), std::string::npos)
      << little.error().message;
  EXPECT_NE(little.error().message.find("or stream it"), std::string::npos)
      << little.error().message;
  MemoryRequest streamed;
  streamed.budget_bytes = run.memory_budget_bytes;
  streamed.streamed = true;
  streamed.block_frames = 1;
  EXPECT_TRUE(plan_memory(*model, streamed));
  streamed.block_frames = 64;
  const auto blocks = plan_memory(*model, streamed);
  ASSERT_FALSE(blocks);
  EXPECT_NE(blocks.error().message.find("smaller blocks"), std::string::npos);
}

TEST(MemoryOfFamilies, WeightsAreEstimatedFromShapesBeforeTheyArePacked) {
  SYRINX_NEED_DATA("golden/vocoders");
  for (const char* name :
       {"golden/vocoders/bigvgan_narrow/generator.pt", "golden/vocoders/diffwave/weights.pt",
        "golden/vocoders/hifigan_custom/generator.pt", "golden/vocoders/hifigan_v3/generator.pt",
        "golden/vocoders/vocos_small/pytorch_model.bin",
        "golden/vocoders/waveglow_narrow/waveglow_state.pt", "models/hifigan_lj_v2/generator_v2"}) {
    const auto path = support::data_path(name);
    const auto file = nn::WeightFile::open(path).value();
    const auto kind = vocoder::identify_model(file, std::filesystem::path{}).value();
    for (const nn::RowLevel level :
         {nn::RowLevel::kGeneric, nn::RowLevel::kAvx512, nn::RowLevel::kAmx})
      for (const auto precision : {nn::Precision::kFloat32, nn::Precision::kBf16}) {
        vocoder::VocoderOptions options;
        options.kernels = nn::row_kernels_for(level);
        options.precision = precision;
        const bool half = precision == nn::Precision::kBf16;
        if (options.kernels == nullptr || (half && options.kernels->conv_bf16 == nullptr)) continue;
        SCOPED_TRACE(std::string(name) + " " + nn::to_string(level) + (half ? " bf16" : ""));
        const auto model = load_vocoder(path, options);
        ASSERT_TRUE(model) << model.error().message;
        const auto actual = static_cast<double>((*model)->info().weight_bytes);
        const auto estimate = static_cast<double>(
            vocoder::estimate_weight_bytes(file, kind, *options.kernels, precision));
        EXPECT_LT(estimate, 4.0 / 3 * actual);
        EXPECT_GT(estimate, (half ? 0.5 : 0.9) * actual);
      }
  }
}

// The heap's own peak while an utterance is made, against what the model said beforehand.
void expect_told(const vocoder::VocoderModel& model, std::size_t frames, std::size_t threads) {
  const std::size_t told = model.synthesis_bytes(frames, threads);
  const Mel mel(model.info().mel, frames);
  ThreadPool pool(threads);
  vocoder::SynthesisOptions options;
  options.pool = threads > 1 ? &pool : nullptr;
  support::reset_heap_peak();
  const std::size_t before = support::heap_bytes();
  ASSERT_TRUE(model.synthesise(mel.view(), options));
  const std::size_t peak = support::heap_peak_bytes() - before;
  EXPECT_LE(peak, told + told / 20) << model.info().family;
  EXPECT_GE(peak, told / 3 * 2) << model.info().family;
}

TEST(MemoryOfFamilies, WhatAnUtteranceTakesIsToldBeforeItIsMade) {
  if (!support::heap_is_counted()) GTEST_SKIP() << "a sanitizer has its own heap";
  expect_told(*load_vocoder(kGriffinLim).value(), 400, 1);
  vocoder::testing::RandomWeights weights;
  const vocoder::UnetConfig config;
  const auto unet = vocoder::UnetModel::create(
      vocoder::UnetNetwork::build(config, weights.source(), nn::row_kernels(),
                                  nn::Precision::kFloat32)
          .value(),
      dsp::hifigan_22050_80());
  ASSERT_TRUE(unet) << unet.error().message;
  expect_told(**unet, 40, 1);
  expect_told(**unet, 40, 3);
}

TEST(MemoryOfFamilies, AWholeUtteranceIsHeldToTheBudgetToo) {
  const auto model = load_vocoder(kGriffinLim).value();
  MemoryRequest request;
  request.frames = 500;
  request.threads = 4;
  request.side_by_side = 8;
  const auto wished = plan_memory(*model, request);
  ASSERT_TRUE(wished);
  EXPECT_EQ(wished->streams, 5U);  // Whoever waits for four threads works, too.
  EXPECT_EQ(wished->side_by_side, 5U);
  request.budget_bytes = wished->peak_bytes / 2;
  const auto halved = plan_memory(*model, request);
  ASSERT_TRUE(halved) << halved.error().message;
  EXPECT_LE(halved->peak_bytes, request.budget_bytes);
  EXPECT_LT(halved->threads, 4U);
  EXPECT_EQ(halved->side_by_side, halved->streams);
  request.side_by_side = 1;  // Too few for all threads: one after the other, however few threads.
  const auto one = plan_memory(*model, request);
  ASSERT_TRUE(one);
  EXPECT_EQ(one->side_by_side, 1U);
  EXPECT_EQ(one->threads, 4U);
  VocodeOptions options;
  options.memory_budget_bytes = kMebibyte;
  const auto refused = vocode(*model, Mel(model->info().mel, 500).view(), options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kLimitExceeded);
  EXPECT_NE(refused.error().message.find("cut the mel at a pause"), std::string::npos)
      << refused.error().message;
}

TEST(LoadVocoder, OtherDevicesAreRefusedWithWhatThereIs) {
  vocoder::VocoderOptions options;
  options.device = "cuda";
  const auto refused = load_vocoder(kGriffinLim, options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(refused.error().message, "there is no device 'cuda' to run networks on; there is cpu");
}

}  // namespace
}  // namespace syrinx::vocoding
