// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <numeric>

#include "syrinx/core/base/json.h"
#include "syrinx/core/base/limits.h"
#include "syrinx/core/nn/weights/safetensors_types.h"
#include "syrinx/core/nn/weights/weight_contents.h"

// The format: https://github.com/huggingface/safetensors#format. As its reference does, every byte
// of the data must belong to exactly one tensor.
namespace syrinx::nn {
namespace {

constexpr std::size_t kLengthBytes = 8;

template <class... Parts>
Error corrupt(const Parts&... parts) {
  return make_error(ErrorCode::kCorruptData, parts...);
}

Result<Bytes> find_header(Bytes file) {
  if (file.size() < kLengthBytes)
    return corrupt("it has ", file.size(), " bytes, too few for the header of a safetensors file");
  const std::uint64_t length = load_le64(file, 0);
  if (length > limits::kMaxSafetensorsHeaderBytes)
    return make_error(ErrorCode::kLimitExceeded, "its safetensors header claims ", length,
                      " bytes; at most ", limits::kMaxSafetensorsHeaderBytes);
  if (length > file.size() - kLengthBytes)
    return corrupt("its safetensors header claims ", length, " bytes, but only ",
                   file.size() - kLengthBytes, " follow");
  return file.subspan(kLengthBytes, length);
}

Result<DType> dtype_named(const std::string& tensor, const JsonValue* value) {
  const std::string* name = value == nullptr ? nullptr : value->text();
  if (name == nullptr) return corrupt("tensor '", tensor, "' states no dtype");
  if (const auto type = safetensors_dtype(*name)) return *type;
  return make_error(ErrorCode::kUnsupported, "tensor '", tensor, "' has the unknown dtype '", *name,
                    "'");
}

Result<std::vector<std::size_t>> counts(const std::string& tensor, const JsonValue* value,
                                        const char* key) {
  const JsonValue::Array* list = value == nullptr ? nullptr : value->array();
  if (list == nullptr) return corrupt("tensor '", tensor, "' states no ", key);
  std::vector<std::size_t> numbers;
  for (const JsonValue& item : *list) {
    const auto number = item.count();
    if (!number) return corrupt("tensor '", tensor, "': its ", key, " holds what is no count");
    numbers.push_back(*number);
  }
  return numbers;
}

struct Placed {
  StoredTensor tensor;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

Result<Placed> read_tensor(const JsonMember& member, Bytes data) {
  const std::string& name = member.key;
  Placed placed;
  TensorInfo& info = placed.tensor.info;
  info.name = name;
  SYRINX_ASSIGN(info.dtype, dtype_named(name, member.value.find("dtype")));
  SYRINX_ASSIGN(info.shape, counts(name, member.value.find("shape"), "shape"));
  SYRINX_ASSIGN(const auto offsets,
                counts(name, member.value.find("data_offsets"), "data_offsets"));
  if (offsets.size() != 2 || offsets[0] > offsets[1])
    return corrupt("tensor '", name, "': its data_offsets are not a begin and an end");
  placed.begin = offsets[0];
  placed.end = offsets[1];
  if (placed.end > data.size())
    return corrupt("tensor '", name, "' ends at byte ", placed.end, " of ", data.size(),
                   " bytes of data");
  const auto elements = count_elements(info.shape);
  if (!elements)
    return make_error(elements.error().code, "tensor '", name, "': ", elements.error().message);
  if (*elements * bytes_of(info.dtype) != placed.end - placed.begin)
    return corrupt("tensor '", name, "' of shape ", describe_shape(info.shape), " and type ",
                   to_string(info.dtype), " needs ", *elements * bytes_of(info.dtype),
                   " bytes, but its data_offsets give ", placed.end - placed.begin);
  placed.tensor.bytes = data.subspan(placed.begin, placed.end - placed.begin);
  return placed;
}

Result<void> check_cover(const std::vector<Placed>& all, std::size_t data_bytes) {
  std::vector<const Placed*> order;
  for (const Placed& placed : all) order.push_back(&placed);
  std::sort(order.begin(), order.end(), [](const Placed* a, const Placed* b) {
    return std::pair(a->begin, a->end) < std::pair(b->begin, b->end);
  });
  std::uint64_t at = 0;
  for (const Placed* placed : order) {
    if (placed->begin < at)
      return corrupt("tensor '", placed->tensor.info.name, "' overlaps the one before it");
    if (placed->begin > at)
      return corrupt("before tensor '", placed->tensor.info.name, "' lie ", placed->begin - at,
                     " bytes that belong to none");
    at = placed->end;
  }
  if (at == data_bytes) return {};
  return corrupt("after the last tensor lie ", data_bytes - at, " bytes that belong to none");
}

Result<void> read_metadata(const JsonValue& value, std::map<std::string, std::string>& metadata) {
  const JsonValue::Object* members = value.object();
  if (members == nullptr) return corrupt("__metadata__ is not an object");
  if (members->size() > limits::kMaxWeightMetadata)
    return make_error(ErrorCode::kLimitExceeded, "__metadata__ has ", members->size(),
                      " entries; at most ", limits::kMaxWeightMetadata);
  for (const JsonMember& member : *members) {
    const std::string* text = member.value.text();
    if (text == nullptr) return corrupt("__metadata__: '", member.key, "' is not a text");
    metadata[member.key] = *text;
  }
  return {};
}

}  // namespace

Result<WeightContents> read_safetensors(Bytes file) {
  SYRINX_ASSIGN(const Bytes header, find_header(file));
  auto root = parse_json(as_text(header));
  if (!root) return make_error(root.error().code, "its safetensors header: ", root.error().message);
  if (root->object() == nullptr) return corrupt("its safetensors header is not an object");
  const Bytes data = file.subspan(kLengthBytes + header.size());
  WeightContents contents;
  contents.format = "safetensors";
  std::vector<Placed> all;
  for (const JsonMember& member : *root->object()) {
    if (member.key == "__metadata__") {
      SYRINX_TRY(read_metadata(member.value, contents.metadata));
      continue;
    }
    SYRINX_ASSIGN(Placed placed, read_tensor(member, data));
    all.push_back(std::move(placed));
  }
  SYRINX_TRY(check_cover(all, data.size()));
  std::stable_sort(all.begin(), all.end(),
                   [](const Placed& a, const Placed& b) { return a.begin < b.begin; });
  for (Placed& placed : all) contents.tensors.push_back(std::move(placed.tensor));
  return contents;
}

}  // namespace syrinx::nn
