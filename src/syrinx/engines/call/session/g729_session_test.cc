// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "support/need_g729.h"
#include "support/realtime_guard.h"
#include "syrinx/engines/call/session/session_test_support.h"
#include "syrinx/stages/packet/rtp.h"

// Calls whose silences Annex B describes.
namespace syrinx::call {
namespace {

using namespace testing_support;

// Half a second of speech, then as much of faint noise, over and over.
class Talk {
 public:
  void fill(std::span<float> out) {
    voice_.fill(out);
    for (float& sample : out) {
      if (at_++ / 8'000 % 2 == 0) sample = 0.0f;
      random_ = random_ * 1'664'525u + 1'013'904'223u;
      sample += 0.004f * static_cast<float>(static_cast<std::int32_t>(random_)) / 2147483648.0f;
    }
  }

 private:
  Voice voice_{120.0, 8'000};
  std::size_t at_ = 0;
  std::uint32_t random_ = 1;
};

TEST(G729Session, DescribesItsSilencesAndNothingIsTakenForALoss) {
  SYRINX_NEED_G729();
  SessionOptions options = options_for("g729");
  options.encoder.dtx = true;
  const auto alice = started(options);
  options.seed = 2;
  const auto bob = started(options);
  Wire there;
  Wire back;
  Talk talk;
  std::vector<float> block(80);
  std::vector<float> heard;
  std::size_t descriptions = 0;
  std::size_t marked = 0;
  for (auto now = milliseconds(10); now <= milliseconds(20'000); now += milliseconds(10)) {
    there.carry(*alice, *bob, now);
    back.carry(*bob, *alice, now);
    if (const auto packet = packet::parse_rtp(there.last); packet && there.packets > 0) {
      if (packet->payload.size() == 2) ++descriptions;
      if (packet->payload.size() == 2 && packet->marker) ++marked;
    }
    EXPECT_REALTIME_SAFE({
      alice->pull(now, block);
      bob->pull(now, block);
    });
    heard.insert(heard.end(), block.begin(), block.end());
    talk.fill(block);
    EXPECT_REALTIME_SAFE(alice->push(now, block));
  }
  EXPECT_LT(there.packets, 800u);  // Of 1,000.
  EXPECT_GT(descriptions, 0u);
  EXPECT_EQ(marked, 0u) << "a description begins no speech (RFC 3551, 4.1)";
  const SessionStatistics numbers = bob->current_statistics();
  EXPECT_EQ(numbers.buffer.frames_concealed, 0u);
  EXPECT_GT(numbers.buffer.frames_background, 20'000u);
  EXPECT_EQ(numbers.lost, 0);
  ASSERT_TRUE(numbers.quality.listening_mos.has_value());
  EXPECT_NEAR(*numbers.quality.listening_mos, 4.02, 0.1);  // G.113: Ie 11.
  // The last silence is as loud as it was.
  const auto silence = std::span<const float>(heard).subspan(16'000 * 9 + 2'400, 4'800);
  EXPECT_NEAR(level_db(silence), 20.0 * std::log10(0.004 / std::sqrt(3.0)), 6.0);
}

}  // namespace
}  // namespace syrinx::call
