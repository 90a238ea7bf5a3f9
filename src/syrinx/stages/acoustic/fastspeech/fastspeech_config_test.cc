// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/acoustic/fastspeech/fastspeech_config.h"

#include <gtest/gtest.h>

#include "support/two_stage.h"
#include "syrinx/core/dsp/mel_analysis.h"

namespace syrinx::acoustic {
namespace {

Result<FastSpeechConfig> config_of(const std::string& json) {
  return read_fastspeech_config(parse_json(json).value(), "x/voice.json");
}

TEST(FastSpeechConfig, HasWhatTheFileSays) {
  const auto config = config_of(support::golden_settings());
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_EQ(config->info.name, "golden");
  EXPECT_EQ(config->info.engine, "two-stage");
  EXPECT_EQ(config->info.language, "en-US");
  EXPECT_EQ(config->info.licence, "Apache-2.0");
  EXPECT_EQ(config->info.sample_rate_hz, 22'050);
  EXPECT_EQ(config->sizes.hidden, 32u);
  EXPECT_EQ(config->sizes.filter, 28u);
  EXPECT_EQ(config->sizes.relative_window, 3u);
  EXPECT_EQ(config->statistics.log_f0_std, 0.25);
  EXPECT_EQ(config->statistics.mel_mean, -5.0);
  EXPECT_EQ(config->ids.at("^"), 0);
  EXPECT_EQ(config->symbols[static_cast<std::size_t>(config->ids.at("OW1"))], "OW1");
  EXPECT_EQ(config->mel, dsp::hifigan_22050_80());
}

TEST(FastSpeechConfig, HasTheMelOfAConventionWithItsOwnNumbers) {
  const auto vocos =
      config_of(support::golden_settings("\"hifigan\"", R"("vocos", "fmax": 11025)"));
  ASSERT_TRUE(vocos.has_value()) << vocos.error().message;
  EXPECT_EQ(vocos->mel.bands, 100u);
  EXPECT_EQ(vocos->mel.sample_rate_hz, 22'050) << "as the file says";
  const std::string plain = R"("convention": "hifigan")";
  const auto nyquist =
      config_of(support::golden_settings(plain, plain + R"(, "fmax": 11025, "hop_size": 200)"));
  ASSERT_TRUE(nyquist.has_value()) << nyquist.error().message;
  EXPECT_EQ(nyquist->mel.max_hz, 11'025);
  EXPECT_EQ(nyquist->mel.hop_samples, 200u);
}

TEST(FastSpeechConfig, RefusesWhatIsNoneWithASentence) {
  struct Case {
    const char* part;
    const char* instead;
    ErrorCode code;
    const char* words;
  };
  const Case cases[] = {
      {"\"fastspeech2\"", "\"matcha\"", ErrorCode::kUnsupported, "'matcha'"},
      {"\"version\": 1", "\"version\": 2", ErrorCode::kUnsupported, "version"},
      {"\"arpabet\"", "\"ipa\"", ErrorCode::kUnsupported, "'ipa'"},
      {"\"name\": \"golden\"", "\"name\": \"\"", ErrorCode::kCorruptData, "\"name\""},
      {"\"licence\"", "\"license\"", ErrorCode::kCorruptData, "\"licence\""},
      {"\"$\"", "\"AA0\"", ErrorCode::kCorruptData, "stands twice"},
      {"\"$\"", "\"#\"", ErrorCode::kCorruptData, "lack '$'"},
      {"\"$\"", "7", ErrorCode::kCorruptData, "symbol 1"},
      {"\"symbols\"", "\"symbol\"", ErrorCode::kCorruptData, "\"symbols\""},
      {"\"hidden\": 32", "\"hidden\": 1e15", ErrorCode::kLimitExceeded, "\"hidden\""},
      {"\"hidden\": 32", "\"hidden\": 33", ErrorCode::kCorruptData, "evenly"},
      {"\"heads\": 2", "\"heads\": 3", ErrorCode::kCorruptData, "3 heads"},
      {"\"kernel\": 5", "\"kernel\": 4", ErrorCode::kCorruptData, "odd"},
      {"\"kernel\": 5", "\"kernel\": \"5\"", ErrorCode::kCorruptData, "whole number"},
      {"\"encoder_blocks\": 2", "\"encoder_blocks\": 0", ErrorCode::kLimitExceeded, "0"},
      {"\"log_f0_std\": 0.25", "\"log_f0_std\": 0", ErrorCode::kCorruptData, "\"log_f0_std\""},
      {"\"mel_std\": 2.0", "\"mel_std\": 1e9", ErrorCode::kCorruptData, "\"mel_std\""},
      {"\"hifigan\"", "\"mine\"", ErrorCode::kUnsupported, "'mine'"},
      {"22050", "22050.5", ErrorCode::kCorruptData, "\"sampling_rate\""},
      {"22050", "5", ErrorCode::kCorruptData, "rate"},
      {"\"mel\"", "\"mels\"", ErrorCode::kCorruptData, "\"mel\""},
  };
  for (const Case& one : cases) {
    const auto config = config_of(support::golden_settings(one.part, one.instead));
    ASSERT_FALSE(config.has_value()) << one.part << " -> " << one.instead;
    EXPECT_EQ(config.error().code, one.code) << config.error().message;
    EXPECT_NE(config.error().message.find(one.words), std::string::npos) << config.error().message;
    EXPECT_NE(config.error().message.find("x/voice.json"), std::string::npos);
  }
  EXPECT_FALSE(config_of("[]").has_value());
}

}  // namespace
}  // namespace syrinx::acoustic
