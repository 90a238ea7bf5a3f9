// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/waveglow/matrix_inverse.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "syrinx/core/base/check.h"

namespace syrinx::vocoder {
namespace {

struct Lu {
  std::vector<double> values;      // L below the diagonal, whose own is 1, and U.
  std::vector<std::size_t> order;  // Which row of the matrix each row of them is.
};

Result<Lu> decompose(std::span<const double> matrix, std::size_t n) {
  Lu lu{{matrix.begin(), matrix.end()}, std::vector<std::size_t>(n)};
  std::iota(lu.order.begin(), lu.order.end(), std::size_t{0});
  double largest = 0;
  for (const double v : matrix) largest = std::max(largest, std::abs(v));
  const auto at = [&](std::size_t r, std::size_t c) -> double& { return lu.values[r * n + c]; };
  for (std::size_t k = 0; k < n; ++k) {
    std::size_t pivot = k;
    for (std::size_t r = k + 1; r < n; ++r)
      if (std::abs(at(r, k)) > std::abs(at(pivot, k))) pivot = r;
    if (!(std::abs(at(pivot, k)) > 1e-10 * largest))
      return make_error(ErrorCode::kCorruptData, "a matrix of ", n, " by ", n,
                        " that has no inverse: column ", k, " depends on those before it");
    if (pivot != k) {
      std::swap(lu.order[pivot], lu.order[k]);
      for (std::size_t c = 0; c < n; ++c) std::swap(at(pivot, c), at(k, c));
    }
    for (std::size_t r = k + 1; r < n; ++r) {
      at(r, k) /= at(k, k);
      for (std::size_t c = k + 1; c < n; ++c) at(r, c) -= at(r, k) * at(k, c);
    }
  }
  return lu;
}

}  // namespace

Result<std::vector<double>> inverse(std::span<const double> matrix, std::size_t n) {
  SYRINX_CHECK(matrix.size() == n * n, "a matrix of another size");
  SYRINX_ASSIGN(const Lu lu, decompose(matrix, n));
  std::vector<double> result(n * n);
  std::vector<double> column(n);
  for (std::size_t c = 0; c < n; ++c) {
    for (std::size_t r = 0; r < n; ++r) {
      column[r] = lu.order[r] == c ? 1 : 0;
      for (std::size_t k = 0; k < r; ++k) column[r] -= lu.values[r * n + k] * column[k];
    }
    for (std::size_t r = n; r-- > 0;) {
      for (std::size_t k = r + 1; k < n; ++k) column[r] -= lu.values[r * n + k] * column[k];
      column[r] /= lu.values[r * n + r];
      result[r * n + c] = column[r];
    }
  }
  return result;
}

}  // namespace syrinx::vocoder
