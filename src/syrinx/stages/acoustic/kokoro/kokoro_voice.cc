// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/acoustic/kokoro/kokoro_voice.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/flow/characters.h"
#include "syrinx/core/flow/kokoro_symbols.h"
#include "syrinx/core/io/json/json_file.h"
#include "syrinx/stages/acoustic/symbol_line.h"

namespace syrinx::acoustic {
namespace {

namespace fs = std::filesystem;

constexpr int kRateHz = 24'000;
constexpr double kDurationS = 600.0 / kRateHz;  // Of one frame of the model's durations.
// Sound begins this many of them before the model's durations say (misaki's join_timestamps).
constexpr double kEarlyFrames = 3;
// Symbols of one run: the network takes 510; it speaks best well below, and the first is heard
// sooner.
constexpr std::size_t kFirstSymbols = 250;
constexpr std::size_t kMostSymbols = 450;
// Words of the first part of a long sentence: some 4 s of speech.
constexpr std::size_t kFirstWords = 12;

// By the first letter of a voice's name (VOICES.md of hexgrad/Kokoro-82M).
const char* language_of(std::string_view voice) {
  switch (voice.empty() ? '\0' : voice[0]) {
    case 'b':
      return "en-GB";
    case 'e':
      return "es-ES";
    case 'f':
      return "fr-FR";
    case 'h':
      return "hi-IN";
    case 'i':
      return "it-IT";
    case 'j':
      return "ja-JP";
    case 'p':
      return "pt-BR";
    case 'z':
      return "zh-CN";
    default:
      return "en-US";
  }
}

const char* gender_of(std::string_view voice) {
  if (voice.size() < 3 || voice[2] != '_') return "";
  return voice[1] == 'f' ? "female" : voice[1] == 'm' ? "male" : "";
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code failed;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    std::error_code ignored;
    if (fs::is_regular_file(entry->path(), ignored)) files.push_back(entry->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// The model among several .onnx files: model.onnx, else one that is called after Kokoro, else the
// first.
std::optional<fs::path> choose_onnx(const fs::path& folder) {
  std::vector<fs::path> found;
  for (const fs::path& place : {folder, folder / "onnx"}) {
    for (const fs::path& file : files_in(place)) {
      if (file.extension() == ".onnx") found.push_back(file);
    }
  }
  const auto pick = [&found](const auto& is_it) {
    return std::find_if(found.begin(), found.end(), is_it);
  };
  auto chosen = pick([](const fs::path& f) { return f.filename() == "model.onnx"; });
  if (chosen == found.end())
    chosen = pick([](const fs::path& f) { return f.filename().string().starts_with("kokoro"); });
  if (chosen == found.end()) chosen = found.begin();
  if (chosen == found.end()) return std::nullopt;
  return *chosen;
}

bool may_be_voices(const fs::path& file) {
  const fs::path type = file.extension();
  return type == ".pt" || type == ".bin" || type == ".npy" || type == ".npz";
}

Result<std::vector<KokoroVoiceFile>> find_voices(const fs::path& folder) {
  std::map<std::string, KokoroVoiceFile> voices;
  for (const fs::path& place : {folder, folder / "voices"}) {
    for (const fs::path& file : files_in(place)) {
      if (!may_be_voices(file)) continue;
      SYRINX_ASSIGN(const auto found, kokoro_voices_in(file));
      for (const KokoroVoiceFile& voice : found) voices.emplace(voice.name, voice);
      if (voices.size() > limits::kMaxSpeakers)
        return make_error(ErrorCode::kLimitExceeded, folder.string(), " has more than ",
                          limits::kMaxSpeakers, " voices");
    }
  }
  std::vector<KokoroVoiceFile> list;
  for (auto& [name, voice] : voices) list.push_back(std::move(voice));
  return list;
}

// A vocabulary beside the model must be the one that the symbols are written in.
Result<void> check_version(const fs::path& folder) {
  const fs::path file = folder / "config.json";
  std::error_code failed;
  if (!fs::is_regular_file(file, failed)) return {};
  SYRINX_ASSIGN(const JsonValue json, io::read_json_file(file));
  const JsonValue* vocabulary = json.find("vocab");
  if (vocabulary == nullptr || vocabulary->object() == nullptr) return {};
  for (const JsonMember& symbol : *vocabulary->object()) {
    const auto characters = characters_of(symbol.key);
    const auto known = characters.size() == 1 ? kokoro_id(characters[0].code) : std::nullopt;
    const auto id = symbol.value.count();
    if (known && id && static_cast<std::uint64_t>(*known) == *id) continue;
    return make_error(ErrorCode::kUnsupported, file.string(), " gives the symbol '", symbol.key,
                      "' another number than version 1.0 of Kokoro; take a model of version 1.0");
  }
  return {};
}

std::string names_of(const KokoroModel& model) {
  std::string names;
  for (const KokoroVoiceFile& voice : model.voices)
    names += (names.empty() ? "" : ", ") + voice.name;
  return names;
}

// Where a graph takes and gives what.
struct KokoroPorts {
  nn::OnnxPort tokens, style, speed;
  std::string sound;
  std::string durations;  // Empty: it gives none.
};

Result<KokoroPorts> bind(const nn::OnnxSession& session) {
  const auto* tokens = find_port(session.inputs(), {"tokens", "input_ids"});
  const auto* style = find_port(session.inputs(), {"style"});
  const auto* speed = find_port(session.inputs(), {"speed"});
  const auto* sound = find_port(session.outputs(), {"audio", "waveform"});
  if (tokens == nullptr || style == nullptr || speed == nullptr || sound == nullptr ||
      session.inputs().size() != 3)
    return make_error(ErrorCode::kUnsupported, session.model().string(),
                      " is not a Kokoro export: its inputs are ", port_names(session.inputs()),
                      " and its outputs ", port_names(session.outputs()),
                      "; expected tokens (or input_ids), style and speed, and audio (or waveform)");
  const bool fits = style->shape.empty() || style->shape.back() < 0 ||
                    style->shape.back() == static_cast<std::int64_t>(KokoroPack::kColumns);
  if (!fits)
    return make_error(ErrorCode::kUnsupported, session.model().string(), " takes a style of ",
                      describe(style->type, style->shape),
                      "; version 1.0 of Kokoro takes 256 numbers");
  const auto* durations = find_port(session.outputs(), {"duration", "durations", "pred_dur"});
  return KokoroPorts{*tokens, *style, *speed, sound->name,
                     durations != nullptr ? durations->name : ""};
}

// What a piece is for the network: its numbers, and how many each symbol of the line got (0 or 1).
struct PieceIds {
  std::vector<double> ids;  // With the 0 before and after.
  std::vector<bool> known;
};

class KokoroVoice final : public SpeechModel {
 public:
  KokoroVoice(VoiceInfo info, KokoroPack pack, nn::OnnxSession session, KokoroPorts ports)
      : info_(std::move(info)),
        pack_(std::move(pack)),
        session_(std::move(session)),
        ports_(std::move(ports)) {
    traits_.pitch = false;
    traits_.estimated_times = ports_.durations.empty();
    traits_.whole_rates =
        ports_.speed.type == nn::OnnxType::kInt32 || ports_.speed.type == nn::OnnxType::kInt64;
    traits_.first_words = kFirstWords;
  }

  const VoiceInfo& info() const noexcept override { return info_; }
  PhonemeSet phoneme_set() const noexcept override { return PhonemeSet::kKokoro; }
  const VoiceTraits& traits() const noexcept override { return traits_; }

  Result<Utterance> speak(const UtterancePlan& plan, const std::stop_token& stop) override {
    SYRINX_TRY(check_prosody(plan.prosody));
    SYRINX_ASSIGN(const SymbolLine line,
                  symbol_line(plan.tokens, PhonemeSet::kKokoro, LineMarks::kKokoro));
    std::vector<PieceSound> sounds;
    std::vector<UnsaidSymbol> unsaid;
    for (const LinePiece piece : cut_line(line, kFirstSymbols, kMostSymbols)) {
      if (stop.stop_requested()) return make_error(ErrorCode::kCancelled, "speaking was stopped");
      const PieceIds ids = ids_of(line, piece, unsaid);
      if (ids.ids.size() <= 2) continue;  // Nothing that the network knows.
      SYRINX_ASSIGN(PieceSound sound, speak_piece(line, piece, ids, plan.prosody.rate, stop));
      sounds.push_back(std::move(sound));
    }
    Utterance utterance =
        sounds.empty() ? silence(kRateHz) : utterance_of(line, std::move(sounds), kRateHz);
    utterance.unsaid = std::move(unsaid);
    return utterance;
  }

 private:
  static PieceIds ids_of(const SymbolLine& line, LinePiece piece,
                         std::vector<UnsaidSymbol>& unsaid) {
    PieceIds out{{0}, {}};
    for (std::size_t i = piece.begin; i < piece.end; ++i) {
      const LineSymbol& symbol = line.symbols[i];
      const std::string written = utf8_of(symbol.code);
      const KokoroIds found = kokoro_ids(written);
      for (const std::int64_t id : found.ids) out.ids.push_back(static_cast<double>(id));
      out.known.push_back(!found.ids.empty());
      if (!found.ids.empty()) continue;
      unsaid.push_back({written, symbol.word < 0
                                     ? SourceSpan{}
                                     : line.words[static_cast<std::size_t>(symbol.word)].source});
    }
    out.ids.push_back(0);
    return out;
  }

  Result<PieceSound> speak_piece(const SymbolLine& line, LinePiece piece, const PieceIds& ids,
                                 double rate, const std::stop_token& stop) {
    const auto count = static_cast<std::int64_t>(ids.ids.size());
    const std::span<const float> row = pack_.style(ids.ids.size() - 2);
    const std::vector<double> style(row.begin(), row.end());
    const double speed[] = {traits_.whole_rates ? std::max(1.0, std::round(rate)) : rate};
    nn::OnnxShape style_shape(std::max<std::size_t>(2, ports_.style.shape.size()), 1);
    style_shape.back() = static_cast<std::int64_t>(style.size());
    const nn::OnnxShape speed_shape(ports_.speed.shape.size(), 1);
    SYRINX_ASSIGN(const auto tokens, tensor_for(ports_.tokens, {1, count}, ids.ids));
    SYRINX_ASSIGN(const auto styles, tensor_for(ports_.style, style_shape, style));
    SYRINX_ASSIGN(const auto speeds, tensor_for(ports_.speed, speed_shape, speed));
    const nn::NamedTensor given[] = {
        {ports_.tokens.name, tokens}, {ports_.style.name, styles}, {ports_.speed.name, speeds}};
    std::vector<std::string> wanted = {ports_.sound};
    if (!ports_.durations.empty()) wanted.push_back(ports_.durations);
    SYRINX_ASSIGN(const auto made, session_.run(given, wanted, stop));
    SYRINX_ASSIGN(auto samples, samples_of(made[0], session_.model().string()));
    const auto frames = made.size() > 1 ? numbers_of(made[1]) : std::vector<double>();
    if (frames.size() != ids.ids.size())
      return apportioned(piece, line, std::move(samples), kRateHz);
    PieceSound sound{piece, std::move(samples), 0, {}};
    sound.lead_s = std::max(0.0, frames[0] - kEarlyFrames) * kDurationS;
    std::size_t at = 1;
    for (const bool known : ids.known)
      sound.durations_s.push_back(known ? std::max(0.0, frames[at++]) * kDurationS : 0);
    return sound;
  }

  VoiceInfo info_;
  VoiceTraits traits_;
  KokoroPack pack_;
  nn::OnnxSession session_;
  KokoroPorts ports_;
};

Result<KokoroPack> mixed_pack(const KokoroModel& model, std::span<const KokoroShare> shares) {
  std::vector<KokoroPack> packs;
  for (const KokoroShare& share : shares) {
    const KokoroVoiceFile* voice = model.find(share.name);
    if (voice == nullptr)
      return make_error(ErrorCode::kNotFound, "the model ", model.name, " has no voice '",
                        share.name, "'; there are ", names_of(model));
    if (std::string_view(language_of(share.name)) != language_of(shares[0].name))
      return make_error(ErrorCode::kUnsupported, "the voices ", shares[0].name, " and ", share.name,
                        " speak ", language_of(shares[0].name), " and ", language_of(share.name),
                        "; a mix needs voices of one language");
    SYRINX_ASSIGN(KokoroPack pack, read_kokoro_pack(*voice));
    packs.push_back(std::move(pack));
  }
  return mix_kokoro_packs(shares, packs);
}

}  // namespace

const KokoroVoiceFile* KokoroModel::find(std::string_view voice) const noexcept {
  for (const KokoroVoiceFile& file : voices) {
    if (file.name == voice) return &file;
  }
  return nullptr;
}

Result<KokoroModel> open_kokoro_model(const fs::path& folder) {
  const auto onnx = choose_onnx(folder);
  if (!onnx)
    return make_error(ErrorCode::kNotFound, "there is no Kokoro model in ", folder.string(),
                      ": no .onnx file in it or in its folder onnx");
  SYRINX_TRY(check_version(folder));
  SYRINX_ASSIGN(auto voices, find_voices(folder));
  if (voices.empty())
    return make_error(ErrorCode::kNotFound, "the Kokoro model in ", folder.string(),
                      " has no voices: no .pt, .bin, .npy or .npz file in it or in its folder "
                      "voices; they come with the model");
  const fs::path named = fs::absolute(folder).lexically_normal();
  const fs::path name = named.has_filename() ? named.filename() : named.parent_path().filename();
  return KokoroModel{name.string(), *onnx, std::move(voices)};
}

VoiceInfo kokoro_voice_info(const KokoroModel& model, std::string_view voice) {
  VoiceInfo info;
  info.name = std::string(voice);
  info.engine = "kokoro";
  info.language = language_of(voice);
  info.gender = gender_of(voice);
  info.description = "Kokoro voice of the model " + model.name;
  info.sample_rate_hz = kRateHz;
  return info;
}

Result<std::unique_ptr<SpeechModel>> load_kokoro_voice(const KokoroModel& model,
                                                       std::string_view mix,
                                                       const NetworkVoiceOptions& options) {
  std::vector<KokoroShare> shares = {{std::string(mix), 1}};
  if (model.find(mix) == nullptr) {
    SYRINX_ASSIGN(shares, parse_kokoro_mix(mix));
  }
  SYRINX_ASSIGN(KokoroPack pack, mixed_pack(model, shares));
  SYRINX_ASSIGN(auto session, nn::OnnxSession::load(model.onnx, {options.threads}));
  SYRINX_ASSIGN(KokoroPorts ports, bind(session));
  if (options.steady) {
    SYRINX_ASSIGN(const bool noisy, draws_noise(model.onnx));
    if (noisy)
      return make_error(ErrorCode::kUnsupported, "the model ", model.name,
                        " draws noise within its graph, which takes no seed: the same text cannot "
                        "be promised to sound the same; leave the seed out");
  }
  VoiceInfo info = kokoro_voice_info(model, shares[0].name);
  info.name = std::string(mix);
  if (shares.size() > 1) info.gender.clear();
  return std::unique_ptr<SpeechModel>(
      new KokoroVoice(std::move(info), std::move(pack), std::move(session), std::move(ports)));
}

}  // namespace syrinx::acoustic
