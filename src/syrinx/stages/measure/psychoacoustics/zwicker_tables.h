// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

// The tables of ISO 532-1:2017, Annex A.
namespace syrinx::measure::zwicker {

inline constexpr std::size_t kBands = 28;
inline constexpr std::size_t kCoreBands = 21;  // The last one is always empty.

// Tables A.1 and A.2. Each third-octave filter is three sections; their numerators are those of
// kNumerators, their denominators 1 - (2 + a1) z^-1 + (1 - a2) z^-2 with these differences.
struct FilterRow {
  double a1[3];
  double a2[3];
  double gain;
};
extern const std::array<FilterRow, kBands> kFilters;
inline constexpr double kNumerators[3][3] = {{1, 2, 1}, {1, 0, -1}, {1, -2, 1}};

// Table A.3: what is taken from the lowest eleven bands, by ranges of their level.
inline constexpr std::array<double, 8> kLowRangesDb = {45, 55, 65, 71, 80, 90, 100, 120};
extern const double kLowReductionsDb[8][11];

// Tables A.4 to A.7, per critical band: transmission of the ear, diffuse field, threshold due to
// internal noise, and third-octave against critical bandwidth.
inline constexpr std::array<double, 20> kTransmissionDb = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -0.5, -1.6, -3.2, -5.4, -5.6, -4.0, -1.5, 2.0, 5.0, 12.0};
inline constexpr std::array<double, 20> kDiffuseDb = {0,    0,   0.5, 0.9, 1.2,  1.6,  2.3,
                                                      2.8,  3.0, 2.0, 0,   -1.4, -2.0, -1.9,
                                                      -1.0, 0.5, 3.0, 4.0, 4.3,  4.0};
inline constexpr std::array<double, 20> kThresholdDb = {30, 18, 12, 8, 7, 6, 5, 4, 3, 3,
                                                        3,  3,  3,  3, 3, 3, 3, 3, 3, 3};
inline constexpr std::array<double, 20> kBandwidthDb = {-0.25, -0.6, -0.8, -0.8, -0.5, 0,   0.5,
                                                        1.1,   1.5,  1.7,  1.8,  1.8,  1.7, 1.6,
                                                        1.4,   1.2,  0.8,  0.5,  0,    -0.5};

// Table A.8: upper limits of the critical bands, in Bark. Table A.9: the upper slopes of the
// specific loudness (sone/Bark per Bark) by range of specific loudness and band.
inline constexpr std::array<double, kCoreBands> kUpperLimitsBark = {
    0.9,  1.8,  2.8,  3.5,  4.4,  5.4,  6.6,  7.9,  9.2,  10.6, 12.3,
    13.8, 15.2, 16.7, 18.1, 19.3, 20.6, 21.8, 22.7, 23.6, 24.0};
inline constexpr std::size_t kSlopeRanges = 18;
inline constexpr std::array<double, kSlopeRanges> kSlopeRangesSone = {
    21.5, 18.0, 15.1, 11.5, 9.0,  6.1,  4.4,  3.1,   2.13,
    1.36, 0.82, 0.42, 0.30, 0.22, 0.15, 0.10, 0.035, 0.0};
extern const double kSlopes[kSlopeRanges][8];

}  // namespace syrinx::measure::zwicker
