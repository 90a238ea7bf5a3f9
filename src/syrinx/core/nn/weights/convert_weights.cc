// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/weights/convert_weights.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "syrinx/core/nn/weights/folded_weight.h"

namespace syrinx::nn {
namespace {

// "m" for "m.weight_v" when the file keeps m's weight as magnitude and direction.
std::optional<std::string> module_of_direction(const WeightFile& file, std::string_view name) {
  for (const std::string_view suffix : {".weight_v", ".parametrizations.weight.original1"}) {
    if (!name.ends_with(suffix)) continue;
    std::string module(name.substr(0, name.size() - suffix.size()));
    const auto names = find_weight(file, module);
    if (names && names->v == name) return module;
  }
  return std::nullopt;
}

bool is_folded_magnitude(const WeightFile& file, std::string_view name) {
  for (const auto& [g, v] :
       {std::pair(".weight_g", ".weight_v"),
        std::pair(".parametrizations.weight.original0", ".parametrizations.weight.original1")}) {
    if (!name.ends_with(g)) continue;
    const std::string module(name.substr(0, name.size() - std::string_view(g).size()));
    if (module_of_direction(file, module + v)) return true;
  }
  return false;
}

// g v / |v| in double, for comparison.
Result<std::vector<double>> exact_weight(const WeightFile& file, const WeightNames& names) {
  SYRINX_ASSIGN(const auto g, file.floats(names.g));
  SYRINX_ASSIGN(const auto v, file.floats(names.v));
  std::vector<double> exact(v.begin(), v.end());
  const std::size_t width = exact.size() / std::max<std::size_t>(g.size(), 1);
  for (std::size_t row = 0; row < g.size(); ++row) {
    const auto values = std::span(exact).subspan(row * width, width);
    double power = 0.0;
    for (const double value : values) power += value * value;
    for (double& value : values) value *= g[row] / std::sqrt(power);
  }
  return exact;
}

float unpacked(std::span<const std::byte> bytes, DType type, std::size_t index) {
  const auto at = [&]<class T>(T value) {
    std::copy_n(bytes.data() + index * sizeof(T), sizeof(T), reinterpret_cast<std::byte*>(&value));
    return value;
  };
  if (type == DType::kFloat16) return half_to_float(at(std::uint16_t{}));
  if (type == DType::kBfloat16) return bfloat16_to_float(at(std::uint16_t{}));
  if (type == DType::kFloat64) return static_cast<float>(at(double{}));
  return at(float{});
}

template <class Values>
Result<WeightChange> compare(const WeightFile& file, const TensorBytes& made, const Values& exact) {
  WeightChange change;
  change.name = made.info.name;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    const double written = static_cast<double>(unpacked(made.bytes, made.info.dtype, i));
    if (!std::isfinite(written))
      return make_error(ErrorCode::kUnsupported, "'", file.name(), "': tensor '", made.info.name,
                        "' holds ", exact[i], ", too large for ", to_string(made.info.dtype));
    change.max_error = std::max(change.max_error, std::abs(written - exact[i]));
    change.max_magnitude = std::max(change.max_magnitude, static_cast<double>(std::abs(exact[i])));
  }
  return change;
}

Result<void> convert_one(const WeightFile& file, const TensorInfo& info, DType type,
                         ConvertedWeights& out) {
  if (!is_floating(info.dtype)) {
    SYRINX_ASSIGN(auto bytes, file.raw(info.name));
    out.tensors.push_back({info, std::move(bytes)});
    return {};
  }
  if (is_folded_magnitude(file, info.name)) return {};
  const auto module = module_of_direction(file, info.name);
  if (!module) {
    SYRINX_ASSIGN(const auto values, file.floats(info.name, info.shape));
    out.tensors.push_back(make_tensor(info.name, info.shape, values, type));
    SYRINX_ASSIGN(auto change, compare(file, out.tensors.back(), values));
    out.changes.push_back(std::move(change));
    return {};
  }
  SYRINX_ASSIGN(const auto folded, folded_weight(file, *module, info.shape));
  SYRINX_ASSIGN(const auto exact, exact_weight(file, *find_weight(file, *module)));
  out.tensors.push_back(make_tensor(*module + ".weight", info.shape, folded, type));
  SYRINX_ASSIGN(auto change, compare(file, out.tensors.back(), exact));
  change.folded = true;
  out.changes.push_back(std::move(change));
  return {};
}

}  // namespace

Result<ConvertedWeights> convert_weights(const WeightFile& file, DType type) {
  ConvertedWeights out;
  for (const TensorInfo& info : file.tensors()) SYRINX_TRY(convert_one(file, info, type, out));
  return out;
}

TensorHealth examine_values(std::span<const float> values) noexcept {
  TensorHealth health;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const int kind = std::fpclassify(values[i]);
    if (kind == FP_NAN || kind == FP_INFINITE) {
      if (health.not_finite++ == 0) health.first_not_finite = i;
    }
    health.zeros += kind == FP_ZERO ? 1 : 0;
    health.denormals += kind == FP_SUBNORMAL ? 1 : 0;
  }
  return health;
}

}  // namespace syrinx::nn
