// SPDX-License-Identifier: Apache-2.0
// Programs in a room, by their ports.
#include "support/realtime_guard.h"
#include "syrinx/engines/call/conference/conference.h"
#include "syrinx/engines/call/session/session_test_support.h"

namespace syrinx::call {
namespace {

using namespace testing_support;

constexpr int kRateHz = 16'000;

// A room with one caller, and as many programs as join.
class ConferencePort : public testing::Test {
 protected:
  void SetUp() override {
    caller_ = started(options_for("pcmu", kRateHz, 1));
    leg_session_ = started(options_for("pcmu", kRateHz, 2));
    caller_leg_ = room_->join(*leg_session_).value();
  }
  std::unique_ptr<SpeechPort> port() const {
    SpeechPortOptions options;
    options.barge_in.detect = false;
    return SpeechPort::create(options).value();
  }
  static void say(SpeechPort& port, double seconds, double pitch_hz) {
    std::vector<float> speech(static_cast<std::size_t>(seconds * kRateHz));
    Voice(pitch_hz, kRateHz).fill(speech);
    const UtteranceId id = port.begin().value();
    EXPECT_EQ(port.write(id, speech), speech.size());
    EXPECT_TRUE(port.finish(id));
  }
  // What the caller hears meanwhile, who says `voice`.
  std::vector<float> run(double seconds, Voice* voice = nullptr) {
    std::vector<float> heard;
    std::vector<float> block(320);
    for (int i = 0; i < static_cast<int>(seconds * 50.0); ++i) {
      now_ += milliseconds(20);
      caller_->pull(now_, block);
      heard.insert(heard.end(), block.begin(), block.end());
      std::fill(block.begin(), block.end(), 0.0F);
      if (voice != nullptr) voice->fill(block);
      caller_->push(now_, block);
      to_room_.carry(*caller_, *leg_session_, now_);
      if (room_->wanted_at() <= now_) EXPECT_REALTIME_SAFE(room_->tick(now_));
      to_caller_.carry(*leg_session_, *caller_, now_);
    }
    return heard;
  }
  static std::vector<float> listened(SpeechPort& port) {
    std::vector<float> all(40'000);
    all.resize(port.listen(all));
    return all;
  }

  std::unique_ptr<MediaSession> caller_;
  std::unique_ptr<MediaSession> leg_session_;
  std::unique_ptr<Conference> room_ = Conference::create({}).value();  // Goes before these two.
  LegId caller_leg_ = 0;
  Wire to_room_;
  Wire to_caller_;
  nanoseconds now_{0};
};

TEST_F(ConferencePort, TheRoomHearsTheProgramAndTheProgramTheOthersAlone) {
  const auto one = port();
  const auto other = port();
  ASSERT_TRUE(room_->join(*one));
  ASSERT_TRUE(room_->join(*other));
  say(*one, 3.0, 210.0);
  Voice voice(140.0, kRateHz);
  const auto heard = run(1.9, &voice);
  EXPECT_GT(share_at(std::span(heard).last(8'000), 210.0, kRateHz), 0.3);
  EXPECT_LT(share_at(std::span(heard).last(8'000), 140.0, kRateHz), 0.05) << "not themselves";
  const auto by_one = listened(*one);
  const auto by_other = listened(*other);
  ASSERT_GT(by_one.size(), 28'000u);
  EXPECT_GT(share_at(std::span(by_one).last(8'000), 140.0, kRateHz), 0.3);
  EXPECT_LT(share_at(std::span(by_one).last(8'000), 210.0, kRateHz), 0.02);
  EXPECT_GT(share_at(std::span(by_other).last(8'000), 140.0, kRateHz), 0.15);
  EXPECT_GT(share_at(std::span(by_other).last(8'000), 210.0, kRateHz), 0.15);
  room_.reset();
}

TEST_F(ConferencePort, AStopIsHeardInTheNextTick) {
  const auto agent = port();
  ASSERT_TRUE(room_->join(*agent));
  say(*agent, 5.0, 210.0);
  run(2.0);
  agent->stop();
  const auto heard = run(1.0);
  EXPECT_LT(level_db(std::span(heard).last(8'000)), -70.0);
  EXPECT_NEAR(agent->said().samples, 100 * 320 + 80, 1);
  room_.reset();
}

TEST_F(ConferencePort, AloneInARoomItsSpeechWaitsAndTheRoomSleeps) {
  const auto agent = port();
  ASSERT_TRUE(room_->join(*agent));
  ASSERT_TRUE(leg_session_->hold());
  run(0.1);
  say(*agent, 1.0, 210.0);
  run(1.0);
  EXPECT_EQ(agent->said().samples, 0u);
  EXPECT_GT(room_->statistics().ticks_idle, 0u);
  ASSERT_TRUE(leg_session_->resume());
  run(1.5);
  EXPECT_EQ(agent->said().samples, 16'000u);
  room_.reset();
}

TEST_F(ConferencePort, TwoProgramsTalkWithoutAnybodyElse) {
  const auto one = port();
  const auto other = port();
  ASSERT_TRUE(room_->leave(caller_leg_));
  run(0.1);
  ASSERT_TRUE(room_->join(*one));
  ASSERT_TRUE(room_->join(*other));
  say(*one, 1.5, 210.0);
  run(1.5);
  const auto by_other = listened(*other);
  EXPECT_GT(share_at(std::span(by_other).last(8'000), 210.0, kRateHz), 0.4);
  room_.reset();
}

TEST_F(ConferencePort, GainMuteAndDeafnessHoldForProgramsToo) {
  const auto agent = port();
  LegOptions muted;
  muted.muted = true;
  const LegId leg = room_->join(*agent, muted).value();
  say(*agent, 6.0, 210.0);
  const auto silence = run(1.0);
  EXPECT_LT(level_db(std::span(silence).last(8'000)), -70.0);
  LegOptions louder;
  louder.gain_db = 6.0;
  louder.deaf = true;
  ASSERT_TRUE(room_->change(leg, louder));
  Voice voice(140.0, kRateHz);
  run(0.5, &voice);
  listened(*agent);
  const auto heard = run(1.0, &voice);
  EXPECT_NEAR(level_db(std::span(heard).last(8'000)), -13.0, 2.0);
  EXPECT_LT(level_db(listened(*agent)), -70.0);
  room_.reset();
}

TEST_F(ConferencePort, WhoLeavesIsHeardNoMoreAndMayGo) {
  auto agent = port();
  const LegId leg = room_->join(*agent).value();
  say(*agent, 9.0, 210.0);
  run(1.0);
  ASSERT_TRUE(room_->leave(leg));
  run(0.1);
  bool left = false;
  ConferenceEvent event;
  while (room_->next_event(event))
    left = left || (event.kind == ConferenceEvent::Kind::kLeft && event.leg == leg);
  EXPECT_TRUE(left);
  agent.reset();
  const auto silence = run(1.0);
  EXPECT_LT(level_db(std::span(silence).last(8'000)), -70.0);
  room_.reset();
}

TEST_F(ConferencePort, RatesThatDifferAreRefused) {
  SpeechPortOptions options;
  options.sample_rate_hz = 8'000;
  const auto narrow = SpeechPort::create(options).value();
  const auto joined = room_->join(*narrow);
  ASSERT_FALSE(joined);
  EXPECT_NE(joined.error().message.find("a speech port at 8000 Hz"), std::string::npos)
      << joined.error().message;
}

}  // namespace
}  // namespace syrinx::call
