// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/dsp/pitch/f0_distance.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace syrinx::dsp {
namespace {

F0Track track_of(std::vector<double> hz, double first_s = 0.02, double hop_s = 0.01) {
  return {first_s, hop_s, std::move(hz), {}};
}

TEST(F0Distance, OfATrackOffByASemitoneIsAHundredCents) {
  const auto ref = track_of({0.0, 100.0, 200.0, 0.0});
  auto off = ref;
  for (double& hz : off.hz) hz *= std::exp2(1.0 / 12.0);
  const auto found = compare_f0(ref, off).value();
  EXPECT_EQ(found.both_voiced, 2u);
  EXPECT_NEAR(*found.rmse_cents, 100.0, 1e-9);
  EXPECT_NEAR(*found.fine_rmse_cents, 100.0, 1e-9);
  EXPECT_NEAR(*found.fine_median_cents, 100.0, 1e-9);
  EXPECT_NEAR(*found.rmse_hz, (std::exp2(1.0 / 12.0) - 1.0) * std::sqrt(25'000.0), 1e-9);
  EXPECT_EQ(*found.voicing_error, 0.0);
  EXPECT_EQ(*found.gross_error, 0.0);
}

TEST(F0Distance, CountsVoicingAndGrossErrors) {
  const auto ref = track_of({0.0, 100.0, 100.0, 100.0});
  const auto found = compare_f0(ref, track_of({90.0, 0.0, 100.0, 200.0})).value();
  EXPECT_EQ(*found.voicing_error, 0.5);
  EXPECT_EQ(*found.gross_error, 0.5);
  EXPECT_EQ(*found.fine_rmse_cents, 0.0);
}

TEST(F0Distance, WithoutVoicedFramesHasNoErrorsInHz) {
  const auto found = compare_f0(track_of({0.0, 100.0}), track_of({100.0, 0.0})).value();
  EXPECT_FALSE(found.rmse_hz.has_value());
  EXPECT_FALSE(found.rmse_cents.has_value());
  EXPECT_FALSE(found.gross_error.has_value());
  EXPECT_FALSE(found.fine_median_cents.has_value());
  EXPECT_EQ(*found.voicing_error, 1.0);
}

TEST(F0Distance, FramesAreFoundByTheirTimes) {
  const auto ref = track_of({100.0, 110.0, 120.0, 130.0}, 0.0, 0.01);
  // Starts one frame later, with frames twice as dense.
  const auto dense = track_of({110.0, 115.0, 120.0, 125.0, 130.0}, 0.01, 0.005);
  const auto found = compare_f0(ref, dense).value();
  EXPECT_EQ(found.compared, 3u);
  EXPECT_EQ(*found.rmse_hz, 0.0);
  EXPECT_EQ(compare_f0(ref, track_of({100.0}, 5.0)).value().compared, 0u);
}

TEST(F0Distance, CorrelationFollowsTheMelodyAndNotTheRegister) {
  const auto ref = track_of({100.0, 120.0, 90.0, 150.0});
  auto octave_up = ref;
  for (double& hz : octave_up.hz) hz *= 2.0;
  auto upside_down = ref;
  for (double& hz : upside_down.hz) hz = 10'000.0 / hz;
  EXPECT_NEAR(*compare_f0(ref, octave_up).value().correlation, 1.0, 1e-12);
  EXPECT_NEAR(*compare_f0(ref, upside_down).value().correlation, -1.0, 1e-12);
  EXPECT_FALSE(compare_f0(ref, track_of({100, 100, 100, 100})).value().correlation.has_value());
}

TEST(F0Distance, RefusesTracksThatAreNone) {
  const auto good = track_of({100.0});
  for (const auto& bad : {track_of({}), track_of({-1.0}), track_of({std::nan("")}),
                          track_of({std::numeric_limits<double>::infinity()}),
                          track_of({1.0, 2.0}, 0.0, 0.0), track_of({1.0}, std::nan(""))}) {
    EXPECT_EQ(compare_f0(good, bad).error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(compare_f0(bad, good).error().code, ErrorCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace syrinx::dsp
