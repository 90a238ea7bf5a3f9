// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/recognition/recogniser.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "support/need_recogniser.h"
#include "support/test_data.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/io/audio_reader.h"
#include "syrinx/stages/measure/recognition/word_error_rate.h"

namespace syrinx::measure {
namespace {

TEST(Recogniser, HearsMostOfWhatAPersonSays) {
  SYRINX_NEED_RECOGNISER();
  SYRINX_NEED_DATA("speech/jfk.flac");
  auto recogniser = load_recogniser();
  ASSERT_TRUE(recogniser) << recogniser.error().message;
  const auto speech = io::read_audio(support::data_path("speech/jfk.flac"));
  ASSERT_TRUE(speech);
  const auto heard = recognise_any(**recogniser, *speech);
  ASSERT_TRUE(heard) << heard.error().message;
  const auto errors = compare_words(
      words_of("And so, my fellow Americans, ask not what your country can do for you, ask what "
               "you can do for your country."),
      words_of(*heard));
  EXPECT_LT(errors.rate(), 0.4) << *heard;
  const auto again = recognise_any(**recogniser, *speech);
  EXPECT_EQ(*again, *heard) << "what was heard before makes a difference";
}

// Played faster: pace, formants and pitch all rise.
TEST(Recogniser, ToldHowSpeechWasChangedHearsMoreOfIt) {
  SYRINX_NEED_RECOGNISER();
  SYRINX_NEED_DATA("speech/jfk.flac");
  const auto speech = io::read_audio(support::data_path("speech/jfk.flac"));
  ASSERT_TRUE(speech);
  constexpr double kFaster = 1.15;
  const auto fewer = dsp::resample(*speech, static_cast<int>(16'000 / kFaster));
  ASSERT_TRUE(fewer);
  AudioBuffer fast(1, fewer->frames(), 16'000);
  std::copy(fewer->view().channel(0).begin(), fewer->view().channel(0).end(),
            fast.channel(0).begin());
  const auto said = words_of(
      "And so, my fellow Americans, ask not what your country can do for you, ask what you can do "
      "for your country.");
  const auto errors = [&](AudioView of, const RecogniserTuning& tuning) {
    const auto recogniser = load_recogniser({}, tuning).value();
    return compare_words(said, words_of(recognise_any(*recogniser, of).value())).rate();
  };

  const double untold = errors(fast, {});
  EXPECT_LT(errors(fast, {kFaster, 1.0}) + 0.2, untold);
  EXPECT_LT(errors(fast, {1.0, kFaster}) + 0.1, untold);
  // Told of all of it, it looks at what it was before.
  EXPECT_NEAR(errors(fast, {kFaster, kFaster}), errors(*speech, {}), 0.05);
}

TEST(Recogniser, SeveralAreLoadedAndListenAtOnceWithoutAWord) {
  SYRINX_NEED_RECOGNISER();
  SYRINX_NEED_DATA("speech/ljspeech/LJ001-0002.flac");
  const auto speech = io::read_audio(support::data_path("speech/ljspeech/LJ001-0002.flac"));
  ASSERT_TRUE(speech);
  std::vector<std::string> heard(2);
  testing::internal::CaptureStderr();
  {
    std::vector<std::jthread> threads;
    for (std::string& words : heard)
      threads.emplace_back([&] {
        for (int turn = 0; turn < 3; ++turn)
          words = recognise_any(*load_recogniser().value(), *speech).value();
      });
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(heard[0], heard[1]);
  EXPECT_FALSE(heard[0].empty());
}

TEST(Recogniser, ATuningOutOfRangeIsRefused) {
  SYRINX_NEED_RECOGNISER();
  for (const RecogniserTuning& wrong :
       {RecogniserTuning{0.1, 1.0}, RecogniserTuning{1.0, 2.0}, RecogniserTuning{NAN, 1.0}}) {
    const auto loaded = load_recogniser({}, wrong);
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, ErrorCode::kInvalidArgument);
  }
}

TEST(Recogniser, RefusesSoundThatIsNotAtItsRate) {
  SYRINX_NEED_RECOGNISER();
  auto recogniser = load_recogniser();
  ASSERT_TRUE(recogniser) << recogniser.error().message;
  const AudioBuffer fast(1, 480, 48'000);
  const AudioBuffer stereo(2, 160, (*recogniser)->sample_rate_hz());
  const AudioBuffer empty(1, 0, (*recogniser)->sample_rate_hz());
  for (const AudioBuffer* wrong : {&fast, &stereo, &empty}) {
    const auto heard = (*recogniser)->recognise(*wrong);
    ASSERT_FALSE(heard);
    EXPECT_EQ(heard.error().code, ErrorCode::kInvalidArgument);
  }
}

TEST(Recogniser, SamplesThatAreNotFiniteAreSilence) {
  SYRINX_NEED_RECOGNISER();
  auto recogniser = load_recogniser();
  ASSERT_TRUE(recogniser) << recogniser.error().message;
  AudioBuffer broken(1, 8'000, (*recogniser)->sample_rate_hz());
  broken.channel(0)[100] = std::numeric_limits<float>::quiet_NaN();
  broken.channel(0)[200] = std::numeric_limits<float>::infinity();
  EXPECT_TRUE((*recogniser)->recognise(broken));
}

TEST(Recogniser, AFolderWithoutTheModelIsNamed) {
  if (!has_recogniser()) GTEST_SKIP() << load_recogniser().error().message;
  const auto loaded = load_recogniser("/nowhere");
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, ErrorCode::kNotFound);
  EXPECT_NE(loaded.error().message.find("/nowhere/en-us"), std::string::npos);
}

}  // namespace
}  // namespace syrinx::measure
