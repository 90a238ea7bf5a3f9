// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/fx_chain_json.h"

#include <gtest/gtest.h>

namespace syrinx::cli {
namespace {

std::string mistake(std::string_view text) {
  const auto parsed = parse_chain_json(text);
  return parsed ? "none" : parsed.error().message;
}
bool begins(const std::string& text, std::string_view start) { return text.rfind(start, 0) == 0; }

TEST(ChainJson, ReadsWhatItsHeaderShows) {
  const auto spec = parse_chain_json(R"({"effects": [
    {"effect": "compressor", "parameters": {"ratio": 4, "detector": "rms"}, "bypass": true,
     "mix": 0.5, "automation": {"threshold_db": [{"time_s": 0, "value": -20, "curve": "step"},
                                                 {"time_s": 1.5, "value": -10}]}},
    {"effect": "convolution", "impulse": "hall.wav"}]})");
  ASSERT_TRUE(spec) << spec.error().message;
  ASSERT_EQ(spec->effects.size(), 2u);
  const auto& one = spec->effects[0];
  EXPECT_EQ(one.parameters.at("ratio"), 4.0);
  EXPECT_EQ(one.parameters.at("detector"), 1.0);
  EXPECT_TRUE(one.bypass);
  EXPECT_EQ(one.mix, 0.5);
  const auto& points = one.automation.at("threshold_db");
  EXPECT_EQ(points[0], (effects::AutomationPoint{0, -20, effects::Curve::kStep}));
  EXPECT_EQ(points[1], (effects::AutomationPoint{1.5, -10, effects::Curve::kLinear}));
  EXPECT_EQ(spec->effects[1].impulse, "hall.wav");
}

TEST(ChainJson, ReadsBackEveryPresetAndWhatItWrote) {
  for (const effects::Preset& preset : effects::presets()) {
    auto spec = preset.make();
    spec.effects[0].mix = 0.25;
    spec.effects[0].bypass = true;
    spec.effects[0].automation["band1.hz"] = {{0, 100, effects::Curve::kExponential}, {1, 200}};
    const auto again = parse_chain_json(to_json(spec));
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(*again, spec);
  }
  EXPECT_NE(to_json(effects::preset("telephone").value()).find("\"high_pass_24\""),
            std::string::npos);
}

TEST(ChainJson, NamesThePlaceOfTheMistake) {
  EXPECT_TRUE(begins(mistake(R"({"effects": [{"effect": "gain"},
      {"effect": "compressor", "parameters": {"ratio": "four"}}]})"),
                     "effects[1].parameters.ratio: must be a number"));
  EXPECT_TRUE(begins(mistake(R"({"effects": [{"effect": "compressor",
      "parameters": {"detector": "mean"}}]})"),
                     "effects[0].parameters.detector: must be one of peak, rms"));
  EXPECT_TRUE(begins(mistake(R"({"effects": [{"effect": "gain", "parameters": {"gain_db": 99}}]})"),
                     "effects[0].parameters.gain_db: "));
  EXPECT_TRUE(begins(mistake(R"({"effects": [{"effect": "gain", "volume": 1}]})"),
                     "effects[0].volume: no such key"));
  EXPECT_TRUE(begins(mistake(R"({"effects": [{}]})"), "effects[0].effect: "));
  EXPECT_TRUE(begins(mistake(R"({"effects": [7]})"), "effects[0]: must be an object"));
  EXPECT_TRUE(begins(mistake(R"({"effects": [{"effect": "echo"}]})"), "effects[0].effect: "));
  EXPECT_TRUE(begins(mistake(R"({"effects": [{"effect": "gain", "automation":
      {"gain_db": [{"time_s": 0, "value": 0}, {"time_s": "later", "value": 0}]}}]})"),
                     "effects[0].automation.gain_db[1].time_s: must be a number"));
  EXPECT_TRUE(begins(mistake(R"({"effects": [{"effect": "gain", "automation":
      {"gain_db": [{"time_s": 0, "value": 0, "curve": "cubic"}]}}]})"),
                     "effects[0].automation.gain_db[0].curve: "));
  EXPECT_TRUE(begins(mistake(R"({"effects": {}})"), "effects: must be a list"));
  EXPECT_TRUE(begins(mistake("[]"), "the chain: must be an object"));
}

TEST(ChainJson, SaysWhereTheSyntaxBreaks) {
  const auto broken = parse_chain_json("{\"effects\": [\n  {\"effect\": }]}");
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, ErrorCode::kCorruptData);
  EXPECT_NE(broken.error().message.find("line 2, column"), std::string::npos);
  EXPECT_FALSE(parse_chain_json(""));
  EXPECT_FALSE(parse_chain_json("{\"effects\": [\"\xff\xfe\"]}"));
  EXPECT_EQ(parse_chain_json(std::string(9u << 20, ' ')).error().code, ErrorCode::kLimitExceeded);
  EXPECT_FALSE(parse_chain_json(std::string(100'000, '[')));  // Deep, and yet no overflow.
}

TEST(ChainJson, RefusesLongChains) {
  std::string text = "{\"effects\": [{\"effect\": \"gain\"}";
  for (int i = 0; i < 64; ++i) text += ", {\"effect\": \"gain\"}";
  EXPECT_EQ(parse_chain_json(text + "]}").error().code, ErrorCode::kLimitExceeded);
}

}  // namespace
}  // namespace syrinx::cli
