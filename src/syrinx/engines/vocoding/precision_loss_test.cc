// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/vocoding/precision_loss.h"

#include <gtest/gtest.h>

#include "support/test_data.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/engines/vocoding/load_vocoder.h"

namespace syrinx::vocoding {
namespace {

constexpr const char* kPublishedV2 = "models/hifigan_lj_v2/generator_v2";

vocoder::VocoderOptions with(nn::Precision precision, const nn::RowKernels& kernels,
                             const AudioBuffer* calibration = nullptr) {
  vocoder::VocoderOptions options;
  options.precision = precision;
  options.kernels = &kernels;
  options.calibration = calibration;
  return options;
}

TEST(PrecisionLoss, OfInt8IsLessAfterCalibrationOnTheVoiceItself) {
  SYRINX_NEED_DATA(kPublishedV2);
  SYRINX_NEED_DATA("speech/ljspeech/LJ001-0003.flac");
  SYRINX_NEED_DATA("speech/ljspeech/LJ001-0005.flac");
  const auto weights = support::data_path(kPublishedV2);
  const AudioBuffer calibration =
      io::read_audio(support::data_path("speech/ljspeech/LJ001-0003.flac")).value();
  const AudioBuffer speech =
      io::read_audio(support::data_path("speech/ljspeech/LJ001-0005.flac")).value();
  const nn::RowKernels& kernels = nn::row_kernels();
  const auto made_up =
      measure_precision_loss(weights, with(nn::Precision::kInt8, kernels), &speech);
  ASSERT_TRUE(made_up) << made_up.error().message;
  EXPECT_NE(made_up->precision.find("int8 in 1 of 4 stages"), std::string::npos);
  // Measured with one stage in bytes: 16 dB by the speech made for it, 31 by the voice's own.
  EXPECT_GT(made_up->snr_db, 12);
  EXPECT_LT(made_up->snr_db, 60);
  EXPECT_LT(made_up->log_spectral_distance_db, 4);
  const auto recorded =
      measure_precision_loss(weights, with(nn::Precision::kInt8, kernels, &calibration), &speech);
  ASSERT_TRUE(recorded) << recorded.error().message;
  EXPECT_GT(recorded->snr_db, 26);
  EXPECT_GT(recorded->snr_db, made_up->snr_db);
  EXPECT_GT(recorded->real_time_factor, 0);
}

TEST(PrecisionLoss, OfBfloat16IsSmallAndOfFloatNone) {
  SYRINX_NEED_DATA(kPublishedV2);
  const auto weights = support::data_path(kPublishedV2);
  const auto none =
      measure_precision_loss(weights, with(nn::Precision::kFloat32, nn::row_kernels()));
  ASSERT_TRUE(none) << none.error().message;
  EXPECT_GT(none->snr_db, 200);
  EXPECT_EQ(none->log_spectral_distance_db, 0);
  const nn::RowKernels* kernels = nn::row_kernels_for(nn::RowLevel::kAmx);
  if (kernels == nullptr) GTEST_SKIP() << "this processor multiplies no bfloat16 tiles";
  const auto some = measure_precision_loss(weights, with(nn::Precision::kBf16, *kernels));
  ASSERT_TRUE(some) << some.error().message;
  EXPECT_GT(some->snr_db, 35);
  EXPECT_LT(some->log_spectral_distance_db, 1);
}

TEST(LoadVocoder, SaysWhichPrecisionsAFamilyWithoutInt8Has) {
  SYRINX_NEED_DATA("golden/vocoders/vocos_small/pytorch_model.bin");
  for (const auto& weights : {support::data_path("golden/vocoders/vocos_small/pytorch_model.bin"),
                              std::filesystem::path(kGriffinLim)}) {
    const auto refused = load_vocoder(weights, with(nn::Precision::kInt8, nn::row_kernels()));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kUnsupported);
    EXPECT_NE(refused.error().message.find("has no int8: its precisions are"), std::string::npos)
        << refused.error().message;
  }
}

}  // namespace
}  // namespace syrinx::vocoding
