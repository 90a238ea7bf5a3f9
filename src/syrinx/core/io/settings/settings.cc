// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/settings/settings.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <numeric>

#include "syrinx/core/base/limits.h"

namespace syrinx::io {
namespace {

namespace fs = std::filesystem;

// How many letters must change to make one word of the other (Levenshtein 1966).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
    }
  }
  return row[b.size()];
}

// A settings file as it was read.
struct File {
  std::string name;  // Its last part.
  std::string text;
  JsonValue document;
};

// Nothing for a file that is not there.
Result<std::optional<File>> read_file(const fs::path& path) {
  std::error_code failed;
  if (path.empty() || !fs::exists(path, failed)) return std::optional<File>();
  if (fs::file_size(path, failed) > limits::kMaxConfigFileBytes || failed)
    return make_error(ErrorCode::kLimitExceeded, "'", path.string(), "' is no file of at most ",
                      limits::kMaxConfigFileBytes, " bytes, as settings are");
  std::ifstream stream(path, std::ios::binary);
  File file{path.filename().string(), {std::istreambuf_iterator<char>(stream), {}}, {}};
  if (!stream) return make_error(ErrorCode::kIo, "cannot read '", path.string(), "'");
  auto document = parse_json(file.text);
  if (!document)
    return make_error(document.error().code, "'", path.string(), "': ", document.error().message);
  file.document = std::move(*document);
  return std::optional<File>(std::move(file));
}

// Gathers the values of all sources, and every mistake on the way.
class Loader {
 public:
  explicit Loader(const std::vector<SettingSpec>& specs) {
    for (const SettingSpec& spec : specs) settings_.push_back({spec, spec.standard, "default"});
  }

  void take_file(const File& file) {
    file_ = &file;
    std::vector<JsonStep> way;
    if (file.document.object() == nullptr) {
      wrong(way, "settings are one object, {...}");
    } else {
      take_object(file.document, "", way);
    }
  }

  void take_environment(const std::function<const char*(const char*)>& environment) {
    for (Setting& setting : settings_) {
      const std::string name = environment_name(setting.spec);
      const char* text = environment(name.c_str());
      if (text != nullptr) take_text(setting, text, name);
    }
  }

  void take_flags(const std::map<std::string, std::string>& flags) {
    for (const auto& [path, text] : flags) {
      Setting* setting = find(path);
      if (setting == nullptr) {
        mistakes_.push_back("--" + path + ": " + unknown(path));
      } else {
        take_text(*setting, text, "--" + path);
      }
    }
  }

  Result<std::vector<Setting>> finish() && {
    if (mistakes_.empty()) return std::move(settings_);
    std::string all;
    for (const std::string& mistake : mistakes_) all += (all.empty() ? "" : "\n") + mistake;
    return Error{ErrorCode::kInvalidArgument, all};
  }

 private:
  Setting* find(std::string_view path) {
    const auto found = std::find_if(settings_.begin(), settings_.end(),
                                    [&](const Setting& one) { return one.spec.path == path; });
    return found == settings_.end() ? nullptr : &*found;
  }

  bool is_group(const std::string& path) const {
    return std::any_of(settings_.begin(), settings_.end(), [&](const Setting& one) {
      return one.spec.path.compare(0, path.size() + 1, path + ".") == 0;
    });
  }

  std::string unknown(const std::string& path) const {
    const auto nearest = std::min_element(
        settings_.begin(), settings_.end(), [&](const Setting& a, const Setting& b) {
          return distance(a.spec.path, path) < distance(b.spec.path, path);
        });
    std::string text = "there is no setting '" + path + "'";
    if (nearest != settings_.end() && distance(nearest->spec.path, path) <= path.size() / 2)
      text += "; did you mean '" + nearest->spec.path + "'?";
    return text;
  }

  std::string place(const std::vector<JsonStep>& way) const {
    const JsonPlace at = json_place(file_->text, way);
    return file_->name + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
  }

  void wrong(const std::vector<JsonStep>& way, const std::string& sentence) {
    mistakes_.push_back(place(way) + ": " + sentence);
  }

  void take_object(const JsonValue& object, const std::string& prefix, std::vector<JsonStep>& way) {
    for (const JsonMember& member : *object.object()) {
      const std::string path = prefix.empty() ? member.key : prefix + "." + member.key;
      way.emplace_back(member.key);
      if (Setting* setting = find(path); setting != nullptr) {
        take_value(*setting, member.value, way);
      } else if (is_group(path) && member.value.object() != nullptr) {
        take_object(member.value, path, way);
      } else {
        wrong(way, is_group(path) ? path + " must be an object, {...}" : unknown(path));
      }
      way.pop_back();
    }
  }

  void take_value(Setting& setting, const JsonValue& value, const std::vector<JsonStep>& way) {
    if (const auto mistake = mistake_in(setting.spec, value)) {
      std::vector<JsonStep> whole = way;
      whole.insert(whole.end(), mistake->way.begin(), mistake->way.end());
      return wrong(whole, mistake->sentence);
    }
    setting.value = value;
    setting.source = place(way);
  }

  void take_text(Setting& setting, std::string_view text, const std::string& source) {
    const auto value = parse_setting(setting.spec, text);
    if (!value) {
      mistakes_.push_back(source + ": " + value.error().message);
    } else if (const auto mistake = mistake_in(setting.spec, *value)) {
      mistakes_.push_back(source + ": " + mistake->sentence);
    } else {
      setting.value = *value;
      setting.source = source;
    }
  }

  std::vector<Setting> settings_;
  std::vector<std::string> mistakes_;
  const File* file_ = nullptr;
};

JsonValue shown_record(const SettingSpec& spec, const JsonValue& record) {
  if (record.object() == nullptr) return record;
  JsonValue::Object members;
  for (const JsonMember& member : *record.object()) {
    const auto field = std::find_if(spec.fields.begin(), spec.fields.end(),
                                    [&](const SettingSpec& one) { return one.path == member.key; });
    members.push_back(
        {member.key, field == spec.fields.end() ? member.value : shown(*field, member.value)});
  }
  return JsonValue(std::move(members));
}

}  // namespace

Result<SettingSources> user_setting_sources() {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
  };
  fs::path folder;
  if (const std::string given = variable("SYRINX_CONFIG"); !given.empty()) {
    folder = given;
  } else if (const std::string config = variable("XDG_CONFIG_HOME"); !config.empty()) {
    folder = fs::path(config) / "syrinx";
  } else if (const std::string home = variable("HOME"); !home.empty()) {
    folder = fs::path(home) / ".config" / "syrinx";
  } else {
    return make_error(ErrorCode::kNotFound,
                      "no folder for settings: set SYRINX_CONFIG, XDG_CONFIG_HOME or HOME");
  }
  return SettingSources{folder / "settings.json",
                        folder / "override.json",
                        [](const char* name) -> const char* { return std::getenv(name); },
                        {}};
}

Result<Settings> Settings::load(const std::vector<SettingSpec>& specs,
                                const SettingSources& sources) {
  Loader loader(specs);
  for (const fs::path& path : {sources.settings_file, sources.override_file}) {
    SYRINX_ASSIGN(const auto file, read_file(path));
    if (file) loader.take_file(*file);
  }
  if (sources.environment) loader.take_environment(sources.environment);
  loader.take_flags(sources.flags);
  Settings settings;
  SYRINX_ASSIGN(settings.settings_, std::move(loader).finish());
  return settings;
}

const Setting& Settings::at(std::string_view path) const {
  const auto found = std::find_if(settings_.begin(), settings_.end(),
                                  [&](const Setting& one) { return one.spec.path == path; });
  SYRINX_CHECK(found != settings_.end(), path);
  return *found;
}

std::string Settings::text(std::string_view path) const {
  const std::string* text = at(path).value.text();
  return text == nullptr ? std::string() : *text;
}

std::vector<std::string> Settings::texts(std::string_view path) const {
  std::vector<std::string> list;
  const JsonValue& value = at(path).value;
  if (value.array() == nullptr) return list;
  for (const JsonValue& item : *value.array()) list.push_back(*item.text());
  return list;
}

std::vector<SettingChange> changed(const Settings& before, const Settings& after) {
  std::vector<SettingChange> changes;
  for (const Setting& setting : after.all()) {
    const JsonValue& old = before.at(setting.spec.path).value;
    if (json_text(old) != json_text(setting.value))
      changes.push_back({setting.spec, old, setting.value});
  }
  return changes;
}

JsonValue shown(const SettingSpec& spec, const JsonValue& value) {
  if (spec.secret && !value.is_null()) return JsonValue(std::string("(secret)"));
  if (spec.type != SettingType::kRecords || value.array() == nullptr) return value;
  JsonValue::Array records;
  for (const JsonValue& record : *value.array()) records.push_back(shown_record(spec, record));
  return JsonValue(std::move(records));
}

}  // namespace syrinx::io
