// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/voice_models.h"

#include <algorithm>
#include <utility>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/base/sha256.h"
#include "syrinx/core/io/json/json_file.h"
#include "syrinx/core/io/store/model_store.h"
#include "syrinx/engines/tts/own_voice/own_voice.h"

namespace syrinx::tts {
namespace {

namespace fs = std::filesystem;

// What lies in a folder, by name, hidden names left out.
std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code failed;
  for (fs::directory_iterator entry(folder, failed), end;
       !failed && entry != end && entries.size() < limits::kMaxModelFolders;
       entry.increment(failed)) {
    if (!entry->path().filename().string().starts_with(".")) entries.push_back(entry->path());
  }
  std::sort(entries.begin(), entries.end());
  return entries;
}

bool has_settings(const fs::path& onnx) {
  std::error_code failed;
  return fs::is_regular_file(onnx.string() + ".json", failed);
}

std::vector<fs::path> onnx_files(const fs::path& folder) {
  std::vector<fs::path> files = entries_of(folder);
  std::erase_if(files, [](const fs::path& file) { return file.extension() != ".onnx"; });
  return files;
}

void add_piper(VoiceModels& models, const fs::path& onnx, std::string name) {
  auto model = acoustic::open_piper_model(onnx);
  if (!model) {
    models.broken.push_back({std::move(name), std::move(model).error()});
    return;
  }
  model.value().name = std::move(name);
  models.piper.push_back(std::move(model).value());
}

void add_kokoro(VoiceModels& models, const fs::path& folder) {
  auto model = acoustic::open_kokoro_model(folder);
  if (model) {
    models.kokoro.push_back(std::move(model).value());
  } else {
    models.broken.push_back({folder.filename().string(), std::move(model).error()});
  }
}

void add_two_stage(VoiceModels& models, const fs::path& folder) {
  auto model = open_two_stage_model(folder);
  if (model) {
    models.two_stage.push_back(std::move(model).value());
  } else {
    models.broken.push_back({folder.filename().string(), std::move(model).error()});
  }
}

// Piper's voices have their settings beside them; Kokoro's model has voices; a two-stage voice has
// settings of its own name. A folder with networks of another purpose has none of these.
void add_folder(VoiceModels& models, const fs::path& folder) {
  const std::vector<fs::path> files = onnx_files(folder);
  std::vector<fs::path> piper = files;
  std::erase_if(piper, [](const fs::path& file) { return !has_settings(file); });
  for (const fs::path& file : piper)
    add_piper(models, file, (piper.size() == 1 ? folder.filename() : file.stem()).string());
  if (!piper.empty()) return;
  const std::string kind = manifest_text(folder, "kind");
  if (kind == "two-stage" || (kind.empty() && is_two_stage_folder(folder)))
    return add_two_stage(models, folder);
  std::error_code failed;
  const bool has_voices =
      fs::is_directory(folder / "voices", failed) || fs::exists(folder / "voices-v1.0.bin", failed);
  if (kind == "kokoro" || (kind.empty() && has_voices)) add_kokoro(models, folder);
}

}  // namespace

fs::path model_root() { return io::user_model_folder().value_or({}); }

std::string models_stamp() {
  const fs::path root = model_root();
  std::error_code failed;
  if (root.empty() || !fs::exists(root, failed)) return "";
  std::vector<std::string> files;
  for (fs::recursive_directory_iterator at(root, failed), end; !failed && at != end;
       at.increment(failed)) {
    if (!at->is_regular_file(failed)) continue;
    const auto time = at->last_write_time(failed).time_since_epoch().count();
    files.push_back(at->path().string() + "/" + std::to_string(at->file_size(failed)) + "/" +
                    std::to_string(time) + "\n");
  }
  std::sort(files.begin(), files.end());
  Sha256 digest;
  for (const std::string& file : files) digest.update(std::as_bytes(std::span(file)));
  return digest.hex();
}

std::string manifest_text(const fs::path& folder, std::string_view key) {
  std::error_code failed;
  if (!fs::is_regular_file(folder / "model.json", failed)) return "";
  const auto json = io::read_json_file(folder / "model.json");
  if (!json) return "";
  const JsonValue* value = json.value().find(key);
  return value != nullptr && value->text() != nullptr ? *value->text() : "";
}

VoiceModels find_voice_models(const fs::path& root) {
  VoiceModels models;
  if (root.empty()) return models;
  for (const fs::path& entry : entries_of(root)) {
    std::error_code failed;
    if (fs::is_directory(entry, failed)) {
      add_folder(models, entry);
    } else if (entry.extension() == ".onnx" && has_settings(entry)) {
      add_piper(models, entry, entry.stem().string());
    }
  }
  return models;
}

VoiceModels all_voice_models() {
  VoiceModels models = find_voice_models(model_root());
  const bool replaced = std::any_of(models.two_stage.begin(), models.two_stage.end(),
                                    [](const TwoStageModel& m) { return m.name == kOwnVoice; });
  if (replaced) return models;
  if (auto own = open_own_voice()) {
    models.two_stage.insert(models.two_stage.begin(), std::move(own).value());
  } else {
    models.broken.push_back({kOwnVoice, own.error()});
  }
  return models;
}

Result<VoiceModels> voice_model_at(const fs::path& path) {
  std::error_code failed;
  VoiceModels models;
  if (fs::is_directory(path, failed)) {
    if (is_two_stage_folder(path)) {
      SYRINX_ASSIGN(auto two_stage, open_two_stage_model(path));
      models.two_stage.push_back(std::move(two_stage));
      return models;
    }
    std::vector<fs::path> piper = onnx_files(path);
    std::erase_if(piper, [](const fs::path& file) { return !has_settings(file); });
    if (piper.size() > 1)
      return make_error(ErrorCode::kInvalidArgument, path.string(), " has ", piper.size(),
                        " Piper voices; give the path of one, as ", piper[0].string());
    if (piper.empty()) {
      SYRINX_ASSIGN(auto kokoro, acoustic::open_kokoro_model(path));
      models.kokoro.push_back(std::move(kokoro));
      return models;
    }
    SYRINX_ASSIGN(auto only, acoustic::open_piper_model(piper[0]));
    models.piper.push_back(std::move(only));
    return models;
  }
  if (!has_settings(path) && fs::is_regular_file(path, failed)) {
    auto kokoro = acoustic::open_kokoro_model(path.parent_path());
    if (kokoro) {
      kokoro.value().onnx = path;
      models.kokoro.push_back(std::move(kokoro).value());
      return models;
    }
  }
  SYRINX_ASSIGN(auto piper, acoustic::open_piper_model(path));
  models.piper.push_back(std::move(piper));
  return models;
}

}  // namespace syrinx::tts
