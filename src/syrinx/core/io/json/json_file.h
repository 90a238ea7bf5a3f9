// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "syrinx/core/base/json.h"
#include "syrinx/core/base/result.h"

namespace syrinx::io {

// Reads a settings file, such as the config.json beside a model's weights. Errors, which name the
// file: kNotFound; kIo; kInvalidArgument (a folder); kCorruptData (not JSON, and where);
// kLimitExceeded (kMaxConfigFileBytes and the limits of parse_json()).
Result<JsonValue> read_json_file(const std::filesystem::path& path);

}  // namespace syrinx::io
