// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/config/settings_watch.h"

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace syrinx::server {

namespace {

constexpr std::chrono::milliseconds kBetweenLooks{500};

// When and how large a file is; "" for none.
std::string state_of(const std::filesystem::path& path) {
  std::error_code failed;
  const auto time = std::filesystem::last_write_time(path, failed);
  const auto size = std::filesystem::file_size(path, failed);
  if (failed) return "-";
  return std::to_string(time.time_since_epoch().count()) + "/" + std::to_string(size);
}

}  // namespace

SettingsWatch::SettingsWatch(std::vector<io::SettingSpec> specs, io::SettingSources sources,
                             io::Settings now, SettingsEvents events)
    : specs_(std::move(specs)),
      sources_(std::move(sources)),
      now_(std::move(now)),
      events_(std::move(events)),
      seen_(signature()),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

std::string SettingsWatch::signature() const {
  return state_of(sources_.settings_file) + " " + state_of(sources_.override_file);
}

void SettingsWatch::run(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any woken;
  std::unique_lock lock(mutex);
  while (!stop.stop_requested()) {
    woken.wait_for(lock, stop, kBetweenLooks, [] { return false; });
    if (!stop.stop_requested()) look();
  }
}

void SettingsWatch::look() {
  std::string now = signature();
  if (now == seen_) return;
  seen_ = std::move(now);
  auto loaded = io::Settings::load(specs_, sources_);
  if (!loaded) return events_.refused(loaded.error());
  const auto changes = io::changed(now_, *loaded);
  if (changes.empty()) return;
  now_ = std::move(*loaded);
  events_.changed(now_, changes);
}

}  // namespace syrinx::server
