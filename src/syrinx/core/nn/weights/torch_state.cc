// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/weights/torch_state.h"

#include <array>
#include <cstdio>
#include <map>
#include <optional>

#include "syrinx/core/base/limits.h"

namespace syrinx::nn {
namespace {

template <class... Parts>
Error corrupt(const Parts&... parts) {
  return make_error(ErrorCode::kCorruptData, parts...);
}

std::optional<std::vector<std::uint64_t>> counts_of(const Pickle& pickle, const PickleValue& list) {
  if (list.kind != PickleKind::kTuple && list.kind != PickleKind::kList) return std::nullopt;
  if (list.items.size() > limits::kMaxTensorRank) return std::nullopt;
  std::vector<std::uint64_t> counts;
  for (const PickleId id : list.items) {
    const PickleValue& item = pickle[id];
    if (item.kind != PickleKind::kInteger || item.integer < 0) return std::nullopt;
    counts.push_back(static_cast<std::uint64_t>(item.integer));
  }
  return counts;
}

bool is_c_order(const std::vector<std::size_t>& shape, const std::vector<std::uint64_t>& strides) {
  std::uint64_t step = 1;
  for (std::size_t d = shape.size(); d-- > 0;) {
    if (shape[d] != 1 && strides[d] != step) return false;
    step *= shape[d];
  }
  return true;
}

std::string text_of(double value) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.17g", value);
  return text.data();
}

class Flattener {
 public:
  Flattener(const Pickle& pickle, const StorageFinder& find, WeightContents& contents)
      : pickle_(pickle), find_(find), contents_(contents) {}

  Result<void> visit(PickleId id, const std::string& name, std::size_t depth) {
    if (depth > limits::kMaxPickleDepth)
      return make_error(ErrorCode::kLimitExceeded, "'", name.substr(0, 80),
                        "...' is nested deeper than ", limits::kMaxPickleDepth,
                        " levels, or holds itself");
    if (++visits_ > limits::kMaxPickleNodes)
      return make_error(ErrorCode::kLimitExceeded, "its dicts hold more than ",
                        limits::kMaxPickleNodes, " entries");
    if (name.size() > limits::kMaxTensorNameBytes)
      return make_error(ErrorCode::kLimitExceeded, "a name has ", name.size(), " bytes; at most ",
                        limits::kMaxTensorNameBytes);
    const PickleValue& value = pickle_[id];
    switch (value.kind) {
      case PickleKind::kTensor:
        return add_tensor(value, name.empty() ? "tensor" : name);
      case PickleKind::kDict:
        return visit_dict(value, name, depth);
      case PickleKind::kObject:
        return visit_object(value, name, depth);
      case PickleKind::kTuple:
      case PickleKind::kList:
        for (std::size_t i = 0; i < value.items.size(); ++i)
          SYRINX_TRY(visit(value.items[i], joined(name, std::to_string(i)), depth + 1));
        return {};
      default:
        return {};
    }
  }

 private:
  static std::string joined(const std::string& name, std::string_view part) {
    return name.empty() ? std::string(part) : (name + ".").append(part);
  }

  Result<void> visit_dict(const PickleValue& dict, const std::string& name, std::size_t depth) {
    visits_ += dict.items.size() / 2;
    for (std::size_t i = 0; i + 1 < dict.items.size(); i += 2) {
      const PickleValue& key = pickle_[dict.items[i]];
      if (key.text.size() > limits::kMaxTensorNameBytes)
        return make_error(ErrorCode::kLimitExceeded, "a name has ", key.text.size(),
                          " bytes; at most ", limits::kMaxTensorNameBytes);
      std::string part;
      if (key.kind == PickleKind::kText) {
        part = key.text;
      } else if (key.kind == PickleKind::kInteger) {
        part = std::to_string(key.integer);
      } else {
        continue;
      }
      part = joined(name, part);
      SYRINX_TRY(visit(dict.items[i + 1], part, depth + 1));
      SYRINX_TRY(add_metadata(pickle_[dict.items[i + 1]], part));
    }
    return {};
  }

  // A pickled torch module: its parameters, buffers and submodules, as state_dict() would list
  // them.
  Result<void> visit_object(const PickleValue& object, const std::string& name, std::size_t depth) {
    if (object.items.empty()) return {};
    const PickleValue& state = pickle_[object.items[0]];
    visits_ += state.items.size();  // Looking for a member takes as long.
    for (const char* const part : {"_parameters", "_buffers", "_modules"}) {
      const PickleValue* const members = pickle_.member(state, part);
      if (members != nullptr && members->kind == PickleKind::kDict)
        SYRINX_TRY(visit_dict(*members, name, depth));
    }
    return {};
  }

  Result<void> add_metadata(const PickleValue& value, const std::string& name) {
    std::string text;
    switch (value.kind) {
      case PickleKind::kInteger:
        text = std::to_string(value.integer);
        break;
      case PickleKind::kReal:
        text = text_of(value.real);
        break;
      case PickleKind::kBool:
        text = value.integer != 0 ? "true" : "false";
        break;
      case PickleKind::kText:
        text = value.text;
        break;
      default:
        return {};
    }
    if (contents_.metadata.size() >= limits::kMaxWeightMetadata ||
        text.size() > limits::kMaxWeightMetadataBytes)
      return make_error(ErrorCode::kLimitExceeded, "too many or too long texts beside the tensors");
    metadata_bytes_ += text.size();
    if (metadata_bytes_ > limits::kMaxPickleBytes)
      return make_error(ErrorCode::kLimitExceeded, "too much text beside the tensors");
    contents_.metadata[name] = std::move(text);
    return {};
  }

  Result<void> add_tensor(const PickleValue& value, const std::string& name) {
    if (contents_.tensors.size() >= limits::kMaxWeightTensors)
      return make_error(ErrorCode::kLimitExceeded, "more than ", limits::kMaxWeightTensors,
                        " tensors");
    auto tensor = make_tensor(value);
    if (!tensor)
      return make_error(tensor.error().code, "tensor '", name, "': ", tensor.error().message);
    tensor->info.name = name;
    contents_.tensors.push_back(*std::move(tensor));
    return {};
  }

  // _rebuild_tensor_v2(storage, offset, size, stride, ...).
  Result<StoredTensor> make_tensor(const PickleValue& value) {
    const PickleValue& offset = pickle_[value.items[1]];
    const auto shape = counts_of(pickle_, pickle_[value.items[2]]);
    const auto strides = counts_of(pickle_, pickle_[value.items[3]]);
    if (offset.kind != PickleKind::kInteger || offset.integer < 0 || !shape || !strides ||
        shape->size() != strides->size())
      return corrupt("its offset, shape and strides are not counts that agree");
    SYRINX_ASSIGN(const TorchStorage storage, storage_of(pickle_, pickle_[value.items[0]]));
    StoredTensor tensor;
    tensor.info.dtype = storage.dtype;
    tensor.info.shape.assign(shape->begin(), shape->end());
    SYRINX_ASSIGN(const std::size_t elements, count_elements(tensor.info.shape));
    SYRINX_ASSIGN(const Bytes bytes, bytes_of_storage(storage));
    SYRINX_ASSIGN(const std::uint64_t reach, reach_of(tensor.info.shape, *strides, elements));
    const auto first = static_cast<std::uint64_t>(offset.integer);
    if (!lies_inside(first, reach, storage.elements))
      return corrupt("it reaches past its storage of ", storage.elements, " values");
    const std::size_t size = nn::bytes_of(storage.dtype);
    tensor.bytes = bytes.subspan(first * size, reach * size);
    if (elements != 0 && !is_c_order(tensor.info.shape, *strides)) tensor.strides = *strides;
    return tensor;
  }

  // How many values of the storage lie between the first and the last, both counted.
  static Result<std::uint64_t> reach_of(const std::vector<std::size_t>& shape,
                                        const std::vector<std::uint64_t>& strides,
                                        std::size_t elements) {
    if (elements == 0) return std::uint64_t{0};
    std::uint64_t last = 0;
    for (std::size_t d = 0; d < shape.size(); ++d) {
      if (shape[d] == 1) continue;
      if (strides[d] > limits::kMaxTensorElements) return corrupt("a stride of ", strides[d]);
      last += strides[d] * (shape[d] - 1);  // At most 16 times 2^32 squared: checked each time.
      if (last > limits::kMaxTensorElements) return corrupt("its strides reach ", last, " values");
    }
    return last + 1;
  }

  Result<Bytes> bytes_of_storage(const TorchStorage& storage) {
    const auto known = storages_.find(storage.key);
    if (known != storages_.end() &&
        known->second.size() == storage.elements * nn::bytes_of(storage.dtype))
      return known->second;
    SYRINX_ASSIGN(const Bytes bytes, find_(storage));
    storages_[storage.key] = bytes;
    return bytes;
  }

  const Pickle& pickle_;
  const StorageFinder& find_;
  WeightContents& contents_;
  std::map<std::string_view, Bytes> storages_;
  std::size_t visits_ = 0;
  std::size_t metadata_bytes_ = 0;
};

}  // namespace

Result<TorchStorage> storage_of(const Pickle& pickle, const PickleValue& reference) {
  const auto& items = reference.items;
  if (reference.kind != PickleKind::kPersistent || items.size() < 5)
    return corrupt("a tensor without a storage");
  const PickleValue& type = pickle[items[1]];
  const PickleValue& key = pickle[items[2]];
  const PickleValue& count = pickle[items[4]];
  if (type.kind != PickleKind::kClass || type.allowed != Allowed::kStorage)
    return corrupt("a storage of no known type");
  if (key.kind != PickleKind::kText || count.kind != PickleKind::kInteger || count.integer < 0 ||
      key.text.size() > limits::kMaxZipNameBytes ||
      static_cast<std::uint64_t>(count.integer) > limits::kMaxTensorElements)
    return corrupt("a storage without a key or a count");
  if (items.size() > 5 && pickle[items[5]].kind != PickleKind::kNone)
    return make_error(ErrorCode::kUnsupported, "a storage that is a view into another one");
  return TorchStorage{key.text, type.dtype, static_cast<std::uint64_t>(count.integer)};
}

Result<void> flatten_state(const Pickle& pickle, const StorageFinder& find,
                           WeightContents& contents) {
  SYRINX_TRY(Flattener(pickle, find, contents).visit(pickle.root, "", 0));
  if (!contents.tensors.empty()) return {};
  const auto& metadata = contents.metadata;
  if (metadata.empty()) return corrupt("it is a checkpoint without tensors");
  return corrupt("it is a checkpoint without tensors: '", metadata.begin()->first, "' is ",
                 metadata.begin()->second.substr(0, 80), ", not a tensor");
}

}  // namespace syrinx::nn
