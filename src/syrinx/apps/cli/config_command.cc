// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>

#include "syrinx/apps/cli/command.h"
#include "syrinx/apps/server/config/server_settings.h"
#include "syrinx/core/io/settings/settings.h"

namespace syrinx::cli {
namespace {

constexpr const char* kFooter =
    "Examples:\n"
    "  syrinx config show                  every setting, its value and who set it\n"
    "  syrinx config show limits           those of one group\n"
    "  syrinx config check                 every mistake, with file, line and column\n"
    "  syrinx config diff                  what is not as it comes\n"
    "  syrinx config backup\n"
    "  syrinx config diff --backup 20261121T094500Z\n"
    "  syrinx config restore 20261121T094500Z\n"
    "\n"
    "Settings of `syrinx serve` come from, the later before the earlier: what it comes with,\n"
    "settings.json, override.json, the environment (server.port is SYRINX_SERVER_PORT), its\n"
    "options. The files lie in $SYRINX_CONFIG, else in syrinx under $XDG_CONFIG_HOME or\n"
    "~/.config. A running server takes changes of the files that are marked 'live' at once.";

struct ConfigRequest {
  std::string group;
  std::string backup;
};

nlohmann::json value_json(const io::SettingSpec& spec, const JsonValue& value) {
  return nlohmann::json::parse(json_text(io::shown(spec, value)));
}

bool in_group(const std::string& path, const std::string& group) {
  return group.empty() || path == group || path.compare(0, group.size() + 1, group + ".") == 0;
}

Result<void> show(const ConfigRequest& request, const Context& context) {
  SYRINX_ASSIGN(const auto sources, io::user_setting_sources());
  SYRINX_ASSIGN(const auto settings, io::Settings::load(server::server_settings(), sources));
  nlohmann::json list = nlohmann::json::array();
  std::size_t count = 0;
  for (const io::Setting& one : settings.all()) {
    if (!in_group(one.spec.path, request.group)) continue;
    ++count;
    list.push_back({{"path", one.spec.path},
                    {"value", value_json(one.spec, one.value)},
                    {"source", one.source},
                    {"live", one.spec.live},
                    {"help", one.spec.help}});
    if (!context.json)
      std::printf("%-28s %-20s %-22s %s%s\n", one.spec.path.c_str(),
                  list.back()["value"].dump().c_str(), one.source.c_str(),
                  one.spec.live ? "live  " : "      ", one.spec.help.c_str());
  }
  if (count == 0)
    return make_error(ErrorCode::kNotFound, "there is no setting or group '", request.group,
                      "'; `syrinx config show` lists all");
  if (context.json)
    print_json({{"folder", sources.settings_file.parent_path().string()}, {"settings", list}});
  return {};
}

Result<void> check(const ConfigRequest&, const Context& context) {
  SYRINX_ASSIGN(const auto sources, io::user_setting_sources());
  SYRINX_ASSIGN(const auto settings, io::Settings::load(server::server_settings(), sources));
  SYRINX_ASSIGN(const auto options, server::server_options(settings));
  if (context.json) print_json({{"good", true}, {"keys", options.keys.size()}});
  note(context, "the settings in " + sources.settings_file.parent_path().string() + " are good");
  return {};
}

// What the settings are compared with: a backup, or what the program comes with.
io::SettingSources compared(const io::SettingSources& sources, const std::string& backup) {
  if (backup.empty()) return {};
  const auto folder = sources.settings_file.parent_path() / "backups" / backup;
  return {folder / sources.settings_file.filename(),
          folder / sources.override_file.filename(),
          sources.environment,
          {}};
}

Result<void> diff(const ConfigRequest& request, const Context& context) {
  SYRINX_ASSIGN(const auto sources, io::user_setting_sources());
  SYRINX_ASSIGN(const auto names, io::SettingBackups(sources).list());
  if (!request.backup.empty() &&
      std::find(names.begin(), names.end(), request.backup) == names.end())
    return make_error(ErrorCode::kNotFound, "there is no backup '", request.backup,
                      "'; `syrinx config backup --list` shows those that there are");
  const auto& specs = server::server_settings();
  SYRINX_ASSIGN(const auto before, io::Settings::load(specs, compared(sources, request.backup)));
  SYRINX_ASSIGN(const auto now, io::Settings::load(specs, sources));
  nlohmann::json list = nlohmann::json::array();
  for (const io::SettingChange& change : io::changed(before, now)) {
    list.push_back({{"path", change.spec.path},
                    {"before", value_json(change.spec, change.before)},
                    {"now", value_json(change.spec, change.after)},
                    {"source", now.at(change.spec.path).source}});
    if (!context.json)
      std::printf("%-28s %s -> %s  (%s)\n", change.spec.path.c_str(),
                  list.back()["before"].dump().c_str(), list.back()["now"].dump().c_str(),
                  now.at(change.spec.path).source.c_str());
  }
  if (context.json) print_json({{"changes", list}});
  if (list.empty()) note(context, "nothing differs");
  return {};
}

Result<void> list_backups(const Context& context) {
  SYRINX_ASSIGN(const auto sources, io::user_setting_sources());
  SYRINX_ASSIGN(const auto names, io::SettingBackups(sources).list());
  if (context.json) print_json({{"backups", names}});
  for (const std::string& name : names) {
    if (!context.json) std::printf("%s\n", name.c_str());
  }
  return {};
}

Result<void> back_up(const ConfigRequest&, const Context& context) {
  SYRINX_ASSIGN(const auto sources, io::user_setting_sources());
  SYRINX_ASSIGN(const std::string name, io::SettingBackups(sources).make());
  if (context.json) print_json({{"backup", name}});
  if (!context.json) std::printf("%s\n", name.c_str());
  return {};
}

Result<void> restore(const ConfigRequest& request, const Context& context) {
  SYRINX_ASSIGN(const auto sources, io::user_setting_sources());
  SYRINX_ASSIGN(const std::string before, io::SettingBackups(sources).restore(request.backup));
  if (context.json) print_json({{"restored", request.backup}, {"before", before}});
  note(context, "restored " + request.backup +
                    (before.empty() ? "" : "; what was there before is " + before));
  return {};
}

}  // namespace

void add_config_command(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("config", "Settings of the server: show, check, back up");
  command->require_subcommand(1);
  command->footer(kFooter);
  auto request = std::make_shared<ConfigRequest>();
  const auto sub = [&](const char* name, const char* says, auto body) {
    return add_part(*command, context, name, says, request, body);
  };
  sub("show", "Every setting, its value and who set it", show)
      ->add_option("group", request->group, "Only this setting or group");
  sub("check", "Every mistake, with its place", check);
  sub("diff", "What is not as it comes, or as it was", diff)
      ->add_option("--backup", request->backup, "Compare with a backup")
      ->type_name("NAME");
  auto listed = std::make_shared<bool>(false);
  sub("backup", "Copy the files, under the time's name",
      [listed](const ConfigRequest& asked, const Context& where) {
        return *listed ? list_backups(where) : back_up(asked, where);
      })
      ->add_flag("--list", *listed, "Only list the backups that there are");
  sub("restore", "Put a backup's files back", restore)
      ->add_option("name", request->backup, "As `config backup --list` shows it")
      ->required();
}

}  // namespace syrinx::cli
