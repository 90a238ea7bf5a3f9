// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/session/media_session.h"

#include "support/realtime_guard.h"
#include "syrinx/engines/call/session/session_test_support.h"
#include "syrinx/stages/packet/rtcp.h"

namespace syrinx::call {
namespace {

using namespace testing_support;
using packet::PlayKind;

// Two sessions on a virtual clock, a wire each way.
class Call {
 public:
  Call(const SessionOptions& first, const SessionOptions& second)
      : a(started(first)),
        b(started(second)),
        voice_a(150.0, a->sample_rate_hz()),
        voice_b(230.0, b->sample_rate_hz()) {}

  // 10 ms of both.
  void tick() {
    now += milliseconds(10);
    std::vector<float> in_a(a->block_frames());
    std::vector<float> in_b(b->block_frames());
    heard_a.resize(in_a.size());
    heard_b.resize(in_b.size());
    voice_a.fill(in_a);
    voice_b.fill(in_b);
    a->pull(now, heard_a);
    b->pull(now, heard_b);
    a->push(now, in_a);
    b->push(now, in_b);
    to_b.carry(*a, *b, now);
    to_a.carry(*b, *a, now);
    all_b.insert(all_b.end(), heard_b.begin(), heard_b.end());
    all_a.insert(all_a.end(), heard_a.begin(), heard_a.end());
  }
  void run(double seconds) {
    for (int i = 0; i < static_cast<int>(seconds * 100.0); ++i) tick();
  }
  std::vector<SessionEvent> events_of(MediaSession& session) {
    std::vector<SessionEvent> events;
    SessionEvent event;
    while (session.next_event(event)) events.push_back(event);
    return events;
  }
  std::span<const float> last_b(double seconds) const {
    return std::span(all_b).last(static_cast<std::size_t>(seconds * b->sample_rate_hz()));
  }

  std::unique_ptr<MediaSession> a;
  std::unique_ptr<MediaSession> b;
  Voice voice_a;
  Voice voice_b;
  Wire to_a;
  Wire to_b;
  nanoseconds now{0};
  std::vector<float> heard_a;
  std::vector<float> heard_b;
  std::vector<float> all_a;
  std::vector<float> all_b;
};

std::size_t count(const std::vector<SessionEvent>& events, SessionEvent::Kind kind) {
  return static_cast<std::size_t>(std::count_if(
      events.begin(), events.end(), [&](const SessionEvent& event) { return event.kind == kind; }));
}

TEST(MediaSession, TwoHearEachOtherInEveryCodecAtEveryRate) {
  for (const char* codec : {"pcmu", "pcma", "g722", "opus", "l16"}) {
    for (const int rate_hz : {8'000, 16'000, 48'000}) {
      Call call(options_for(codec, rate_hz, 1), options_for(codec, rate_hz, 2));
      call.run(3.0);
      EXPECT_NEAR(level_db(call.last_b(1.0)), -19.0, 2.0) << codec << ' ' << rate_hz;
      EXPECT_GT(share_at(call.last_b(1.0), 150.0, rate_hz), 0.2) << codec << ' ' << rate_hz;
      EXPECT_GT(
          share_at(std::span(call.all_a).last(static_cast<std::size_t>(rate_hz)), 230.0, rate_hz),
          0.2);
      const auto numbers = call.b->current_statistics();
      EXPECT_EQ(numbers.lost, 0);
      EXPECT_EQ(numbers.buffer.frames_concealed, 0u) << codec << ' ' << rate_hz;
      EXPECT_EQ(numbers.datagrams_broken, 0u);
      EXPECT_LE(numbers.buffer.max_delay_ms, 80.0);
    }
  }
}

TEST(MediaSession, TheLongestPacketsOfTheWidestCodecFit) {
  auto options = options_for("l16", 48'000, 1);
  options.agreement.send.clock_rate_hz = options.agreement.receive.clock_rate_hz = 48'000;
  options.agreement.events.reset();
  options.agreement.send_block_us = 60'000;
  auto other = options;
  other.seed = 2;
  Call call(options, other);
  call.run(3.0);
  EXPECT_EQ(call.b->current_statistics().buffer.packets_refused, 0u);
  EXPECT_EQ(call.a->current_statistics().packets_unsent, 0u);
  EXPECT_GT(share_at(call.last_b(1.0), 150.0, 48'000), 0.2);
}

TEST(MediaSession, NothingGoesBeforeItStartsOrAfterItStops) {
  auto session = MediaSession::create(options_for("pcmu")).value();
  std::vector<float> block(80, 0.1f);
  std::vector<std::uint8_t> bytes(MediaSession::kMaxDatagram);
  for (int i = 1; i <= 100; ++i) {
    session->pull(milliseconds(10 * i), block);
    session->push(milliseconds(10 * i), block);
  }
  EXPECT_EQ(session->take(bytes).bytes, 0u);
  ASSERT_TRUE(session->start());
  session->pull(milliseconds(1'010), block);
  session->push(milliseconds(1'010), block);
  session->push(milliseconds(1'020), block);
  EXPECT_FALSE(session->take(bytes).rtcp);
  ASSERT_TRUE(session->stop());
  session->pull(milliseconds(1'030), block);
  const auto bye = session->take(bytes);
  ASSERT_TRUE(bye.rtcp);
  const auto parsed = packet::parse_rtcp(std::span(bytes).first(bye.bytes));
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(std::holds_alternative<packet::Bye>(parsed->back()));
  session->push(milliseconds(1'040), block);
  session->push(milliseconds(1'050), block);
  EXPECT_EQ(session->take(bytes).bytes, 0u);
  ASSERT_TRUE(session->start());  // What has stopped does not start again.
  session->pull(milliseconds(1'060), block);
  EXPECT_FALSE(session->may_send());
}

TEST(MediaSession, TheReportsSayWhatTheWireDid) {
  Call call(options_for("pcmu", 0, 1), options_for("pcmu", 0, 2));
  call.to_b.lose = [](std::uint64_t packet) { return packet % 20 == 7; };
  call.run(60.0);
  const auto a = call.a->current_statistics();
  const auto b = call.b->current_statistics();
  EXPECT_EQ(a.packets_sent, 3'000u);
  EXPECT_NEAR(static_cast<double>(b.lost), 150.0, 1.0);
  ASSERT_TRUE(b.loss_percent);
  EXPECT_NEAR(*b.loss_percent, 5.0, 0.1);
  ASSERT_TRUE(a.remote_loss_percent);
  EXPECT_NEAR(*a.remote_loss_percent, 5.0, 1.5);
  ASSERT_TRUE(a.round_trip_ms);
  EXPECT_NEAR(*a.round_trip_ms, 60.0, 11.0);  // 30 ms each way, and ticks of 10 ms.
  EXPECT_NEAR(b.burst_ratio, 1.0, 0.1);
  ASSERT_TRUE(b.mouth_to_ear_ms);
  EXPECT_NEAR(*b.mouth_to_ear_ms, 30.0 + 20.0 + b.buffer.mean_delay_ms, 12.0);
  ASSERT_TRUE(b.quality.conversational_mos);
  EXPECT_NEAR(*b.quality.listening_mos, 3.88, 0.06);
  EXPECT_LE(*b.quality.conversational_mos, *b.quality.listening_mos);
  // Every 4.1 s on average, both ways.
  EXPECT_NEAR(static_cast<double>(a.reports_sent), 14.6, 5.0);
  EXPECT_NEAR(static_cast<double>(a.reports_received), static_cast<double>(b.reports_sent), 1.0);
  EXPECT_GE(call.b->statistics().time, std::chrono::seconds(59));
}

TEST(MediaSession, WhatNobodyMeasuredIsUnknown) {
  Call call(options_for("opus", 0, 1), options_for("opus", 0, 2));
  call.run(0.5);
  const auto numbers = call.a->current_statistics();
  EXPECT_FALSE(numbers.round_trip_ms);
  EXPECT_FALSE(numbers.remote_loss_percent);
  EXPECT_FALSE(numbers.mouth_to_ear_ms);
  EXPECT_FALSE(numbers.quality.listening_mos);
}

TEST(MediaSession, AHeldSessionIsSilentBothWaysButReports) {
  Call call(options_for("pcmu", 0, 1), options_for("pcmu", 0, 2));
  call.run(2.0);
  ASSERT_TRUE(call.a->hold());
  ASSERT_TRUE(call.b->hold());
  call.run(0.1);
  const std::uint64_t packets = call.to_b.packets;
  const std::uint64_t reports = call.to_b.reports;
  call.run(20.0);
  EXPECT_EQ(call.to_b.packets, packets);
  EXPECT_GT(call.to_b.reports, reports + 2);
  EXPECT_LT(level_db(call.last_b(10.0)), -110.0);
  ASSERT_TRUE(call.a->resume());
  ASSERT_TRUE(call.b->resume());
  call.run(2.0);
  EXPECT_NEAR(level_db(call.last_b(1.0)), -19.0, 2.0);
  const auto numbers = call.b->current_statistics();
  EXPECT_EQ(numbers.lost, 0);
  EXPECT_LE(numbers.buffer.delay_ms, 80.0);
  // The timestamps stood for the time that passed: the jitter is that of the ticks.
  EXPECT_LT(*numbers.jitter_ms, 5.0);
  EXPECT_EQ(count(call.events_of(*call.a), SessionEvent::Kind::kDirection), 2u);
}

TEST(MediaSession, OneDirectionAloneIsHeardOneWayAlone) {
  auto deaf = options_for("pcmu", 0, 1);
  deaf.direction = Direction::kSendOnly;
  Call call(deaf, options_for("pcmu", 0, 2));
  call.run(2.0);
  EXPECT_GT(level_db(call.last_b(1.0)), -20.0);
  EXPECT_LT(level_db(call.all_a), -110.0);
}

TEST(MediaSession, TheCodecSwitchesWithoutAGap) {
  Call call(options_for("pcmu", 16'000, 1), options_for("pcmu", 16'000, 2));
  call.run(2.0);
  for (const char* codec : {"opus", "g722", "pcma", "pcmu"}) {
    ASSERT_TRUE(call.b->switch_codec(agreement_on(codec)));
    call.run(0.02);
    ASSERT_TRUE(call.a->switch_codec(agreement_on(codec)));
    call.run(2.0);
    EXPECT_GT(share_at(call.last_b(1.0), 150.0, 16'000), 0.2) << codec;
  }
  const auto numbers = call.b->current_statistics();
  EXPECT_EQ(numbers.buffer.packets_refused, 0u);
  EXPECT_EQ(numbers.buffer.payload_type_changes, 4u);
  // No gap over 60 ms: nowhere is so much silence in a row.
  std::size_t silent = 0;
  std::size_t longest = 0;
  for (std::size_t i = 16'000; i < call.all_b.size(); ++i) {
    silent = std::abs(call.all_b[i]) < 1e-3f ? silent + 1 : 0;
    longest = std::max(longest, silent);
  }
  EXPECT_LT(longest, 16'000u * 6 / 100);
}

TEST(MediaSession, DigitsArriveOnceEachHoweverManyPacketsAreLost) {
  Call call(options_for("pcmu", 0, 1), options_for("pcmu", 0, 2));
  call.to_b.lose = [](std::uint64_t packet) { return packet % 4 == 1; };
  call.run(1.0);
  ASSERT_TRUE(call.a->send_digits("159*#D", 100, 100));
  call.run(3.0);
  std::string pressed;
  std::string released;
  for (const SessionEvent& event : call.events_of(*call.b)) {
    if (event.kind == SessionEvent::Kind::kDigitPressed) pressed += event.digit;
    if (event.kind == SessionEvent::Kind::kDigitReleased) {
      released += event.digit;
      EXPECT_NEAR(event.duration_ms, 100.0, 21.0);
    }
  }
  EXPECT_EQ(pressed, "159*#D");
  EXPECT_EQ(released, "159*#D");
}

TEST(MediaSession, DigitsThatCannotBeAreRefused) {
  auto options = options_for("pcmu");
  auto session = MediaSession::create(options).value();
  EXPECT_EQ(session->send_digits("12x").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(session->send_digits("1", 10).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(session->send_digits(std::string(65, '1')).error().code, ErrorCode::kUnavailable);
  options.agreement.events.reset();
  session = MediaSession::create(options).value();
  EXPECT_EQ(session->send_digits("1").error().code, ErrorCode::kUnsupported);
}

TEST(MediaSession, SaysWhenTheOtherSideFallsSilentChangesAndLeaves) {
  Call call(options_for("pcmu", 0, 1), options_for("pcmu", 0, 2));
  call.run(1.0);
  ASSERT_TRUE(call.a->hold());
  call.run(7.0);
  EXPECT_EQ(count(call.events_of(*call.b), SessionEvent::Kind::kSilent), 1u);
  ASSERT_TRUE(call.a->resume());
  call.run(1.0);
  EXPECT_EQ(count(call.events_of(*call.b), SessionEvent::Kind::kAudible), 1u);
  call.a = started(options_for("pcmu", 0, 77));  // Another SSRC.
  call.run(2.0);
  EXPECT_EQ(count(call.events_of(*call.b), SessionEvent::Kind::kSourceChanged), 1u);
  EXPECT_GT(level_db(call.last_b(0.5)), -20.0);
  ASSERT_TRUE(call.a->stop());
  call.run(1.0);
  EXPECT_EQ(count(call.events_of(*call.b), SessionEvent::Kind::kRemoteLeft), 1u);
}

TEST(MediaSession, AudioLevelsTravelInTheHeader) {
  auto first = options_for("pcmu", 0, 1);
  auto second = options_for("pcmu", 0, 2);
  first.audio_level_id = second.audio_level_id = 3;
  Call call(first, second);
  call.run(2.0);
  ASSERT_TRUE(call.b->current_statistics().remote_level_dbov);
  EXPECT_NEAR(*call.b->current_statistics().remote_level_dbov, -19, 4);
  EXPECT_FALSE(started(options_for("pcmu"))->current_statistics().remote_level_dbov);
}

TEST(MediaSession, WhoIsInAMixTravelsInTheHeader) {
  auto first = options_for("pcmu", 0, 1);
  auto second = options_for("pcmu", 0, 2);
  first.audio_level_id = second.audio_level_id = 3;
  first.mixer_level_id = second.mixer_level_id = 4;
  Call call(first, second);
  call.run(1.0);
  EXPECT_TRUE(call.b->contributors().list().empty());
  EXPECT_EQ(call.b->remote_ssrc(), call.a->ssrc());
  Contributors many;
  for (std::uint32_t i = 0; i < 17; ++i) many.add({1'000 + i, -static_cast<int>(i)});
  many.add({0, -1});
  call.a->contribute(many);
  call.run(1.0);
  const auto now = call.b->current_statistics();
  const auto told = now.contributors.list();
  ASSERT_EQ(told.size(), Contributors::kMost);
  for (std::uint32_t i = 0; i < told.size(); ++i) {
    EXPECT_EQ(told[i].ssrc, 1'000 + i);
    EXPECT_EQ(told[i].level_dbov, -static_cast<int>(i));
  }
  EXPECT_TRUE(now.remote_level_dbov);
  call.a->contribute({});
  call.run(1.0);
  EXPECT_TRUE(call.b->contributors().list().empty());
}

TEST(MediaSession, WithoutMixersLevelsWhoIsInAMixIsStillTold) {
  Call call(options_for("pcmu", 0, 1), options_for("pcmu", 0, 2));
  Contributors one;
  one.add({77, -20});
  call.a->contribute(one);
  call.run(1.0);
  ASSERT_EQ(call.b->contributors().list().size(), 1u);
  EXPECT_EQ(call.b->contributors().list()[0].ssrc, 77u);
  EXPECT_FALSE(call.b->contributors().list()[0].level_dbov);
}

TEST(MediaSession, TheEncoderFollowsTheLossesThatTheOtherSideReports) {
  auto first = options_for("opus", 16'000, 1);
  first.adaptation.strategy = AdaptationStrategy::kKeepQuality;
  Call call(first, options_for("opus", 16'000, 2));
  call.to_b.lose = [](std::uint64_t packet) { return packet % 12 == 5; };
  call.run(60.0);
  const auto events = call.events_of(*call.a);
  ASSERT_GE(count(events, SessionEvent::Kind::kAdapted), 1u);
  // With redundancy lonely losses come back.
  EXPECT_GT(call.b->current_statistics().buffer.packets_recovered, 100u);
  Call plain(options_for("opus", 16'000, 1), options_for("opus", 16'000, 2));
  plain.to_b.lose = call.to_b.lose;
  plain.run(10.0);
  EXPECT_EQ(plain.b->current_statistics().buffer.packets_recovered, 0u);
}

// G.711 has one bit rate: its packets lengthen, as far as the other side takes them, and come back.
TEST(MediaSession, PacketsLengthenUnderLossUpToMaxptimeAndShortenAfterIt) {
  auto offer = codec::make_offer({"PCMU"}).value();
  offer.maxptime_ms = 50;
  auto first = options_for("pcmu", 0, 1);
  first.agreement = codec::make_answer(offer, codec::make_offer({"PCMU"}).value())->agreement;
  first.adaptation.strategy = AdaptationStrategy::kSaveNetwork;
  Call call(first, options_for("pcmu", 0, 2));
  call.run(5.0);
  EXPECT_EQ(call.a->current_statistics().packet_ms, 20);
  call.to_b.lose = [](std::uint64_t packet) { return packet % 12 == 5; };
  call.run(60.0);
  EXPECT_EQ(call.a->current_statistics().packet_ms, 40) << "60 is more than the other side takes";
  call.to_b.lose = nullptr;
  call.run(60.0);
  EXPECT_EQ(call.a->current_statistics().packet_ms, 20);
  std::vector<int> lengths;
  for (const SessionEvent& event : call.events_of(*call.a))
    if (event.kind == SessionEvent::Kind::kAdapted) lengths.push_back(event.packet_ms);
  EXPECT_EQ(lengths, (std::vector<int>{40, 20}));
  // The change itself costs nothing: nothing is concealed after the losses but what they took.
  const auto before = call.b->current_statistics().buffer.frames_concealed;
  call.run(5.0);
  EXPECT_EQ(call.b->current_statistics().buffer.frames_concealed, before);
  EXPECT_GT(level_db(call.last_b(0.5)), -20.0);
}

// What two sides of these codecs agree on, the first before the others.
std::pair<SessionOptions, SessionOptions> agreed_on(const std::vector<std::string>& codecs) {
  const auto offer = codec::make_offer(codecs).value();
  const auto answer = codec::make_answer(offer, codec::make_offer(codecs).value()).value();
  auto first = options_for("pcmu", 8'000, 1);
  auto second = options_for("pcmu", 8'000, 2);
  first.agreement = codec::accept_answer(offer, answer.formats).value();
  second.agreement = answer.agreement;
  return {first, second};
}

// G.711 gives way to Opus under losses, digits and all, and comes back after them.
TEST(MediaSession, AnotherCodecThatWasAgreedOnIsSentUnderLossAndTheFirstAfterIt) {
  auto [first, second] = agreed_on({"PCMU", "opus", "telephone-event"});
  first.adaptation.strategy = AdaptationStrategy::kSaveNetwork;
  Call call(first, second);
  call.run(5.0);
  call.to_b.lose = [](std::uint64_t packet) { return packet % 12 == 5; };
  call.run(30.0);
  const auto changes = [&] {
    std::vector<int> all;
    for (const SessionEvent& event : call.events_of(*call.a))
      if (event.kind == SessionEvent::Kind::kAdapted &&
          (all.empty() || all.back() != (event.fallback ? 1 : 0)))
        all.push_back(event.fallback ? 1 : 0);
    return all;
  };
  EXPECT_EQ(changes(), std::vector<int>{1});
  EXPECT_GT(call.b->current_statistics().buffer.packets_recovered, 10u) << "Opus, with redundancy";
  EXPECT_EQ(call.b->current_statistics().buffer.resets, 0u);
  EXPECT_LT(*call.b->current_statistics().jitter_ms, 2.0) << "by the clock of what comes";
  call.to_b.lose = nullptr;
  ASSERT_TRUE(call.a->send_digits("42", 100, 100));
  call.run(2.0);
  std::string digits;
  for (const SessionEvent& event : call.events_of(*call.b))
    if (event.kind == SessionEvent::Kind::kDigitReleased) digits += event.digit;
  EXPECT_EQ(digits, "42");
  call.run(180.0);
  EXPECT_EQ(changes().back(), 0);
  const auto before = call.b->current_statistics().buffer.frames_concealed;
  call.run(5.0);
  EXPECT_EQ(call.b->current_statistics().buffer.frames_concealed, before);
  EXPECT_GT(level_db(call.last_b(0.5)), -20.0);
}

TEST(MediaSession, WithoutAStrategyTheOtherCodecIsTakenButNotSent) {
  auto [first, second] = agreed_on({"PCMU", "opus"});
  Call call(first, second);
  call.to_b.lose = [](std::uint64_t packet) { return packet % 4 == 1; };
  call.run(40.0);
  EXPECT_EQ(count(call.events_of(*call.a), SessionEvent::Kind::kAdapted), 0u);
}

TEST(MediaSession, BrokenDatagramsAreCountedAndNothingElse) {
  Call call(options_for("pcmu", 0, 1), options_for("pcmu", 0, 2));
  call.run(1.0);
  const std::vector<std::uint8_t> good = call.to_b.last;
  packet::Random random(4);
  for (int i = 0; i < 5'000; ++i) {
    auto bytes = good;
    bytes[random.next() % 12] = static_cast<std::uint8_t>(random.next());
    bytes.resize(random.next() % (bytes.size() + 1));
    call.b->receive(bytes, call.now);
    if (i % 20 == 0) call.tick();
  }
  call.run(2.0);
  EXPECT_GT(call.b->current_statistics().datagrams_broken, 100u);
  EXPECT_GT(level_db(call.last_b(0.5)), -20.0);
}

TEST(MediaSession, AMinuteOfACallTakesNoMemoryAndNoLock) {
  if (!support::guard_counts()) GTEST_SKIP() << "the guard stops at the first violation";
  for (const char* codec : {"pcmu", "g722", "opus"}) {
    auto adapting = options_for(codec, 16'000, 1);
    adapting.adaptation.strategy = AdaptationStrategy::kSaveNetwork;
    adapting.adaptation.min_bitrate_bps = 30'000;
    auto other = options_for(codec, 16'000, 2);
    if (adapting.agreement.send.name == "PCMU") {
      adapting.agreement.send_fallback = fallback_format_of("opus").value();
      other.agreement.receive_fallback = adapting.agreement.send_fallback;
    }
    Call call(adapting, other);
    call.to_b.lose = [](std::uint64_t packet) { return packet % 10 == 3; };
    call.run(1.0);
    ASSERT_TRUE(call.a->send_digits("12", 100, 100));
    std::vector<float> said(call.a->block_frames());
    std::vector<float> heard(call.a->block_frames());
    const auto before = support::realtime_violations();
    for (int i = 0; i < 6'000; ++i) {
      call.now += milliseconds(10);
      call.voice_a.fill(said);
      {
        const RealtimeScope scope;
        call.b->pull(call.now, heard);
        call.b->push(call.now, said);
        call.a->pull(call.now, heard);
        call.a->push(call.now, said);
      }
      call.to_b.carry(*call.a, *call.b, call.now);
      call.to_a.carry(*call.b, *call.a, call.now);
    }
    EXPECT_EQ(support::realtime_violations() - before, 0u) << codec;
    EXPECT_GT(call.b->current_statistics().reports_received, 8u);
    EXPECT_EQ(call.a->current_statistics().packet_ms, 60) << codec;
  }
}

TEST(MediaSession, TheSameCallGivesTheSameSound) {
  Call one(options_for("opus", 16'000, 1), options_for("opus", 16'000, 2));
  Call two(options_for("opus", 16'000, 1), options_for("opus", 16'000, 2));
  one.run(2.0);
  two.run(2.0);
  EXPECT_EQ(one.all_b, two.all_b);
  EXPECT_EQ(one.to_b.last, two.to_b.last);
}

TEST(MediaSession, WhatCannotBeMeantIsRefused) {
  auto options = options_for("pcmu");
  options.sample_rate_hz = 11'025;
  EXPECT_EQ(MediaSession::create(options).error().code, ErrorCode::kInvalidArgument);
  options = options_for("pcmu");
  options.cname = "";
  EXPECT_EQ(MediaSession::create(options).error().code, ErrorCode::kInvalidArgument);
  options = options_for("opus");
  options.agreement.send_block_us = 30'000;
  EXPECT_EQ(MediaSession::create(options).error().code, ErrorCode::kInvalidArgument);
  options = options_for("pcmu");
  options.audio_level_id = 15;
  EXPECT_EQ(MediaSession::create(options).error().code, ErrorCode::kInvalidArgument);
  options.audio_level_id = options.mixer_level_id = 3;
  EXPECT_EQ(MediaSession::create(options).error().code, ErrorCode::kInvalidArgument);
  options = options_for("pcmu");
  options.mixer_level_id = 15;
  EXPECT_EQ(MediaSession::create(options).error().code, ErrorCode::kInvalidArgument);
  options = options_for("pcmu");
  options.agreement.receive.payload_type = -1;
  EXPECT_EQ(MediaSession::create(options).error().code, ErrorCode::kInvalidArgument);
  auto session = MediaSession::create(options_for("pcmu")).value();
  for (int i = 0; i < 32; ++i) ASSERT_TRUE(session->hold());
  EXPECT_EQ(session->hold().error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace syrinx::call
