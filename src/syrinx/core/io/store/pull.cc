// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/store/pull.h"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>

#include "syrinx/core/io/fetch/fetch.h"
#include "syrinx/core/io/file_descriptor.h"
#include "syrinx/core/io/store/file_digest.h"

namespace syrinx::io {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kSpareDiskBytes = std::uint64_t{16} << 20;

bool is_remote(std::string_view place) {
  return place.substr(0, 7) == "http://" || place.substr(0, 8) == "https://";
}

// Where a file may be had, the best first.
std::vector<std::string> places_of(const ModelEntry& entry, const ModelFile& file,
                                   const PullOptions& options) {
  std::vector<std::string> places;
  for (std::string mirror : options.mirrors) {
    while (mirror.size() > 1 && mirror.back() == '/') mirror.pop_back();
    places.push_back(mirror + "/" + entry.name + "/" + file.name);
    places.push_back(mirror + "/" + file.name);
  }
  if (!options.only_mirrors) places.insert(places.end(), file.urls.begin(), file.urls.end());
  return places;
}

// Sleeps, unless told to stop.
void pause_for(std::chrono::milliseconds time, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any woken;
  std::unique_lock lock(mutex);
  woken.wait_for(lock, stop, time, [] { return false; });
}

class Pull {
 public:
  Pull(const ModelStore& store, const ModelEntry& entry, const PullOptions& options,
       const std::stop_token& stop)
      : entry_(entry), options_(options), stop_(stop), folder_(store.partial_folder(entry)) {}

  // One process at a time; given up when this object goes.
  Result<void> lock() {
    std::error_code failed;
    fs::create_directories(folder_, failed);
    lock_ = FileDescriptor(
        ::open((folder_.string() + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
    if (!lock_) return system_error("write", folder_.string() + ".lock");
    if (::flock(lock_.get(), LOCK_EX | LOCK_NB) == 0) return {};
    return make_error(ErrorCode::kUnavailable, "another process is pulling '", entry_.name,
                      "' just now; wait for it");
  }

  Result<void> demand_room() const {
    std::error_code failed;
    const auto space = fs::space(folder_, failed);
    std::uint64_t wanted = kSpareDiskBytes;
    for (const ModelFile& file : entry_.files) wanted += file.bytes - bytes_here(file);
    if (failed || space.available >= wanted) return {};
    return make_error(ErrorCode::kIo, "'", entry_.name, "' needs ", wanted >> 20, " MiB in ",
                      folder_.parent_path().string(), ", where ", space.available >> 20,
                      " MiB are free");
  }

  Result<void> get(const ModelFile& file) {
    if (bytes_here(file) == file.bytes && is_good(file)) return finish(file);
    std::optional<Error> last;
    for (const std::string& place : places_of(entry_, file, options_)) {
      const auto got = get_from(place, file);
      if (got) return finish(file);
      if (got.error().code == ErrorCode::kCancelled) return got.error();
      tell(got.error().message);
      last = got.error();
    }
    if (last) return *last;
    return make_error(ErrorCode::kNotFound, "there is no place to get '", file.name,
                      "' from; name a folder or an address that has it as a mirror");
  }

 private:
  fs::path path_of(const ModelFile& file) const { return folder_ / file.name; }

  std::uint64_t bytes_here(const ModelFile& file) const {
    std::error_code failed;
    const auto size = fs::file_size(path_of(file), failed);
    return failed ? 0 : std::min<std::uint64_t>(size, file.bytes);
  }

  bool is_good(const ModelFile& file) const {
    const auto digest = file_digest(path_of(file), {}, stop_);
    return digest && *digest == file.sha256;
  }

  void tell(const std::string& sentence) const {
    if (options_.note) options_.note(sentence);
  }

  Result<void> finish(const ModelFile& file) {
    std::error_code ignored;
    fs::remove(path_of(file).string() + ".etag", ignored);
    done_ += file.bytes;
    return {};
  }

  // A file that came whole and is wrong is deleted, and asked for once more: what an earlier try
  // left may have been the wrong part.
  Result<void> get_from(const std::string& place, const ModelFile& file) {
    for (int round = 0; round < 2; ++round) {
      const bool resumed = bytes_here(file) > 0;
      if (is_remote(place)) {
        SYRINX_TRY(download(place, file));
      } else {
        SYRINX_TRY(copy_with_digest(place, path_of(file), {}, stop_));
      }
      if (is_good(file)) return {};
      std::error_code ignored;
      fs::remove(path_of(file), ignored);
      if (!resumed || !is_remote(place)) break;
    }
    if (stop_.stop_requested()) return make_error(ErrorCode::kCancelled, "stopped");
    return make_error(ErrorCode::kCorruptData, "what ", place, " gives for '", file.name,
                      "' has not the SHA-256 ", file.sha256, " of the catalogue");
  }

  Result<void> download(const std::string& url, const ModelFile& file) {
    FetchOptions fetching;
    fetching.max_bytes = file.bytes;
    fetching.progress = [&](std::uint64_t done, std::optional<std::uint64_t>) {
      if (options_.progress) options_.progress(done_ + done, entry_.bytes(), file.name);
    };
    auto wait = options_.first_pause;
    for (int tried = 1;; ++tried, wait *= 2) {
      auto got = fetch(url, path_of(file), fetching, stop_);
      if (got || got.error().code != ErrorCode::kUnavailable || tried >= options_.tries) return got;
      tell(got.error().message + "; trying again");
      pause_for(wait, stop_);
    }
  }

  const ModelEntry& entry_;
  const PullOptions& options_;
  const std::stop_token& stop_;
  fs::path folder_;
  FileDescriptor lock_;
  std::uint64_t done_ = 0;
};

bool same_files(const ModelEntry& a, const ModelEntry& b) {
  return std::equal(a.files.begin(), a.files.end(), b.files.begin(), b.files.end(),
                    [](const ModelFile& x, const ModelFile& y) {
                      return x.name == y.name && x.sha256 == y.sha256;
                    });
}

}  // namespace

Result<InstalledModel> pull(const ModelStore& store, const ModelEntry& entry,
                            const PullOptions& options, const std::stop_token& stop) {
  if (auto there = store.find(entry.name); there && same_files(there->entry, entry)) return there;
  Pull pulling(store, entry, options, stop);
  SYRINX_TRY(pulling.lock());
  SYRINX_TRY(pulling.demand_room());
  for (const ModelFile& file : entry.files) SYRINX_TRY(pulling.get(file));
  return store.install(entry, {}, stop);
}

}  // namespace syrinx::io
