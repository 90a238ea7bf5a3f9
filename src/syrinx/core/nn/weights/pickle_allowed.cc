// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/weights/pickle_allowed.h"

#include <algorithm>
#include <array>

namespace syrinx::nn {
namespace {

struct Entry {
  std::string_view module;
  std::string_view name;
  AllowedName allowed;
};

constexpr std::array kEntries{
    Entry{"collections", "OrderedDict", {Allowed::kOrderedDict}},
    Entry{"torch._utils", "_rebuild_tensor_v2", {Allowed::kRebuildTensor}},
    Entry{"torch._utils", "_rebuild_tensor", {Allowed::kRebuildTensor}},
    Entry{"torch._utils", "_rebuild_parameter", {Allowed::kRebuildParameter}},
    Entry{"torch.nn.parameter", "Parameter", {Allowed::kRebuildParameter}},
    Entry{"torch", "Size", {Allowed::kSize}}, Entry{"__builtin__", "set", {Allowed::kSet}},
    Entry{"builtins", "set", {Allowed::kSet}}, Entry{"_codecs", "encode", {Allowed::kCodecsEncode}},
    Entry{"numpy.core.multiarray", "scalar", {Allowed::kNumpyScalar}},
    Entry{"numpy._core.multiarray", "scalar", {Allowed::kNumpyScalar}},
    Entry{"numpy", "dtype", {Allowed::kNumpyDtype}},
    Entry{"torch", "DoubleStorage", {Allowed::kStorage, DType::kFloat64}},
    Entry{"torch", "FloatStorage", {Allowed::kStorage, DType::kFloat32}},
    Entry{"torch", "HalfStorage", {Allowed::kStorage, DType::kFloat16}},
    Entry{"torch", "BFloat16Storage", {Allowed::kStorage, DType::kBfloat16}},
    Entry{"torch", "LongStorage", {Allowed::kStorage, DType::kInt64}},
    Entry{"torch", "IntStorage", {Allowed::kStorage, DType::kInt32}},
    Entry{"torch", "ShortStorage", {Allowed::kStorage, DType::kInt16}},
    Entry{"torch", "CharStorage", {Allowed::kStorage, DType::kInt8}},
    Entry{"torch", "ByteStorage", {Allowed::kStorage, DType::kUint8}},
    Entry{"torch", "BoolStorage", {Allowed::kStorage, DType::kBool}},
    // Objects that lie in checkpoints beside or around the tensors.
    Entry{"torch", "device", {}}, Entry{"torch", "float32", {}}, Entry{"torch", "float16", {}},
    Entry{"torch", "bfloat16", {}}, Entry{"torch.nn.utils.weight_norm", "WeightNorm", {}},
    Entry{"torch.nn.backends.thnn", "_get_thnn_function_backend", {}},
    Entry{"argparse", "Namespace", {}}, Entry{"env", "AttrDict", {}},
    // The classes of NVIDIA's WaveGlow, whose checkpoint pickles the whole module.
    Entry{"glow", "WaveGlow", {}}, Entry{"glow", "WN", {}}, Entry{"glow", "Invertible1x1Conv", {}}};

// The modules of a network: torch.nn.modules.conv.Conv1d and its kin.
bool is_torch_module(std::string_view module, std::string_view name) noexcept {
  constexpr std::string_view kPackage = "torch.nn.modules.";
  return module.starts_with(kPackage) && !name.empty() && name.front() >= 'A' &&
         name.front() <= 'Z';
}

}  // namespace

std::optional<AllowedName> find_allowed(std::string_view module, std::string_view name) noexcept {
  const auto found = std::find_if(kEntries.begin(), kEntries.end(), [&](const Entry& entry) {
    return entry.module == module && entry.name == name;
  });
  if (found != kEntries.end()) return found->allowed;
  if (is_torch_module(module, name)) return AllowedName{};
  return std::nullopt;
}

}  // namespace syrinx::nn
