// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/nn/weights/tensor_bytes.h"

namespace syrinx::nn {

// What folding and rounding did to one weight.
struct WeightChange {
  std::string name;            // Of the tensor that was made.
  bool folded = false;         // From a magnitude and a direction.
  double max_error = 0.0;      // The largest |written - exact|, where exact is in double.
  double max_magnitude = 0.0;  // The largest |exact|, to hold the error against.
};

struct ConvertedWeights {
  std::vector<TensorBytes> tensors;   // Folded weights are called ".weight".
  std::vector<WeightChange> changes;  // Of every tensor of a floating type.
};

// All tensors of a file with weight norm folded and floats as `type`; integers stay as they are.
// Errors: kCorruptData naming the tensor (a value that is not finite, a direction of norm zero);
// kUnsupported naming the tensor (a value too large for `type`); those of reading the file.
// Pre: is_floating(type).
Result<ConvertedWeights> convert_weights(const WeightFile& file, DType type);

// How the values of a tensor are.
struct TensorHealth {
  std::size_t not_finite = 0;
  std::size_t first_not_finite = 0;  // Its index, if there is one.
  std::size_t zeros = 0;
  std::size_t denormals = 0;  // Too small for full precision; slow on some machines.
};
TensorHealth examine_values(std::span<const float> values) noexcept;

}  // namespace syrinx::nn
