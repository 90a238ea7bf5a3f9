// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/nn/weights/pickle_reader.h"
#include "syrinx/core/nn/weights/torch_state.h"

// What torch.save wrote before 1.6: five pickles (a magic number, a version, the machine, the
// object, the keys of its storages), then each storage in the order of the keys: a count of its
// values as a 64-bit number, and the values.
namespace syrinx::nn {
namespace {

// PROTO 2, LONG1 of ten bytes: 0x1950a86a20f9469cfc6c, STOP.
constexpr std::string_view kMagic = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.";
constexpr std::int64_t kProtocolVersion = 1001;
constexpr std::size_t kCountBytes = 8;

template <class... Parts>
Error corrupt(const Parts&... parts) {
  return make_error(ErrorCode::kCorruptData, "legacy checkpoint: ", parts...);
}

// Pickles that stand one after the other.
class Sequence {
 public:
  explicit Sequence(Bytes file) : rest_(file) {}
  Result<Pickle> next() {
    SYRINX_ASSIGN(Pickle pickle, read_pickle(rest_));
    rest_ = rest_.subspan(pickle.bytes);
    return pickle;
  }
  Bytes rest() const { return rest_; }

 private:
  Bytes rest_;
};

Result<void> check_machine(const Pickle& machine) {
  const PickleValue* const little = machine.member(machine[machine.root], "little_endian");
  if (little == nullptr || little->kind != PickleKind::kBool)
    return corrupt("it does not say in which byte order it is");
  if (little->integer != 0) return {};
  return make_error(ErrorCode::kUnsupported,
                    "legacy checkpoint: its numbers are big-endian; only little-endian is read");
}

// Every storage that the pickle refers to, by its key.
Result<std::map<std::string_view, TorchStorage>> list_storages(const Pickle& pickle) {
  std::map<std::string_view, TorchStorage> storages;
  for (const PickleValue& value : pickle.values) {
    if (value.kind != PickleKind::kPersistent) continue;
    SYRINX_ASSIGN(const TorchStorage storage, storage_of(pickle, value));
    const auto [at, is_new] = storages.emplace(storage.key, storage);
    if (!is_new && (at->second.dtype != storage.dtype || at->second.elements != storage.elements))
      return corrupt("its storage '", storage.key, "' is described in two ways");
  }
  return storages;
}

Result<std::map<std::string_view, Bytes>> place_storages(
    const Pickle& keys, const std::map<std::string_view, TorchStorage>& storages, Bytes data) {
  const PickleValue& list = keys[keys.root];
  if (list.kind != PickleKind::kList) return corrupt("it does not list its storages");
  std::map<std::string_view, Bytes> places;
  for (const PickleId id : list.items) {
    const auto storage = storages.find(keys[id].text);
    if (storage == storages.end())
      return corrupt("it lists the storage '", keys[id].text.substr(0, 80),
                     "', which nothing uses");
    const TorchStorage& stated = storage->second;
    const std::uint64_t bytes = stated.elements * bytes_of(stated.dtype);
    if (data.size() < kCountBytes || data.size() - kCountBytes < bytes)
      return corrupt("cut short in the storage '", stated.key, "'");
    if (load_le64(data, 0) != stated.elements)
      return corrupt("its storage '", stated.key, "' holds ", load_le64(data, 0),
                     " values, but states ", stated.elements);
    if (!places.emplace(stated.key, data.subspan(kCountBytes, bytes)).second)
      return corrupt("it lists the storage '", stated.key, "' twice");
    data = data.subspan(kCountBytes + bytes);
  }
  return places;
}

}  // namespace

bool is_torch_legacy(Bytes file) noexcept { return begins_with(file, kMagic); }

Result<WeightContents> read_torch_legacy(Bytes file) {
  Sequence pickles(file.subspan(kMagic.size()));
  SYRINX_ASSIGN(const Pickle version, pickles.next());
  if (version[version.root].integer != kProtocolVersion)
    return make_error(ErrorCode::kUnsupported, "legacy checkpoint: version ",
                      version[version.root].integer, "; 1001 is read");
  SYRINX_ASSIGN(const Pickle machine, pickles.next());
  SYRINX_TRY(check_machine(machine));
  SYRINX_ASSIGN(const Pickle object, pickles.next());
  SYRINX_ASSIGN(const Pickle keys, pickles.next());
  SYRINX_ASSIGN(const auto storages, list_storages(object));
  SYRINX_ASSIGN(const auto places, place_storages(keys, storages, pickles.rest()));
  WeightContents contents;
  contents.format = "torch legacy";
  const StorageFinder find = [&places](const TorchStorage& storage) -> Result<Bytes> {
    const auto place = places.find(storage.key);
    if (place == places.end()) return corrupt("the storage '", storage.key, "' is missing");
    return place->second;
  };
  SYRINX_TRY(flatten_state(object, find, contents));
  return contents;
}

}  // namespace syrinx::nn
