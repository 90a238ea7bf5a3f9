// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/echo/echo_canceller.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <filesystem>
#include <limits>
#include <random>

#include "support/realtime_guard.h"
#include "support/test_data.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/io/audio_reader.h"
#include "syrinx/stages/enhance/echo/echo_scenes.h"

namespace syrinx::enhance {
namespace {

namespace fs = std::filesystem;
using scenes::Sound;

constexpr int kRateHz = 16'000;
constexpr double kReturnLossDb = 6.0;
constexpr double kNoiseDb = -80.0;

std::size_t samples(double seconds, int rate_hz = kRateHz) {
  return static_cast<std::size_t>(seconds * rate_hz);
}

// A speaker's utterances one after the other, at -26 dBFS.
Sound speech(const std::string& speaker, double seconds, int rate_hz = kRateHz) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(support::data_path("speech/" + speaker)))
    if (entry.path().extension() == ".flac") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  Sound sound;
  for (const fs::path& file : files) {
    const AudioBuffer read = io::read_audio(file).value();
    const AudioBuffer at_rate = dsp::resample(read, rate_hz).value();
    const auto channel = at_rate.channel(0);
    sound.insert(sound.end(), channel.begin(), channel.end());
    if (sound.size() >= samples(seconds, rate_hz)) break;
  }
  sound.resize(samples(seconds, rate_hz));
  scenes::scale(sound, -26.0 - scenes::level_db(sound));
  return sound;
}

Sound room(std::uint32_t seed, int rate_hz = kRateHz) {
  return scenes::make_room(rate_hz, 128.0, 200.0, kReturnLossDb, seed);
}

// Speech-like enough for what needs no outside data: noise that comes and goes.
Sound bursts(double seconds, std::uint32_t seed) {
  Sound sound(samples(seconds));
  scenes::add_noise(sound, -26.0, seed);
  for (std::size_t i = 0; i < sound.size(); ++i)
    sound[i] *= std::max(0.0F, std::sin(static_cast<float>(i) * 6.0F / kRateHz)) + 0.01F;
  return sound;
}

Sound send(EchoCanceller& canceller, const Sound& mic, const Sound& far, std::size_t block = 160) {
  Sound out(mic.size());
  for (std::size_t at = 0; at < mic.size(); at += block) {
    const std::size_t count = std::min(block, mic.size() - at);
    canceller.process(std::span(mic).subspan(at, count), std::span(far).subspan(at, count),
                      std::span(out).subspan(at, count));
  }
  return out;
}

Sound microphone(const Sound& echo) {
  Sound mic = echo;
  scenes::add_noise(mic, kNoiseDb, 5);
  return mic;
}

double erle(const Sound& echo, const Sound& out, const EchoCanceller& canceller, double from_s,
            double to_s) {
  return scenes::erle_db(echo, out, canceller.latency_samples(), canceller.sample_rate_hz(), from_s,
                         to_s);
}

TEST(EchoCanceller, RefusesRatesAndOptionsOutOfRange) {
  EXPECT_EQ(EchoCanceller::create(7'999).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(EchoCanceller::create(48'001).error().code, ErrorCode::kInvalidArgument);
  EchoOptions options;
  options.tail_ms = 15;
  EXPECT_FALSE(EchoCanceller::create(kRateHz, options).has_value());
  options = {};
  options.max_delay_ms = 741;
  EXPECT_FALSE(EchoCanceller::create(kRateHz, options).has_value());
}

TEST(EchoCanceller, TakesTheEchoDownBy20DbInASecondAnd40InFive) {
  SYRINX_NEED_DATA("speech/kathleen");
  const Sound far = speech("kathleen", 9.0);
  for (const std::uint32_t seed : {1U, 2U, 3U}) {
    auto canceller = EchoCanceller::create(kRateHz).value();
    const Sound echo = scenes::convolve(far, room(seed));
    const Sound out = send(canceller, microphone(echo), far);
    EXPECT_GE(erle(echo, out, canceller, 0.8, 1.8), 20.0) << seed;
    EXPECT_GE(erle(echo, out, canceller, 4.5, 5.5), 40.0) << seed;
    EXPECT_GE(erle(echo, out, canceller, 7.5, 8.5), 40.0) << seed;
    EXPECT_GE(canceller.statistics().linear_erle_db, 20.0) << seed;
  }
}

TEST(EchoCanceller, DoesSoAtEveryRate) {
  SYRINX_NEED_DATA("speech/kathleen");
  for (const int rate_hz : {8'000, 11'025, 22'050, 44'100, 48'000}) {
    auto canceller = EchoCanceller::create(rate_hz).value();
    const Sound far = speech("kathleen", 6.0, rate_hz);
    const Sound echo = scenes::convolve(far, room(1, rate_hz));
    const Sound out = send(canceller, microphone(echo), far, 441);
    EXPECT_GE(erle(echo, out, canceller, 0.8, 1.8), 20.0) << rate_hz;
    EXPECT_GE(erle(echo, out, canceller, 4.5, 5.5), 40.0) << rate_hz;
  }
}

TEST(EchoCanceller, FindsBulkDelaysOfHalfASecondWithinTwo) {
  SYRINX_NEED_DATA("speech/kathleen");
  const Sound far = speech("kathleen", 6.0);
  for (const double delay_s : {0.12, 0.25, 0.4, 0.5, 0.6}) {
    auto canceller = EchoCanceller::create(kRateHz).value();
    const Sound echo = scenes::delayed(scenes::convolve(far, room(3)), samples(delay_s));
    const Sound mic = microphone(echo);
    const Sound out = send(canceller, {mic.begin(), mic.begin() + 2 * kRateHz},
                           {far.begin(), far.begin() + 2 * kRateHz});
    EXPECT_TRUE(canceller.statistics().delay_found) << delay_s;
    // The strongest arrival in the room, the direct sound or one soon after.
    EXPECT_NEAR(canceller.statistics().delay_ms, 1e3 * delay_s + 8.0, 8.0);
    auto whole = EchoCanceller::create(kRateHz).value();
    EXPECT_GE(erle(echo, send(whole, mic, far), whole, 2.5, 3.5), 30.0) << delay_s;
  }
}

TEST(EchoCanceller, FollowsADelayThatSteps) {
  SYRINX_NEED_DATA("speech/kathleen");
  const Sound far = speech("kathleen", 14.0);
  const Sound near_by = scenes::convolve(far, room(4));
  Sound echo = scenes::delayed(near_by, samples(0.4));
  const Sound first = scenes::delayed(near_by, samples(0.05));
  std::copy_n(first.begin(), samples(7.0), echo.begin());
  auto canceller = EchoCanceller::create(kRateHz).value();
  const Sound out = send(canceller, microphone(echo), far);
  EXPECT_GE(canceller.statistics().delay_changes, 1U);
  EXPECT_GE(erle(echo, out, canceller, 9.5, 11.0), 30.0);
}

TEST(EchoCanceller, FindsANewRoom) {
  SYRINX_NEED_DATA("speech/kathleen");
  const Sound far = speech("kathleen", 12.0);
  Sound echo = scenes::convolve(far, room(2));
  const Sound first = scenes::convolve(far, room(1));
  std::copy_n(first.begin(), samples(7.0), echo.begin());
  auto canceller = EchoCanceller::create(kRateHz).value();
  const Sound out = send(canceller, microphone(echo), far);
  EXPECT_GE(canceller.statistics().path_changes, 1U);
  EXPECT_GE(erle(echo, out, canceller, 8.2, 9.2), 30.0);
}

// The bar: the near end loses at most 1.5 dB and stays itself.
TEST(EchoCanceller, KeepsTheNearEndWhileBothTalk) {
  SYRINX_NEED_DATA("speech/matthes");
  const Sound far = speech("kathleen", 18.0);
  const Sound echo = scenes::convolve(far, room(1));
  for (const double louder_db : {0.0, 6.0}) {
    Sound near = speech("matthes", 18.0);
    std::fill_n(near.begin(), samples(7.0), 0.0F);
    scenes::scale(near, louder_db - kReturnLossDb);
    Sound mic = microphone(echo);
    scenes::add(mic, near);
    auto canceller = EchoCanceller::create(kRateHz).value();
    const Sound out = send(canceller, mic, far);
    const auto heard = std::span(out).subspan(samples(7.0));
    const auto clean = std::span(near).subspan(samples(7.0));
    EXPECT_NEAR(scenes::level_db(heard), scenes::level_db(clean), 1.5) << louder_db;
    EXPECT_GE(scenes::correlation(clean, heard, canceller.latency_samples()), 0.95) << louder_db;
    EXPECT_GT(canceller.statistics().double_talk_blocks, canceller.statistics().blocks / 8);
  }
}

TEST(EchoCanceller, HoldsAgainstALoudspeakerThatSaturates) {
  SYRINX_NEED_DATA("speech/kathleen");
  const Sound far = speech("kathleen", 10.0);
  const Sound echo = scenes::convolve(scenes::distorted(far, 6.0F), room(1));
  auto canceller = EchoCanceller::create(kRateHz).value();
  const Sound out = send(canceller, microphone(echo), far);
  EXPECT_GE(erle(echo, out, canceller, 0.8, 1.8), 20.0);
  EXPECT_GE(erle(echo, out, canceller, 6.0, 9.0), 30.0);
}

TEST(EchoCanceller, FollowsClocksThatDiffer) {
  SYRINX_NEED_DATA("speech/kathleen");
  const Sound far = speech("kathleen", 30.0);
  const Sound still = scenes::delayed(scenes::convolve(far, room(1)), samples(0.06));
  for (const double ppm : {-500.0, -100.0, 500.0}) {
    const Sound echo = scenes::drifted(still, ppm);
    auto canceller = EchoCanceller::create(kRateHz).value();
    const Sound out = send(canceller, microphone(echo), far);
    EXPECT_NEAR(canceller.statistics().drift_ppm, ppm, 50.0);
    EXPECT_GE(canceller.statistics().linear_erle_db, 15.0) << ppm;
    EXPECT_GE(erle(echo, out, canceller, 24.0, 29.0), 40.0) << ppm;
  }
}

TEST(EchoCanceller, PutsNoiseLikeTheBackgroundWhereItTookIt) {
  SYRINX_NEED_DATA("speech/kathleen");
  const Sound far = speech("kathleen", 16.0);
  const Sound echo = scenes::convolve(far, room(1));
  Sound noise(echo.size());
  scenes::add_noise(noise, -55.0, 9);
  Sound mic = noise;
  scenes::add(mic, echo);
  auto canceller = EchoCanceller::create(kRateHz).value();
  const Sound out = send(canceller, mic, far);
  const auto part = std::span(out).subspan(samples(8.0), samples(7.5));
  EXPECT_NEAR(scenes::level_db(part), scenes::level_db(noise), 2.5);
}

TEST(EchoCanceller, PassesTheNearEndAsItIsWhileTheFarEndIsSilent) {
  auto canceller = EchoCanceller::create(kRateHz).value();
  const Sound near = bursts(3.0, 4);
  const Sound out = send(canceller, near, Sound(near.size()));
  float worst = 0.0F;
  const std::size_t late = canceller.latency_samples();
  for (std::size_t i = 0; i + late < near.size(); ++i)
    worst = std::max(worst, std::abs(out[i + late] - near[i]));
  EXPECT_LT(worst, 1e-6F);  // -120 dBFS: the rounding of the windows.
  EXPECT_EQ(canceller.statistics().far_blocks, 0U);
}

TEST(EchoCanceller, GivesTheSameSamplesHoweverTheSoundIsCut) {
  const Sound far = bursts(2.0, 1);
  const Sound mic = microphone(scenes::convolve(far, room(1)));
  auto whole = EchoCanceller::create(kRateHz).value();
  const Sound wanted = send(whole, mic, far, mic.size());
  for (const std::size_t block : {1U, 7U, 64U, 160U, 480U}) {
    auto canceller = EchoCanceller::create(kRateHz).value();
    EXPECT_EQ(send(canceller, mic, far, block), wanted) << block;
  }
}

TEST(EchoCanceller, StartsAnewAfterAReset) {
  const Sound far = bursts(2.0, 1);
  const Sound mic = microphone(scenes::delayed(scenes::convolve(far, room(1)), samples(0.2)));
  auto canceller = EchoCanceller::create(kRateHz).value();
  const Sound first = send(canceller, mic, far);
  canceller.reset();
  EXPECT_EQ(canceller.statistics().blocks, 0U);
  EXPECT_EQ(send(canceller, mic, far), first);
}

TEST(EchoCanceller, TakesNoMemoryAndNoLocksInRealTime) {
  auto canceller = EchoCanceller::create(kRateHz).value();
  const Sound far = bursts(3.0, 1);
  const Sound mic = microphone(scenes::delayed(scenes::convolve(far, room(1)), samples(0.2)));
  Sound out(mic.size());
  EXPECT_REALTIME_SAFE(canceller.process(mic, far, out));
  EXPECT_REALTIME_SAFE(canceller.reset());
}

TEST(EchoCanceller, OutlivesWhatIsNoSound) {
  std::minstd_rand random(3);
  const std::array<float, 6> odd{std::numeric_limits<float>::quiet_NaN(),
                                 std::numeric_limits<float>::infinity(),
                                 -std::numeric_limits<float>::infinity(),
                                 1e30F,
                                 -1e30F,
                                 1e-42F};
  const Sound far = bursts(4.0, 1);
  Sound mic = microphone(scenes::convolve(far, room(1)));
  Sound bad_far = far;
  for (std::size_t i = 0; i < samples(2.0); i += 97) {
    mic[i] = odd[random() % odd.size()];
    bad_far[i] = odd[random() % odd.size()];
  }
  auto canceller = EchoCanceller::create(kRateHz).value();
  const Sound out = send(canceller, mic, bad_far);
  for (const float sample : out) ASSERT_TRUE(std::isfinite(sample));
  EXPECT_GT(canceller.statistics().bad_samples, 100U);
  for (std::size_t i = samples(2.1); i < out.size(); ++i) ASSERT_LT(std::abs(out[i]), 2.0F);
}

TEST(EchoCanceller, OutlivesConstantsAndClipping) {
  auto canceller = EchoCanceller::create(kRateHz).value();
  Sound loud = bursts(3.0, 1);
  for (float& sample : loud) sample = std::clamp(100.0F * sample, -1.0F, 1.0F);
  for (const Sound& far : {Sound(samples(2.0)), Sound(samples(2.0), 0.5F), loud}) {
    const Sound out = send(canceller, far, far);
    for (const float sample : out) ASSERT_LE(std::abs(sample), 2.0F);
  }
}

}  // namespace
}  // namespace syrinx::enhance
