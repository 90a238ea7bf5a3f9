// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/reference/signal_ratio.h"

#include "syrinx/stages/measure/reference/pair_test.h"

namespace syrinx::measure {
namespace {

constexpr int kRateHz = 16'000;

std::vector<float> sum_of(std::vector<float> a, const std::vector<float>& b, float scale) {
  for (std::size_t n = 0; n < a.size(); ++n) a[n] += scale * b[n];
  return a;
}

TEST(SignalRatio, AConstantFactorGivesItsOwnRatioEverywhere) {
  const auto ref = noise(kRateHz, 1);
  auto deg = ref;
  for (float& s : deg) s *= 0.9f;  // The rest is a tenth: 20 dB.
  const AudioView r(ref, kRateHz);
  const AudioView d(deg, kRateHz);
  EXPECT_NEAR(*snr_db(r, d), 20.0, 1e-4);
  EXPECT_NEAR(*segmental_snr_db(r, d), 20.0, 1e-4);
  EXPECT_GT(*si_sdr_db(r, d), 120.0);  // Only float rounding is left.
}

TEST(SignalRatio, SiSdrIgnoresLevelAndPolarity) {
  const auto ref = sine(kRateHz, 500.0, kRateHz);
  const auto deg = sum_of(ref, sine(kRateHz, 1'500.0, kRateHz), 0.1f);  // Orthogonal: 20 dB.
  auto loud = deg;
  for (float& s : loud) s *= -3.0f;
  EXPECT_NEAR(*si_sdr_db(AudioView(ref, kRateHz), AudioView(deg, kRateHz)), 20.0, 1e-4);
  EXPECT_NEAR(*si_sdr_db(AudioView(ref, kRateHz), AudioView(loud, kRateHz)), 20.0, 1e-4);
}

TEST(SignalRatio, EqualSignalsGetTheHighestRatio) {
  const auto ref = noise(1'000, 2);
  const AudioView r(ref, kRateHz);
  EXPECT_EQ(*snr_db(r, r), kMaxRatioDb);
  EXPECT_EQ(*si_sdr_db(r, r), kMaxRatioDb);
  EXPECT_EQ(*segmental_snr_db(r, r), 35.0);
}

TEST(SignalRatio, SegmentalSnrKeepsEachFrameWithinItsBounds) {
  const auto ref = noise(kRateHz, 3, 0.01f);
  const auto deg = sum_of(ref, noise(kRateHz, 4), 10.0f);
  EXPECT_EQ(*segmental_snr_db(AudioView(ref, kRateHz), AudioView(deg, kRateHz)), -10.0);
}

TEST(SignalRatio, FramesWhereTheReferenceIsSilentDoNotCount) {
  auto ref = noise(kRateHz, 5);
  auto deg = ref;
  for (float& s : deg) s *= 0.9f;
  std::fill(ref.begin() + kRateHz / 2, ref.end(), 0.0f);
  std::fill(deg.begin() + kRateHz / 2, deg.end(), 0.3f);
  const double db = *segmental_snr_db(AudioView(ref, kRateHz), AudioView(deg, kRateHz));
  EXPECT_NEAR(db, 20.0, 2.0);  // The two frames across the edge are worse than the other 30.
  EXPECT_LT(db, 20.0);
}

TEST(SignalRatio, SilenceHasDefinedResults) {
  const auto sound = noise(2'000, 6);
  const std::vector<float> silence(2'000, 0.0f);
  const AudioView loud(sound, kRateHz);
  const AudioView quiet(silence, kRateHz);
  EXPECT_NEAR(*snr_db(loud, quiet), 0.0, 1e-9);
  EXPECT_EQ(*si_sdr_db(loud, quiet), -kMaxRatioDb);
  EXPECT_NEAR(*segmental_snr_db(loud, quiet), 0.0, 1e-6);
  for (const auto measure : {snr_db, si_sdr_db, segmental_snr_db})
    expect_refusal(measure, quiet, loud, "silent");
}

TEST(SignalRatio, OneSampleIsEnough) {
  const std::vector<float> ref{0.5f};
  const std::vector<float> deg{0.45f};
  EXPECT_NEAR(*snr_db(AudioView(ref, kRateHz), AudioView(deg, kRateHz)), 20.0, 1e-5);
  EXPECT_NEAR(*segmental_snr_db(AudioView(ref, kRateHz), AudioView(deg, kRateHz)), 20.0, 1e-5);
  expect_refusal(si_sdr_db, AudioView(ref, kRateHz), AudioView(deg, kRateHz), "constant");
}

TEST(SignalRatio, SiSdrLeavesTheMeanOut) {
  const auto ref = sine(kRateHz, 500.0, kRateHz);
  auto deg = sum_of(ref, sine(kRateHz, 1'500.0, kRateHz), 0.1f);
  for (float& s : deg) s += 0.3f;
  EXPECT_NEAR(*si_sdr_db(AudioView(ref, kRateHz), AudioView(deg, kRateHz)), 20.0, 1e-4);
}

TEST(SignalRatio, AnswersOddPairsWithinItsRange) {
  for (const auto measure : {snr_db, si_sdr_db, segmental_snr_db})
    expect_answers_odd_pairs(measure, 3'000, kRateHz, -kMaxRatioDb, kMaxRatioDb);
}

TEST(SignalRatio, BadPairsAreRefused) {
  for (const auto measure : {snr_db, si_sdr_db, segmental_snr_db})
    expect_refuses_bad_pairs(measure);
}

TEST(SignalRatio, SixtyFourEqualChannelsAreAsOne) {
  const auto ref = noise(4'000, 7);
  const auto deg = sum_of(ref, noise(4'000, 8), 0.3f);
  for (const auto measure : {snr_db, si_sdr_db, segmental_snr_db})
    expect_same_of_64_channels(measure, ref, deg, kRateHz);
}

}  // namespace
}  // namespace syrinx::measure
