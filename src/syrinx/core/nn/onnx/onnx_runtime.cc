// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/onnx/onnx_runtime.h"

#include <dlfcn.h>

#include <cstdlib>
#include <mutex>
#include <sstream>

#include "syrinx/core/base/log.h"
#include "syrinx/core/nn/onnx/onnx_error.h"
#include "syrinx/core/nn/onnx/ort_api.h"

namespace syrinx::nn {
namespace {

constexpr const char* kOverride = "SYRINX_ONNXRUNTIME";
#if defined(__aarch64__)
constexpr const char* kMultiarch = "/usr/lib/aarch64-linux-gnu";
#else
constexpr const char* kMultiarch = "/usr/lib/x86_64-linux-gnu";
#endif

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

void forward_message(void*, int, const char*, const char*, const char*, const char* message) {
  log(LogLevel::kWarning, std::string("ONNX Runtime: ") + message);
}

Error unavailable(const std::vector<std::string>& tried) {
  std::ostringstream places;
  for (const std::string& place : tried) places << (&place == &tried[0] ? "" : ", ") << place;
  return make_error(ErrorCode::kUnavailable, "ONNX Runtime is not here (looked for ", places.str(),
                    "): run tools/fetch_onnxruntime, or set ", kOverride,
                    " to the path of libonnxruntime.so");
}

// What the system has under a longer name only, as Debian's libonnxruntime.so.1.21.
std::vector<std::string> versioned_libraries() {
  std::vector<std::string> found;
  for (const char* folder : {"/usr/local/lib", kMultiarch, "/usr/lib64"}) {
    std::error_code none;
    for (std::filesystem::directory_iterator entry(folder, none), end; !none && entry != end;
         entry.increment(none)) {
      if (entry->path().filename().string().starts_with("libonnxruntime.so.1."))
        found.push_back(entry->path().string());
    }
  }
  return found;
}

// The file that a loaded library came from.
std::filesystem::path file_of(void* symbol, const std::string& name) {
  Dl_info info{};
  if (dladdr(symbol, &info) != 0 && info.dli_fname != nullptr) return info.dli_fname;
  return name;
}

}  // namespace

OnnxRuntime::~OnnxRuntime() = default;

std::vector<std::string> OnnxRuntime::candidates() {
  if (const std::string given = environment(kOverride); !given.empty()) return {given};
  std::vector<std::string> places{"libonnxruntime.so.1", "libonnxruntime.so"};
  for (std::string& versioned : versioned_libraries()) places.push_back(std::move(versioned));
  std::string data = environment("XDG_DATA_HOME");
  if (data.empty() && !environment("HOME").empty()) data = environment("HOME") + "/.local/share";
  if (!data.empty()) places.push_back(data + "/syrinx/lib/libonnxruntime.so.1");
  return places;
}

Result<std::shared_ptr<const OnnxRuntime>> OnnxRuntime::load() {
  // Both are never destroyed: sessions of other static objects may outlive any order of
  // destruction, and the library does not like to be unloaded.
  static std::mutex& mutex = *new std::mutex;
  static auto& loaded = *new std::shared_ptr<const OnnxRuntime>;
  const std::lock_guard lock(mutex);
  if (loaded == nullptr) {
    SYRINX_ASSIGN(loaded, open_first());
  }
  return loaded;
}

Result<std::shared_ptr<const OnnxRuntime>> OnnxRuntime::open_first() {
  const auto places = candidates();
  for (const std::string& place : places) {
    if (void* library = dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL)) return start(library, place);
    const char* why = dlerror();
    std::error_code ignored;
    if (std::filesystem::is_regular_file(place, ignored))
      return make_error(ErrorCode::kUnavailable, "ONNX Runtime at ", place,
                        " cannot be loaded: ", why == nullptr ? "no reason was given" : why);
  }
  return unavailable(places);
}

Result<std::shared_ptr<const OnnxRuntime>> OnnxRuntime::start(void* library,
                                                              const std::string& name) {
  void* symbol = dlsym(library, "OrtGetApiBase");
  if (symbol == nullptr)
    return make_error(ErrorCode::kUnsupported, name,
                      " is not ONNX Runtime: it lacks OrtGetApiBase");
  const ort::ApiBase* base = reinterpret_cast<ort::GetApiBase>(symbol)();
  const ort::Entry* table = base->get_api(ort::kInterfaceVersion);
  if (table == nullptr)
    return make_error(ErrorCode::kUnsupported, name, " is ONNX Runtime ", base->get_version(),
                      "; at least 1.5 is needed");
  std::shared_ptr<OnnxRuntime> runtime(new OnnxRuntime);
  runtime->version_ = base->get_version();
  runtime->library_ = file_of(symbol, name);
  runtime->api_ = std::make_unique<const ort::Api>(table);
  const ort::Api& api = *runtime->api_;
  SYRINX_TRY(check_status(api,
                          api.create_env_with_logger(&forward_message, nullptr, ort::kSeverityError,
                                                     "syrinx", &runtime->env_),
                          "starting " + name));
  SYRINX_TRY(check_status(api, api.disable_telemetry(runtime->env_), "silencing " + name));
  SYRINX_TRY(check_status(
      api,
      api.create_cpu_memory_info(ort::kArenaAllocator, ort::kDefaultMemory, &runtime->cpu_memory_),
      "starting " + name));
  return std::shared_ptr<const OnnxRuntime>(std::move(runtime));
}

}  // namespace syrinx::nn
