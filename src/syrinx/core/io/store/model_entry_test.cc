// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/store/model_entry.h"

#include <gtest/gtest.h>

namespace syrinx::io {
namespace {

const std::string kDigest(64, 'a');

std::string entry_with(const std::string& member) {
  return R"({"name": "voice-1", "kind": "piper", "licence": "CC0-1.0", "files": [{"name": "a.onnx",
      "bytes": 12, "sha256": ")" +
         kDigest + R"(", "urls": ["https://example.org/a.onnx"]}])" + member + "}";
}

Result<ModelEntry> read(const std::string& text) {
  const auto value = parse_json(text);
  EXPECT_TRUE(value) << text;
  return read_model_entry(*value);
}

TEST(ModelEntry, IsReadBackAsItWasWritten) {
  const auto entry = read(entry_with(
      R"(, "languages": ["en-US"], "needs": ["espeak-ng"], "description": "say \"hello\"")"));
  ASSERT_TRUE(entry) << entry.error().message;
  const auto again = read(write_model_entry(*entry));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->description, "say \"hello\"");
  EXPECT_EQ(again->languages, entry->languages);
  EXPECT_EQ(again->needs, entry->needs);
  ASSERT_EQ(again->files.size(), 1U);
  EXPECT_EQ(again->files[0].urls, entry->files[0].urls);
  EXPECT_EQ(again->bytes(), 12U);
}

TEST(ModelEntry, RefusesWhatWouldLeaveItsFolderOrIsNoDigestOrAddress) {
  const std::string good = entry_with("");
  ASSERT_TRUE(read(good));
  const auto refused = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    const auto entry = read(text);
    ASSERT_FALSE(entry) << text;
    EXPECT_EQ(entry.error().code, ErrorCode::kCorruptData) << entry.error().message;
  };
  refused("voice-1", "../voice");
  refused("voice-1", ".voice");
  refused("voice-1", "-voice");
  refused("a.onnx", "../a.onnx");
  refused("a.onnx", "model.json");
  refused("https://", "file:///");
  refused(kDigest, "abc");
  refused("12", "-1");
  refused("12", "1.5");
  refused("\"licence\"", "\"license\"");
}

TEST(Catalogue, SaysWhichEntryStandsTwiceAndWhichVersionItReads) {
  const auto two =
      parse_json(R"({"catalogue": 1, "models": [)" + entry_with("") + "," + entry_with("") + "]}");
  ASSERT_TRUE(two);
  const auto twice = read_catalogue(*two);
  ASSERT_FALSE(twice);
  EXPECT_NE(twice.error().message.find("'voice-1' twice"), std::string::npos);
  const auto later = parse_json(R"({"catalogue": 2, "models": []})");
  ASSERT_TRUE(later);
  EXPECT_EQ(read_catalogue(*later).error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(read_catalogue(JsonValue()).error().code, ErrorCode::kCorruptData);
}

}  // namespace
}  // namespace syrinx::io
