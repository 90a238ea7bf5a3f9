// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/acoustic/fastspeech/fastspeech_config.h"
#include "syrinx/stages/acoustic/speech_model.h"

// A voice of two networks, which run by this project's own layers: an acoustic model makes a mel of
// phonemes, a vocoder makes sound of the mel.
namespace syrinx::tts {

// The files of a two-stage voice, which lie in one folder.
inline constexpr const char* kTwoStageSettings = "voice.json";
inline constexpr const char* kTwoStageAcoustic = "acoustic.safetensors";
inline constexpr const char* kTwoStageVocoder = "vocoder.safetensors";
inline constexpr const char* kTwoStageVocoderConfig = "vocoder.json";  // May be missing.

// A model whose settings were read; its networks were not.
struct TwoStageModel {
  std::string name;                   // The folder's.
  std::filesystem::path folder;       // Empty: what the library carries within.
  acoustic::FastSpeechConfig config;  // Its info has this name.
};

// Whether a folder has the settings of a two-stage voice.
bool is_two_stage_folder(const std::filesystem::path& folder);

// Errors: kNotFound naming the file that the folder lacks; those of read_fastspeech_config().
Result<TwoStageModel> open_two_stage_model(const std::filesystem::path& folder);

// The voice that the library carries within. Errors: as open_two_stage_model()'s, none in a library
// that was built as it should be.
Result<TwoStageModel> open_own_voice();

// Makes the voice ready. A sentence's mel is made as a whole, then its sound in blocks, the first
// of them short, which begin() hands out as they are made; a stop is heard between the layers of
// the one and the blocks of the other. Errors: those of
// FastSpeechModel::load(), of telling and reading the vocoder; kUnsupported for a vocoder of a
// family that does not stream, or that takes another mel than the acoustic model makes.
Result<std::unique_ptr<acoustic::SpeechModel>> load_two_stage_voice(const TwoStageModel& model);

}  // namespace syrinx::tts
