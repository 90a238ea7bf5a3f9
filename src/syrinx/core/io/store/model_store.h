// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/io/store/model_entry.h"

namespace syrinx::io {

// Where the user's models lie: $SYRINX_MODELS if set, else syrinx/models under $XDG_DATA_HOME, else
// under ~/.local/share. Error: kNotFound without any of these.
Result<std::filesystem::path> user_model_folder();

struct InstalledModel {
  ModelEntry entry;
  std::filesystem::path folder;  // Has entry.files and the manifest, model.json.

  // A file of the model by its ending (".onnx"), the first in the entry's order; empty without one.
  std::filesystem::path file_ending(std::string_view ending) const;
};

// What a model's files are, against its manifest.
struct FileCheck {
  std::string file;
  enum class State { kGood, kMissing, kWrongSize, kWrongDigest } state = State::kGood;
};

// Told while bytes are copied or hashed: bytes done of all.
using StoreProgress = std::function<void(std::uint64_t done, std::uint64_t all)>;

// Models installed in one folder, each in a folder of its own under its name. A model is there
// wholly or not at all: files are gathered under a hidden name, checked, and renamed into place.
// Several processes may use one folder at once. Any thread.
class ModelStore {
 public:
  explicit ModelStore(std::filesystem::path folder) : folder_(std::move(folder)) {}
  // The user's own. Error: as user_model_folder().
  static Result<ModelStore> user();

  const std::filesystem::path& folder() const noexcept { return folder_; }

  // What is installed, by name; a folder without a manifest that can be read is passed over, and
  // its error goes to `broken` when given. No store folder is no models. Error: kIo.
  Result<std::vector<InstalledModel>> list(std::vector<Error>* broken = nullptr) const;
  // Errors: kInvalidArgument (no model name), kNotFound with what there is, kCorruptData.
  Result<InstalledModel> find(std::string_view name) const;

  // Hashes every file again. Errors: as find(), kIo, kCancelled.
  Result<std::vector<FileCheck>> verify(std::string_view name, const StoreProgress& progress = {},
                                        const std::stop_token& stop = {}) const;
  // Takes the model away: its folder is renamed out of the way first. Errors: as find(), kIo.
  Result<void> remove(std::string_view name) const;

  // Copies local files in as the model `entry`, whose `files` are filled in from them (name, bytes,
  // digest). Errors: kInvalidArgument (name taken, no files, two of one name), kNotFound, kIo,
  // kCancelled. Nothing stays behind on error.
  Result<InstalledModel> add(ModelEntry entry, std::span<const std::filesystem::path> files,
                             const StoreProgress& progress = {},
                             const std::stop_token& stop = {}) const;

  // Where the unfinished files of `entry` are gathered; kept between tries so that a pull resumes.
  std::filesystem::path partial_folder(const ModelEntry& entry) const;
  // Checks that everything of `entry` lies in its partial folder, each file with its digest, writes
  // the manifest and renames the folder into place, replacing a model of that name. Errors:
  // kNotFound (a file is missing), kCorruptData (a digest differs; that file is deleted), kIo,
  // kCancelled.
  Result<InstalledModel> install(const ModelEntry& entry, const StoreProgress& progress = {},
                                 const std::stop_token& stop = {}) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace syrinx::io
