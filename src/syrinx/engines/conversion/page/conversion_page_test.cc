// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/page/conversion_page.h"

#include <gtest/gtest.h>

#include <cmath>

namespace syrinx::conversion {
namespace {

AudioBuffer tone(double hz, double seconds) {
  AudioBuffer audio(1, static_cast<std::size_t>(seconds * 16'000), 16'000);
  for (std::size_t i = 0; i < audio.frames(); ++i) {
    const double phase = hz * static_cast<double>(i) / 16'000.0;
    audio.channel(0)[i] = static_cast<float>(0.3 * (phase - std::floor(phase)) - 0.15);
  }
  return audio;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST(ConversionPage, ShowsSourceAndResultsSideBySide) {
  const AudioBuffer source = tone(120.0, 1.0);
  const AudioBuffer high = tone(200.0, 1.0);
  const AudioBuffer fast = tone(160.0, 0.5);
  PageResult one;
  one.name = "<female>";
  one.audio = high;
  one.asked = {{"Pitch", "9 semitones"}};
  one.grades.similarity.value = 0.9;
  one.grades.artifact_share.value = 0.2;
  one.tries = {{"first", {}, one.grades, 0.15, true, "what was asked for"},
               {"gentler", {}, one.grades, 0.15, false, "it changed nothing"}};
  PageResult other;
  other.name = "fast";
  other.audio = fast;
  other.speed = 2.0;
  other.asked = {{"Speed", "2"}};
  const PageResult both[] = {one, other};
  const auto page = conversion_page("in.wav", source, both);
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_EQ(count(*page, "<audio "), 3u);
  EXPECT_EQ(count(*page, "role=\"img\""), 7u) << "two pictures of each sound, and the contours";
  EXPECT_EQ(page->find("<female>"), std::string::npos) << "names are escaped";
  EXPECT_NE(page->find("&lt;female&gt;: median "), std::string::npos);
  EXPECT_NE(page->find(" (met)"), std::string::npos);
  EXPECT_NE(page->find(" (missed)"), std::string::npos);
  EXPECT_NE(page->find("not measured"), std::string::npos);
  EXPECT_NE(page->find("it changed nothing"), std::string::npos);
  EXPECT_EQ(page->find("http://"), std::string::npos) << "nothing is fetched";
}

TEST(ConversionPage, LeavesPlayersOutWhereSoundsAreNotWanted) {
  const AudioBuffer source = tone(120.0, 0.5);
  PageResult one;
  one.name = "same";
  one.audio = source;
  measure::PageOptions options;
  options.embed_sounds = false;
  const auto page = conversion_page("in.wav", source, std::span(&one, 1), options);
  ASSERT_TRUE(page);
  EXPECT_EQ(count(*page, "<audio "), 0u);
}

TEST(ConversionPage, RefusesNothingAndTooMuch) {
  const AudioBuffer source = tone(120.0, 0.2);
  EXPECT_FALSE(conversion_page("in.wav", source, {}));
  PageResult one;
  one.audio = source;
  const std::vector<PageResult> many(kMostPageResults + 1, one);
  const auto refused = conversion_page("in.wav", source, many);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("1 to 7 results"), std::string::npos);
  PageResult empty;
  EXPECT_FALSE(conversion_page("in.wav", source, std::span(&empty, 1)));
}

}  // namespace
}  // namespace syrinx::conversion
