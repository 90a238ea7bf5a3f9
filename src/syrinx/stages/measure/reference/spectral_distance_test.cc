// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/reference/spectral_distance.h"

#include "syrinx/stages/measure/reference/pair_test.h"

namespace syrinx::measure {
namespace {

constexpr int kRateHz = 16'000;

std::vector<float> scaled(std::vector<float> signal, float factor) {
  for (float& s : signal) s *= factor;
  return signal;
}

Result<double> mcd(AudioView r, AudioView d) { return mel_cepstral_distortion_db(r, d); }
Result<double> warped_mcd(AudioView r, AudioView d) {
  return mel_cepstral_distortion_db(r, d, {.warp = true});
}

TEST(LogSpectralDistance, OfALevelChangeIsThatChange) {
  const auto ref = noise(kRateHz, 1);
  const AudioView r(ref, kRateHz);
  EXPECT_EQ(*log_spectral_distance_db(r, r), 0.0);
  for (const double db : {-12.0, 6.0}) {
    const auto deg = scaled(ref, static_cast<float>(std::pow(10.0, db / 20.0)));
    EXPECT_NEAR(*log_spectral_distance_db(r, AudioView(deg, kRateHz)), std::abs(db), 1e-3);
  }
}

TEST(LogSpectralDistance, SilenceIsAtTheFloor) {
  const std::vector<float> silence(kRateHz, 0.0f);
  const auto sound = noise(kRateHz, 2);
  const AudioView quiet(silence, kRateHz);
  EXPECT_EQ(*log_spectral_distance_db(quiet, quiet), 0.0);
  const double db = *log_spectral_distance_db(AudioView(sound, kRateHz), quiet);
  EXPECT_GT(db, 20.0);
  EXPECT_LT(db, 100.0);
}

// The distortion by a filter 1 + a z^-1 is the spread of its response in dB over the mel axis.
TEST(MelCepstralDistortion, OfAFilterIsTheSpreadOfItsResponseOverMels) {
  const auto ref = noise(20 * kRateHz, 3);
  auto deg = ref;
  for (std::size_t n = deg.size() - 1; n > 0; --n) deg[n] += 0.5f * deg[n - 1];
  double sum = 0.0;
  double sum2 = 0.0;
  constexpr int kPoints = 40;  // The bands' centres.
  for (int i = 0; i < kPoints; ++i) {
    const double mel = 2595.0 * std::log10(1.0 + 8'000.0 / 700.0) * (i + 1) / (kPoints + 1);
    const double hz = 700.0 * (std::pow(10.0, mel / 2595.0) - 1.0);
    const double w = 2.0 * std::numbers::pi * hz / kRateHz;
    const double db = 10.0 * std::log10(1.0 + 0.25 + std::cos(w));
    sum += db;
    sum2 += db * db;
  }
  const double expected = std::sqrt(sum2 / kPoints - std::pow(sum / kPoints, 2.0));
  const auto all = mel_cepstral_distortion_db(AudioView(ref, kRateHz), AudioView(deg, kRateHz),
                                              {.coefficients = 39});
  ASSERT_TRUE(all.has_value()) << all.error().message;
  EXPECT_NEAR(*all, expected, 0.03 * expected);  // Each band is a mean, not a point.
  const double thirteen = *mcd(AudioView(ref, kRateHz), AudioView(deg, kRateHz));
  EXPECT_LT(thirteen, *all);  // Parseval: fewer coefficients hold less.
  EXPECT_GT(thirteen, 0.9 * *all);
}

TEST(MelCepstralDistortion, LeavesTheLevelOut) {
  const auto ref = noise(kRateHz, 4);
  EXPECT_NEAR(*mcd(AudioView(ref, kRateHz), AudioView(scaled(ref, 0.25f), kRateHz)), 0.0, 1e-3);
}

TEST(MelCepstralDistortion, WarpingFindsFramesThatMoved) {
  // Three sounds, the middle one held longer in one of the two.
  const auto a = sine(8'000, 300.0, kRateHz);
  const auto b = noise(24'000, 5);
  const auto c = sine(8'000, 2'000.0, kRateHz);
  const auto join = [&](std::size_t middle) {
    std::vector<float> all(a);
    all.insert(all.end(), b.begin(), b.begin() + static_cast<std::ptrdiff_t>(middle));
    all.insert(all.end(), c.begin(), c.end());
    return all;
  };
  const auto ref = join(8'000);
  const auto deg = join(24'000);
  const AudioView r(ref, kRateHz);
  const AudioView d(deg, kRateHz);
  const double warped = *warped_mcd(r, d);
  const double stiff = *mcd(r, d.slice(0, r.frames()));
  EXPECT_LT(warped, 0.5 * stiff);
  EXPECT_EQ(*warped_mcd(r, r), 0.0);
}

TEST(MelCepstralDistortion, SilenceAndShortSignalsHaveDefinedResults) {
  const std::vector<float> silence(kRateHz, 0.0f);
  const AudioView quiet(silence, kRateHz);
  EXPECT_EQ(*mcd(quiet, quiet), 0.0);
  EXPECT_TRUE(std::isfinite(*mcd(AudioView(noise(kRateHz, 6), kRateHz), quiet)));
  const std::vector<float> one{0.5f};
  EXPECT_EQ(*mcd(AudioView(one, kRateHz), AudioView(one, kRateHz)), 0.0);
  EXPECT_EQ(*log_spectral_distance_db(AudioView(one, kRateHz), AudioView(one, kRateHz)), 0.0);
}

TEST(MelCepstralDistortion, RefusesWhatItCannotDo) {
  const auto ref = noise(1'000, 7);
  const AudioView view(ref, kRateHz);
  for (const std::size_t coefficients : {std::size_t{0}, std::size_t{40}}) {
    const auto result = mel_cepstral_distortion_db(view, view, {.coefficients = coefficients});
    EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument);
  }
  const std::vector<float> hours(201 * 1'000, 0.1f);
  const AudioView slow(hours, 1'000);
  EXPECT_EQ(warped_mcd(slow, slow).error().code, ErrorCode::kLimitExceeded);
}

TEST(SpectralDistance, AnswersOddPairsWithinItsRange) {
  // From the floor of -100 dB to noise at 1e15, 300 dB over full scale.
  expect_answers_odd_pairs(log_spectral_distance_db, 3'000, kRateHz, 0.0, 450.0);
  expect_answers_odd_pairs(mcd, 3'000, kRateHz, 0.0, 450.0);
  expect_answers_odd_pairs(warped_mcd, 3'000, kRateHz, 0.0, 450.0);
}

TEST(SpectralDistance, BadPairsAreRefused) {
  expect_refuses_bad_pairs(log_spectral_distance_db);
  expect_refuses_bad_pairs(mcd);
  expect_refuses_bad_pairs(warped_mcd, true);
}

TEST(SpectralDistance, SixtyFourEqualChannelsAreAsOne) {
  const auto ref = noise(4'000, 8);
  const auto deg = scaled(noise(4'000, 9), 0.7f);
  for (const auto measure : {log_spectral_distance_db, mcd, warped_mcd})
    expect_same_of_64_channels(measure, ref, deg, kRateHz);
}

}  // namespace
}  // namespace syrinx::measure
