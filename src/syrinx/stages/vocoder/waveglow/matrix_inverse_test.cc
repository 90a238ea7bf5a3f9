// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/waveglow/matrix_inverse.h"

#include <gtest/gtest.h>

#include "syrinx/stages/vocoder/random_weights_test_support.h"

namespace syrinx::vocoder {
namespace {

TEST(MatrixInverse, TimesTheMatrixIsTheIdentity) {
  for (std::size_t n = 1; n <= 16; ++n) {
    const auto values = testing::random_values(n * n, static_cast<unsigned>(n));
    const std::vector<double> matrix(values.begin(), values.end());
    const auto result = inverse(matrix, n);
    ASSERT_TRUE(result);
    for (std::size_t r = 0; r < n; ++r)
      for (std::size_t c = 0; c < n; ++c) {
        double sum = 0;
        for (std::size_t k = 0; k < n; ++k) sum += matrix[r * n + k] * (*result)[k * n + c];
        EXPECT_NEAR(sum, r == c ? 1 : 0, 1e-10);
      }
  }
}

TEST(MatrixInverse, NeedsItsPivots) {
  const auto swapped = inverse(std::vector<double>{0, 1, 1, 0}, 2);
  ASSERT_TRUE(swapped);
  EXPECT_EQ(*swapped, (std::vector<double>{0, 1, 1, 0}));
}

TEST(MatrixInverse, RefusesSingularMatrices) {
  EXPECT_FALSE(inverse(std::vector<double>{0}, 1));
  EXPECT_FALSE(inverse(std::vector<double>{1, 2, 2, 4}, 2));
  EXPECT_FALSE(inverse(std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8, 9}, 3));
  EXPECT_FALSE(inverse(std::vector<double>{1, std::nan(""), 0, 1}, 2));
}

}  // namespace
}  // namespace syrinx::vocoder
