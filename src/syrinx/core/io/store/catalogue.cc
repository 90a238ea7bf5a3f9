// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/store/catalogue.h"

#include <algorithm>
#include <cctype>

#include "syrinx/core/base/embed.h"
#include "syrinx/core/io/json/json_file.h"

SYRINX_EMBED(syrinx_model_catalogue, SYRINX_MODEL_CATALOGUE);

namespace syrinx::io {
namespace {

std::string lower(std::string_view text) {
  std::string small(text);
  std::transform(small.begin(), small.end(), small.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return small;
}

std::string searched_text(const ModelEntry& entry) {
  std::string text = entry.name + " " + entry.kind + " " + entry.description;
  for (const std::string& language : entry.languages) text += " " + language;
  return lower(text);
}

std::vector<ModelEntry> read_built_in() {
  const auto* begin = reinterpret_cast<const char*>(syrinx_model_catalogue_begin);
  const auto* end = reinterpret_cast<const char*>(syrinx_model_catalogue_end);
  const auto document = parse_json({begin, static_cast<std::size_t>(end - begin)});
  SYRINX_CHECK(document.has_value(), "the catalogue in the library is not JSON");
  auto entries = read_catalogue(*document);
  return std::move(entries).value();
}

}  // namespace

const std::vector<ModelEntry>& built_in_catalogue() {
  static const std::vector<ModelEntry> entries = read_built_in();
  return entries;
}

Result<std::vector<ModelEntry>> load_catalogue(const std::filesystem::path& path) {
  SYRINX_ASSIGN(const JsonValue document, read_json_file(path));
  auto entries = read_catalogue(document);
  if (entries) return entries;
  return make_error(entries.error().code, "'", path.string(), "': ", entries.error().message);
}

std::vector<ModelEntry> search_catalogue(const std::vector<ModelEntry>& entries,
                                         const std::vector<std::string>& words) {
  std::vector<ModelEntry> found;
  for (const ModelEntry& entry : entries) {
    const std::string text = searched_text(entry);
    const bool all = std::all_of(words.begin(), words.end(), [&](const std::string& word) {
      return text.find(lower(word)) != std::string::npos;
    });
    if (all) found.push_back(entry);
  }
  return found;
}

Result<ModelEntry> find_entry(const std::vector<ModelEntry>& entries, std::string_view name) {
  for (const ModelEntry& entry : entries) {
    if (entry.name == name) return entry;
  }
  auto alike = search_catalogue(entries, {std::string(name)});
  if (alike.empty()) alike = entries;
  std::string names;
  for (const ModelEntry& entry : alike) names += (names.empty() ? "" : ", ") + entry.name;
  return make_error(ErrorCode::kNotFound, "the catalogue has no model '", name, "'; it has ",
                    names.empty() ? "none" : names);
}

}  // namespace syrinx::io
