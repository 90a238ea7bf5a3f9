// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/plc/packet_loss_concealer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include "support/realtime_guard.h"

namespace syrinx::enhance {
namespace {

// A steady vowel: harmonics of 125 Hz that fall by 6 dB an octave.
AudioBuffer vowel(int rate_hz, double seconds) {
  AudioBuffer audio(1, static_cast<std::size_t>(rate_hz * seconds), rate_hz);
  for (std::size_t i = 0; i < audio.frames(); ++i) {
    double sum = 0.0;
    for (int h = 1; h * 125 < 3'400; ++h)
      sum += std::sin(2 * std::numbers::pi * 125.0 * h * static_cast<double>(i) / rate_hz +
                      0.5 * h * h) /
             h;
    audio.channel(0)[i] = static_cast<float>(0.15 * sum);
  }
  return audio;
}

double power_of(std::span<const float> samples) {
  double sum = 0.0;
  for (const float sample : samples) sum += static_cast<double>(sample) * sample;
  return sum / static_cast<double>(samples.size());
}

double error_db(std::span<const float> wanted, std::span<const float> got) {
  std::vector<float> difference(wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) difference[i] = wanted[i] - got[i];
  return 10 * std::log10(power_of(difference) / power_of(wanted));
}

// Block by block, every `period`th lost.
AudioBuffer with_losses(const AudioBuffer& audio, std::size_t block, std::size_t period) {
  auto concealer = PacketLossConcealer::create(audio.sample_rate_hz()).value();
  AudioBuffer heard = audio;
  for (std::size_t i = 0; (i + 1) * block <= audio.frames(); ++i) {
    const auto out = heard.view().slice(i * block, block);
    if (i % period == period - 1) {
      concealer.conceal(out);
    } else {
      concealer.receive(out);
    }
  }
  return heard;
}

TEST(PacketLoss, AVowelGoesOnThroughALostPacket) {
  for (const int rate_hz : {8'000, 16'000, 44'100, 48'000}) {
    const AudioBuffer audio = vowel(rate_hz, 2.0);
    const auto block = static_cast<std::size_t>(rate_hz / 50);
    const AudioBuffer heard = with_losses(audio, block, 10);
    for (std::size_t lost = 9; (lost + 1) * block <= audio.frames(); lost += 10) {
      EXPECT_LT(error_db(audio.channel(0).subspan(lost * block, block),
                         heard.channel(0).subspan(lost * block, block)),
                -10.0)
          << rate_hz << " Hz, packet " << lost;
    }
  }
}

TEST(PacketLoss, SoundThatAllCameIsLeftAsItIs) {
  AudioBuffer audio = vowel(16'000, 0.5);
  const AudioBuffer before = audio;
  auto concealer = PacketLossConcealer::create(16'000).value();
  concealer.receive(audio.view());
  for (std::size_t i = 0; i < audio.frames(); ++i)
    ASSERT_EQ(audio.channel(0)[i], before.channel(0)[i]);
  EXPECT_EQ(concealer.concealed_frames(), 0U);
}

TEST(PacketLoss, TheSeamsDoNotClick) {
  const AudioBuffer audio = vowel(8'000, 2.0);
  const AudioBuffer heard = with_losses(audio, 160, 7);
  double steepest = 0.0;
  for (std::size_t i = 1; i < audio.frames(); ++i)
    steepest = std::max<double>(steepest, std::abs(audio.channel(0)[i] - audio.channel(0)[i - 1]));
  for (std::size_t i = 1; i < heard.frames(); ++i)
    ASSERT_LT(std::abs(heard.channel(0)[i] - heard.channel(0)[i - 1]), 1.5 * steepest) << i;
}

TEST(PacketLoss, NoiseGoesOnAsNoiseOfItsLevel) {
  std::mt19937 random(2);
  std::normal_distribution<float> white(0.0F, 0.05F);
  AudioBuffer audio(1, 16'000, 8'000);
  for (float& sample : audio.channel(0)) sample = white(random);
  const AudioBuffer heard = with_losses(audio, 160, 5);
  double lost = 0.0;
  int count = 0;
  for (std::size_t i = 4; (i + 1) * 160 <= audio.frames(); i += 5, ++count)
    lost += power_of(heard.channel(0).subspan(i * 160, 160));
  EXPECT_NEAR(10 * std::log10(lost / count / 0.0025), 0.0, 2.0);
}

TEST(PacketLoss, ALongLossFadesToSilence) {
  AudioBuffer audio = vowel(8'000, 1.0);
  auto concealer = PacketLossConcealer::create(8'000).value();
  concealer.receive(audio.view().slice(0, 4'000));
  concealer.conceal(audio.view().slice(4'000, 4'000));
  EXPECT_GT(power_of(audio.channel(0).subspan(4'000, 160)), 0.003);
  EXPECT_EQ(power_of(audio.channel(0).subspan(6'000, 2'000)), 0.0);
  EXPECT_EQ(concealer.concealed_frames(), 4'000U);
}

TEST(PacketLoss, NothingHeardBeforeIsSilence) {
  AudioBuffer audio = vowel(8'000, 0.1);
  auto concealer = PacketLossConcealer::create(8'000).value();
  concealer.conceal(audio.view());
  for (const float sample : audio.channel(0)) EXPECT_LT(std::abs(sample), 1e-4F);
}

TEST(PacketLoss, BlocksOfAnySizeConcealTheSame) {
  const AudioBuffer audio = vowel(8'000, 0.6);
  AudioBuffer whole = audio;
  auto first = PacketLossConcealer::create(8'000).value();
  first.receive(whole.view().slice(0, 2'400));
  first.conceal(whole.view().slice(2'400, 480));
  first.receive(whole.view().slice(2'880, 1'920));
  for (const std::size_t size : {1U, 7U, 64U}) {
    AudioBuffer parts = audio;
    auto second = PacketLossConcealer::create(8'000).value();
    for (std::size_t at = 0; at < parts.frames();) {
      const std::size_t end = at < 2'400 ? 2'400 : at < 2'880 ? 2'880 : parts.frames();
      const auto block = parts.view().slice(at, std::min(size, end - at));
      if (at >= 2'400 && at < 2'880) {
        second.conceal(block);
      } else {
        second.receive(block);
      }
      at += block.frames();
    }
    for (std::size_t i = 0; i < whole.frames(); ++i)
      ASSERT_EQ(whole.channel(0)[i], parts.channel(0)[i]) << size << " at " << i;
  }
}

TEST(PacketLoss, IsRealTimeSafeAndStaysFiniteInWhateverItHears) {
  for (const int rate_hz : {8'000, 48'000}) {
    auto concealer = PacketLossConcealer::create(rate_hz).value();
    AudioBuffer block(1, static_cast<std::size_t>(rate_hz / 100), rate_hz);
    std::mt19937 random(9);
    for (int i = 0; i < 200; ++i) {
      for (float& sample : block.channel(0))
        sample = random() % 50 == 0 ? (random() % 2 ? 1.0F : -1.0F) : 0.0F;
      if (i == 30) block.channel(0)[3] = std::nanf("");
      EXPECT_REALTIME_SAFE({
        if (random() % 3 == 0) {
          concealer.conceal(block.view());
        } else {
          concealer.receive(block.view());
        }
      });
      for (const float sample : block.channel(0)) ASSERT_LE(std::abs(sample), 1.0F);
    }
    EXPECT_REALTIME_SAFE(concealer.reset());
  }
}

TEST(PacketLoss, ARateOutsideItsOwnIsRefused) {
  EXPECT_EQ(PacketLossConcealer::create(4'000).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(PacketLossConcealer::create(96'000).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace syrinx::enhance
