// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/weights/folded_weight.h"

#include <cmath>

namespace syrinx::nn {
namespace {

std::string joined(std::string_view module, std::string_view suffix) {
  return std::string(module).append(suffix);
}

// g has the first dimension of v and ones: [512, 1, 1].
std::vector<std::size_t> magnitude_shape(std::span<const std::size_t> shape) {
  std::vector<std::size_t> ones(shape.size(), 1);
  if (!ones.empty()) ones[0] = shape[0];
  return ones;
}

// Scales each row of v to length g. Returns the first row of norm zero, or `rows`.
std::size_t fold(std::span<const float> g, std::span<float> v, std::size_t rows) {
  const std::size_t width = rows == 0 ? 0 : v.size() / rows;
  for (std::size_t row = 0; row < rows; ++row) {
    const auto values = v.subspan(row * width, width);
    double power = 0.0;
    for (const float value : values) power += static_cast<double>(value) * value;
    if (power == 0.0) return row;
    const double scale = g[row] / std::sqrt(power);
    for (float& value : values) value = static_cast<float>(value * scale);
  }
  return rows;
}

}  // namespace

std::optional<WeightNames> find_weight(const WeightFile& file, std::string_view module) {
  WeightNames names{joined(module, ".weight"), "", ""};
  if (file.find(names.weight) != nullptr) return names;
  const std::pair<const char*, const char*> kinds[] = {
      {".weight_g", ".weight_v"},
      {".parametrizations.weight.original0", ".parametrizations.weight.original1"}};
  for (const auto& [g, v] : kinds) {
    names = {"", joined(module, g), joined(module, v)};
    if (file.find(names.g) != nullptr && file.find(names.v) != nullptr) return names;
  }
  return std::nullopt;
}

Result<std::vector<float>> folded_weight(const WeightFile& file, std::string_view module,
                                         std::span<const std::size_t> shape) {
  const auto names = find_weight(file, module);
  if (!names) {
    const auto plain =
        file.floats(joined(module, ".weight"));  // For its error, if it is no tensor.
    if (!plain && plain.error().code != ErrorCode::kNotFound) return plain.error();
    return make_error(ErrorCode::kNotFound, "'", file.name(), "' has no weight for '", module,
                      "': neither .weight nor both of .weight_g and .weight_v");
  }
  if (!names->weight.empty()) return file.floats(names->weight, shape);
  SYRINX_ASSIGN(const auto g, file.floats(names->g, magnitude_shape(shape)));
  SYRINX_ASSIGN(auto v, file.floats(names->v, shape));
  const std::size_t row = fold(g, v, g.size());
  if (row == g.size()) return v;
  return make_error(ErrorCode::kCorruptData, "'", file.name(), "': tensor '", names->v,
                    "' is all zero in row ", row, ", so its weight norm is undefined");
}

}  // namespace syrinx::nn
