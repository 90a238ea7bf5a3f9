// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/acoustic/graph_ports.h"
#include "syrinx/stages/acoustic/kokoro/kokoro_pack.h"
#include "syrinx/stages/acoustic/speech_model.h"

// Kokoro-82M (hexgrad, version 1.0, after StyleTTS 2, Li et al. 2023), exported to ONNX by either
// of two ways, and its voices. 24 kHz; pronunciations in Kokoro's alphabet.
namespace syrinx::acoustic {

// A model and the voices beside it; nothing of them was read but their names.
struct KokoroModel {
  std::string name;  // Of its folder: "kokoro".
  std::filesystem::path onnx;
  std::vector<KokoroVoiceFile> voices;  // By name.

  const KokoroVoiceFile* find(std::string_view voice) const noexcept;
};

// The model of a folder: one .onnx in it or in its folder onnx (model.onnx or kokoro*.onnx of
// several), and voices (.pt, .bin, .npy, .npz) in it or in its folder voices. Errors: kNotFound
// without a model or without voices, saying what was looked for; kUnsupported for a config.json of
// another version; those of reading a file of voices.
Result<KokoroModel> open_kokoro_model(const std::filesystem::path& folder);

// What a voice's name tells: "af_heart" is American English, female.
VoiceInfo kokoro_voice_info(const KokoroModel& model, std::string_view voice);

// One voice of a model, or a mix of them (parse_kokoro_mix()). The voice does not move its pitch;
// times are the model's own where it gives durations, else estimated (VoiceTraits). Symbols that
// the network does not know are left out, as in its training. Errors: kNotFound for a voice that
// there is not, with those that there are; kUnsupported for a graph that is no Kokoro export, with
// the inputs that it has, for voices of two languages in one mix, and for options.steady with a
// graph that draws noise; those of the mix, the voices' files and OnnxSession::load().
Result<std::unique_ptr<SpeechModel>> load_kokoro_voice(const KokoroModel& model,
                                                       std::string_view mix,
                                                       const NetworkVoiceOptions& options);

}  // namespace syrinx::acoustic
