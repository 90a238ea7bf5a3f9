// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/nn/weights/weight_file.h"

namespace syrinx::nn {

// How a module's weight is kept: as it is, or as weight norm's magnitude g and direction v
// (Salimans and Kingma 2016), under either of PyTorch's names.
struct WeightNames {
  std::string weight;  // ".weight", or empty when it is kept as g and v:
  std::string g;       // ".weight_g" or ".parametrizations.weight.original0".
  std::string v;       // ".weight_v" or ".parametrizations.weight.original1".
};

// The tensors of "conv_pre", or nothing when the file has no weight of that name.
std::optional<WeightNames> find_weight(const WeightFile& file, std::string_view module);

// The weight of "conv_pre" with weight norm folded: w = g v / |v|, where the norm is over all
// dimensions but the first, in double. `shape` is that of the folded weight. Errors: kNotFound
// naming the module; kCorruptData naming the tensor: another shape, a value that is not finite, a
// direction of norm zero.
Result<std::vector<float>> folded_weight(const WeightFile& file, std::string_view module,
                                         std::span<const std::size_t> shape);

}  // namespace syrinx::nn
