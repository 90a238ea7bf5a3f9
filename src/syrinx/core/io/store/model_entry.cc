// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/store/model_entry.h"

#include <algorithm>
#include <set>

#include "syrinx/core/base/limits.h"

namespace syrinx::io {
namespace {

constexpr double kCatalogueVersion = 1;

bool is_name_character(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

bool is_digest(std::string_view text) noexcept {
  return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

bool is_url(std::string_view text) noexcept {
  return text.substr(0, 7) == "http://" || text.substr(0, 8) == "https://";
}

// Reads the members of one object, and says which object it was when one is wrong.
class Members {
 public:
  Members(const JsonValue& value, std::string what) : value_(value), what_(std::move(what)) {}

  Error wrong(std::string_view key, std::string_view wanted) const {
    return make_error(ErrorCode::kCorruptData, "in ", what_, ", \"", key, "\" must be ", wanted);
  }

  Result<std::string> text(std::string_view key, bool required) const {
    const JsonValue* member = value_.find(key);
    if (member == nullptr && !required) return std::string();
    if (member == nullptr || member->text() == nullptr || (required && member->text()->empty()))
      return wrong(key, "a text");
    return *member->text();
  }

  Result<std::vector<std::string>> texts(std::string_view key) const {
    std::vector<std::string> list;
    const JsonValue* member = value_.find(key);
    if (member == nullptr) return list;
    if (member->array() == nullptr) return wrong(key, "a list of texts");
    for (const JsonValue& item : *member->array()) {
      if (item.text() == nullptr) return wrong(key, "a list of texts");
      list.push_back(*item.text());
    }
    return list;
  }

  const JsonValue& value() const noexcept { return value_; }
  const std::string& what() const noexcept { return what_; }

 private:
  const JsonValue& value_;
  std::string what_;
};

Result<ModelFile> read_file(const JsonValue& value, const std::string& of) {
  const Members members(value, "a file of " + of);
  ModelFile file;
  SYRINX_ASSIGN(file.name, members.text("name", true));
  SYRINX_ASSIGN(file.sha256, members.text("sha256", true));
  SYRINX_ASSIGN(file.urls, members.texts("urls"));
  const JsonValue* bytes = value.find("bytes");
  if (bytes == nullptr || !bytes->count()) return members.wrong("bytes", "a count");
  file.bytes = *bytes->count();
  if (!is_model_name(file.name)) return members.wrong("name", "a plain file name");
  if (!is_digest(file.sha256)) return members.wrong("sha256", "64 hexadecimal digits");
  if (!std::all_of(file.urls.begin(), file.urls.end(), is_url))
    return members.wrong("urls", "a list of http and https addresses");
  return file;
}

Result<std::vector<ModelFile>> read_files(const Members& members) {
  const JsonValue* list = members.value().find("files");
  if (list == nullptr || list->array() == nullptr || list->array()->empty())
    return members.wrong("files", "a list with a file or more");
  if (list->array()->size() > limits::kMaxModelFiles)
    return make_error(ErrorCode::kLimitExceeded, members.what(), " has ", list->array()->size(),
                      " files; at most ", limits::kMaxModelFiles, " are allowed");
  std::vector<ModelFile> files;
  std::set<std::string> names{"model.json"};  // The manifest's own.
  for (const JsonValue& item : *list->array()) {
    SYRINX_ASSIGN(files.emplace_back(), read_file(item, members.what()));
    if (!names.insert(files.back().name).second)
      return members.wrong("files", "without two of one name, and without a model.json");
  }
  return files;
}

class Writer {
 public:
  void text(std::string_view key, std::string_view value) {
    if (!value.empty()) raw(key, json_quoted(value));
  }
  void texts(std::string_view key, const std::vector<std::string>& values) {
    if (values.empty()) return;
    std::string list;
    for (const std::string& value : values) list += (list.empty() ? "" : ", ") + json_quoted(value);
    raw(key, "[" + list + "]");
  }
  void raw(std::string_view key, const std::string& value) {
    body_ += (body_.empty() ? "" : ", ") + json_quoted(key) + ": " + value;
  }
  std::string object() const { return "{" + body_ + "}"; }

 private:
  std::string body_;
};

std::string write_file(const ModelFile& file) {
  Writer writer;
  writer.text("name", file.name);
  writer.raw("bytes", std::to_string(file.bytes));
  writer.text("sha256", file.sha256);
  writer.texts("urls", file.urls);
  return writer.object();
}

}  // namespace

std::uint64_t ModelEntry::bytes() const noexcept {
  std::uint64_t sum = 0;
  for (const ModelFile& file : files) sum += file.bytes;
  return sum;
}

bool is_model_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= limits::kMaxModelNameBytes && name[0] != '.' &&
         name[0] != '-' && std::all_of(name.begin(), name.end(), is_name_character);
}

Result<ModelEntry> read_model_entry(const JsonValue& value) {
  if (value.object() == nullptr)
    return make_error(ErrorCode::kCorruptData, "an entry of a model must be an object");
  ModelEntry entry;
  SYRINX_ASSIGN(entry.name, Members(value, "an entry").text("name", true));
  const Members members(value, "the entry '" + entry.name + "'");
  if (!is_model_name(entry.name)) return members.wrong("name", "letters, digits, '.', '_' and '-'");
  SYRINX_ASSIGN(entry.kind, members.text("kind", true));
  SYRINX_ASSIGN(entry.licence, members.text("licence", true));
  SYRINX_ASSIGN(entry.description, members.text("description", false));
  SYRINX_ASSIGN(entry.version, members.text("version", false));
  SYRINX_ASSIGN(entry.licence_url, members.text("licence_url", false));
  SYRINX_ASSIGN(entry.homepage, members.text("homepage", false));
  SYRINX_ASSIGN(entry.languages, members.texts("languages"));
  SYRINX_ASSIGN(entry.needs, members.texts("needs"));
  SYRINX_ASSIGN(entry.files, read_files(members));
  return entry;
}

Result<std::vector<ModelEntry>> read_catalogue(const JsonValue& document) {
  const JsonValue* version = document.find("catalogue");
  const JsonValue* models = document.find("models");
  if (version == nullptr || !version->number() || models == nullptr || models->array() == nullptr)
    return make_error(ErrorCode::kCorruptData,
                      "no catalogue of models: one is {\"catalogue\": 1, \"models\": [...]}");
  if (*version->number() != kCatalogueVersion)
    return make_error(ErrorCode::kUnsupported, "a catalogue of version ", *version->number(),
                      "; this program reads version ", kCatalogueVersion);
  if (models->array()->size() > limits::kMaxCatalogueModels)
    return make_error(ErrorCode::kLimitExceeded, "a catalogue of ", models->array()->size(),
                      " models; at most ", limits::kMaxCatalogueModels, " are allowed");
  std::vector<ModelEntry> entries;
  std::set<std::string> names;
  for (const JsonValue& model : *models->array()) {
    SYRINX_ASSIGN(entries.emplace_back(), read_model_entry(model));
    if (!names.insert(entries.back().name).second)
      return make_error(ErrorCode::kCorruptData, "the catalogue has '", entries.back().name,
                        "' twice");
  }
  return entries;
}

std::string write_model_entry(const ModelEntry& entry) {
  Writer writer;
  writer.text("name", entry.name);
  writer.text("kind", entry.kind);
  writer.text("description", entry.description);
  writer.text("version", entry.version);
  writer.text("licence", entry.licence);
  writer.text("licence_url", entry.licence_url);
  writer.text("homepage", entry.homepage);
  writer.texts("languages", entry.languages);
  writer.texts("needs", entry.needs);
  std::string files;
  for (const ModelFile& file : entry.files) files += (files.empty() ? "" : ", ") + write_file(file);
  writer.raw("files", "[" + files + "]");
  return writer.object();
}

}  // namespace syrinx::io
