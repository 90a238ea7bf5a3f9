// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/safetensors/safetensors_file.h"

#include <algorithm>
#include <vector>

#include "syrinx/core/base/json.h"
#include "syrinx/core/io/byte_sink.h"
#include "syrinx/core/nn/weights/safetensors_types.h"

namespace syrinx::io {
namespace {

constexpr std::size_t kAlignment = 64;

using Order = std::vector<const nn::TensorBytes*>;

Result<Order> ordered(std::span<const nn::TensorBytes> tensors) {
  Order order;
  for (const nn::TensorBytes& tensor : tensors) {
    if (tensor.bytes.size() != tensor.info.bytes())
      return make_error(ErrorCode::kInvalidArgument, "tensor '", tensor.info.name, "' of shape ",
                        nn::describe_shape(tensor.info.shape), " cannot have ", tensor.bytes.size(),
                        " bytes");
    order.push_back(&tensor);
  }
  const auto by_name = [](const auto* a, const auto* b) { return a->info.name < b->info.name; };
  std::sort(order.begin(), order.end(), by_name);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::string& name = order[i]->info.name;
    if (name == "__metadata__" || (i > 0 && order[i - 1]->info.name == name))
      return make_error(ErrorCode::kInvalidArgument, "the tensor name '", name,
                        "' is taken already");
  }
  std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    return nn::bytes_of(a->info.dtype) > nn::bytes_of(b->info.dtype);
  });
  return order;
}

std::string metadata_text(const std::map<std::string, std::string>& metadata) {
  std::string text = "\"__metadata__\":{";
  for (const auto& [key, value] : metadata) {
    if (text.back() != '{') text += ',';
    text += json_quoted(key) + ':' + json_quoted(value);
  }
  return text + '}';
}

std::string tensor_text(const nn::TensorInfo& info, std::size_t begin) {
  std::string text = json_quoted(info.name) + ":{\"dtype\":\"";
  text += nn::safetensors_name(info.dtype);
  text += "\",\"shape\":[";
  for (std::size_t i = 0; i < info.shape.size(); ++i)
    text += (i == 0 ? "" : ",") + std::to_string(info.shape[i]);
  return text + "],\"data_offsets\":[" + std::to_string(begin) + ',' +
         std::to_string(begin + info.bytes()) + "]}";
}

// The length and the header, padded with spaces so that the data are aligned.
std::string header_of(const Order& order, const std::map<std::string, std::string>& metadata) {
  std::string text = "{";
  if (!metadata.empty()) text += metadata_text(metadata);
  std::size_t begin = 0;
  for (const nn::TensorBytes* tensor : order) {
    if (text.size() > 1) text += ',';
    text += tensor_text(tensor->info, begin);
    begin += tensor->bytes.size();
  }
  text += '}';
  text.append((kAlignment - (text.size() + 8) % kAlignment) % kAlignment, ' ');
  std::string length;
  for (std::size_t rest = text.size(), i = 0; i < 8; ++i, rest >>= 8)
    length.push_back(static_cast<char>(rest & 0xFF));
  return length + text;
}

}  // namespace

Result<void> write_safetensors(const std::filesystem::path& path,
                               std::span<const nn::TensorBytes> tensors,
                               const std::map<std::string, std::string>& metadata) {
  SYRINX_ASSIGN(const Order order, ordered(tensors));
  SYRINX_ASSIGN(const auto sink, make_file_sink(path));
  const std::string header = header_of(order, metadata);
  SYRINX_TRY(sink->write_at(0, std::as_bytes(std::span(header))));
  std::uint64_t at = header.size();
  for (const nn::TensorBytes* tensor : order) {
    SYRINX_TRY(sink->write_at(at, tensor->bytes));
    at += tensor->bytes.size();
  }
  return sink->finish();
}

}  // namespace syrinx::io
