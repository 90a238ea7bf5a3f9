// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/rate_changer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "support/realtime_guard.h"

namespace syrinx::call {
namespace {

std::vector<float> tone(int rate_hz, double hz, std::size_t frames) {
  std::vector<float> out(frames);
  for (std::size_t i = 0; i < frames; ++i)
    out[i] = static_cast<float>(
        0.5 * std::sin(2.0 * std::numbers::pi * hz * static_cast<double>(i) / rate_hz));
  return out;
}

std::vector<float> changed(RateChanger& changer, const std::vector<float>& in, std::size_t block) {
  std::vector<float> out;
  for (std::size_t at = 0; at + block <= in.size(); at += block) {
    std::vector<float> part(changer.out_frames(block));
    changer.process(std::span(in).subspan(at, block), part);
    out.insert(out.end(), part.begin(), part.end());
  }
  return out;
}

double level_db(const std::vector<float>& x, std::size_t from) {
  double sum = 0.0;
  for (std::size_t i = from; i < x.size(); ++i) sum += static_cast<double>(x[i]) * x[i];
  return 10.0 * std::log10(sum / static_cast<double>(x.size() - from) / 0.125 + 1e-20);
}

TEST(RateChanger, AToneComesOutAtTheOtherRateDelayedAsItSays) {
  const std::pair<int, int> pairs[] = {{8'000, 16'000}, {8'000, 48'000},  {16'000, 8'000},
                                       {48'000, 8'000}, {44'100, 48'000}, {16'000, 44'100},
                                       {32'000, 24'000}};
  for (const auto& [in_hz, out_hz] : pairs) {
    auto changer = RateChanger::create(in_hz, out_hz).value();
    const auto out = changed(changer, tone(in_hz, 1'000.0, static_cast<std::size_t>(in_hz)),
                             static_cast<std::size_t>(in_hz) / 100);
    ASSERT_EQ(out.size(), static_cast<std::size_t>(out_hz));
    double worst = 0.0;
    for (std::size_t i = out.size() / 2; i < out.size(); ++i) {
      const double t = static_cast<double>(i) / out_hz - changer.latency_ms() * 1e-3;
      worst = std::max(worst, std::abs(out[i] - 0.5 * std::sin(2.0 * std::numbers::pi * 1e3 * t)));
    }
    EXPECT_LT(worst, 1e-3) << in_hz << " to " << out_hz;  // -54 dB of the tone.
    EXPECT_LE(changer.latency_ms(), 3.01);
  }
}

TEST(RateChanger, ThePassBandIsFlatAndWhatCannotBeIsGone) {
  auto down = RateChanger::create(48'000, 8'000).value();
  EXPECT_NEAR(level_db(changed(down, tone(48'000, 3'300.0, 48'000), 480), 1'000), 0.0, 0.1);
  down.reset();
  EXPECT_LT(level_db(changed(down, tone(48'000, 4'100.0, 48'000), 480), 1'000), -60.0);
  auto up = RateChanger::create(8'000, 48'000).value();
  const auto out = changed(up, tone(8'000, 3'300.0, 8'000), 80);
  EXPECT_NEAR(level_db(out, 6'000), 0.0, 0.1);
  // Its image at 4700 Hz, by correlation.
  double re = 0.0;
  double im = 0.0;
  for (std::size_t i = 24'000; i < 48'000; ++i) {
    const double angle = 2.0 * std::numbers::pi * 4'700.0 * static_cast<double>(i) / 48'000.0;
    re += out[i] * std::cos(angle);
    im += out[i] * std::sin(angle);
  }
  EXPECT_LT(20.0 * std::log10(std::hypot(re, im) / 12'000.0 / 0.5), -60.0);
}

TEST(RateChanger, TheBlocksDoNotChangeTheSound) {
  auto one = RateChanger::create(16'000, 48'000).value();
  auto two = RateChanger::create(16'000, 48'000).value();
  const auto in = tone(16'000, 700.0, 3'200);
  EXPECT_EQ(changed(one, in, 160), changed(two, in, 20));
}

TEST(RateChanger, IsSafeInRealTimeAndRefusesWhatIsNoRateOfCalls) {
  auto changer = RateChanger::create(8'000, 48'000).value();
  const auto in = tone(8'000, 500.0, 80);
  std::vector<float> out(480);
  EXPECT_REALTIME_SAFE(changer.process(in, out));
  EXPECT_EQ(RateChanger::create(8'000, 96'000).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(RateChanger::create(11'025, 8'000).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace syrinx::call
