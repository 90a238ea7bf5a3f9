// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/psychoacoustics/equal_loudness.h"

#include <algorithm>
#include <cmath>

namespace syrinx::measure {
namespace {

constexpr std::array<double, kEqualLoudnessPoints> kHz = {
    20,    25,    31.5,  40,    50,    63,    80,    100,    125,   160,
    200,   250,   315,   400,   500,   630,   800,   1'000,  1'250, 1'600,
    2'000, 2'500, 3'150, 4'000, 5'000, 6'300, 8'000, 10'000, 12'500};
// Table 1: the exponent for loudness perception, the magnitude of the linear transfer function
// normalised at 1 kHz (dB), and the threshold of hearing (dB SPL).
constexpr std::array<double, kEqualLoudnessPoints> kExponent = {
    0.532, 0.506, 0.480, 0.455, 0.432, 0.409, 0.387, 0.367, 0.349, 0.330,
    0.315, 0.301, 0.288, 0.276, 0.267, 0.259, 0.253, 0.250, 0.246, 0.244,
    0.243, 0.243, 0.243, 0.242, 0.242, 0.245, 0.254, 0.271, 0.301};
constexpr std::array<double, kEqualLoudnessPoints> kTransferDb = {
    -31.6, -27.2, -23.0, -19.1, -15.9, -13.0, -10.3, -8.1,  -6.2, -4.5,
    -3.1,  -2.0,  -1.1,  -0.4,  0.0,   0.3,   0.5,   0.0,   -2.7, -4.1,
    -1.0,  1.7,   2.5,   1.2,   -2.1,  -7.1,  -11.2, -10.7, -3.1};
constexpr std::array<double, kEqualLoudnessPoints> kThresholdDb = {
    78.5, 68.7, 59.5, 51.1, 44.0, 37.5, 31.5, 26.5, 22.1, 17.9, 14.4, 11.4, 8.6,  6.2, 4.4,
    3.0,  2.2,  2.4,  3.5,  1.7,  -1.3, -4.2, -6.0, -5.4, -1.5, 6.0,  12.6, 13.9, 12.3};

struct Parameters {
  double exponent = 0.0;
  double transfer_db = 0.0;
  double threshold_db = 0.0;
};

Result<Parameters> parameters_at(double hz) {
  if (!(hz >= kHz.front() && hz <= kHz.back()))
    return make_error(ErrorCode::kInvalidArgument, "equal loudness: ", hz,
                      " Hz is outside the 20 to 12500 Hz of ISO 226");
  const auto above = std::lower_bound(kHz.begin() + 1, kHz.end(), hz);
  const auto i = static_cast<std::size_t>(above - kHz.begin());
  const double t = std::log(hz / kHz[i - 1]) / std::log(kHz[i] / kHz[i - 1]);
  const auto between = [&](const auto& table) {
    return table[i - 1] + t * (table[i] - table[i - 1]);
  };
  return Parameters{between(kExponent), between(kTransferDb), between(kThresholdDb)};
}

// (0.4 x 10^((Tf + LU) / 10 - 9))^af: what both formulas share.
double threshold_term(const Parameters& p) {
  return std::pow(0.4 * std::pow(10.0, (p.threshold_db + p.transfer_db) / 10.0 - 9.0), p.exponent);
}

}  // namespace

const std::array<double, kEqualLoudnessPoints>& equal_loudness_frequencies_hz() noexcept {
  return kHz;
}

Result<double> equal_loudness_db_spl(double hz, double phon) {
  SYRINX_ASSIGN(const Parameters p, parameters_at(hz));
  const double most_phon = hz > 4'000.0 ? 80.0 : 90.0;
  if (!(phon >= 20.0 && phon <= most_phon))
    return make_error(ErrorCode::kInvalidArgument, "equal loudness: ", phon, " phon at ", hz,
                      " Hz is outside the 20 to ", most_phon, " phon of ISO 226");
  const double a = 4.47e-3 * (std::pow(10.0, 0.025 * phon) - 1.15) + threshold_term(p);
  return 10.0 / p.exponent * std::log10(a) - p.transfer_db + 94.0;
}

Result<double> loudness_level_phon(double hz, double db_spl) {
  SYRINX_ASSIGN(const Parameters p, parameters_at(hz));
  const double b =
      std::pow(0.4 * std::pow(10.0, (db_spl + p.transfer_db) / 10.0 - 9.0), p.exponent) -
      threshold_term(p) + 0.005135;
  if (!(b > 0.0))
    return make_error(ErrorCode::kInvalidArgument, "equal loudness: a tone of ", db_spl, " dB at ",
                      hz, " Hz lies too far below the threshold of hearing to have a level");
  return 40.0 * std::log10(b) + 94.0;
}

Result<double> hearing_threshold_db_spl(double hz) {
  SYRINX_ASSIGN(const Parameters p, parameters_at(hz));
  return p.threshold_db;
}

}  // namespace syrinx::measure
