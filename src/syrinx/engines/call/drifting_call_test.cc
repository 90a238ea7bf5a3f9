// SPDX-License-Identifier: Apache-2.0
// Recorded speech, in which periods are harder to find than in made speech, between far clocks.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "support/test_data.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/engines/call/simulate_call.h"

namespace syrinx::call {
namespace {

// All that a speaker of the data says, one recording after another.
AudioBuffer all_of(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".flac") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  AudioBuffer all;
  for (const auto& file : files) all.append(io::read_audio(file).value());
  return all;
}

TEST(DriftingCall, ClocksTwoAndAHalfPercentApartKeepTheDelayOfRecordedSpeechWithin20Ms) {
  SYRINX_NEED_DATA("speech/matthes");
  for (const double ppm : {25'000.0, -25'000.0}) {
    Scenario scenario;
    scenario.duration_s = 120.0;
    Party alice;
    alice.name = "alice";
    alice.spoken = all_of(support::data_path("speech/matthes"));
    alice.codec = "g722";
    alice.clock_ppm = ppm;
    Party bob;
    bob.name = "bob";
    bob.spoken = alice.spoken;
    scenario.parties = {alice, bob};
    scenario.to_second.delay.jitter = packet::JitterKind::kUniform;
    scenario.to_second.delay.jitter_ms = 10.0;
    std::vector<double> delays;
    CallObservers observers;
    observers.event = [&](const std::string& listener, const packet::LinkEvent& event) {
      const double at_s = static_cast<double>(event.time.count()) * 1e-9;
      if (listener == "bob" && event.kind == packet::LinkEvent::Kind::kBlock && at_s > 15.0 &&
          at_s < 115.0)
        delays.push_back(event.delay_ms);
    };
    const auto ears = simulate_call(scenario, observers).value();
    double mean = 0.0;
    for (const double delay : delays) mean += delay / static_cast<double>(delays.size());
    double furthest = 0.0;
    for (const double delay : delays) furthest = std::max(furthest, std::abs(delay - mean));
    EXPECT_LE(furthest, 20.0) << ppm;
    EXPECT_EQ(ears[0].link.buffer.resets, 0u) << ppm;
  }
}

}  // namespace
}  // namespace syrinx::call
