// SPDX-License-Identifier: Apache-2.0
// Two parties on a network that is too narrow for what they send, until they send less.
#include <gtest/gtest.h>

#include <cmath>

#include "syrinx/core/flow/audio.h"
#include "syrinx/engines/call/simulate_call.h"

namespace syrinx::call {
namespace {

AudioBuffer voice(double pitch_hz) {
  AudioBuffer sound(1, 16'000 * 4, 16'000);
  for (std::size_t i = 0; i < sound.frames(); ++i) {
    const double t = static_cast<double>(i) / 16'000.0;
    double sum = 0.0;
    for (int k = 1; k <= 8; ++k) sum += std::sin(6.283185307179586 * k * pitch_hz * t) / k;
    sound.channel(0)[i] = static_cast<float>(0.2 * (0.6 + 0.4 * std::sin(19.0 * t)) * sum);
  }
  return sound;
}

// Alice sends through a link of so many bits a second; Bob's way is clear.
Scenario narrow(const std::string& codec, double bandwidth_bps, AdaptationStrategy strategy) {
  Scenario scenario;
  scenario.duration_s = 120.0;
  Party alice;
  alice.name = "alice";
  alice.spoken = voice(120.0);
  alice.codec = codec;
  alice.adaptation.strategy = strategy;
  Party bob;
  bob.name = "bob";
  bob.spoken = voice(190.0);
  scenario.parties = {alice, bob};
  scenario.to_second.delay.base_ms = 40.0;
  scenario.to_second.bottleneck.bandwidth_bps = bandwidth_bps;
  scenario.to_second.bottleneck.queue_ms = 100.0;
  return scenario;
}

double lost_percent(const EarResult& ear) {
  return 100.0 * static_cast<double>(ear.link.packets_lost) /
         static_cast<double>(ear.link.packets_sent);
}

// Packets of each payload type that reached Bob from `from_s` on.
std::size_t arrived_of(const Scenario& scenario, std::uint8_t type, double from_s) {
  std::size_t count = 0;
  CallObservers observers;
  observers.capture = [&](const std::string& listener, const packet::CapturedDatagram& datagram) {
    const double at_s = static_cast<double>(datagram.time.count()) * 1e-9;
    if (listener == "bob" && !datagram.rtcp && at_s >= from_s)
      count += (datagram.bytes[1] & 0x7FU) == type ? 1 : 0;
  };
  EXPECT_TRUE(simulate_call(scenario, observers));
  return count;
}

TEST(AdaptiveCall, ASenderOfOneBitRateLengthensItsPacketsUntilTheyFit) {
  const auto ears = simulate_call(narrow("pcmu", 70'000, AdaptationStrategy::kSaveNetwork)).value();
  const auto plain = simulate_call(narrow("pcmu", 70'000, AdaptationStrategy::kNone)).value();
  ASSERT_GE(ears[0].adaptations.size(), 2u);
  EXPECT_EQ(ears[0].adaptations[0].plan.packet_ms, 40);
  EXPECT_EQ(ears[0].adaptations[1].plan.packet_ms, 60);
  EXPECT_LT(ears[0].adaptations[1].time, std::chrono::seconds(31));
  EXPECT_TRUE(plain[0].adaptations.empty());
  EXPECT_GT(lost_percent(plain[0]), 10.0);
  EXPECT_LT(lost_percent(ears[0]), 0.4 * lost_percent(plain[0]));
  EXPECT_TRUE(ears[1].adaptations.empty());
}

TEST(AdaptiveCall, OpusLowersItsBitRateAndTurnsRedundancyOn) {
  auto scenario = narrow("opus", 30'000, AdaptationStrategy::kSaveNetwork);
  const auto ears = simulate_call(scenario).value();
  ASSERT_GE(ears[0].adaptations.size(), 3u);
  EXPECT_TRUE(ears[0].adaptations[0].plan.codec.fec);
  int least = 64'000;
  for (const AdaptedMoment& moment : ears[0].adaptations)
    least = std::min(least, moment.plan.codec.bitrate_bps);
  EXPECT_LT(least, 20'000);
}

// 48 kbit/s: G.711 does not fit in packets of any length (64 kbit/s and headers), Opus does.
TEST(AdaptiveCall, WhereTheCodecTakesTooMuchAnotherIsSentAndHeardWithoutAGap) {
  auto scenario = narrow("pcmu", 48'000, AdaptationStrategy::kSaveNetwork);
  scenario.parties[0].fallback_codec = "opus";
  const auto ears = simulate_call(scenario).value();
  ASSERT_FALSE(ears[0].adaptations.empty());
  EXPECT_EQ(ears[0].adaptations[0].codec, "opus");
  EXPECT_TRUE(ears[0].adaptations[0].plan.fallback);
  EXPECT_EQ(ears[0].link.buffer.resets, 0u);
  EXPECT_GE(ears[0].link.buffer.payload_type_changes, 1u);
  EXPECT_GT(arrived_of(scenario, 97, 30.0), 1'000u);
  // From 30 s on all is heard that is said.
  const auto tail =
      ears[0].link.heard.channel(0).last(static_cast<std::size_t>(20 * ears[0].sample_rate_hz));
  double sum = 0.0;
  for (const float x : tail) sum += static_cast<double>(x) * x;
  EXPECT_GT(sum / static_cast<double>(tail.size()), 0.005);
}

TEST(AdaptiveCall, WhenTheNetworkWidensTheFirstCodecComesBackAndStays) {
  auto scenario = narrow("pcmu", 48'000, AdaptationStrategy::kSaveNetwork);
  scenario.parties[0].fallback_codec = "opus";
  scenario.duration_s = 200.0;
  packet::DelayStep wider;
  wider.at_s = 60.0;
  wider.bandwidth_bps = 500'000.0;
  scenario.to_second.steps.push_back(wider);
  const auto moments = simulate_call(scenario).value()[0].adaptations;
  ASSERT_FALSE(moments.empty());
  EXPECT_EQ(moments.back().codec, "PCMU");
  int changes = 0;
  for (std::size_t i = 1; i < moments.size(); ++i)
    changes += moments[i].plan.fallback != moments[i - 1].plan.fallback ? 1 : 0;
  EXPECT_LE(changes, 3);
}

TEST(AdaptiveCall, TheSameScenarioGivesTheSameBits) {
  auto scenario = narrow("pcmu", 48'000, AdaptationStrategy::kSaveNetwork);
  scenario.parties[0].fallback_codec = "opus";
  const auto one = simulate_call(scenario).value();
  const auto two = simulate_call(scenario).value();
  const auto a = one[0].link.heard.channel(0);
  const auto b = two[0].link.heard.channel(0);
  EXPECT_TRUE(std::equal(a.begin(), a.end(), b.begin(), b.end()));
}

TEST(AdaptiveCall, KeepingQualityBearsLossesThatSavingTheNetworkDoesNot) {
  auto scenario = narrow("pcmu", 0, AdaptationStrategy::kKeepQuality);
  scenario.to_second.loss.kind = packet::LossKind::kUniform;
  scenario.to_second.loss.percent = 5.0;
  scenario.parties[0].fallback_codec = "opus";
  EXPECT_TRUE(simulate_call(scenario).value()[0].adaptations.empty());
  scenario.parties[0].adaptation.strategy = AdaptationStrategy::kSaveNetwork;
  EXPECT_FALSE(simulate_call(scenario).value()[0].adaptations.empty());
}

}  // namespace
}  // namespace syrinx::call
