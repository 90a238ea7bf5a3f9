// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/call/call_page.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace syrinx::measure {
namespace {

CallEar ear() {
  CallEar ear;
  ear.facts.listener = "<bob>";
  ear.facts.speaker = "alice & co";
  ear.facts.codec_name = "PCMU";
  ear.facts.duration_s = 10.0;
  ear.facts.lost_percent = 6.0;
  ear.verdict = attribute(ear.facts).value();
  ear.verdict.causes.front().when = {{3.0, 4.0}};
  ear.heard = AudioBuffer(1, 80'000, 8'000);
  for (std::size_t i = 0; i < ear.heard.frames(); ++i)
    ear.heard.channel(0)[i] = 0.2F * static_cast<float>(std::sin(0.3 * static_cast<double>(i)));
  ear.curves.network_ms = std::vector<double>(10, 40.0);
  ear.curves.network_ms[5] = std::numeric_limits<double>::quiet_NaN();
  ear.curves.buffer_ms = std::vector<double>(10, 60.0);
  ear.curves.lost_percent = ear.curves.late_percent = std::vector<double>(10, 1.0);
  ear.curves.concealed_percent = std::vector<double>(10, 2.0);
  ear.curves.level_dbov = std::vector<double>(10, -20.0);
  return ear;
}

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1))
    ++found;
  return found;
}

TEST(CallPage, ShowsCausesTimeLinesAPictureAndAClip) {
  const CallEar one[] = {ear()};
  const std::string page = call_page("A call", one).value();
  EXPECT_NE(page.find("What &lt;bob&gt; heard of alice &amp; co"), std::string::npos);
  EXPECT_EQ(page.find("<bob>"), std::string::npos);
  EXPECT_NE(page.find("6.00 % of the packets were lost"), std::string::npos);
  EXPECT_NE(page.find("unknown"), std::string::npos);  // All the other causes.
  EXPECT_EQ(count(page, "<audio"), 1u);
  EXPECT_EQ(count(page, "<figure"), 4u);  // Delay, losses, level, spectrogram.
  EXPECT_EQ(count(page, "role=\"img\" aria-label=\""), 4u);
  EXPECT_NE(page.find("network: 40 ms on the mean"), std::string::npos);
  EXPECT_EQ(count(page, "<script"), 0u);
  EXPECT_EQ(page.find("nan"), std::string::npos);
}

TEST(CallPage, LeavesOutWhatIsNotThere) {
  CallEar bare;
  bare.facts.listener = "bob";
  bare.verdict = attribute(bare.facts).value();
  const CallEar one[] = {bare};
  const std::string page = call_page("A call", one).value();
  EXPECT_EQ(count(page, "<audio"), 0u);
  EXPECT_EQ(count(page, "<figure"), 0u);
  const CallEar loud[] = {ear()};
  EXPECT_EQ(count(call_page("A call", loud, {false}).value(), "<audio"), 0u);
  EXPECT_EQ(call_page("A call", {}).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace syrinx::measure
