// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/weight_source.h"

#include <array>

#include "syrinx/core/nn/weights/folded_weight.h"

namespace syrinx::vocoder {

WeightSource weights_of(const nn::WeightFile& file, const std::string& prefix) {
  return {[&file, prefix](const std::string& name, std::span<const std::size_t> shape) {
            return nn::folded_weight(file, prefix + name, shape);
          },
          [&file, prefix](const std::string& name, std::size_t length) {
            const std::array<std::size_t, 1> shape{length};
            return file.floats(prefix + name + ".bias", shape);
          }};
}

}  // namespace syrinx::vocoder
