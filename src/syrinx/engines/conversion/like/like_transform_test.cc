// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/like/like_transform.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "support/realtime_guard.h"
#include "support/test_data.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/engines/conversion/conversion.h"
#include "syrinx/stages/voice/profile/profile_distance.h"
#include "syrinx/stages/voice/profile/profile_test_support.h"

namespace syrinx::conversion {
namespace {

using voice::VoiceProfile;
using Transform = std::unique_ptr<voice::VoiceTransform>;

voice::FrameShape shape_at(int rate_hz) { return voice::frame_shape(rate_hz).value(); }

// The transform of a mode with that mailbox, prepared.
Transform like(Mode mode, const voice::Format& format, std::shared_ptr<LikeMailbox> mailbox) {
  auto made = make_like_transform(make_transform({mode, {}, {}}, format).value(), mailbox);
  EXPECT_TRUE(made->prepare(format));
  return made;
}

// With a source and a target that are known from the beginning.
Transform like(Mode mode, const voice::Format& format, const VoiceProfile& source,
               const VoiceProfile& target, const voice::LikeOptions& options = {}) {
  auto mailbox = std::make_shared<LikeMailbox>();
  mailbox->post(make_like_aim(shape_at(format.sample_rate_hz), source, target, options));
  return like(mode, format, std::move(mailbox));
}

AudioBuffer sent_through(voice::VoiceTransform& transform, AudioView sound,
                         std::size_t block = 4'096) {
  AudioBuffer out(sound);
  for (std::size_t at = 0; at < out.frames(); at += block)
    transform.process(out.view().slice(at, std::min(block, out.frames() - at)));
  return out;
}

// The whole sound, its delay taken off.
AudioBuffer converted(voice::VoiceTransform& transform, AudioView sound) {
  AudioBuffer longer(sound);
  const std::size_t latency = transform.latency_samples();
  longer.append(AudioBuffer(sound.channels(), latency, sound.sample_rate_hz()));
  const auto out = sent_through(transform, longer);
  return AudioBuffer(out.view().slice(latency, sound.frames()));
}

VoiceProfile talkers(double f0_hz, int rate_hz = 16'000) {
  return voice::learn_profile(voice::talker(f0_hz, rate_hz), "the talker").value();
}

class LikeModes : public testing::TestWithParam<Mode> {};
INSTANTIATE_TEST_SUITE_P(Modes, LikeModes,
                         testing::Values(Mode::kLow, Mode::kBalanced, Mode::kHigh));

TEST_P(LikeModes, AreNoLaterThanThePitchAloneAndAnImpulseComesOutThen) {
  for (const int rate_hz : {16'000, 44'100, 48'000}) {
    const voice::Format format{rate_hz, 1, 4'096};
    auto transform = like(GetParam(), format, talkers(120.0), talkers(190.0));
    const auto plain = make_transform({GetParam(), {}, {}}, format).value();
    ASSERT_EQ(transform->latency_samples(), plain->latency_samples());
    EXPECT_LT(1e3 * static_cast<double>(transform->latency_samples()) / rate_hz,
              most_latency_ms(GetParam()));
    const auto at = static_cast<std::size_t>(rate_hz / 2);
    AudioBuffer sound(1, 2 * at, rate_hz);
    sound.channel(0)[at] = 1.0f;
    const auto out = sent_through(*transform, sound);
    const std::size_t due = at + transform->latency_samples();
    for (std::size_t i = 0; i < due; ++i) ASSERT_LT(std::abs(out.channel(0)[i]), 1e-4f) << i;
    EXPECT_GT(std::abs(out.channel(0)[due]), 0.1f) << rate_hz;
  }
}

TEST_P(LikeModes, GiveTheSameForBlocksOfAnySize) {
  const voice::Format format{16'000, 2, 16'000};
  const auto source = talkers(120.0);
  const auto target = talkers(190.0);
  AudioBuffer sound(2, 16'000, 16'000);
  const auto left = voice::talker(120.0, 16'000, 1.0);
  const auto right = voice::talker(140.0, 16'000, 1.0);
  std::copy_n(left.channel(0).begin(), 16'000, sound.channel(0).begin());
  std::copy_n(right.channel(0).begin(), 16'000, sound.channel(1).begin());
  const voice::LikeOptions options{.mixture = 0.5, .network = 0.7};
  const auto whole =
      sent_through(*like(GetParam(), format, source, target, options), sound, 16'000);
  EXPECT_GT(voice::rms(whole.channel(0)), 0.01);
  for (const std::size_t block : {1u, 7u, 64u}) {
    const auto cut = sent_through(*like(GetParam(), format, source, target, options), sound, block);
    for (std::size_t c = 0; c < 2; ++c)
      for (std::size_t i = 0; i < whole.frames(); ++i)
        ASSERT_EQ(cut.channel(c)[i], whole.channel(c)[i]) << block << " " << i;
  }
}

TEST_P(LikeModes, OfNoAmountAreWhatTheTransformAloneMakes) {
  const voice::Format format{16'000, 1, 4'096};
  const auto sound = voice::talker(120.0, 16'000);
  const auto plain = make_transform({GetParam(), {}, {}}, format).value();
  const auto expected = converted(*plain, voice::less_constant(sound));
  auto transform = like(GetParam(), format, talkers(120.0), talkers(190.0), {.amount = 0.0});
  const auto out = converted(*transform, sound);
  for (std::size_t i = 0; i < sound.frames(); ++i)
    ASSERT_NEAR(out.channel(0)[i], expected.channel(0)[i], 1e-5f) << i;
}

struct Pair {
  const char* source;
  const char* target;
};

class LikeRecordings : public testing::TestWithParam<std::tuple<Mode, Pair>> {};
INSTANTIATE_TEST_SUITE_P(
    Pairs, LikeRecordings,
    testing::Combine(testing::Values(Mode::kLow, Mode::kBalanced, Mode::kHigh),
                     testing::Values(Pair{"ljspeech/LJ001-0002", "matthes/LJ001-0009"},
                                     Pair{"matthes/LJ001-0009", "ljspeech/LJ001-0004"},
                                     Pair{"kathleen/arctic_a0003", "matthes/LJ001-0009"})));

TEST_P(LikeRecordings, ReachTheTargetsPitchAndGoHalfOfTheWayInTheSpectrum) {
  const auto [mode, pair] = GetParam();
  SYRINX_NEED_DATA(std::string("speech/") + pair.source + ".flac");
  const auto read = [](const std::string& name) {
    return io::read_audio(support::data_path("speech/" + name + ".flac")).value();
  };
  const AudioBuffer sound = read(pair.source);
  const auto source = voice::learn_profile(sound).value();
  const auto target = voice::learn_profile(read(pair.target)).value();
  auto transform = like(mode, {sound.sample_rate_hz(), 1, 4'096}, source, target);
  const auto result = voice::learn_profile(converted(*transform, sound)).value();
  const auto before = voice::compare_profiles(source, target);
  const auto after = voice::compare_profiles(result, target);
  EXPECT_LT(std::abs(after.f0_semitones), 1.0);
  EXPECT_LT(after.mcd_db, 0.5 * before.mcd_db);
  EXPECT_GT(after.similarity, before.similarity);
}

// A voice without anything above 1 kHz, so that a jump stands out.
AudioBuffer hum(double f0_hz, double seconds) {
  AudioBuffer sound(1, static_cast<std::size_t>(16'000 * seconds), 16'000);
  for (std::size_t i = 0; i < sound.frames(); ++i)
    for (int h = 1; h * f0_hz < 1'000.0; ++h)
      sound.channel(0)[i] += static_cast<float>(
          0.1 / h * std::sin(6.283185307 * h * f0_hz / 16'000.0 * static_cast<double>(i)));
  return sound;
}

// The largest third difference of a sound in each stretch of 5 ms: what is high in it.
std::vector<double> roughest(std::span<const float> x) {
  std::vector<double> most(x.size() / 80);
  for (std::size_t i = 3; i < most.size() * 80; ++i) {
    const float bend = x[i] - 3.0f * x[i - 1] + 3.0f * x[i - 2] - x[i - 3];
    most[i / 80] = std::max(most[i / 80], static_cast<double>(std::abs(bend)));
  }
  return most;
}

TEST(LikeTransform, TakesALearntVoiceWhileItRunsWithoutAClick) {
  const auto source = talkers(120.0);
  const auto target = talkers(190.0);
  auto mailbox = std::make_shared<LikeMailbox>();
  auto transform = like(Mode::kBalanced, {16'000, 1, 4'096}, mailbox);
  AudioBuffer out = hum(120.0, 2.0);
  for (std::size_t at = 0; at < out.frames(); at += 160) {
    if (at == 16'000) mailbox->post(make_like_aim(shape_at(16'000), source, target, {}));
    transform->process(out.view().slice(at, 160));
  }
  const auto f0_of = [&](std::size_t from, std::size_t to) {
    return voice::learn_profile(AudioBuffer(out.view().slice(from, to - from))).value().f0_hz();
  };
  EXPECT_NEAR(f0_of(0, 15'000), 120.0, 2.0);
  EXPECT_NEAR(f0_of(20'000, 32'000) / 120.0, target.f0_hz() / source.f0_hz(), 0.05);
  const auto rough = roughest(out.channel(0));
  const auto most = [&](std::size_t from, std::size_t to) {
    return *std::max_element(rough.begin() + static_cast<std::ptrdiff_t>(from),
                             rough.begin() + static_cast<std::ptrdiff_t>(to));
  };
  EXPECT_LT(most(195, 260), 1.2 * std::max(most(100, 190), most(260, 400)));
}

TEST(LikeTransform, AllocatesNothingWhileItRunsAndTakesWhatIsHandedOver) {
  const auto source = talkers(120.0);
  const auto target = talkers(190.0);
  auto mailbox = std::make_shared<LikeMailbox>();
  auto transform = like(Mode::kLow, {16'000, 1, 4'096}, mailbox);
  auto sound = voice::talker(120.0, 16'000, 2.0);
  for (int round = 0; round < 3; ++round) {
    const voice::LikeOptions options{.mixture = 0.5, .network = 0.5};
    mailbox->post(make_like_aim(shape_at(16'000), source, target, options));
    const std::size_t at = static_cast<std::size_t>(round) * 10'000;
    EXPECT_REALTIME_SAFE({
      transform->process(sound.view().slice(at, 4'000));
      transform->process(sound.view().slice(at + 4'000, 4'000));
      transform->set({.pitch_ratio = 1.1});
      transform->process(sound.view().slice(at + 8'000, 2'000));
      if (round == 1) transform->reset();
    });
  }
}

TEST(LikeTransform, WhatIsAskedForBesidesIsOnTop) {
  const auto source = talkers(120.0);
  const auto target = talkers(190.0);
  auto transform = like(Mode::kBalanced, {16'000, 1, 4'096}, source, target);
  const auto sound = voice::talker(120.0, 16'000);
  const double alone = voice::learn_profile(converted(*transform, sound)).value().f0_hz();
  transform->set({.pitch_ratio = 1.2});
  EXPECT_EQ(transform->settings().pitch_ratio, 1.2);
  transform->reset();
  const double both = voice::learn_profile(converted(*transform, sound)).value().f0_hz();
  EXPECT_NEAR(both / alone, 1.2, 0.03);
}

TEST(LikeTransform, TakesBadSamplesForSilenceAndCountsThem) {
  auto transform = like(Mode::kBalanced, {16'000, 1, 4'096}, talkers(120.0), talkers(190.0));
  auto sound = voice::talker(120.0, 16'000, 1.0);
  sound.channel(0)[3'000] = std::nanf("");
  sound.channel(0)[4'000] = 1e20f;
  const auto out = sent_through(*transform, sound);
  for (const float x : out.channel(0)) ASSERT_LT(std::abs(x), 10.0f);
  EXPECT_EQ(transform->bad_samples(), 2u);
}

TEST(LikeTransform, LeavesAConstantOut) {
  const auto source = talkers(120.0);
  const auto target = talkers(190.0);
  // The constant is there a second before. What is below a thousandth may stay in one and not in
  // the other.
  AudioBuffer sound(1, 16'000, 16'000);
  sound.append(voice::talker(120.0, 16'000));
  AudioBuffer lifted = sound;
  for (float& x : lifted.channel(0)) x += 0.3f;
  const voice::Format format{16'000, 1, 4'096};
  const auto expected = converted(*like(Mode::kBalanced, format, source, target), sound);
  const auto out = converted(*like(Mode::kBalanced, format, source, target), lifted);
  for (std::size_t i = 14'000; i + 1'000 < out.frames(); ++i)
    ASSERT_NEAR(out.channel(0)[i], expected.channel(0)[i], 2e-3f) << i;
}

TEST(LikeTransform, RefusesRatesBelowItsAnalysis) {
  const voice::Format format{8'000, 1, 512};
  auto made =
      make_like_transform(make_transform({}, format).value(), std::make_shared<LikeMailbox>());
  EXPECT_FALSE(made->prepare(format));
}

}  // namespace
}  // namespace syrinx::conversion
