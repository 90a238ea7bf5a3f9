// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/engines/tts/two_stage_voice.h"
#include "syrinx/stages/acoustic/kokoro/kokoro_voice.h"
#include "syrinx/stages/acoustic/piper/piper_voice.h"

// The models that lie on this machine.
namespace syrinx::tts {

// A model that could not be read, and why.
struct BrokenModel {
  std::string name;
  Error error;
};

struct VoiceModels {
  std::vector<acoustic::KokoroModel> kokoro;  // By name.
  std::vector<acoustic::PiperModel> piper;    // By name.
  std::vector<TwoStageModel> two_stage;       // By name.
  std::vector<BrokenModel> broken;
};

// Where models lie, a folder each (io::user_model_folder()); empty where there is no such place.
std::filesystem::path model_root();

// Changes when a file of the user's models does (by name, size and time): the same voice under the
// same stamp is the same voice. "" without models.
std::string models_stamp();

// The models under a folder; a name is the folder's, or, where a folder has several Piper voices,
// the file's. What is no model of a voice is passed over, what is a broken one is told. Settings
// and the names of voices are read, no network. At most limits::kMaxModelFolders are looked at.
VoiceModels find_voice_models(const std::filesystem::path& root);

// The voice that the library carries within, and those under model_root(). A folder there of the
// built-in voice's name stands in its place.
VoiceModels all_voice_models();

// The one model at a path: an .onnx file, or a folder as find_voice_models() takes one. Errors:
// kNotFound; kInvalidArgument for a folder of several Piper voices; those of the model.
Result<VoiceModels> voice_model_at(const std::filesystem::path& path);

// What the manifest (model.json) beside a model says under `key`, as "licence"; "" without one.
std::string manifest_text(const std::filesystem::path& folder, std::string_view key);

}  // namespace syrinx::tts
