// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "syrinx/core/nn/weights/pickle_value.h"
#include "syrinx/core/nn/weights/weight_contents.h"

namespace syrinx::nn {

// A storage that a checkpoint's pickle refers to.
struct TorchStorage {
  std::string_view key;
  DType dtype = DType::kFloat32;
  std::uint64_t elements = 0;
};

// Finds the bytes of a storage, exactly as many as it states.
using StorageFinder = std::function<Result<Bytes>(const TorchStorage&)>;

// What ('storage', type, key, location, count[, view]) states. Errors: kCorruptData; kUnsupported
// for a view into another storage.
Result<TorchStorage> storage_of(const Pickle& pickle, const PickleValue& reference);

// Walks a checkpoint's dicts, lists and module objects and adds every tensor in them, under its
// dotted name, and the numbers and texts of dicts as metadata. Errors: kCorruptData; kUnsupported;
// kLimitExceeded (kMaxPickleDepth, kMaxWeightTensors, kMaxTensorNameBytes, ...).
Result<void> flatten_state(const Pickle& pickle, const StorageFinder& find,
                           WeightContents& contents);

}  // namespace syrinx::nn
