// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/json.h"
#include "syrinx/core/base/result.h"

namespace syrinx::io {

// One file of a model.
struct ModelFile {
  std::string name;    // In the model's folder: one plain name, no separators.
  std::string sha256;  // 64 lower-case hexadecimal digits.
  std::uint64_t bytes = 0;
  std::vector<std::string> urls;  // http, https; tried in this order. Empty: cannot be pulled.
};

// A model as a catalogue or the manifest of an installed one describes it.
struct ModelEntry {
  std::string name;         // What a user types: see is_model_name().
  std::string kind;         // What reads it: "kokoro", "piper", "measure" ...
  std::string description;  // One line.
  std::string version;
  std::string licence;                 // An SPDX identifier where there is one, else a sentence.
  std::string licence_url;             // Or "".
  std::string homepage;                // Or "".
  std::vector<std::string> languages;  // BCP 47.
  std::vector<std::string> needs;      // What else must be on the machine, in words.
  std::vector<ModelFile> files;

  std::uint64_t bytes() const noexcept;
};

// Letters, digits, '.', '_' and '-', 1 to limits::kMaxModelNameBytes, and no '.' or '-' first: a
// name becomes a folder.
bool is_model_name(std::string_view name) noexcept;

// Reads one entry. Errors: kCorruptData naming the entry and the member at fault (missing, of
// another type, not a name, not a digest, a URL that is neither http nor https); kLimitExceeded
// (kMaxModelFiles).
Result<ModelEntry> read_model_entry(const JsonValue& value);

// Reads a catalogue: {"catalogue": 1, "models": [entry, ...]}. Errors: as read_model_entry();
// kUnsupported for another version; kCorruptData for two entries of one name; kLimitExceeded
// (kMaxCatalogueModels).
Result<std::vector<ModelEntry>> read_catalogue(const JsonValue& document);

// The entry as JSON text, which read_model_entry() reads back as it was.
std::string write_model_entry(const ModelEntry& entry);

}  // namespace syrinx::io
