// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/sofa/mysofa_library.h"

#include <dlfcn.h>

#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>

namespace syrinx::io::mysofa {
namespace {

constexpr const char* kOverride = "SYRINX_MYSOFA";
constexpr const char* kName = "libmysofa.so.1";

template <class Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

Result<std::unique_ptr<const Library>> open_library() {
  const char* given = std::getenv(kOverride);
  const std::string name = given == nullptr || *given == '\0' ? kName : given;
  void* handle = dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr)
    return make_error(ErrorCode::kUnavailable, "SOFA files need libmysofa, which is not here (",
                      name, "): install Debian's libmysofa1, or set ", kOverride,
                      " to the library's path");
  auto library = std::make_unique<Library>();
  if (find(handle, "mysofa_open", library->open) && find(handle, "mysofa_close", library->close) &&
      find(handle, "mysofa_getfilter_float", library->filters))
    return std::unique_ptr<const Library>(std::move(library));
  dlclose(handle);
  return make_error(ErrorCode::kUnavailable, name,
                    " lacks a function of libmysofa 1: install Debian's libmysofa1");
}

}  // namespace

Result<const Library*> load_library() {
  // Never destroyed: files may be closed in any order at the end of the process.
  static std::mutex& mutex = *new std::mutex;
  static auto& loaded = *new std::unique_ptr<const Library>;
  const std::lock_guard lock(mutex);
  if (loaded == nullptr) {
    SYRINX_ASSIGN(loaded, open_library());
  }
  return loaded.get();
}

}  // namespace syrinx::io::mysofa
