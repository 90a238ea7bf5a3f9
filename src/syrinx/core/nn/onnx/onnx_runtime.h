// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"

namespace syrinx::nn {

namespace ort {
struct Api;
struct Env;
struct MemoryInfo;
}  // namespace ort

// ONNX Runtime, loaded into this process once, at its first use, through its stable C interface.
// Everything else of Syrinx works without it.
class OnnxRuntime {
 public:
  // Looks for the library and starts it: $SYRINX_ONNXRUNTIME if set, and then nothing else; else
  // the system's libonnxruntime.so.1, libonnxruntime.so or libonnxruntime.so.1.*; else the one that
  // tools/fetch_onnxruntime has put into the user's data folder. Any thread. Success is remembered
  // for the life of the process; failure is not, so that a library that arrives later is found. Its
  // messages go to log(), errors only.
  //
  // Errors: kUnavailable, saying where it looked and how to get the library, or why the one that is
  // there cannot be loaded; kUnsupported for a library older than 1.5 or without the interface.
  static Result<std::shared_ptr<const OnnxRuntime>> load();

  // Where load() looks, in order: file names for the system's loader, or paths.
  static std::vector<std::string> candidates();

  OnnxRuntime(const OnnxRuntime&) = delete;
  OnnxRuntime& operator=(const OnnxRuntime&) = delete;
  ~OnnxRuntime();

  const std::string& version() const noexcept { return version_; }            // "1.30.0".
  const std::filesystem::path& library() const noexcept { return library_; }  // What was loaded.

  // For the sessions of this folder.
  const ort::Api& api() const noexcept { return *api_; }
  ort::Env& env() const noexcept { return *env_; }
  const ort::MemoryInfo& cpu_memory() const noexcept { return *cpu_memory_; }

 private:
  OnnxRuntime() = default;
  static Result<std::shared_ptr<const OnnxRuntime>> open_first();
  static Result<std::shared_ptr<const OnnxRuntime>> start(void* library, const std::string& name);

  std::string version_;
  std::filesystem::path library_;
  std::unique_ptr<const ort::Api> api_;
  ort::Env* env_ = nullptr;  // These two live as long as the process.
  ort::MemoryInfo* cpu_memory_ = nullptr;
};

}  // namespace syrinx::nn
