// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/captions.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

#include "support/test_data.h"

namespace syrinx::tts {
namespace {

// A sentence of words that each take half a second.
SpokenRecord record_of(const std::string& text) {
  SpokenRecord record;
  record.text = text;
  record.source = {0, text.size()};
  double at_s = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find_first_of(" \n", begin), text.size());
    record.words.push_back({begin, end, {begin, end}, at_s, at_s + 0.5});
    at_s += 0.5;
    begin = end + 1;
  }
  return record;
}

std::string written(const std::filesystem::path& path, const SpokenRecord& record) {
  auto writer = CaptionWriter::create(path, caption_format_for(path).value(), {""});
  EXPECT_TRUE(writer);
  EXPECT_TRUE(writer->write(record, 3'599.5, 3'602.0));
  EXPECT_TRUE(writer->finish({{"One", 0, 10}}));
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Captions, NoCueIsLongerThanTwoLinesOrSixSeconds) {
  std::string text;
  for (std::size_t i = 0; i < 60; ++i) text += (i > 0 ? " " : "") + std::string(i % 9 + 1, 'x');
  std::string all;
  double before_s = 0;
  for (const CaptionCue& cue : cues_of(record_of(text), 10.0)) {
    EXPECT_LE(cue.end_s - cue.begin_s, kMaxCueS + 1e-9);
    EXPECT_GE(cue.begin_s, before_s);
    before_s = cue.end_s;
    EXPECT_LE(std::count(cue.text.begin(), cue.text.end(), '\n'), 1);
    std::istringstream lines(cue.text);
    for (std::string line; std::getline(lines, line);)
      EXPECT_LE(line.size(), kCaptionLineCharacters + 9);
    std::string flat = cue.text;
    std::replace(flat.begin(), flat.end(), '\n', ' ');
    all += (all.empty() ? "" : " ") + flat;
  }
  EXPECT_EQ(all, text);
}

TEST(Captions, TheAuthorsLineEndsBecomeSpaces) {
  const auto cues = cues_of(record_of("One two\nthree."), 0);
  ASSERT_EQ(cues.size(), 1u);
  EXPECT_EQ(cues[0].text, "One two three.");
}

TEST(Captions, EachFormatIsWrittenAsItsReadersWant) {
  const auto folder = support::scratch_dir();
  SpokenRecord record = record_of("Fish & <chips>");
  record.speaker = "Ann";
  EXPECT_EQ(written(folder / "a.srt", record),
            "1\n00:59:59,500 --> 01:00:01,000\nFish & <chips>\n\n");
  EXPECT_EQ(written(folder / "a.VTT", record),
            "WEBVTT\n\n1\n00:59:59.500 --> 01:00:01.000\n<v Ann>Fish &amp; &lt;chips&gt;\n\n");
  const std::string json = written(folder / "a.json", record);
  EXPECT_NE(json.find("\"source\": [0, 4], \"begin_s\": 3599.500"), std::string::npos) << json;
  EXPECT_NE(json.find("\"title\": \"One\""), std::string::npos);
}

TEST(Captions, AppearOnlyWhenTheyAreComplete) {
  const auto folder = support::scratch_dir();
  {
    auto writer = CaptionWriter::create(folder / "a.srt", CaptionFormat::kSrt, {""});
    ASSERT_TRUE(writer);
    EXPECT_FALSE(std::filesystem::exists(folder / "a.srt"));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  EXPECT_FALSE(CaptionWriter::create(folder / "none" / "a.srt", CaptionFormat::kSrt, {""}));
  EXPECT_FALSE(caption_format_for("a.ass"));
}

}  // namespace
}  // namespace syrinx::tts
