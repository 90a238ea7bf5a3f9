// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/io/settings/setting.h"

namespace syrinx::io {

// Where settings come from; what comes later here goes before what comes earlier.
struct SettingSources {
  std::filesystem::path settings_file;  // Need not be there.
  std::filesystem::path override_file;  // Need not be there.
  // Asked for each environment_name(); nullptr or a value. Empty: the environment is not asked.
  std::function<const char*(const char*)> environment;
  std::map<std::string, std::string> flags;  // By path, as written.
};

// The user's: settings.json and override.json in $SYRINX_CONFIG, else in syrinx under
// $XDG_CONFIG_HOME or ~/.config; and the environment. Error: kNotFound without any of these.
Result<SettingSources> user_setting_sources();

// The value of one setting, and who set it.
struct Setting {
  SettingSpec spec;
  JsonValue value;
  std::string source;  // "default", "settings.json:3:12", "SYRINX_SERVER_PORT", "--server.port"
};

// Every setting that there is, with a value that its spec allows.
class Settings {
 public:
  // Errors: kInvalidArgument listing every mistake, a line each, with its place (file:line:column,
  // a variable, a flag): a value that is not allowed, a key that there is not with the nearest that
  // there is; kCorruptData for a file that is not JSON; kIo.
  static Result<Settings> load(const std::vector<SettingSpec>& specs,
                               const SettingSources& sources);

  const std::vector<Setting>& all() const noexcept { return settings_; }
  // Pre: `path` is of one of the specs.
  const Setting& at(std::string_view path) const;

  bool flag(std::string_view path) const { return at(path).value.boolean().value_or(false); }
  double number(std::string_view path) const { return at(path).value.number().value_or(0); }
  std::size_t count(std::string_view path) const {
    return static_cast<std::size_t>(at(path).value.count().value_or(0));
  }
  std::string text(std::string_view path) const;
  std::vector<std::string> texts(std::string_view path) const;

 private:
  std::vector<Setting> settings_;
};

// A setting that two states do not agree on.
struct SettingChange {
  SettingSpec spec;
  JsonValue before;
  JsonValue after;
};
// Pre: both were loaded with the same specs.
std::vector<SettingChange> changed(const Settings& before, const Settings& after);

// As a person or a program may see it: a secret is "(secret)", in records too.
JsonValue shown(const SettingSpec& spec, const JsonValue& value);

// Copies of the settings' files, each in a folder of its own, named by the time (UTC):
// backups/20261121T094500Z beside settings.json.
class SettingBackups {
 public:
  explicit SettingBackups(const SettingSources& sources);

  // Names, the newest first. Error: kIo.
  Result<std::vector<std::string>> list() const;
  // Copies the files that there are, and returns the backup's name. Error: kNotFound without any;
  // kIo, and then there is no new backup.
  Result<std::string> make() const;
  // Puts a backup's files back, each at once, after making a backup of what is there, whose name is
  // returned ("" when nothing was there). A file that the backup has not is removed. Errors:
  // kNotFound with the names that there are; kIo.
  Result<std::string> restore(std::string_view name) const;

 private:
  std::filesystem::path folder_;
  std::vector<std::filesystem::path> files_;
};

}  // namespace syrinx::io
