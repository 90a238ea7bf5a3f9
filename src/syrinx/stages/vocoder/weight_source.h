// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/nn/weights/weight_file.h"

namespace syrinx::vocoder {

// Where weights come from: a module's name and the shape its weight must have, to its values with
// weight norm folded in; and a bias by its length.
struct WeightSource {
  std::function<Result<std::vector<float>>(const std::string&, std::span<const std::size_t>)>
      weight;
  std::function<Result<std::vector<float>>(const std::string&, std::size_t)> bias;
};

// The modules of a file, `prefix` before their names. The file must outlive it. Errors: those of
// nn::folded_weight and nn::WeightFile::floats.
WeightSource weights_of(const nn::WeightFile& file, const std::string& prefix);

// kNotFound if the file has a tensor of "<group><n>." with n from `count` on, which a model whose
// size was told by counting would pass over: something before it is missing. `first` is what was
// counted, such as ".dilated_conv".
Result<void> check_count(const nn::WeightFile& file, const std::string& group,
                         const std::string& first, std::size_t count);

}  // namespace syrinx::vocoder
