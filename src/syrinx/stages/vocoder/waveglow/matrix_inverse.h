// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/result.h"

namespace syrinx::vocoder {

// The inverse of an n by n matrix in rows, by LU decomposition with partial pivoting. Errors:
// kCorruptData for a matrix that is singular, or so nearly that doubles cannot tell.
Result<std::vector<double>> inverse(std::span<const double> matrix, std::size_t n);

}  // namespace syrinx::vocoder
