// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/onnx/onnx_error.h"

#include <memory>

namespace syrinx::nn {
namespace {

ErrorCode code_of(int number) noexcept {
  switch (number) {
    case ort::kInvalidArgument:
      return ErrorCode::kInvalidArgument;
    case ort::kNoModel:
    case ort::kInvalidProtobuf:
    case ort::kInvalidGraph:
      return ErrorCode::kCorruptData;
    case ort::kNotImplemented:
      return ErrorCode::kUnsupported;
    default:
      return ErrorCode::kInternal;
  }
}

}  // namespace

Result<void> check_status(const ort::Api& api, ort::Status* status, std::string_view doing) {
  if (status == nullptr) return {};
  const auto release = [&api](ort::Status* owned) { api.release_status(owned); };
  const std::unique_ptr<ort::Status, decltype(release)> owned(status, release);
  return make_error(code_of(api.get_error_code(status)), doing,
                    " failed in ONNX Runtime: ", api.get_error_message(status));
}

}  // namespace syrinx::nn
