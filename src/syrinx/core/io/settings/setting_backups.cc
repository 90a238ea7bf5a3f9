// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <ctime>
#include <fstream>

#include "syrinx/core/io/byte_sink.h"
#include "syrinx/core/io/settings/settings.h"

namespace syrinx::io {
namespace {

namespace fs = std::filesystem;

constexpr int kNamesInASecond = 100;

Error cannot(std::string_view verb, const fs::path& path, const std::error_code& why) {
  return make_error(ErrorCode::kIo, "cannot ", verb, " '", path.string(), "': ", why.message());
}

std::string now_in_utc() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char text[32];
  const std::size_t length = std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &parts);
  return {text, length};
}

// A folder that did not exist before.
Result<fs::path> make_new_folder(const fs::path& parent) {
  std::error_code failed;
  fs::create_directories(parent, failed);
  const std::string time = now_in_utc();
  for (int i = 1; i < kNamesInASecond && !failed; ++i) {
    const fs::path folder = parent / (i == 1 ? time : time + "-" + std::to_string(i));
    if (fs::create_directory(folder, failed)) return folder;
  }
  return cannot("make a folder in", parent, failed);
}

// Replaces `to` at once.
Result<void> copy_over(const fs::path& from, const fs::path& to) {
  std::ifstream stream(from, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream) return make_error(ErrorCode::kIo, "cannot read '", from.string(), "'");
  SYRINX_ASSIGN(const auto sink, make_file_sink(to));
  SYRINX_TRY(sink->write_at(0, std::as_bytes(std::span(text))));
  return sink->finish();
}

}  // namespace

SettingBackups::SettingBackups(const SettingSources& sources)
    : folder_(sources.settings_file.parent_path() / "backups"),
      files_{sources.settings_file, sources.override_file} {}

Result<std::vector<std::string>> SettingBackups::list() const {
  std::vector<std::string> names;
  std::error_code failed;
  fs::directory_iterator folders(folder_, failed);
  if (failed == std::errc::no_such_file_or_directory) return names;
  for (; !failed && folders != fs::directory_iterator(); folders.increment(failed))
    names.push_back(folders->path().filename().string());
  if (failed) return cannot("list", folder_, failed);
  std::sort(names.rbegin(), names.rend());
  return names;
}

Result<std::string> SettingBackups::make() const {
  std::error_code ignored;
  const bool any = std::any_of(files_.begin(), files_.end(),
                               [&](const fs::path& file) { return fs::exists(file, ignored); });
  if (!any)
    return make_error(ErrorCode::kNotFound, "there are no settings to back up in ",
                      folder_.parent_path().string());
  SYRINX_ASSIGN(const fs::path folder, make_new_folder(folder_));
  for (const fs::path& file : files_) {
    if (!fs::exists(file, ignored)) continue;
    if (auto copied = copy_over(file, folder / file.filename()); !copied) {
      fs::remove_all(folder, ignored);
      return copied.error();
    }
  }
  return folder.filename().string();
}

Result<std::string> SettingBackups::restore(std::string_view name) const {
  SYRINX_ASSIGN(const auto names, list());
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    std::string known;
    for (const std::string& one : names) known += (known.empty() ? "" : ", ") + one;
    return make_error(ErrorCode::kNotFound, "there is no backup '", name, "'; there ",
                      known.empty() ? "is none" : "are " + known);
  }
  auto before = make();
  if (!before && before.error().code != ErrorCode::kNotFound) return before.error();
  std::error_code ignored;
  for (const fs::path& file : files_) {
    const fs::path kept = folder_ / name / file.filename();
    if (fs::exists(kept, ignored)) {
      SYRINX_TRY(copy_over(kept, file));
    } else {
      fs::remove(file, ignored);
    }
  }
  return before ? *before : std::string();
}

}  // namespace syrinx::io
