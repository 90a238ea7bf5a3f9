// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/phase_vocoder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>

#include "syrinx/stages/voice/voice_test_support.h"

namespace syrinx::voice {
namespace {

constexpr int kRate = 22'050;

AudioBuffer vocoded(const AudioBuffer& audio, const PhaseVocoderOptions& options,
                    std::size_t block = 3'000) {
  return all_of(
      *PhaseVocoder::create(std::make_unique<BufferSource>(audio, block), options).value());
}

AudioBuffer chord(std::initializer_list<double> hz, double seconds) {
  AudioBuffer audio(1, static_cast<std::size_t>(seconds * kRate), kRate);
  for (std::size_t i = 0; i < audio.frames(); ++i) {
    double sum = 0.0;
    for (const double f : hz)
      sum += std::sin(2.0 * std::numbers::pi * f * static_cast<double>(i) / kRate);
    audio.channel(0)[i] = static_cast<float>(0.2 * sum);
  }
  return audio;
}

// The power of a tone in the middle of a sound.
double power_at(AudioView audio, double hz) {
  const std::size_t from = audio.frames() / 4;
  const std::size_t count = audio.frames() / 2;
  std::complex<double> sum;
  double weights = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    const double w = 0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * static_cast<double>(i) /
                                          static_cast<double>(count));
    sum += w * static_cast<double>(audio.channel(0)[from + i]) *
           std::polar(1.0, -2.0 * std::numbers::pi * hz * static_cast<double>(i) / kRate);
    weights += w;
  }
  return 2.0 * std::norm(sum / weights);
}

// The power of a voice's harmonics in a band.
double power_between(AudioView audio, double f0_hz, double low_hz, double high_hz) {
  double sum = 0.0;
  for (double hz = f0_hz * std::ceil(low_hz / f0_hz); hz < high_hz; hz += f0_hz)
    sum += power_at(audio, hz);
  return sum;
}

PhaseVocoderOptions pitched(double ratio, double formants) {
  PhaseVocoderOptions options;
  options.pitch_ratio = ratio;
  options.formant_ratio = formants;
  return options;
}

PhaseVocoderOptions paced(double speed) {
  PhaseVocoderOptions options;
  options.speed = speed;
  return options;
}

TEST(PhaseVocoder, LeavesASoundAsItIsWhereNothingIsAskedFor) {
  const AudioBuffer voice = voice_at(110.0, 1.0, kRate);
  const AudioBuffer out = vocoded(voice, {});
  ASSERT_EQ(out.frames(), voice.frames());
  for (std::size_t i = 0; i < out.frames(); ++i)
    ASSERT_NEAR(out.channel(0)[i], voice.channel(0)[i], 1e-4F) << i;
}

TEST(PhaseVocoder, LastsAsLongAsTheSpeedSays) {
  const AudioBuffer sound = noise(1, 30'011, kRate);
  for (const double speed : {0.25, 0.5, 0.9, 1.37, 2.0, 4.0})
    for (const double ratio : {0.5, 1.0, 2.0}) {
      PhaseVocoderOptions options = paced(speed);
      options.pitch_ratio = ratio;
      EXPECT_EQ(vocoded(sound, options).frames(),
                static_cast<std::size_t>(std::llround(30'011.0 / speed)));
    }
}

TEST(PhaseVocoder, KeepsEveryToneOfAChordAtAnySpeed) {
  const AudioBuffer sound = chord({330.0, 415.0, 990.0}, 2.0);
  for (const double speed : {0.5, 0.8, 1.25, 2.0}) {
    const AudioBuffer out = vocoded(sound, paced(speed));
    double tones = 0.0;
    for (const double hz : {330.0, 415.0, 990.0}) {
      EXPECT_NEAR(10.0 * std::log10(power_at(out, hz) / 0.02), 0.0, 0.5) << hz << " at " << speed;
      tones += power_at(out, hz);
    }
    const auto middle = out.channel(0).subspan(out.frames() / 4, out.frames() / 2);
    EXPECT_GT(tones / power(middle), 0.98) << speed;
  }
}

TEST(PhaseVocoder, MovesEveryToneOfAChordWithThePitch) {
  const AudioBuffer sound = chord({330.0, 415.0, 990.0}, 2.0);
  for (const double ratio : {0.5, 0.8, 1.25, 1.5, 2.0}) {
    const AudioBuffer out = vocoded(sound, pitched(ratio, ratio));  // The envelope moves with it.
    double tones = 0.0;
    for (const double hz : {330.0, 415.0, 990.0}) tones += power_at(out, hz * ratio);
    const auto middle = out.channel(0).subspan(out.frames() / 4, out.frames() / 2);
    EXPECT_GT(tones / power(middle), 0.98) << ratio;
    EXPECT_NEAR(10.0 * std::log10(tones / 0.06), 0.0, 0.5) << ratio;
  }
}

TEST(PhaseVocoder, KeepsFormantsOrMovesThem) {
  const AudioBuffer voice = voice_at(120.0, 2.0, kRate);
  const auto balance_db = [](AudioView audio, double f0_hz, double scale) {
    return 10.0 * std::log10(power_between(audio, f0_hz, 550.0 * scale, 850.0 * scale) /
                             power_between(audio, f0_hz, 1'600.0 * scale, 2'000.0 * scale));
  };
  const double before = balance_db(voice, 120.0, 1.0);
  for (const double ratio : {0.75, 1.4}) {
    const AudioBuffer kept = vocoded(voice, pitched(ratio, 1.0));
    EXPECT_NEAR(median_f0(kept) / (120.0 * ratio), 1.0, 0.005);
    EXPECT_NEAR(balance_db(kept, 120.0 * ratio, 1.0), before, 9.0) << ratio;
    const AudioBuffer moved = vocoded(voice, pitched(1.0, ratio));
    EXPECT_NEAR(median_f0(moved) / 120.0, 1.0, 0.005);
    EXPECT_NEAR(balance_db(moved, 120.0, ratio), before, 9.0) << ratio;
  }
}

// Where bursts of noise stand out: the first sample of each that passes a fifth of the peak.
std::vector<std::size_t> onsets(AudioView audio) {
  std::vector<std::size_t> found;
  float peak = 0.0F;
  for (const float x : audio.channel(0)) peak = std::max(peak, std::abs(x));
  std::size_t quiet = 2'000;
  for (std::size_t i = 0; i < audio.frames(); ++i) {
    const bool loud = std::abs(audio.channel(0)[i]) > 0.2F * peak;
    if (loud && quiet >= 2'000) found.push_back(i);
    quiet = loud ? 0 : quiet + 1;
  }
  return found;
}

TEST(PhaseVocoder, KeepsAttacksSharpAndInTime) {
  AudioBuffer bursts(1, 2 * kRate, kRate);
  const AudioBuffer white = noise(1, 2 * kRate, kRate, 0.5F);
  for (std::size_t i = 0; i < bursts.frames(); ++i) {
    const std::size_t since = i % 5'500;
    bursts.channel(0)[i] =
        i < 5'500 || since > 2'000
            ? 0.0F
            : white.channel(0)[i] * static_cast<float>(std::exp(-static_cast<double>(since) / 400));
  }
  const auto given = onsets(bursts);
  ASSERT_GE(given.size(), 6U);
  for (const double speed : {0.5, 0.75, 1.5}) {
    const AudioBuffer out = vocoded(bursts, paced(speed));
    const auto made = onsets(out);
    ASSERT_EQ(made.size(), given.size()) << speed;
    for (std::size_t i = 0; i < made.size(); ++i) {
      EXPECT_NEAR(static_cast<double>(made[i]) / kRate,
                  static_cast<double>(given[i]) / speed / kRate, 0.02)
          << speed;
      // The 15 ms before an attack are at least 11 dB below the 15 ms from it on.
      const auto x = out.channel(0);
      EXPECT_LT(power(x.subspan(made[i] - 331, 320)), 0.07 * power(x.subspan(made[i], 331)))
          << speed;
    }
  }
}

TEST(PhaseVocoder, KeepsWhatStandsBetweenChannels) {
  AudioBuffer stereo(2, kRate, kRate);
  const AudioBuffer voice = voice_at(140.0, 1.0, kRate);
  for (std::size_t i = 0; i < stereo.frames(); ++i) {
    stereo.channel(0)[i] = voice.channel(0)[i];
    stereo.channel(1)[i] = -0.25F * voice.channel(0)[i];
  }
  PhaseVocoderOptions options = pitched(1.3, 1.0);
  options.speed = 0.8;
  const AudioBuffer out = vocoded(stereo, options);
  for (std::size_t i = 0; i < out.frames(); ++i)
    ASSERT_NEAR(out.channel(1)[i], -0.25F * out.channel(0)[i], 1e-5F);
}

TEST(PhaseVocoder, GivesTheSameForAnyBlocksOfItsSource) {
  const AudioBuffer voice = voice_at(140.0, 0.5, 16'000);
  PhaseVocoderOptions options = pitched(1.2, 0.9);
  options.speed = 1.3;
  const AudioBuffer whole = vocoded(voice, options, voice.frames());
  for (const std::size_t block : {1U, 7U, 64U})
    EXPECT_TRUE(same(vocoded(voice, options, block), whole));
}

TEST(PhaseVocoder, TakesSilenceNonsenseAndAlmostNothing) {
  for (const std::size_t frames : {1U, 20U, 960U, 30'000U}) {
    AudioBuffer sound(2, frames, 48'000);
    std::fill(sound.channel(0).begin(), sound.channel(0).end(), 0.0F);
    std::fill(sound.channel(1).begin(), sound.channel(1).end(), std::nanf(""));
    const AudioBuffer out = vocoded(sound, pitched(1.7, 0.8));
    ASSERT_EQ(out.frames(), frames);
    for (std::size_t c = 0; c < 2; ++c)
      for (const float x : out.channel(c)) ASSERT_LT(std::abs(x), 1e-3F);
  }
}

TEST(PhaseVocoder, RefusesWhatIsOutOfRange) {
  for (const auto& options :
       {paced(0.2), paced(std::nan("")), pitched(5.0, 1.0), pitched(1.0, 2.5)}) {
    const auto made =
        PhaseVocoder::create(std::make_unique<BufferSource>(noise(1, 10, 8'000), 10), options);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, ErrorCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace syrinx::voice
