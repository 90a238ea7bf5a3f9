// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/conference/conference.h"

#include "support/realtime_guard.h"
#include "syrinx/engines/call/session/session_test_support.h"

namespace syrinx::call {
namespace {

using namespace testing_support;

// Somebody at the far end of a leg: a session of their own, that speaks and listens.
struct Person {
  Person(const std::string& codec, double pitch_hz, int rate_hz, std::uint64_t seed, int room_hz,
         const SessionOptions* room_options = nullptr)
      : pitch(pitch_hz), voice(pitch_hz, rate_hz) {
    auto far = options_for(codec, rate_hz, seed * 2 + 1);
    auto near = room_options != nullptr ? *room_options : options_for(codec, room_hz, seed * 2 + 2);
    far.mixer_level_id = near.mixer_level_id = 2;
    phone = started(far);
    leg_session = started(near);
  }
  double pitch;
  Voice voice;
  std::unique_ptr<MediaSession> phone;
  std::unique_ptr<MediaSession> leg_session;
  Wire to_room{milliseconds(20)};
  Wire to_phone{milliseconds(20)};
  bool speaks = false;
  LegId leg = 0;
  std::vector<float> heard;

  // How loud, by the packets that came, somebody is in what this one hears.
  std::optional<int> told_dbov(const Person& other) const {
    for (const Contributor& one : phone->contributors().list())
      if (one.ssrc == other.phone->ssrc()) return one.level_dbov;
    return std::nullopt;
  }
  std::span<const float> last(double seconds) const {
    return std::span(heard).last(static_cast<std::size_t>(seconds * phone->sample_rate_hz()));
  }
  double share(double hz, double seconds = 1.0) const {
    return share_at(last(seconds), hz, phone->sample_rate_hz());
  }
};

// A room and people around it, on a virtual clock.
class Room {
 public:
  explicit Room(const ConferenceOptions& options = {})
      : room(Conference::create(options).value()), options_(options) {}

  Person& add(const std::string& codec, double pitch_hz, int rate_hz = 16'000,
              const LegOptions& leg = {}) {
    people.push_back(std::make_unique<Person>(codec, pitch_hz, rate_hz, people.size() + 1,
                                              options_.sample_rate_hz));
    Person& person = *people.back();
    person.leg = room->join(*person.leg_session, leg).value();
    return person;
  }
  void tick() {
    now += milliseconds(options_.tick_ms);
    for (auto& person : people) {
      const std::size_t frames =
          person->phone->block_frames() * static_cast<std::size_t>(options_.tick_ms / 10);
      std::vector<float> block(frames);
      person->phone->pull(now, block);
      person->heard.insert(person->heard.end(), block.begin(), block.end());
      std::fill(block.begin(), block.end(), 0.0f);
      if (person->speaks) person->voice.fill(block);
      person->phone->push(now, block);
      person->to_room.carry(*person->phone, *person->leg_session, now);
    }
    if (room->wanted_at() <= now) {
      room->tick(now);
      ++ticked;
    }
    for (auto& person : people) person->to_phone.carry(*person->leg_session, *person->phone, now);
    ConferenceEvent event;
    while (room->next_event(event)) events.push_back(event);
  }
  void run(double seconds) {
    for (int i = 0; i < static_cast<int>(seconds * 1'000.0) / options_.tick_ms; ++i) tick();
  }
  std::size_t count(ConferenceEvent::Kind kind, LegId leg) const {
    return static_cast<std::size_t>(std::count_if(
        events.begin(), events.end(),
        [&](const ConferenceEvent& event) { return event.kind == kind && event.leg == leg; }));
  }

  std::vector<std::unique_ptr<Person>> people;
  std::unique_ptr<Conference> room;  // Goes before the sessions in it.
  nanoseconds now{0};
  std::vector<ConferenceEvent> events;
  int ticked = 0;

 private:
  ConferenceOptions options_;
};

TEST(Conference, EverybodyHearsTheOthersAndNobodyThemselves) {
  Room room;
  Person& a = room.add("pcmu", 150.0, 8'000);
  Person& b = room.add("opus", 230.0, 48'000);
  Person& c = room.add("g722", 310.0);
  a.speaks = b.speaks = true;
  room.run(4.0);
  EXPECT_GT(a.share(b.pitch), 0.3);
  EXPECT_LT(a.share(a.pitch), 0.02);
  EXPECT_GT(b.share(a.pitch), 0.3);
  EXPECT_LT(b.share(b.pitch), 0.02);
  EXPECT_GT(c.share(a.pitch), 0.15);
  EXPECT_GT(c.share(b.pitch), 0.15);
  EXPECT_NEAR(level_db(c.last(1.0)), -16.0, 2.0);  // Two of -19.
}

TEST(Conference, PacketsTellWhoIsInThemAndHowLoud) {
  Room room;
  Person& a = room.add("pcmu", 150.0, 8'000);
  Person& b = room.add("opus", 230.0, 48'000);
  Person& c = room.add("opus", 310.0);
  a.speaks = b.speaks = true;
  room.run(3.0);
  ASSERT_TRUE(c.told_dbov(a));
  ASSERT_TRUE(c.told_dbov(b));
  EXPECT_NEAR(*c.told_dbov(a), -19, 5);
  EXPECT_FALSE(a.told_dbov(a));  // Nobody is in what they hear.
  EXPECT_TRUE(a.told_dbov(b));
  EXPECT_TRUE(b.told_dbov(a));
  EXPECT_FALSE(c.told_dbov(c));
  ASSERT_TRUE(room.room->whisper(a.leg, std::array{b.leg}));
  room.run(1.0);
  EXPECT_FALSE(c.told_dbov(a));
  EXPECT_TRUE(b.told_dbov(a));
  a.speaks = b.speaks = false;
  room.run(2.0);
  EXPECT_TRUE(c.phone->contributors().list().empty());
}

TEST(Conference, OnlyTheLoudestTalkersAreMixed) {
  ConferenceOptions options;
  options.talkers = 2;
  Room room(options);
  Person& ear = room.add("pcmu", 100.0, 8'000);
  Person& a = room.add("pcmu", 150.0, 8'000);
  Person& b = room.add("pcmu", 230.0, 8'000);
  LegOptions quiet;
  quiet.gain_db = -12.0;
  Person& c = room.add("pcmu", 310.0, 8'000, quiet);
  a.speaks = b.speaks = c.speaks = true;
  room.run(4.0);
  EXPECT_GT(ear.share(150.0), 0.15);
  EXPECT_GT(ear.share(230.0), 0.15);
  EXPECT_LT(ear.share(310.0), 0.005);
  a.speaks = false;
  room.run(3.0);
  EXPECT_GT(ear.share(310.0), 0.01) << "a place is free";
  ASSERT_TRUE(room.room->change(c.leg, LegOptions{}));
  room.run(3.0);
  EXPECT_GT(ear.share(310.0), 0.15) << "its gain is whole";
}

TEST(Conference, WhoIsMutedIsNotHeardAndWhoIsDeafHearsNothing) {
  Room room;
  LegOptions muted;
  muted.muted = true;
  LegOptions deaf;
  deaf.deaf = true;
  Person& a = room.add("pcmu", 150.0, 8'000, muted);
  Person& b = room.add("pcmu", 230.0, 8'000);
  Person& c = room.add("pcmu", 310.0, 8'000, deaf);
  a.speaks = b.speaks = true;
  room.run(3.0);
  EXPECT_GT(a.share(230.0), 0.3);
  EXPECT_LT(level_db(b.last(1.0)), -60.0);
  EXPECT_LT(level_db(c.last(1.0)), -100.0);
  EXPECT_EQ(c.to_phone.packets, 0u);
}

TEST(Conference, AWhisperIsHeardByTheChosenAlone) {
  Room room;
  Person& coach = room.add("pcmu", 150.0, 8'000);
  Person& agent = room.add("pcmu", 230.0, 8'000);
  Person& customer = room.add("pcmu", 310.0, 8'000);
  coach.speaks = customer.speaks = true;
  const LegId listeners[] = {agent.leg};
  ASSERT_TRUE(room.room->whisper(coach.leg, listeners));
  room.run(3.0);
  EXPECT_GT(agent.share(150.0), 0.15);
  EXPECT_GT(agent.share(310.0), 0.15);
  EXPECT_LT(customer.share(150.0), 0.02);
  EXPECT_GT(coach.share(310.0), 0.3) << "who whispers hears the room";
  ASSERT_TRUE(room.room->speak_to_all(coach.leg));
  room.run(3.0);
  EXPECT_GT(customer.share(150.0), 0.3);
}

TEST(Conference, TheActiveSpeakerIsToldOnceATurn) {
  Room room;
  Person& a = room.add("pcmu", 150.0, 8'000);
  Person& b = room.add("pcmu", 230.0, 8'000);
  a.speaks = true;
  room.run(4.0);
  a.speaks = false;
  b.speaks = true;
  room.run(4.0);
  b.speaks = false;
  room.run(3.0);
  using Kind = ConferenceEvent::Kind;
  EXPECT_EQ(room.count(Kind::kActiveSpeaker, a.leg), 1u);
  EXPECT_EQ(room.count(Kind::kActiveSpeaker, b.leg), 1u);
  EXPECT_EQ(room.count(Kind::kActiveSpeaker, 0), 1u);
  EXPECT_EQ(room.count(Kind::kTalking, a.leg), 1u);
  EXPECT_EQ(room.count(Kind::kNotTalking, a.leg), 1u);
}

TEST(Conference, OneEncoderServesAllWhoHearTheSame) {
  Room room;
  for (int i = 0; i < 6; ++i) room.add(i % 2 == 0 ? "opus" : "pcmu", 100.0 + 60.0 * i);
  room.people[0]->speaks = true;
  room.run(2.0);
  const auto before = room.room->statistics();
  room.run(2.0);
  const auto after = room.room->statistics();
  EXPECT_EQ(after.blocks_sent - before.blocks_sent, 600u);
  EXPECT_EQ(after.encodes_shared - before.encodes_shared, 200u) << "one of each codec";
  EXPECT_EQ(after.encodes_own - before.encodes_own, 100u) << "the talker's";
  for (std::size_t i = 1; i < 6; ++i) EXPECT_GT(room.people[i]->share(100.0), 0.3) << i;
  // The same sound, to the bit, under each one's own numbers.
  EXPECT_EQ(room.people[1]->heard, room.people[3]->heard);
}

TEST(Conference, ATurnFromTheSharedEncoderToOnesOwnIsNotHeardAsAClick) {
  Room room;
  Person& a = room.add("opus", 150.0);
  Person& b = room.add("opus", 230.0);
  Person& c = room.add("opus", 310.0);
  a.speaks = true;
  room.run(2.0);
  for (int turn = 0; turn < 6; ++turn) {
    c.speaks = turn % 2 == 0;  // c goes from the shared mix to its own, and back.
    room.run(1.5);
  }
  float peak = 0.0f;
  for (const float x : c.last(8.0)) peak = std::max(peak, std::abs(x));
  float steady = 0.0f;
  for (const float x : b.last(8.0)) steady = std::max(steady, std::abs(x));
  EXPECT_LT(peak, 1.3f * steady);
  EXPECT_GT(c.share(150.0), 0.3);
}

TEST(Conference, LevellingBringsAQuietVoiceUpAndNotItsPauses) {
  ConferenceOptions options;
  options.levelling = true;
  Room room(options);
  Person& a = room.add("l16", 150.0, 16'000);
  Person& ear = room.add("l16", 230.0, 16'000);
  a.voice = Voice(150.0, 16'000, 0.03);  // -35 dB.
  a.speaks = true;
  room.run(1.0);
  const double at_first = level_db(ear.last(0.3));
  room.run(8.0);
  EXPECT_LT(at_first, -31.0);
  // What is brought to -26 is the level of syllables, which is above the mean.
  EXPECT_NEAR(level_db(ear.last(1.0)), -28.0, 2.0);
}

TEST(Conference, AnIdleRoomIsNotTicked) {
  Room room;
  Person& a = room.add("pcmu", 150.0, 8'000);
  Person& b = room.add("pcmu", 230.0, 8'000);
  a.speaks = true;
  room.run(2.0);
  EXPECT_EQ(room.ticked, 100);
  for (Person* person : {&a, &b}) ASSERT_TRUE(person->leg_session->hold());
  room.run(0.1);
  const int ticked = room.ticked;
  const auto before = room.room->statistics();
  room.run(60.0);
  const auto after = room.room->statistics();
  EXPECT_EQ(after.ticks, before.ticks) << "nobody was mixed";
  EXPECT_LT(room.ticked - ticked, 45) << "but for reports, two legs' every 4 s";
  EXPECT_GT(b.to_phone.reports, 8u);
  ASSERT_TRUE(a.leg_session->resume());
  ASSERT_TRUE(b.leg_session->resume());
  room.run(2.0);
  EXPECT_EQ(room.room->statistics().ticks, after.ticks + 100) << "woken at once";
  EXPECT_GT(b.share(150.0, 0.5), 0.3);
  ASSERT_TRUE(room.room->leave(a.leg));
  ASSERT_TRUE(room.room->leave(b.leg));
  room.run(1.0);
  const int left = room.ticked;
  room.run(10.0);
  EXPECT_EQ(room.ticked, left) << "an empty room is never ticked";
}

TEST(Conference, LegsComeAndGoAndTheirPlacesAreUsedAgain) {
  ConferenceOptions options;
  options.max_legs = 2;
  Room room(options);
  Person& a = room.add("pcmu", 150.0, 8'000);
  Person& b = room.add("pcmu", 230.0, 8'000);
  auto third = started(options_for("pcmu", 16'000, 99));
  EXPECT_EQ(room.room->join(*third).error().code, ErrorCode::kLimitExceeded);
  a.speaks = true;
  room.run(1.0);
  ASSERT_TRUE(room.room->leave(a.leg));
  EXPECT_EQ(room.room->leave(a.leg).error().code, ErrorCode::kNotFound);
  room.run(1.0);
  EXPECT_EQ(room.count(ConferenceEvent::Kind::kLeft, a.leg), 1u);
  EXPECT_LT(level_db(b.last(0.3)), -60.0);
  const LegId again = room.room->join(*third).value();
  EXPECT_NE(again, a.leg);
  room.run(0.1);
  EXPECT_EQ(room.count(ConferenceEvent::Kind::kJoined, again), 1u);
  ASSERT_TRUE(room.room->leave(again));
  room.run(0.1);
}

TEST(Conference, ATapSeesBothSidesOfEveryLeg) {
  struct Tap final : ConferenceTap {
    void tick(LegId leg, nanoseconds, std::span<const float> said,
              std::span<const float> heard) noexcept override {
      frames[leg] += said.size();
      said_energy[leg] += level_db(said) > -60.0 ? 1 : 0;
      heard_energy[leg] += level_db(heard) > -60.0 ? 1 : 0;
    }
    std::array<std::size_t, 4> frames{};
    std::array<int, 4> said_energy{};
    std::array<int, 4> heard_energy{};
  } tap;
  Room room;
  ASSERT_TRUE(room.room->set_tap(&tap));
  Person& a = room.add("pcmu", 150.0, 8'000);
  Person& b = room.add("pcmu", 230.0, 8'000);
  a.speaks = true;
  room.run(2.0);
  EXPECT_EQ(tap.frames[a.leg], 32'000u);
  EXPECT_EQ(tap.frames[b.leg], 32'000u);
  EXPECT_GT(tap.said_energy[a.leg], 80);
  EXPECT_EQ(tap.heard_energy[a.leg], 0);
  EXPECT_EQ(tap.said_energy[b.leg], 0);
  EXPECT_GT(tap.heard_energy[b.leg], 80);
}

TEST(Conference, TakesNoMemoryAndNoLockWhileItRuns) {
  if (!support::guard_counts()) GTEST_SKIP() << "the guard stops at the first violation";
  ConferenceOptions options;
  options.levelling = true;
  Room room(options);
  room.add("pcmu", 150.0, 8'000).speaks = true;
  room.add("opus", 230.0, 48'000).speaks = true;
  room.add("g722", 310.0).speaks = true;
  room.add("opus", 390.0);
  const LegId listeners[] = {room.people[0]->leg};
  ASSERT_TRUE(room.room->whisper(room.people[2]->leg, listeners));
  room.run(1.0);
  std::uint64_t violations = 0;
  for (int i = 0; i < 500; ++i) {
    room.people[1]->speaks = i % 200 < 100;
    for (auto& person : room.people) {
      std::vector<float> block(person->phone->block_frames() * 2);
      person->phone->pull(room.now, block);
      if (person->speaks) person->voice.fill(block);
      person->phone->push(room.now, block);
      person->to_room.carry(*person->phone, *person->leg_session, room.now);
    }
    room.now += milliseconds(20);
    const auto before = support::realtime_violations();
    {
      const RealtimeScope scope;
      room.room->tick(room.now);
    }
    violations += support::realtime_violations() - before;
    for (auto& person : room.people)
      person->to_phone.carry(*person->leg_session, *person->phone, room.now);
  }
  EXPECT_EQ(violations, 0u);
}

TEST(Conference, WhatCannotBeMeantIsRefused) {
  ConferenceOptions options;
  options.tick_ms = 30;
  EXPECT_EQ(Conference::create(options).error().code, ErrorCode::kInvalidArgument);
  options = {};
  options.talkers = 0;
  EXPECT_EQ(Conference::create(options).error().code, ErrorCode::kInvalidArgument);
  auto room = Conference::create({}).value();
  auto session = started(options_for("pcmu", 8'000));
  EXPECT_EQ(room->join(*session).error().code, ErrorCode::kInvalidArgument);
  auto right = started(options_for("pcmu", 16'000));
  LegOptions loud;
  loud.gain_db = 90.0;
  EXPECT_EQ(room->join(*right, loud).error().code, ErrorCode::kInvalidArgument);
  const LegId leg = room->join(*right).value();
  EXPECT_EQ(room->whisper(leg, {}).error().code, ErrorCode::kInvalidArgument);
  const LegId itself[] = {leg};
  EXPECT_EQ(room->whisper(leg, itself).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(room->change(77, {}).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace syrinx::call
