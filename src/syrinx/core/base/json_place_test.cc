// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "syrinx/core/base/json.h"

namespace syrinx {
namespace {

const std::string kDocument =
    "{\n"
    "  \"server\": {\"port\": 80, \"hosts\": [\"a\", {\"b\": [1, 2]}, \"c \\\"]\"]},\n"
    "  \"\\u0061b\":\n"
    "    true\n"
    "}\n";

void expect_at(const std::vector<JsonStep>& way, std::size_t line, std::string_view text) {
  const JsonPlace place = json_place(kDocument, way);
  EXPECT_EQ(place.line, line);
  std::size_t begin = 0;
  for (std::size_t i = 1; i < place.line; ++i) begin = kDocument.find('\n', begin) + 1;
  EXPECT_EQ(kDocument.substr(begin + place.column - 1, text.size()), text);
}

TEST(JsonPlace, IsWhereTheValueBegins) {
  ASSERT_TRUE(parse_json(kDocument));
  expect_at({}, 1, "{");
  expect_at({"server", "port"}, 2, "80");
  expect_at({"server", "hosts", std::size_t{1}, "b", std::size_t{1}}, 2, "2]");
  expect_at({"server", "hosts", std::size_t{2}}, 2, "\"c ");
  expect_at({"ab"}, 4, "true");
}

TEST(JsonPlace, IsOfTheLastValueThatThereIs) {
  expect_at({"server", "hots"}, 2, "{\"port");
  expect_at({"server", "hosts", std::size_t{9}}, 2, "[\"a\"");
}

TEST(JsonPlace, OfAByteCountsLinesAndColumnsFromOne) {
  EXPECT_EQ(json_place_of_byte("ab\ncd", 4).line, 2U);
  EXPECT_EQ(json_place_of_byte("ab\ncd", 4).column, 2U);
  EXPECT_EQ(json_place_of_byte("", 9).line, 1U);
}

TEST(JsonText, IsReadBackAsItWas) {
  const auto value = parse_json(kDocument);
  ASSERT_TRUE(value);
  EXPECT_EQ(json_text(*value),
            R"({"server": {"port": 80, "hosts": ["a", {"b": [1, 2]}, "c \"]"]}, "ab": true})");
  EXPECT_EQ(json_text(JsonValue(1.0 / 0.0)), "null");
  EXPECT_EQ(json_text(JsonValue(0.5)), "0.5");
  EXPECT_EQ(json_text(JsonValue()), "null");
}

}  // namespace
}  // namespace syrinx
