// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/io/store/model_entry.h"

namespace syrinx::io {

// The models that this version knows where to find.
const std::vector<ModelEntry>& built_in_catalogue();

// A catalogue in a file. Errors: those of read_json_file() and read_catalogue(), naming the file.
Result<std::vector<ModelEntry>> load_catalogue(const std::filesystem::path& path);

// Entries whose name, kind, description or languages contain every word of `words`, in any letter
// case; all for no words.
std::vector<ModelEntry> search_catalogue(const std::vector<ModelEntry>& entries,
                                         const std::vector<std::string>& words);

// The entry of that name. Error: kNotFound, naming those that look alike, else all.
Result<ModelEntry> find_entry(const std::vector<ModelEntry>& entries, std::string_view name);

}  // namespace syrinx::io
