// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"

namespace syrinx::io {

// Where a plugin's file may lie, in order: each folder of $SYRINX_PLUGINS (apart by ':');
// lib/syrinx beside the program's own folder; syrinx beside the library; the user's data folder
// (~/.local/share/syrinx/plugins). No other place, and never the current folder.
std::vector<std::filesystem::path> plugin_places(std::string_view file_name);

// A function of a plugin that stays loaded for the life of the process.
struct PluginEntry {
  void* function = nullptr;
  std::filesystem::path file;
};

// Loads the first of the places that there is. Errors: kUnavailable where there is none, with the
// places and `advice`, what to do about it, or where the one that is there cannot be loaded;
// kUnsupported for a file without the entry.
Result<PluginEntry> load_plugin(const std::vector<std::filesystem::path>& places, const char* entry,
                                std::string_view advice);

}  // namespace syrinx::io
