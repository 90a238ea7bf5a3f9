// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "syrinx/core/io/settings/settings.h"

namespace syrinx::server {

// Told by the watch's thread what changed while the program runs.
struct SettingsEvents {
  // The settings are others now; `changes` says which.
  std::function<void(const io::Settings& now, const std::vector<io::SettingChange>& changes)>
      changed;
  // The files say something that settings cannot be; what was there before stays.
  std::function<void(const Error& error)> refused;
};

// Looks at the files of settings every half second and loads them again when they change.
class SettingsWatch {
 public:
  // `now` is what was loaded from the same sources and specs before. Both are copied.
  SettingsWatch(std::vector<io::SettingSpec> specs, io::SettingSources sources, io::Settings now,
                SettingsEvents events);

 private:
  void run(const std::stop_token& stop);
  void look();
  std::string signature() const;

  std::vector<io::SettingSpec> specs_;
  io::SettingSources sources_;
  io::Settings now_;
  SettingsEvents events_;
  std::string seen_;
  std::jthread thread_;  // The last member: it ends before the others go.
};

}  // namespace syrinx::server
