// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/acoustic/piper/piper_config.h"

#include <gtest/gtest.h>

namespace syrinx::acoustic {
namespace {

Result<PiperConfig> config_of(const std::string& json) {
  return read_piper_config(parse_json(json).value(), "x.onnx.json");
}

const std::string kIds = R"("phoneme_id_map": {"_": [0], "^": [1], "$": [2], "a": [3, 4]})";

TEST(PiperConfig, HasWhatTheFileSays) {
  const auto config = config_of(
      R"({"audio": {"sample_rate": 16000}, "espeak": {"voice": "de"}, "language": {"code": "de_DE"},
          "inference": {"noise_scale": 0.5, "length_scale": 1.2, "noise_w": 0.7},
          "num_speakers": 2, "speaker_id_map": {"eva": 0, "karl": 1}, "hop_length": 200,
          "phoneme_map": {"x": ["a", "a"]}, )" +
      kIds + "}");
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_EQ(config->sample_rate_hz, 16'000);
  EXPECT_EQ(config->espeak_voice, "de");
  EXPECT_EQ(config->language, "de-DE");
  EXPECT_EQ(config->noise_scale, 0.5);
  EXPECT_EQ(config->length_scale, 1.2);
  EXPECT_EQ(config->noise_w, 0.7);
  EXPECT_EQ(config->hop_samples, 200);
  EXPECT_EQ(config->speakers, 2u);
  EXPECT_EQ(config->speaker_ids[1], (std::pair<std::string, std::int64_t>{"karl", 1}));
  EXPECT_EQ(config->ids.at(U'a'), (std::vector<std::int64_t>{3, 4}));
  EXPECT_EQ(config->replaced.at(U'x'), U"aa");
}

TEST(PiperConfig, HasPipersOwnDefaults) {
  const auto config = config_of(R"({"audio": {"sample_rate": 22050}, )" + kIds + "}");
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_EQ(config->noise_scale, 0.667);
  EXPECT_EQ(config->noise_w, 0.8);
  EXPECT_EQ(config->language, "en-US");
  EXPECT_EQ(config->speakers, 1u);
  EXPECT_FALSE(config->reads_letters);
}

TEST(PiperConfig, OfLettersHasNoEspeakVoice) {
  const auto config =
      config_of(R"({"audio": {"sample_rate": 22050}, "phoneme_type": "text", )" + kIds + "}");
  EXPECT_TRUE(config->reads_letters);
  EXPECT_EQ(config->espeak_voice, "");
}

TEST(PiperConfig, RefusesWhatIsNoneWithASentence) {
  struct Case {
    std::string json;
    ErrorCode code;
    const char* words;
  };
  const std::string rate = R"("audio": {"sample_rate": 22050}, )";
  const std::vector<Case> cases = {
      {"[]", ErrorCode::kCorruptData, "audio.sample_rate"},
      {"{" + kIds + "}", ErrorCode::kCorruptData, "audio.sample_rate"},
      {R"({"audio": {"sample_rate": 1e99}, )" + kIds + "}", ErrorCode::kCorruptData, "in Hz"},
      {R"({"audio": {"sample_rate": 22050}})", ErrorCode::kCorruptData, "no phoneme_id_map"},
      {"{" + rate + R"("phoneme_id_map": {"_": [0], "^": [1]}})", ErrorCode::kCorruptData,
       "lacks '$'"},
      {"{" + rate + R"("phoneme_id_map": {"_": "0"}})", ErrorCode::kCorruptData, "list of 1 to"},
      {"{" + rate + R"("phoneme_id_map": {"_": [0.5]}})", ErrorCode::kCorruptData, "whole number"},
      {"{" + rate + R"("phoneme_type": "pinyin", )" + kIds + "}", ErrorCode::kUnsupported,
       "'pinyin'"},
      {"{" + rate + R"("num_speakers": 1e6, )" + kIds + "}", ErrorCode::kLimitExceeded, "speakers"},
      {"{" + rate + R"("num_speakers": 2, "speaker_id_map": {"eva": 2}, )" + kIds + "}",
       ErrorCode::kCorruptData, "'eva'"},
      {"{" + rate + R"("inference": {"length_scale": 0}, )" + kIds + "}", ErrorCode::kCorruptData,
       "out of range"},
  };
  for (const Case& one : cases) {
    const auto config = config_of(one.json);
    ASSERT_FALSE(config.has_value()) << one.json;
    EXPECT_EQ(config.error().code, one.code) << config.error().message;
    EXPECT_NE(config.error().message.find(one.words), std::string::npos) << config.error().message;
    EXPECT_NE(config.error().message.find("x.onnx.json"), std::string::npos);
  }
}

}  // namespace
}  // namespace syrinx::acoustic
