// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/nn/weights/dtype.h"

namespace syrinx::nn {

// What a pickle is made of, as plain data. A value is a number into Pickle::values, so that a
// pickle that holds itself is no danger.
using PickleId = std::uint32_t;

enum class PickleKind : std::uint8_t {
  kNone,
  kBool,
  kInteger,
  kReal,
  kText,
  kBytes,
  kTuple,
  kList,        // A list or a set.
  kDict,        // items: key, value, key, value, ...
  kClass,       // A name of the allow-list; `integer` is its Allowed.
  kPersistent,  // items: the tuple that stands for what lies outside the pickle.
  kTensor,      // items: the arguments of torch._utils._rebuild_tensor_v2.
  kObject       // An inert object; items: its state, if it was given one.
};

// What a name on the allow-list means here. None of it is code of the file's.
enum class Allowed : std::uint8_t {
  kOrderedDict,
  kRebuildTensor,
  kRebuildParameter,
  kSet,
  kSize,
  kCodecsEncode,
  kNumpyScalar,
  kNumpyDtype,
  kStorage,  // One of torch's typed storages; its DType is beside.
  kInert     // A class whose objects are looked into and never run.
};

struct PickleValue {
  PickleKind kind = PickleKind::kNone;
  Allowed allowed = Allowed::kInert;  // Of a class.
  DType dtype = DType::kFloat32;      // Of a storage class.
  std::int64_t integer = 0;           // Also of a bool.
  double real = 0.0;
  std::string_view text;  // Of a text, bytes, or a class's name. Points into the pickle's bytes.
  std::vector<PickleId> items;
};

// One pickle, interpreted. Lives no longer than the bytes that it was read from.
struct Pickle {
  std::vector<PickleValue> values;
  std::deque<std::string> decoded;  // What texts point to that do not stand in the bytes.
  PickleId root = 0;
  std::size_t bytes = 0;  // How many bytes it took.

  const PickleValue& operator[](PickleId id) const noexcept { return values[id]; }
  // The value of a dict's text key, or nullptr.
  const PickleValue* member(const PickleValue& dict, std::string_view key) const noexcept;
};

}  // namespace syrinx::nn
