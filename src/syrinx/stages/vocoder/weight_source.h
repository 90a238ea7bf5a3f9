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

// kNotFound, whatever the name.
Result<std::vector<float>> no_tensor(const std::string& name, std::span<const std::size_t> shape);

// Where a network's weights come from.
struct WeightSource {
  using Get = std::function<Result<std::vector<float>>(const std::string& name,
                                                       std::span<const std::size_t> shape)>;
  // A module's name and the shape its weight must have, to its values with weight norm folded in.
  Get weight;
  // A module's name and the length of its bias, to that bias.
  std::function<Result<std::vector<float>>(const std::string& name, std::size_t length)> bias;
  // Any other tensor, by its full name and the shape it must have. Unless set: kNotFound.
  Get tensor = no_tensor;
  // Whether there is a tensor of a full name.
  std::function<bool(const std::string& name)> has = [](const std::string&) { return false; };
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
