// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/melgan/pqmf.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace syrinx::vocoder {
namespace {

// A band of four: filtered, and every fourth sample kept.
std::vector<std::vector<double>> analysed(const std::vector<double>& x) {
  const auto filters = pqmf_filters({}, false);
  std::vector<std::vector<double>> bands(4, std::vector<double>(x.size() / 4));
  for (std::size_t b = 0; b < 4; ++b)
    for (std::size_t q = 0; q < bands[b].size(); ++q)
      for (std::size_t n = 0; n <= 62; ++n) {
        const long at = static_cast<long>(4 * q + n) - 31;
        if (at >= 0 && at < static_cast<long>(x.size()))
          bands[b][q] += filters[b * 63 + n] * x[static_cast<std::size_t>(at)];
      }
  return bands;
}

std::vector<double> made(const PqmfSynthesis& pqmf, const std::vector<std::vector<double>>& bands) {
  std::vector<double> y;
  const auto rows = static_cast<std::int64_t>(bands[0].size());
  for (std::int64_t q = 0; q < rows; ++q)
    for (std::size_t p = 0; p < pqmf.sub_bands; ++p) {
      double sum = 0;
      for (std::int64_t r = -pqmf.behind; r <= pqmf.ahead; ++r)
        for (std::size_t b = 0; b < pqmf.sub_bands; ++b)
          if (q + r >= 0 && q + r < rows)
            sum +=
                double{
                    pqmf.weights[p * pqmf.length +
                                 static_cast<std::size_t>(r + pqmf.behind) * pqmf.sub_bands + b]} *
                bands[b][static_cast<std::size_t>(q + r)];
      y.push_back(sum);
    }
  return y;
}

PqmfSynthesis published() {
  const auto filters = pqmf_filters({}, true);
  const std::vector<float> floats(filters.begin(), filters.end());
  return make_pqmf_synthesis(floats, 4);
}

// "Near-perfect": what one bank takes apart the other makes again, 40 dB below which there are
// errors of the design, not of the arithmetic.
TEST(Pqmf, MakesAgainWhatItsOtherBankTookApart) {
  std::mt19937 random(5);
  std::normal_distribution<double> normal;
  std::vector<double> x(4'000);
  for (double& v : x) v = normal(random);
  const auto y = made(published(), analysed(x));
  double signal = 0, error = 0;
  for (std::size_t i = 100; i + 100 < x.size(); ++i) {
    signal += x[i] * x[i];
    error += (x[i] - y[i]) * (x[i] - y[i]);
  }
  EXPECT_GT(10 * std::log10(signal / error), 40);
}

TEST(Pqmf, EachBandLiesWhereItShould) {
  for (std::size_t band = 0; band < 4; ++band) {
    std::vector<double> x(2'000);
    for (std::size_t i = 0; i < x.size(); ++i)
      x[i] = std::cos((static_cast<double>(band) + 0.5) * 3.14159265 / 4 * static_cast<double>(i));
    const auto bands = analysed(x);
    for (std::size_t b = 0; b < 4; ++b) {
      double energy = 0;
      for (std::size_t q = 50; q < 450; ++q) energy += bands[b][q] * bands[b][q];
      if (b == band)
        EXPECT_GT(energy, 10);
      else
        EXPECT_LT(energy, 1e-3);
    }
  }
}

TEST(Pqmf, ReachesAsFarAsTheFiltersAreLong) {
  const PqmfSynthesis pqmf = published();
  EXPECT_EQ(pqmf.behind, 7);
  EXPECT_EQ(pqmf.ahead, 8);
  EXPECT_EQ(pqmf.length, 64U);
}

}  // namespace
}  // namespace syrinx::vocoder
