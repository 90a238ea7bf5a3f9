// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/base/json.h"

#include <gtest/gtest.h>

#include <string>

#include "syrinx/core/base/limits.h"

namespace syrinx {
namespace {

TEST(Json, ReadsEveryKindOfValue) {
  const auto root = parse_json(
      R"( {"a": [1, -2.5e2, true, null], "b": {"c": "x\n\"\u00e9\ud83d\ude00"}, "d": 0} )");
  ASSERT_TRUE(root) << root.error().message;
  const auto* a = root->find("a")->array();
  ASSERT_NE(a, nullptr);
  EXPECT_EQ((*a)[0].count(), 1u);
  EXPECT_EQ((*a)[1].number(), -250.0);
  EXPECT_EQ((*a)[1].count(), std::nullopt);
  EXPECT_EQ((*a)[2].boolean(), true);
  EXPECT_TRUE((*a)[3].is_null());
  EXPECT_EQ(*root->find("b")->find("c")->text(), "x\n\"\xC3\xA9\xF0\x9F\x98\x80");
  EXPECT_EQ(root->find("nowhere"), nullptr);
}

TEST(Json, RefusesWhatIsNotJson) {
  for (const char* text :
       {"",       "{",        "[1,]",  "{\"a\"}", "{\"a\":1,}", "01",          "1.",
        "-",      "1e",       "nul",   "\"a",     "\"\\x\"",    "\"\\ud800\"", "\"\\ud800\\u0041\"",
        "\"\n\"", "1 2",      "[1 2]", "{1:2}",   "1e999",      "NaN",         "+1",
        "'a'",    "\"\\u12\""}) {
    const auto root = parse_json(text);
    ASSERT_FALSE(root) << text;
    EXPECT_EQ(root.error().code, ErrorCode::kCorruptData) << text;
  }
}

TEST(Json, AKeyThatStandsTwiceIsRefusedByName) {
  const auto root = parse_json(R"({"a":1,"b":2,"a":3})");
  ASSERT_FALSE(root);
  EXPECT_NE(root.error().message.find("'a'"), std::string::npos);
}

TEST(Json, DepthAndNumberOfValuesAreLimited) {
  const std::size_t most = limits::kMaxJsonDepth;
  EXPECT_TRUE(parse_json(std::string(most, '[') + std::string(most, ']')));
  const auto deep = parse_json(std::string(100'000, '['));
  ASSERT_FALSE(deep);
  EXPECT_EQ(deep.error().code, ErrorCode::kLimitExceeded);
  std::string many = "[0";
  for (std::size_t i = 0; i <= limits::kMaxJsonValues; ++i) many += ",0";
  const auto wide = parse_json(many + "]");
  ASSERT_FALSE(wide);
  EXPECT_EQ(wide.error().code, ErrorCode::kLimitExceeded);
}

TEST(Json, QuotedTextIsReadBackAsItWas) {
  const std::string text = "a \"b\" \\ \n\x01 \xC3\xA9";
  const auto back = parse_json(json_quoted(text));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(*back->text(), text);
}

}  // namespace
}  // namespace syrinx
