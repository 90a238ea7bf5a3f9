// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/plugins/plugin_file.h"

#include <dlfcn.h>

#include <cstdlib>
#include <system_error>

namespace syrinx::io {
namespace {

namespace fs = std::filesystem;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

void add_listed(std::vector<fs::path>& places, const std::string& folders, const fs::path& file) {
  for (std::size_t at = 0; at < folders.size();) {
    const std::size_t end = std::min(folders.find(':', at), folders.size());
    const fs::path folder = folders.substr(at, end - at);
    if (folder.is_absolute()) places.push_back(folder / file);
    at = end + 1;
  }
}

// Known to lie in libsyrinx, wherever that is.
void mark_in_library() {}

}  // namespace

std::vector<fs::path> plugin_places(std::string_view file_name) {
  const fs::path file(file_name);
  std::vector<fs::path> places;
  add_listed(places, environment("SYRINX_PLUGINS"), file);
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  if (!failed) places.push_back(program.parent_path().parent_path() / "lib/syrinx" / file);
  Dl_info library{};
  if (dladdr(reinterpret_cast<void*>(&mark_in_library), &library) != 0 &&
      library.dli_fname != nullptr && fs::path(library.dli_fname).is_absolute())
    places.push_back(fs::path(library.dli_fname).parent_path() / "syrinx" / file);
  std::string data = environment("XDG_DATA_HOME");
  if (data.empty() && !environment("HOME").empty()) data = environment("HOME") + "/.local/share";
  if (!data.empty()) places.push_back(fs::path(data) / "syrinx/plugins" / file);
  return places;
}

Result<PluginEntry> load_plugin(const std::vector<fs::path>& places, const char* entry,
                                std::string_view advice) {
  std::string tried;
  for (const fs::path& place : places) {
    tried += (tried.empty() ? "" : ", ") + place.string();
    std::error_code ignored;
    if (!fs::is_regular_file(place, ignored)) continue;
    void* library = dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
      const char* why = dlerror();
      return make_error(ErrorCode::kUnavailable, "the plugin ", place.string(),
                        " cannot be loaded (", why == nullptr ? "no reason was given" : why,
                        "): ", advice);
    }
    void* function = dlsym(library, entry);
    if (function == nullptr)
      return make_error(ErrorCode::kUnsupported, place.string(),
                        " is no plugin of Syrinx: it lacks the function ", entry);
    return PluginEntry{function, place};
  }
  return make_error(ErrorCode::kUnavailable, "the plugin is not here (looked for ", tried,
                    "): ", advice);
}

}  // namespace syrinx::io
