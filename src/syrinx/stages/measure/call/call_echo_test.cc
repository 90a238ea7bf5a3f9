// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/call/call_echo.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "support/test_data.h"
#include "support/wav.h"
#include "syrinx/core/dsp/resample.h"

namespace syrinx::measure {
namespace {

constexpr int kRateHz = 8'000;

AudioBuffer speech(const std::string& file, std::size_t frames) {
  const AudioBuffer read = support::read_wav16(support::data_path(file)).value();
  const AudioBuffer once = dsp::resample(read, kRateHz).value();
  AudioBuffer out(1, frames, kRateHz);
  for (std::size_t i = 0; i < frames; ++i) out.channel(0)[i] = once.channel(0)[i % once.frames()];
  return out;
}

TEST(CallEcho, AVoiceThatComesBackUnderAnotherIsFoundWithItsDelayAndLoss) {
  SYRINX_NEED_DATA("media/plc/54_clean.wav");
  SYRINX_NEED_DATA("media/plc/2307_clean.wav");
  const std::size_t frames = 24 * kRateHz;
  const AudioBuffer said = speech("media/plc/54_clean.wav", frames);
  for (const double loss_db : {10.0, 25.0}) {
    AudioBuffer heard = speech("media/plc/2307_clean.wav", frames);
    const auto gain = static_cast<float>(std::pow(10.0, -loss_db / 20.0));
    const std::size_t lag = 2'400;  // 300 ms.
    for (std::size_t i = lag; i < frames; ++i)
      heard.channel(0)[i] += gain * said.channel(0)[i - lag];
    const EchoSearch search = find_own_voice(said, heard).value();
    ASSERT_TRUE(search.echo.found) << loss_db;
    EXPECT_NEAR(search.echo.delay_ms, 300.0, 0.5);
    EXPECT_NEAR(search.echo.loss_db, loss_db, 3.0);
    EXPECT_FALSE(search.when.empty());
  }
}

TEST(CallEcho, AnotherVoiceNoiseAndSilenceAreNoEcho) {
  SYRINX_NEED_DATA("media/plc/54_clean.wav");
  SYRINX_NEED_DATA("media/plc/2307_clean.wav");
  const std::size_t frames = 24 * kRateHz;
  const AudioBuffer said = speech("media/plc/54_clean.wav", frames);
  EXPECT_FALSE(find_own_voice(said, speech("media/plc/2307_clean.wav", frames))->echo.found);
  AudioBuffer noise(1, frames, kRateHz);
  std::mt19937 random(3);
  std::normal_distribution<float> white(0.0F, 0.1F);
  for (float& x : noise.channel(0)) x = white(random);
  EXPECT_FALSE(find_own_voice(said, noise)->echo.found);
  const AudioBuffer silence(1, frames, kRateHz);
  EXPECT_FALSE(find_own_voice(said, silence)->echo.found);
  EXPECT_FALSE(find_own_voice(silence, said)->echo.found);
  const AudioBuffer empty(1, 0, kRateHz);
  EXPECT_FALSE(find_own_voice(said, empty)->echo.found);
}

TEST(CallEcho, RatesThatDifferAreRefused) {
  const AudioBuffer narrow(1, 8'000, 8'000);
  const AudioBuffer wide(1, 16'000, 16'000);
  EXPECT_EQ(find_own_voice(narrow, wide).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace syrinx::measure
