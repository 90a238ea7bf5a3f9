// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>

#include "syrinx/core/base/result.h"

namespace syrinx::measure {

// The file of a model that predicts listeners' opinions, where the user keeps them: under
// $SYRINX_MODELS if set, else under ~/.local/share/syrinx/models ($XDG_DATA_HOME instead of
// ~/.local/share if set). `relative` is as "dnsmos/sig_bak_ovr.onnx".
// Errors: kNotFound, saying where it looked.
Result<std::filesystem::path> find_model(std::string_view relative);

}  // namespace syrinx::measure
