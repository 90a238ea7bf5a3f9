// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/conference/speech_leg.h"

#include "support/realtime_guard.h"
#include "syrinx/engines/call/session/session_test_support.h"

namespace syrinx::call {
namespace {

using namespace testing_support;

// A caller's session, a wire of 30 ms, and a port's leg.
class SpeechLegTest : public testing::Test {
 protected:
  void SetUp() override {
    caller_ = started(options_for("pcmu", 16'000, 1));
    leg_session_ = started(options_for("pcmu", 16'000, 2));
    SpeechPortOptions options;
    options.barge_in.detect = false;
    port_ = SpeechPort::create(options).value();
    leg_ = SpeechLeg::create(*leg_session_, *port_).value();
  }
  // What the caller hears meanwhile, who says `voice`.
  std::vector<float> run(int ticks, Voice* voice = nullptr) {
    std::vector<float> heard;
    std::vector<float> block(320);
    for (int i = 0; i < ticks; ++i) {
      now_ += milliseconds(20);
      caller_->pull(now_, block);
      heard.insert(heard.end(), block.begin(), block.end());
      std::fill(block.begin(), block.end(), 0.0F);
      if (voice != nullptr) voice->fill(block);
      caller_->push(now_, block);
      to_leg_.carry(*caller_, *leg_session_, now_);
      EXPECT_REALTIME_SAFE(leg_->tick(now_));
      to_caller_.carry(*leg_session_, *caller_, now_);
    }
    return heard;
  }
  UtteranceId say(double seconds, double pitch_hz) {
    std::vector<float> speech(static_cast<std::size_t>(seconds * 16'000.0));
    Voice(pitch_hz, 16'000).fill(speech);
    const UtteranceId id = port_->begin().value();
    EXPECT_EQ(port_->write(id, speech), speech.size());
    EXPECT_TRUE(port_->finish(id));
    return id;
  }

  std::unique_ptr<MediaSession> caller_;
  std::unique_ptr<MediaSession> leg_session_;
  std::unique_ptr<SpeechPort> port_;
  std::unique_ptr<SpeechLeg> leg_;
  Wire to_leg_;
  Wire to_caller_;
  nanoseconds now_{0};
};

TEST_F(SpeechLegTest, TheCallerHearsWhatIsSaidAndThePortHearsTheCaller) {
  say(2.0, 210.0);
  Voice voice(140.0, 16'000);
  const auto heard = run(80, &voice);
  EXPECT_GT(share_at(std::span(heard).last(8'000), 210.0, 16'000), 0.4);
  std::vector<float> listened(32'000);
  ASSERT_EQ(port_->listen(listened), 25'600u);
  EXPECT_GT(share_at(std::span(listened).subspan(16'000, 8'000), 140.0, 16'000), 0.4);
}

TEST_F(SpeechLegTest, AStopIsHeardAsSilenceOneTickLater) {
  say(5.0, 210.0);
  run(100);
  port_->stop();
  const auto heard = run(50);
  // The wire and the jitter buffer take their time; then nothing comes any more.
  EXPECT_GT(level_db(std::span(heard).first(640)), -30.0);
  EXPECT_LT(level_db(std::span(heard).last(8'000)), -70.0);
  EXPECT_NEAR(port_->said().samples, 100 * 320 + 80, 1);
}

TEST_F(SpeechLegTest, OnHoldTheSpeechWaits) {
  const UtteranceId id = say(1.0, 210.0);
  run(10);
  ASSERT_TRUE(leg_session_->hold());
  run(50);
  const std::uint32_t said = port_->said().samples;
  EXPECT_LE(said, 11u * 320u);
  ASSERT_TRUE(leg_session_->resume());
  run(60);
  EXPECT_EQ(port_->said().utterance, id);
  EXPECT_EQ(port_->said().samples, 16'000u);
}

TEST_F(SpeechLegTest, RatesThatDifferAreRefused) {
  const auto narrow = started(options_for("pcmu"));
  const auto leg = SpeechLeg::create(*narrow, *port_);
  ASSERT_FALSE(leg);
  EXPECT_NE(leg.error().message.find("8000"), std::string::npos);
  EXPECT_FALSE(SpeechLeg::create(*leg_session_, *port_, 15));
}

}  // namespace
}  // namespace syrinx::call
