// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/acoustic/speech_model.h"

// Every voice by its name: the built-in ones, those of installed models, mixes of them, other names
// for them, and models at a path. docs/voices.md is the user's page.
namespace syrinx::tts {

// What speaks when nobody chose.
inline constexpr std::string_view kDefaultVoice = "slt";

struct VoiceOptions {
  // Whether a name may be the path of a model ("./en_US-amy.onnx"): for the user of the program
  // itself, never for names that come over a network.
  bool allow_paths = false;
  // The same text gives the same sound, whatever noise the model likes to draw: a Piper voice then
  // speaks without its noise. Errors: kUnsupported from load_voice() for a model whose noise cannot
  // be held.
  std::optional<std::uint64_t> seed;
  int threads = 1;  // That one call of a network may use.
};

// Another name for a voice that is there.
struct VoiceAlias {
  std::string name;   // "alloy".
  std::string voice;  // "af_alloy", or "slt" where there is no Kokoro model.
  bool own = false;   // From the user's voices.json.
};

// Every voice that can speak on this machine now, the default first: the built-in ones, then those
// of installed models ("af_heart", "en_US-amy-medium", "en_US-libritts:p3922"). Cheap enough to ask
// for each time: files are looked at, not loaded.
std::vector<acoustic::VoiceInfo> available_voices();

// The user's own names (voices.json) and OpenAI's 13, each with the voice that it stands for now.
std::vector<VoiceAlias> voice_aliases();

// Makes a voice ready. May take seconds for a network. `name` is, in this order:
//   a voice of available_voices(), also as "model:voice" ("kokoro:af_heart");
//   a name of voice_aliases();
//   a mix of voices of one Kokoro model: "af_heart(2)+am_adam(1)", "af_heart(2)-am_adam". Weights
//   are 1 unless given, and are divided by the sum of their sizes;
//   with options.allow_paths, the path of a model ("voices/en_US-amy.onnx", "kokoro/:af_heart").
// Any other name never reaches the file system.
// Errors: kNotFound, with the names that are nearest or there; kInvalidArgument for a mix that is
// not one; kUnavailable without ONNX Runtime; those of the model.
Result<std::unique_ptr<acoustic::SpeechModel>> load_voice(std::string_view name,
                                                          const VoiceOptions& options = {});

}  // namespace syrinx::tts
