// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/nn/weights/pickle_reader.h"
#include "syrinx/core/nn/weights/torch_state.h"

// What torch.save writes since 1.6: NAME/data.pkl, NAME/version, NAME/data/KEY, all stored.
namespace syrinx::nn {
namespace {

constexpr std::string_view kPickleName = "data.pkl";

Result<const ZipEntry*> find_pickle(const ZipArchive& archive) {
  const ZipEntry* found = nullptr;
  for (const ZipEntry& entry : archive.entries()) {
    const auto slash = entry.name.rfind('/');
    if (slash == std::string::npos || entry.name.substr(slash + 1) != kPickleName) continue;
    if (found != nullptr)
      return make_error(ErrorCode::kCorruptData, "it holds two checkpoints: '", found->name,
                        "' and '", entry.name, "'");
    found = &entry;
  }
  if (found != nullptr) return found;
  return make_error(ErrorCode::kCorruptData, "it holds no data.pkl");
}

Result<void> check_byte_order(const ZipArchive& archive, const std::string& root) {
  const std::size_t index = archive.find(root + "byteorder");
  if (index == archive.entries().size()) return {};
  SYRINX_ASSIGN(const auto text, archive.beginning(archive.entries()[index], 16));
  if (as_text(text) == "little") return {};
  return make_error(ErrorCode::kUnsupported, "its numbers are in the byte order '",
                    as_text(text).substr(0, 16), "'; only little is read");
}

Result<Bytes> find_storage(const ZipArchive& archive, const std::string& root,
                           const TorchStorage& storage) {
  const std::string name = (root + "data/").append(storage.key);
  const std::size_t index = archive.find(name);
  if (index == archive.entries().size())
    return make_error(ErrorCode::kCorruptData, "its storage '", name, "' is missing");
  const ZipEntry& entry = archive.entries()[index];
  if (!entry.stored)
    return make_error(ErrorCode::kUnsupported, "its storage '", name,
                      "' is compressed, which torch never does");
  const std::uint64_t wanted = storage.elements * bytes_of(storage.dtype);
  if (entry.bytes != wanted)
    return make_error(ErrorCode::kCorruptData, "its storage '", name, "' has ", entry.bytes,
                      " bytes, but states ", wanted);
  return archive.packed(entry);
}

}  // namespace

Result<WeightContents> read_torch_zip(std::unique_ptr<ZipArchive> archive) {
  SYRINX_ASSIGN(const ZipEntry* const entry, find_pickle(*archive));
  const std::string root = entry->name.substr(0, entry->name.size() - kPickleName.size());
  SYRINX_TRY(check_byte_order(*archive, root));
  SYRINX_ASSIGN(const auto bytes, archive->contents(*entry, limits::kMaxPickleBytes));
  SYRINX_ASSIGN(const Pickle pickle, read_pickle(bytes));
  WeightContents contents;
  contents.format = "torch zip";
  const StorageFinder find = [&](const TorchStorage& storage) {
    return find_storage(*archive, root, storage);
  };
  SYRINX_TRY(flatten_state(pickle, find, contents));
  contents.archive = std::move(archive);
  return contents;
}

}  // namespace syrinx::nn
