// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/audio_format.h"

#include <gtest/gtest.h>

namespace syrinx::io {
namespace {

constexpr AudioFormat kAll[] = {AudioFormat::kWav,  AudioFormat::kFlac, AudioFormat::kOggVorbis,
                                AudioFormat::kOpus, AudioFormat::kMp3,  AudioFormat::kAiff,
                                AudioFormat::kRaw,  AudioFormat::kAac,  AudioFormat::kM4a,
                                AudioFormat::kM4b};

TEST(AudioFormat, EveryNameIsReadBackAsItsFormat) {
  for (const auto format : kAll) EXPECT_EQ(parse_audio_format(to_string(format)).value(), format);
  EXPECT_EQ(parse_audio_format("WAVE").value(), AudioFormat::kWav);
  EXPECT_EQ(parse_audio_format("Aif").value(), AudioFormat::kAiff);
}

TEST(AudioFormat, AnUnknownNameIsAnErrorThatNamesTheFormats) {
  const auto format = parse_audio_format("wma");
  ASSERT_FALSE(format);
  EXPECT_EQ(format.error().code, ErrorCode::kInvalidArgument);
  EXPECT_NE(format.error().message.find("flac"), std::string::npos);
}

TEST(AudioFormat, TheExtensionDecidesWhatIsWritten) {
  EXPECT_EQ(audio_format_for("a/b.c/speech.OPUS").value(), AudioFormat::kOpus);
  EXPECT_EQ(audio_format_for("speech.pcm").value(), AudioFormat::kRaw);
  EXPECT_FALSE(audio_format_for("speech"));
  EXPECT_FALSE(audio_format_for(".wav"));
  EXPECT_FALSE(audio_format_for("speech."));
}

TEST(AudioFormat, EveryEncodingNameIsReadBack) {
  for (int i = 0; i <= static_cast<int>(SampleEncoding::kALaw); ++i) {
    const auto encoding = static_cast<SampleEncoding>(i);
    EXPECT_EQ(parse_sample_encoding(to_string(encoding)).value(), encoding);
  }
  EXPECT_FALSE(parse_sample_encoding("int12"));
}

TEST(AudioFormat, TheDefaultEncodingIsSupported) {
  for (const auto format : kAll) EXPECT_TRUE(supports_encoding(format, default_encoding(format)));
  EXPECT_FALSE(supports_encoding(AudioFormat::kFlac, SampleEncoding::kFloat32));
  EXPECT_FALSE(supports_encoding(AudioFormat::kMp3, SampleEncoding::kInt16));
}

TEST(AudioFormat, TheNearestRateIsSupportedAndNotLowerWhereThatIsPossible) {
  for (const auto format : kAll) {
    for (const int hz : {1, 999, 8'000, 11'025, 22'050, 44'100, 50'001, 96'001, 2'000'000}) {
      const int nearest = nearest_sample_rate_hz(format, hz);
      EXPECT_TRUE(supports_sample_rate(format, nearest)) << to_string(format) << " " << nearest;
      EXPECT_EQ(supports_sample_rate(format, hz), nearest == hz);
      EXPECT_TRUE(nearest >= hz || nearest == nearest_sample_rate_hz(format, 2'000'000));
    }
  }
  EXPECT_EQ(nearest_sample_rate_hz(AudioFormat::kOpus, 22'050), 24'000);
  EXPECT_EQ(nearest_sample_rate_hz(AudioFormat::kOpus, 96'000), 48'000);
  EXPECT_EQ(nearest_sample_rate_hz(AudioFormat::kMp3, 12'001), 16'000);
  EXPECT_FALSE(supports_sample_rate(AudioFormat::kFlac, 65'537));
}

}  // namespace
}  // namespace syrinx::io
