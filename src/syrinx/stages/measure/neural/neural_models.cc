// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/neural/neural_models.h"

#include <cstdlib>
#include <string>

namespace syrinx::measure {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::filesystem::path models_folder() {
  if (const std::string given = environment("SYRINX_MODELS"); !given.empty()) return given;
  const std::string data = environment("XDG_DATA_HOME");
  const auto home = std::filesystem::path(environment("HOME")) / ".local" / "share";
  return (data.empty() ? home : std::filesystem::path(data)) / "syrinx" / "models";
}

}  // namespace

Result<std::filesystem::path> find_model(std::string_view relative) {
  const auto path = models_folder() / relative;
  std::error_code ignored;
  if (std::filesystem::is_regular_file(path, ignored)) return path;
  return make_error(ErrorCode::kNotFound, "the model ", path.string(),
                    " is not there; put it there, or set SYRINX_MODELS to the folder that has ",
                    relative);
}

}  // namespace syrinx::measure
