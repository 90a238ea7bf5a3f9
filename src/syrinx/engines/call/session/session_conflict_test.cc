// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>

#include "support/realtime_guard.h"
#include "syrinx/engines/call/session/rtcp_compound.h"
#include "syrinx/engines/call/session/session_test_support.h"
#include "syrinx/stages/packet/rtcp.h"
#include "syrinx/stages/packet/rtp.h"

// Two under one SSRC, and packets that come back.
namespace syrinx::call {
namespace {

using namespace testing_support;

constexpr std::uint32_t kShared = 0x0BADCAFE;

std::vector<SessionEvent::Kind> kinds_of(MediaSession& session) {
  std::vector<SessionEvent::Kind> kinds;
  SessionEvent event;
  while (session.next_event(event)) kinds.push_back(event.kind);
  return kinds;
}

std::size_t count(const std::vector<SessionEvent::Kind>& kinds, SessionEvent::Kind kind) {
  return static_cast<std::size_t>(std::count(kinds.begin(), kinds.end(), kind));
}

// Everything that a session sends, handed to another; byes are noted.
class Carrier {
 public:
  void carry(MediaSession& from, MediaSession& to, nanoseconds now) {
    while (const std::size_t size = from.take(bytes_).bytes) {
      const auto datagram = std::span<const std::uint8_t>(bytes_).first(size);
      note(datagram);
      to.receive(datagram, now);
    }
  }
  std::vector<std::uint32_t> byes;
  std::vector<std::uint32_t> sources;  // Of packets, each once, in their order.
  std::uint32_t last_count = 0;        // Packets by the last sender report.

 private:
  void note(packet::Bytes datagram) {
    if (packet::looks_like_rtcp(datagram)) {
      const auto view = read_compound(datagram, 0).value();
      if (view.bye) byes.push_back(view.ssrc);
      if (view.sender) last_count = view.sender->packets;
      return;
    }
    const std::uint32_t ssrc = packet::parse_rtp(datagram)->ssrc;
    if (sources.empty() || sources.back() != ssrc) sources.push_back(ssrc);
  }
  std::vector<std::uint8_t> bytes_ = std::vector<std::uint8_t>(MediaSession::kMaxDatagram);
};

TEST(SsrcConflict, TwoWithOneSsrcBothTakeAnotherAndHearEachOtherAllTheTime) {
  SessionOptions options = options_for("pcmu", 0, 1);
  options.ssrc = kShared;
  const auto alice = started(options);
  options.seed = 2;
  const auto bob = started(options);
  Carrier to_bob;
  Carrier to_alice;
  Voice voice(150.0, 8'000);
  std::vector<float> said(80);
  std::vector<float> heard(80);
  double quietest_db = 0.0;
  nanoseconds now{0};
  for (int i = 0; i < 3'000; ++i) {
    now += milliseconds(10);
    voice.fill(said);
    EXPECT_REALTIME_SAFE({
      alice->pull(now, heard);
      alice->push(now, said);
      bob->pull(now, heard);
      bob->push(now, said);
    });
    if (i > 30) quietest_db = std::min(quietest_db, level_db(heard));
    to_bob.carry(*alice, *bob, now);
    to_alice.carry(*bob, *alice, now);
  }
  EXPECT_NE(alice->ssrc(), kShared);
  EXPECT_NE(bob->ssrc(), kShared);
  EXPECT_NE(alice->ssrc(), bob->ssrc());
  EXPECT_EQ(to_bob.byes, std::vector<std::uint32_t>{kShared});
  EXPECT_EQ(to_alice.byes, std::vector<std::uint32_t>{kShared});
  EXPECT_EQ(to_bob.sources, (std::vector<std::uint32_t>{kShared, alice->ssrc()}));
  EXPECT_GT(quietest_db, -40.0) << "a gap";
  for (MediaSession* session : {alice.get(), bob.get()}) {
    const auto kinds = kinds_of(*session);
    EXPECT_EQ(count(kinds, SessionEvent::Kind::kOwnSourceChanged), 1u);
    EXPECT_EQ(count(kinds, SessionEvent::Kind::kRemoteLeft), 0u) << "the BYE of a collision";
    EXPECT_EQ(count(kinds, SessionEvent::Kind::kLooped), 0u);
    const SessionStatistics numbers = session->current_statistics();
    EXPECT_EQ(numbers.ssrc_changes, 1u);
    EXPECT_EQ(numbers.datagrams_looped, 0u);
    EXPECT_EQ(numbers.packets_sent, 1'500u) << "the session's own count goes on";
    EXPECT_GT(numbers.packets_received, 1'490u);
    EXPECT_EQ(numbers.lost, 0);
    EXPECT_GE(numbers.reports_received, 3u);
    EXPECT_TRUE(numbers.remote_loss_percent.has_value()) << "reports are about the new SSRC";
  }
  EXPECT_LT(to_bob.last_count, 1'500u) << "that of the reports began anew";
}

// Two that were made with one seed and nothing else send the same numbers, too.
TEST(SsrcConflict, TwoOfOneSeedPartAsSoonAsTheyDoNotSayTheSame) {
  const auto alice = started(options_for("pcmu", 0, 5));
  const auto bob = started(options_for("pcmu", 0, 5));
  ASSERT_EQ(alice->ssrc(), bob->ssrc());
  Carrier to_bob;
  Carrier to_alice;
  Voice low(150.0, 8'000);
  Voice high(230.0, 8'000);
  std::vector<float> said(80);
  std::vector<float> heard(80);
  std::vector<float> all;
  nanoseconds now{0};
  for (int i = 0; i < 1'000; ++i) {
    now += milliseconds(10);
    alice->pull(now, heard);
    low.fill(said);
    alice->push(now, said);
    bob->pull(now, heard);
    high.fill(said);
    bob->push(now, said);
    all.insert(all.end(), heard.begin(), heard.end());
    to_bob.carry(*alice, *bob, now);
    to_alice.carry(*bob, *alice, now);
  }
  EXPECT_NE(alice->ssrc(), bob->ssrc());
  EXPECT_GT(share_at(std::span<const float>(all).last(8'000), 150.0, 8'000), 0.3);
  EXPECT_LE(alice->current_statistics().ssrc_changes, 2u);
  EXPECT_GT(alice->current_statistics().packets_received, 480u);
}

// A loop under way, of packets and reports: nothing changes, nothing is heard, it is told once.
TEST(SsrcConflict, WhatComesBackIsPassedOverAndToldOnce) {
  const auto alice = started(options_for("pcmu", 0, 1));
  const std::uint32_t ssrc = alice->ssrc();
  Carrier back;
  Voice voice(150.0, 8'000);
  std::vector<float> said(80);
  std::vector<float> heard(80);
  nanoseconds now{0};
  double loudest_db = -200.0;
  for (int i = 0; i < 2'000; ++i) {
    now += milliseconds(10);
    voice.fill(said);
    EXPECT_REALTIME_SAFE({
      alice->pull(now, heard);
      alice->push(now, said);
    });
    loudest_db = std::max(loudest_db, level_db(heard));
    back.carry(*alice, *alice, now);
  }
  EXPECT_EQ(alice->ssrc(), ssrc);
  EXPECT_LT(loudest_db, -100.0);
  const SessionStatistics numbers = alice->current_statistics();
  EXPECT_EQ(numbers.packets_received, 0u);
  EXPECT_EQ(numbers.reports_received, 0u);
  EXPECT_GT(numbers.datagrams_looped, 990u);
  EXPECT_EQ(numbers.ssrc_changes, 0u);
  const auto kinds = kinds_of(*alice);
  EXPECT_EQ(count(kinds, SessionEvent::Kind::kLooped), 1u);
}

// Packets of a stranger under whatever SSRC we take, as from one who copies it.
TEST(SsrcConflict, WhoCopiesEverySsrcMakesUsChangeRarely) {
  const auto alice = started(options_for("pcmu", 0, 1));
  Carrier nowhere;
  const auto bob = started(options_for("pcmu", 0, 2));
  std::vector<float> said(80, 0.1f);
  std::vector<float> heard(80);
  const std::vector<std::uint8_t> payload(160, 0x55);
  std::vector<std::uint8_t> datagram(200);
  packet::RtpFields fields;
  nanoseconds now{0};
  for (int i = 0; i < 2'000; ++i) {
    now += milliseconds(10);
    alice->pull(now, heard);
    alice->push(now, said);
    nowhere.carry(*alice, *bob, now);
    fields.ssrc = alice->ssrc();
    fields.sequence = static_cast<std::uint16_t>(40'000 + i);
    fields.timestamp = static_cast<std::uint32_t>(7 * i);
    const auto bytes = packet::write_rtp(fields, payload, datagram).value();
    alice->receive(std::span(datagram).first(bytes), now);
  }
  EXPECT_LE(alice->current_statistics().ssrc_changes, 5u);
  EXPECT_GE(alice->current_statistics().ssrc_changes, 3u);
  EXPECT_EQ(nowhere.byes.size(), alice->current_statistics().ssrc_changes);
}

std::vector<std::uint8_t> leaving(const packet::ReceiverReport& report) {
  const packet::SourceDescription name{{{report.ssrc, {{packet::SourceItemKind::kCname, "x"}}}}};
  return packet::write_rtcp({report, name, packet::Bye{{report.ssrc}, ""}}).value();
}

// A report alone gives the collision away; a BYE of another's still means that they left.
TEST(SsrcConflict, AReportUnderOurSsrcIsACollisionToo) {
  const auto alice = started(options_for("pcmu", 0, 1));
  Carrier nowhere;
  std::vector<float> heard(80);
  nanoseconds now = milliseconds(10);
  alice->pull(now, heard);
  const std::uint32_t ssrc = alice->ssrc();
  packet::ReceiverReport report;
  report.ssrc = ssrc;
  packet::ReportBlock about;
  about.ssrc = ssrc;
  about.fraction_lost = 128;
  report.blocks.push_back(about);
  alice->receive(leaving(report), now);
  now += milliseconds(10);
  alice->pull(now, heard);
  EXPECT_NE(alice->ssrc(), ssrc);
  EXPECT_FALSE(alice->current_statistics().remote_loss_percent.has_value());
  EXPECT_EQ(count(kinds_of(*alice), SessionEvent::Kind::kRemoteLeft), 0u);
  report.ssrc = 99;
  report.blocks.clear();
  alice->receive(leaving(report), now);
  now += milliseconds(10);
  alice->pull(now, heard);
  EXPECT_EQ(count(kinds_of(*alice), SessionEvent::Kind::kRemoteLeft), 1u);
}

}  // namespace
}  // namespace syrinx::call
