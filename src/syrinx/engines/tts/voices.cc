// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/voices.h"

#include <algorithm>
#include <utility>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/base/log.h"
#include "syrinx/engines/tts/voice_models.h"
#include "syrinx/engines/tts/voice_names.h"
#include "syrinx/stages/acoustic/flite/flite_voice.h"

namespace syrinx::tts {
namespace {

using acoustic::SpeechModel;
using acoustic::VoiceInfo;
using Loaded = Result<std::unique_ptr<SpeechModel>>;

constexpr int kMaxNamesOfNames = 4;  // A name for a name for a name ...

// A voice that speaks as the user has set it up.
class SettledVoice final : public SpeechModel {
 public:
  SettledVoice(std::unique_ptr<SpeechModel> voice, const Prosody& prosody)
      : voice_(std::move(voice)), traits_(voice_->traits()) {
    traits_.prosody = prosody;
  }
  const VoiceInfo& info() const noexcept override { return voice_->info(); }
  PhonemeSet phoneme_set() const noexcept override { return voice_->phoneme_set(); }
  const acoustic::VoiceTraits& traits() const noexcept override { return traits_; }
  Result<acoustic::Utterance> speak(const UtterancePlan& plan,
                                    const std::stop_token& stop) override {
    return voice_->speak(plan, stop);
  }
  Result<acoustic::BegunUtterance> begin(const UtterancePlan& plan,
                                         const std::stop_token& stop) override {
    return voice_->begin(plan, stop);
  }

 private:
  std::unique_ptr<SpeechModel> voice_;
  acoustic::VoiceTraits traits_;
};

bool changes_nothing(const Prosody& prosody) {
  return prosody.rate == 1 && prosody.pitch_semitones == 0 && prosody.volume_db == 0;
}

// The built-in one first.
std::vector<VoiceInfo> voices_of(const VoiceModels& models) {
  std::vector<VoiceInfo> voices;
  for (const TwoStageModel& model : models.two_stage)
    if (model.folder.empty()) voices.push_back(model.config.info);
  const auto add = [&voices](VoiceInfo info, const std::filesystem::path& folder) {
    info.licence = manifest_text(folder, "licence");
    voices.push_back(std::move(info));
  };
  for (const acoustic::KokoroModel& model : models.kokoro) {
    for (const acoustic::KokoroVoiceFile& voice : model.voices) {
      VoiceInfo info = acoustic::kokoro_voice_info(model, voice.name);
      const bool taken = std::any_of(voices.begin(), voices.end(), [&info](const VoiceInfo& other) {
        return other.name == info.name;
      });
      if (taken) info.name = model.name + ":" + info.name;
      add(std::move(info), model.onnx.parent_path());
    }
  }
  for (const acoustic::PiperModel& model : models.piper) {
    for (VoiceInfo& info : acoustic::piper_voices(model))
      add(std::move(info), model.onnx.parent_path());
  }
  for (const TwoStageModel& model : models.two_stage)
    if (!model.folder.empty()) voices.push_back(model.config.info);
  return voices;
}

// One request for a voice: the machine is looked at once.
class Resolver {
 public:
  explicit Resolver(const VoiceOptions& options) : options_(options), models_(all_voice_models()) {}

  Loaded load(std::string_view name) {
    SYRINX_ASSIGN(named_, named_voices());
    return load(name, 0);
  }

 private:
  Loaded load(std::string_view name, int depth) {
    if (depth > kMaxNamesOfNames)
      return make_error(ErrorCode::kInvalidArgument, "the voice names in ",
                        named_voices_file().string(), " go round in a circle at '", name, "'");
    for (const NamedVoice& own : named_) {
      if (own.name != name) continue;
      const bool settings_only = own.voice == own.name;
      SYRINX_ASSIGN(auto voice, settings_only ? load_own(name, depth) : load(own.voice, depth + 1));
      if (changes_nothing(own.prosody)) return voice;
      return std::unique_ptr<SpeechModel>(new SettledVoice(std::move(voice), own.prosody));
    }
    return load_own(name, depth);
  }

  // By the name that a voice has itself, or that all know it by.
  Loaded load_own(std::string_view name, int depth) {
    for (const VoiceInfo& info : acoustic::flite_voices()) {
      if (info.name == name) return acoustic::load_flite_voice(name);
    }
    if (auto voice = load_installed(models_, name)) return std::move(*voice);
    for (const FamousVoice& famous : famous_voices()) {
      if (famous.name != name) continue;
      for (const std::string_view voice : famous.voices) {
        if (is_there(voice)) return load(voice, depth + 1);
      }
    }
    if (auto mix = load_mix(models_, name)) return std::move(*mix);
    if (options_.allow_paths && name.find('/') != std::string_view::npos) return load_path(name);
    if (options_.allow_paths && name.ends_with(".onnx")) return load_path(name);
    return not_found(name);
  }

  bool is_there(std::string_view voice) const {
    const auto flite = acoustic::flite_voices();
    const auto is_it = [voice](const VoiceInfo& info) { return info.name == voice; };
    if (std::any_of(flite.begin(), flite.end(), is_it)) return true;
    return std::any_of(
        models_.kokoro.begin(), models_.kokoro.end(),
        [voice](const acoustic::KokoroModel& model) { return model.find(voice) != nullptr; });
  }

  acoustic::NetworkVoiceOptions network() const {
    return {options_.threads, options_.seed.has_value()};
  }

  // "voice", "model" or "model:voice" of these models; nothing for another name.
  std::optional<Loaded> load_installed(const VoiceModels& models, std::string_view name) const {
    for (const acoustic::KokoroModel& model : models.kokoro) {
      if (model.find(name) != nullptr) return acoustic::load_kokoro_voice(model, name, network());
    }
    const std::size_t colon = name.find(':');
    const std::string_view model_name = name.substr(0, colon);
    const std::string_view voice =
        colon == std::string_view::npos ? std::string_view() : name.substr(colon + 1);
    for (const acoustic::KokoroModel& model : models.kokoro) {
      if (model.name == model_name) return load_kokoro(model, voice);
    }
    for (const acoustic::PiperModel& model : models.piper) {
      if (model.name == model_name) return acoustic::load_piper_voice(model, voice, network());
    }
    for (const TwoStageModel& model : models.two_stage) {
      if (model.name == model_name) return load_two_stage(model, voice);
    }
    for (const BrokenModel& broken : models.broken) {
      if (broken.name == model_name) return Loaded(broken.error);
    }
    return std::nullopt;
  }

  Loaded load_kokoro(const acoustic::KokoroModel& model, std::string_view voice) const {
    if (voice.empty() && model.voices.size() > 1)
      return make_error(ErrorCode::kInvalidArgument, "the model ", model.name, " has ",
                        model.voices.size(), " voices; choose one, as ", model.name, ":",
                        model.voices[0].name);
    return acoustic::load_kokoro_voice(model, voice.empty() ? model.voices[0].name : voice,
                                       network());
  }

  // A mix of voices that one model has; nothing for what is no mix at all.
  std::optional<Loaded> load_mix(const VoiceModels& models, std::string_view name) const {
    if (name.find_first_of("+-(") == std::string_view::npos) return std::nullopt;
    const auto shares = acoustic::parse_kokoro_mix(name);
    const bool looks_like_one = name.find_first_of("+(") != std::string_view::npos &&
                                name.find('/') == std::string_view::npos;
    if (!shares) {
      if (looks_like_one) return Loaded(shares.error());
      return std::nullopt;
    }
    std::string missing;
    for (const acoustic::KokoroModel& model : models.kokoro) {
      missing.clear();
      for (const acoustic::KokoroShare& share : shares.value()) {
        if (model.find(share.name) == nullptr) missing = share.name;
      }
      if (missing.empty()) return acoustic::load_kokoro_voice(model, name, network());
    }
    if (!looks_like_one) return std::nullopt;  // "en_US-amy" is a name that is not there.
    return Loaded(make_error(ErrorCode::kNotFound, "the mix '", name, "' needs ",
                             missing.empty() ? "a Kokoro model, and none is installed"
                                             : "the voice '" + missing +
                                                   "', which no one Kokoro model has with the "
                                                   "others",
                             "; `syrinx voices` lists the voices that there are"));
  }

  // "folder/model.onnx", "folder/", either with ":voice".
  Loaded load_path(std::string_view name) const {
    std::string path(name);
    std::string voice;
    std::error_code failed;
    const std::size_t colon = path.rfind(':');
    if (!std::filesystem::exists(path, failed) && colon != std::string::npos) {
      voice = path.substr(colon + 1);
      path.resize(colon);
    }
    SYRINX_ASSIGN(const VoiceModels found, voice_model_at(path));
    if (!found.two_stage.empty()) return load_two_stage(found.two_stage[0], voice);
    if (found.piper.empty()) return load_kokoro(found.kokoro[0], voice);
    return acoustic::load_piper_voice(found.piper[0], voice, network());
  }

  static Loaded load_two_stage(const TwoStageModel& model, std::string_view voice) {
    if (voice.empty()) return load_two_stage_voice(model);
    return make_error(ErrorCode::kNotFound, "the two-stage voice ", model.name,
                      " has one speaker and no '", voice, "'; leave that out");
  }

  Error not_found(std::string_view name) const {
    constexpr std::size_t kMostNamed = 24;
    std::string known;
    std::size_t count = 0;
    std::vector<VoiceInfo> voices = acoustic::flite_voices();
    for (VoiceInfo& info : voices_of(models_)) voices.push_back(std::move(info));
    for (const VoiceInfo& info : voices) {
      if (++count > kMostNamed) break;
      known += (known.empty() ? "" : ", ") + info.name;
    }
    if (count > kMostNamed) known += " and " + std::to_string(voices.size() - kMostNamed) + " more";
    return make_error(ErrorCode::kNotFound, "there is no voice '", name.substr(0, 80),
                      "'; there are ", known);
  }

  const VoiceOptions& options_;
  VoiceModels models_;
  std::vector<NamedVoice> named_;
};

}  // namespace

std::vector<VoiceInfo> available_voices() {
  std::vector<VoiceInfo> voices = acoustic::flite_voices();
  const VoiceModels models = all_voice_models();
  for (const BrokenModel& broken : models.broken)
    log(LogLevel::kWarning, "the model " + broken.name + " has no voices: " + broken.error.message);
  for (VoiceInfo& info : voices_of(models)) voices.push_back(std::move(info));
  return voices;
}

std::vector<VoiceAlias> voice_aliases() {
  std::vector<VoiceAlias> aliases;
  const VoiceModels models = all_voice_models();
  if (auto own = named_voices()) {
    for (const NamedVoice& voice : own.value()) {
      if (voice.voice != voice.name) aliases.push_back({voice.name, voice.voice, true});
    }
  } else {
    log(LogLevel::kWarning, own.error().message);
  }
  for (const FamousVoice& famous : famous_voices()) {
    std::string_view voice = famous.voices.back();
    for (const std::string_view candidate : famous.voices) {
      const bool installed = std::any_of(
          models.kokoro.begin(), models.kokoro.end(),
          [candidate](const acoustic::KokoroModel& m) { return m.find(candidate) != nullptr; });
      if (!installed) continue;
      voice = candidate;
      break;
    }
    aliases.push_back({std::string(famous.name), std::string(voice), false});
  }
  return aliases;
}

Result<std::unique_ptr<SpeechModel>> load_voice(std::string_view name,
                                                const VoiceOptions& options) {
  if (name.empty() || name.size() > limits::kMaxVoiceNameBytes ||
      name.find('\0') != std::string_view::npos)
    return make_error(ErrorCode::kInvalidArgument, "the name of a voice has 1 to ",
                      limits::kMaxVoiceNameBytes, " bytes, not ", name.size());
  return Resolver(options).load(name);
}

}  // namespace syrinx::tts
