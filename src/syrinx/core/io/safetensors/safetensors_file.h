// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>

#include "syrinx/core/base/result.h"
#include "syrinx/core/nn/weights/tensor_bytes.h"

namespace syrinx::io {

// Writes a safetensors file: the widest types first and then by name, so that every tensor is
// aligned to its type and the data to 64 bytes, and equal tensors make equal files. The file gets
// its name when it is complete; failure leaves what was there. nn::WeightFile reads it. Errors:
// kInvalidArgument (a name twice, bytes that do not fit a shape, a folder); kNotFound; kIo.
Result<void> write_safetensors(const std::filesystem::path& path,
                               std::span<const nn::TensorBytes> tensors,
                               const std::map<std::string, std::string>& metadata);

}  // namespace syrinx::io
