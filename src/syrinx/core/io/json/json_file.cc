// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/json/json_file.h"

#include <string>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/io/byte_source.h"

namespace syrinx::io {

Result<JsonValue> read_json_file(const std::filesystem::path& path) {
  SYRINX_ASSIGN(const auto source, open_bytes(path, limits::kMaxConfigFileBytes, nullptr));
  if (source->size() > limits::kMaxConfigFileBytes)
    return make_error(ErrorCode::kLimitExceeded, "'", path.string(), "' has ", source->size(),
                      " bytes; a settings file has at most ", limits::kMaxConfigFileBytes);
  std::string text(source->size(), '\0');
  SYRINX_ASSIGN(const std::size_t got, source->read_at(0, std::as_writable_bytes(std::span(text))));
  text.resize(got);
  auto value = parse_json(text);
  if (value) return value;
  return make_error(value.error().code, "'", path.string(), "': ", value.error().message);
}

}  // namespace syrinx::io
