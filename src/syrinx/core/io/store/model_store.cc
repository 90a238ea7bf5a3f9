// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/store/model_store.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "syrinx/core/base/sha256.h"
#include "syrinx/core/io/byte_sink.h"
#include "syrinx/core/io/file_descriptor.h"
#include "syrinx/core/io/json/json_file.h"
#include "syrinx/core/io/store/file_digest.h"

namespace syrinx::io {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kManifest = "model.json";
constexpr std::size_t kDigestLettersInName = 12;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

Error cannot(std::string_view verb, const fs::path& path, const std::error_code& why) {
  return make_error(ErrorCode::kIo, "cannot ", verb, " '", path.string(), "': ", why.message());
}

Result<void> make_folder(const fs::path& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) return cannot("make the folder", folder, failed);
  return {};
}

Result<InstalledModel> read_installed(const fs::path& folder) {
  SYRINX_ASSIGN(const JsonValue manifest, read_json_file(folder / kManifest));
  InstalledModel model{{}, folder};
  SYRINX_ASSIGN(model.entry, read_model_entry(manifest));
  if (model.entry.name == folder.filename().string()) return model;
  return make_error(ErrorCode::kCorruptData, "the folder '", folder.string(), "' holds the model '",
                    model.entry.name, "'; it must have the model's name");
}

Result<void> write_manifest(const ModelEntry& entry, const fs::path& folder) {
  SYRINX_ASSIGN(const auto sink, make_file_sink(folder / kManifest));
  const std::string text = write_model_entry(entry) + "\n";
  SYRINX_TRY(sink->write_at(0, std::as_bytes(std::span(text))));
  return sink->finish();
}

// Counts up over all files and tells.
BytesRead counting(const StoreProgress& progress, std::uint64_t& done, std::uint64_t all) {
  return [&progress, &done, all](std::uint64_t bytes) {
    done += bytes;
    if (progress) progress(done, all);
  };
}

FileCheck::State state_of(const fs::path& path, const ModelFile& file) {
  std::error_code failed;
  const auto size = fs::file_size(path, failed);
  if (failed) return FileCheck::State::kMissing;
  return size == file.bytes ? FileCheck::State::kGood : FileCheck::State::kWrongSize;
}

Result<FileCheck> check_file(const fs::path& folder, const ModelFile& file, const BytesRead& read,
                             const std::stop_token& stop) {
  FileCheck check{file.name, state_of(folder / file.name, file)};
  if (check.state != FileCheck::State::kGood) return check;
  SYRINX_ASSIGN(const std::string digest, file_digest(folder / file.name, read, stop));
  if (digest != file.sha256) check.state = FileCheck::State::kWrongDigest;
  return check;
}

Result<std::vector<FileCheck>> check_files(const fs::path& folder, const ModelEntry& entry,
                                           const StoreProgress& progress,
                                           const std::stop_token& stop) {
  std::vector<FileCheck> checks;
  std::uint64_t done = 0;
  const BytesRead read = counting(progress, done, entry.bytes());
  for (const ModelFile& file : entry.files) {
    SYRINX_ASSIGN(checks.emplace_back(), check_file(folder, file, read, stop));
  }
  return checks;
}

// A file that is not what the entry says is deleted, so that the next try fetches it anew.
Result<void> demand_good(const FileCheck& check, const fs::path& folder) {
  if (check.state == FileCheck::State::kGood) return {};
  if (check.state == FileCheck::State::kMissing)
    return make_error(ErrorCode::kNotFound, "the file '", (folder / check.file).string(),
                      "' is missing");
  std::error_code ignored;
  fs::remove(folder / check.file, ignored);
  return make_error(ErrorCode::kCorruptData, "'", check.file,
                    check.state == FileCheck::State::kWrongSize
                        ? "' has not as many bytes as the catalogue says"
                        : "' has not the SHA-256 that the catalogue says",
                    "; it was deleted. Try again, or another mirror");
}

// Both names exist or only the first: puts `from` at `to`, at once, and what was there at `from`.
Result<void> exchange(const fs::path& from, const fs::path& to) {
  std::error_code failed;
  if (!fs::exists(to, failed)) {
    fs::rename(from, to, failed);
    if (!failed) return {};
  }
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_EXCHANGE) == 0) return {};
  return system_error("put the model in place as", to.string());
}

std::string joined_names(const std::vector<InstalledModel>& models) {
  std::string names;
  for (const InstalledModel& model : models)
    names += (names.empty() ? "" : ", ") + model.entry.name;
  return names;
}

// A folder that is taken away again unless it was kept.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(fs::path path) : path_(std::move(path)) {}
  ~TemporaryFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const fs::path& path() const noexcept { return path_; }

 private:
  fs::path path_;
};

Result<void> copy_in(ModelEntry& entry, std::span<const fs::path> files, const fs::path& folder,
                     const StoreProgress& progress, const std::stop_token& stop) {
  std::uint64_t all = 0;
  for (const fs::path& file : files) {
    std::error_code failed;
    const auto bytes = fs::file_size(file, failed);
    if (failed)
      return make_error(ErrorCode::kNotFound, "cannot read '", file.string(),
                        "': ", failed.message());
    entry.files.push_back({file.filename().string(), std::string(64, '0'), bytes, {}});
    all += bytes;
  }
  SYRINX_ASSIGN(const JsonValue written, parse_json(write_model_entry(entry)));
  const auto sound = read_model_entry(written);
  if (!sound) return make_error(ErrorCode::kInvalidArgument, sound.error().message);
  std::uint64_t done = 0;
  const BytesRead read = counting(progress, done, all);
  for (std::size_t i = 0; i < files.size(); ++i) {
    const fs::path to = folder / entry.files[i].name;
    SYRINX_ASSIGN(entry.files[i].sha256, copy_with_digest(files[i], to, read, stop));
  }
  return {};
}

}  // namespace

Result<fs::path> user_model_folder() {
  if (const std::string given = environment("SYRINX_MODELS"); !given.empty())
    return fs::path(given);
  if (const std::string data = environment("XDG_DATA_HOME"); !data.empty())
    return fs::path(data) / "syrinx" / "models";
  if (const std::string home = environment("HOME"); !home.empty())
    return fs::path(home) / ".local" / "share" / "syrinx" / "models";
  return make_error(ErrorCode::kNotFound,
                    "no folder for models: set SYRINX_MODELS, XDG_DATA_HOME or HOME");
}

fs::path InstalledModel::file_ending(std::string_view ending) const {
  for (const ModelFile& file : entry.files) {
    if (file.name.size() >= ending.size() &&
        file.name.compare(file.name.size() - ending.size(), ending.size(), ending) == 0)
      return folder / file.name;
  }
  return {};
}

Result<ModelStore> ModelStore::user() {
  SYRINX_ASSIGN(auto folder, user_model_folder());
  return ModelStore(std::move(folder));
}

Result<std::vector<InstalledModel>> ModelStore::list(std::vector<Error>* broken) const {
  std::vector<InstalledModel> models;
  std::error_code failed;
  fs::directory_iterator folders(folder_, failed);
  if (failed == std::errc::no_such_file_or_directory) return models;
  for (; !failed && folders != fs::directory_iterator(); folders.increment(failed)) {
    std::error_code ignored;
    const fs::path folder = folders->path();
    if (folder.filename().string().front() == '.' || !fs::exists(folder / kManifest, ignored))
      continue;
    auto model = read_installed(folder);
    if (model) models.push_back(std::move(*model));
    if (!model && broken != nullptr) broken->push_back(model.error());
  }
  if (failed) return cannot("list", folder_, failed);
  std::sort(models.begin(), models.end(), [](const InstalledModel& a, const InstalledModel& b) {
    return a.entry.name < b.entry.name;
  });
  return models;
}

Result<InstalledModel> ModelStore::find(std::string_view name) const {
  if (!is_model_name(name))
    return make_error(ErrorCode::kInvalidArgument, "'", name,
                      "' is no name of a model: letters, digits, '.', '_' and '-' make one");
  const fs::path folder = folder_ / name;
  std::error_code ignored;
  if (fs::exists(folder / kManifest, ignored)) return read_installed(folder);
  SYRINX_ASSIGN(const auto models, list());
  return make_error(ErrorCode::kNotFound, "the model '", name, "' is not installed in ",
                    folder_.string(), "; ",
                    models.empty() ? "none is" : "there are " + joined_names(models));
}

Result<std::vector<FileCheck>> ModelStore::verify(std::string_view name,
                                                  const StoreProgress& progress,
                                                  const std::stop_token& stop) const {
  SYRINX_ASSIGN(const InstalledModel model, find(name));
  return check_files(model.folder, model.entry, progress, stop);
}

Result<void> ModelStore::remove(std::string_view name) const {
  SYRINX_ASSIGN(const InstalledModel model, find(name));
  const TemporaryFolder away(folder_ /
                             (".removed-" + model.entry.name + "-" + std::to_string(::getpid())));
  std::error_code failed;
  fs::rename(model.folder, away.path(), failed);
  if (failed) return cannot("remove", model.folder, failed);
  return {};
}

Result<InstalledModel> ModelStore::add(ModelEntry entry, std::span<const fs::path> files,
                                       const StoreProgress& progress,
                                       const std::stop_token& stop) const {
  if (!is_model_name(entry.name) || find(entry.name))
    return make_error(ErrorCode::kInvalidArgument, "'", entry.name,
                      is_model_name(entry.name)
                          ? "' is installed already; remove it first, or give another name"
                          : "' is no name of a model: letters, digits, '.', '_' and '-' make one");
  const TemporaryFolder gathered(folder_ /
                                 (".adding-" + entry.name + "-" + std::to_string(::getpid())));
  SYRINX_TRY(make_folder(gathered.path()));
  entry.files.clear();
  SYRINX_TRY(copy_in(entry, files, gathered.path(), progress, stop));
  SYRINX_TRY(write_manifest(entry, gathered.path()));
  std::error_code failed;
  fs::rename(gathered.path(), folder_ / entry.name, failed);
  if (failed) return cannot("put the model in place as", folder_ / entry.name, failed);
  return read_installed(folder_ / entry.name);
}

fs::path ModelStore::partial_folder(const ModelEntry& entry) const {
  const std::string text = write_model_entry(entry);
  const std::string digest = sha256_hex(std::as_bytes(std::span(text)));
  return folder_ / ".partial" / (entry.name + "-" + digest.substr(0, kDigestLettersInName));
}

Result<InstalledModel> ModelStore::install(const ModelEntry& entry, const StoreProgress& progress,
                                           const std::stop_token& stop) const {
  const fs::path partial = partial_folder(entry);
  SYRINX_ASSIGN(const auto checks, check_files(partial, entry, progress, stop));
  for (const FileCheck& check : checks) SYRINX_TRY(demand_good(check, partial));
  SYRINX_TRY(write_manifest(entry, partial));
  SYRINX_TRY(exchange(partial, folder_ / entry.name));
  std::error_code ignored;
  fs::remove_all(partial, ignored);  // What was there before, if anything was.
  return read_installed(folder_ / entry.name);
}

}  // namespace syrinx::io
