// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/weight_source.h"

#include <array>
#include <charconv>

#include "syrinx/core/nn/weights/folded_weight.h"

namespace syrinx::vocoder {

Result<std::vector<float>> no_tensor(const std::string& name, std::span<const std::size_t>) {
  return make_error(ErrorCode::kNotFound, "there is no tensor '", name, "'");
}

WeightSource weights_of(const nn::WeightFile& file, const std::string& prefix) {
  return {[&file, prefix](const std::string& name, std::span<const std::size_t> shape) {
            return nn::folded_weight(file, prefix + name, shape);
          },
          [&file, prefix](const std::string& name, std::size_t length) {
            const std::array<std::size_t, 1> shape{length};
            return file.floats(prefix + name + ".bias", shape);
          },
          [&file, prefix](const std::string& name, std::span<const std::size_t> shape) {
            return file.floats(prefix + name, shape);
          },
          [&file, prefix](const std::string& name) { return file.find(prefix + name) != nullptr; }};
}

Result<void> check_count(const nn::WeightFile& file, const std::string& group,
                         const std::string& first, std::size_t count) {
  for (const nn::TensorInfo& info : file.tensors()) {
    if (info.name.compare(0, group.size(), group) != 0) continue;
    const char* const begin = info.name.data() + group.size();
    std::size_t number = 0;
    const auto parsed = std::from_chars(begin, info.name.data() + info.name.size(), number);
    if (parsed.ptr == begin || parsed.ec != std::errc() || number < count) continue;
    return make_error(ErrorCode::kNotFound, "'", file.name(), "' has '", info.name,
                      "', but lacks the weight of '", group, count, first, "'");
  }
  return {};
}

}  // namespace syrinx::vocoder
