// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/vocoding/vocode.h"

#include <gtest/gtest.h>

#include <random>

#include "support/test_data.h"
#include "syrinx/engines/vocoding/load_vocoder.h"

namespace syrinx::vocoding {
namespace {

Mel random_mel(const MelSpec& spec, std::size_t frames) {
  std::mt19937 random(3);
  std::normal_distribution<float> normal(-5, 2);
  Mel mel(spec, frames);
  for (std::size_t i = 0; i < frames; ++i)
    for (float& value : mel.frame(i)) value = normal(random);
  return mel;
}

class Vocode : public testing::Test {
 protected:
  void SetUp() override {
    SYRINX_NEED_DATA("models/hifigan_lj_v2");
    auto loaded = load_vocoder(support::data_path("models/hifigan_lj_v2/generator_v2"));
    ASSERT_TRUE(loaded) << loaded.error().message;
    model_ = std::move(*loaded);
  }
  std::unique_ptr<vocoder::VocoderModel> model_;
};

TEST_F(Vocode, GivesTheSameSamplesOnOneThreadAndOnSeveral) {
  const Mel mel = random_mel(model_->info().mel, 700);
  const auto alone = vocode(*model_, mel.view());
  ASSERT_TRUE(alone) << alone.error().message;
  ThreadPool pool(3);
  VocodeOptions options;
  options.pool = &pool;
  options.block_frames = 33;
  StreamCache streams(*model_);
  options.streams = &streams;
  double last = 0;
  options.progress = [&](double share) { last = std::max(last, share); };
  const auto together = vocode(*model_, mel.view(), options);
  ASSERT_TRUE(together) << together.error().message;
  EXPECT_DOUBLE_EQ(last, 1.0);
  const auto a = alone->channel(0);
  const auto b = together->channel(0);
  ASSERT_EQ(a.size(), 700U * 256U);
  ASSERT_EQ(a.size(), b.size());
  EXPECT_TRUE(std::equal(a.begin(), a.end(), b.begin()));
  const auto again = vocode(*model_, mel.view(), options);  // By streams that served before.
  ASSERT_TRUE(again);
  EXPECT_TRUE(std::equal(a.begin(), a.end(), again->channel(0).begin()));
}

TEST_F(Vocode, GivesTheSameSamplesOnSeveralThreadsWhereRowsAreMadeInPairs) {
  vocoder::VocoderOptions portable;
  portable.kernels = nn::row_kernels_for(nn::RowLevel::kGeneric);
  const auto loaded =
      load_vocoder(support::data_path("models/hifigan_lj_v2/generator_v2"), portable);
  ASSERT_TRUE(loaded) << loaded.error().message;
  const auto& model = **loaded;
  EXPECT_EQ(model.info().grid_frames, 15U);  // Dilations of 1, 3 and 5, eight rows a frame.
  const Mel mel = random_mel(model.info().mel, 301);
  const auto alone = vocode(model, mel.view());
  ThreadPool pool(3);
  VocodeOptions options;
  options.pool = &pool;
  const auto together = vocode(model, mel.view(), options);
  ASSERT_TRUE(alone && together);
  const auto a = alone->channel(0);
  const auto b = together->channel(0);
  ASSERT_EQ(a.size(), b.size());
  EXPECT_TRUE(std::equal(a.begin(), a.end(), b.begin()));
}

TEST_F(Vocode, TwentyFiveStreamsShareOneModelAtOnce) {
  constexpr std::size_t kStreams = 25;
  const Mel mel = random_mel(model_->info().mel, 40);
  const auto expected = vocode(*model_, mel.view());
  ASSERT_TRUE(expected);
  std::vector<std::unique_ptr<vocoder::VocoderStream>> streams;
  for (std::size_t i = 0; i < kStreams; ++i) {
    streams.push_back(model_->open_stream(8).value());
    EXPECT_LE(streams.back()->memory_bytes(), std::size_t{8} << 20);
  }
  std::vector<std::vector<float>> made(kStreams, std::vector<float>(40 * 256));
  ThreadPool pool(3);
  pool.parallel_for(kStreams, [&](std::size_t i) {
    for (std::size_t at = 0; at < 40; at += 8) {
      const MelView part(mel.frame(at).data(), 8, mel.spec());
      streams[i]->process(part, {std::span<float>(made[i]).subspan(at * 256, 8 * 256), 22'050});
    }
  });
  const std::size_t latency = streams[0]->latency_samples();
  for (const auto& samples : made) {
    const auto begin = samples.begin() + static_cast<std::ptrdiff_t>(latency);
    EXPECT_TRUE(std::equal(begin, samples.end(), expected->channel(0).begin()));
  }
}

TEST_F(Vocode, RefusesAMelOfOtherBandsAndNone) {
  MelSpec other = model_->info().mel;
  other.bands = 100;
  const auto wrong = vocode(*model_, random_mel(other, 5).view());
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().message, "a mel of 100 bands for a model of 80");
  EXPECT_FALSE(vocode(*model_, Mel(model_->info().mel, 0).view()));
}

TEST_F(Vocode, StopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  VocodeOptions options;
  options.stop = source.get_token();
  const auto stopped = vocode(*model_, random_mel(model_->info().mel, 50).view(), options);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace syrinx::vocoding
