// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/acoustic/piper/piper_voice.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/flow/characters.h"
#include "syrinx/core/io/json/json_file.h"

namespace syrinx::acoustic {
namespace {

// A network of VITS's kind takes memory by the length of its piece; this is some 20 s of speech.
constexpr std::size_t kMaxPieceSymbols = 400;
// Words of the first part of a long sentence: some 8 s of speech.
constexpr std::size_t kFirstWords = 25;

// Letters that models may know only as one character where the symbols have two, and the other way
// round: precomposed, base, combining.
struct Composed {
  char32_t whole;
  char32_t base;
  char32_t mark;
};
constexpr std::array<Composed, 8> kComposed = {{{U'ç', U'c', 0x327},
                                                {U'ã', U'a', 0x303},
                                                {U'õ', U'o', 0x303},
                                                {U'ẽ', U'e', 0x303},
                                                {U'ĩ', U'i', 0x303},
                                                {U'ũ', U'u', 0x303},
                                                {U'ỹ', U'y', 0x303},
                                                {U'ñ', U'n', 0x303}}};

// The precomposed letter of two symbols, where the model knows only that.
std::optional<char32_t> composed(const PiperConfig& config, char32_t base, char32_t mark) {
  if (config.ids.contains(mark)) return std::nullopt;
  for (const Composed& one : kComposed) {
    if (one.base == base && one.mark == mark && config.ids.contains(one.whole)) return one.whole;
  }
  return std::nullopt;
}

class IdWriter {
 public:
  IdWriter(const PiperConfig& config, PiperIds& out) : config_(config), out_(out) {
    append(config.ids.at(U'^'));
  }
  // Whether the model knows the character.
  bool add(char32_t code) {
    const auto found = config_.ids.find(code);
    if (found == config_.ids.end()) return false;
    append(found->second);
    return true;
  }
  void finish() {
    for (const std::int64_t id : config_.ids.at(U'$')) out_.ids.push_back(static_cast<double>(id));
  }

 private:
  void append(const std::vector<std::int64_t>& ids) {
    for (const std::int64_t id : ids) {
      out_.ids.push_back(static_cast<double>(id));
      for (const std::int64_t pad : config_.ids.at(U'_'))
        out_.ids.push_back(static_cast<double>(pad));
    }
  }
  const PiperConfig& config_;
  PiperIds& out_;
};

// The number of a speaker by name, or by the number itself.
std::optional<std::int64_t> speaker_id(const PiperConfig& config, std::string_view speaker) {
  for (const auto& [name, id] : config.speaker_ids) {
    if (name == speaker) return id;
  }
  std::int64_t number = -1;
  const auto [end, failed] =
      std::from_chars(speaker.data(), speaker.data() + speaker.size(), number);
  const bool whole = failed == std::errc() && end == speaker.data() + speaker.size();
  if (!whole || number < 0 || static_cast<std::size_t>(number) >= config.speakers)
    return std::nullopt;
  return number;
}

std::string some_speakers(const PiperConfig& config) {
  std::string names;
  for (std::size_t i = 0; i < std::min<std::size_t>(8, config.speaker_ids.size()); ++i)
    names += (i == 0 ? "" : ", ") + config.speaker_ids[i].first;
  const std::string numbers = "0 to " + std::to_string(config.speakers - 1);
  if (names.empty()) return numbers;
  return names + (config.speaker_ids.size() > 8 ? " ..." : "") + ", or " + numbers;
}

Result<std::int64_t> choose_speaker(const PiperModel& model, std::string_view speaker) {
  if (speaker.empty() && model.config.speakers > 1)
    return make_error(ErrorCode::kInvalidArgument, "the model ", model.name, " has ",
                      model.config.speakers, " speakers; choose one, as ", model.name, ":",
                      model.config.speaker_ids.empty() ? "0" : model.config.speaker_ids[0].first,
                      " (there are ", some_speakers(model.config), ")");
  if (speaker.empty()) return std::int64_t{0};
  const auto id = speaker_id(model.config, speaker);
  if (!id)
    return make_error(ErrorCode::kNotFound, "the model ", model.name, " has no speaker '", speaker,
                      "'; there are ", some_speakers(model.config));
  return *id;
}

VoiceInfo info_of(const PiperModel& model, std::string_view speaker) {
  VoiceInfo info;
  info.name = model.name + (speaker.empty() ? "" : ":" + std::string(speaker));
  info.engine = "piper";
  info.language = model.config.language;
  info.description = "Piper voice" + (speaker.empty() ? "" : ", speaker " + std::string(speaker));
  info.sample_rate_hz = model.config.sample_rate_hz;
  return info;
}

// Where a graph takes and gives what.
struct PiperPorts {
  nn::OnnxPort input, lengths, scales;
  std::optional<nn::OnnxPort> speaker;
  std::string sound;
  std::string durations;  // Empty: it gives none.
};

Result<PiperPorts> bind(const nn::OnnxSession& session, const PiperModel& model) {
  const auto* input = find_port(session.inputs(), {"input"});
  const auto* lengths = find_port(session.inputs(), {"input_lengths"});
  const auto* scales = find_port(session.inputs(), {"scales"});
  const auto* speaker = find_port(session.inputs(), {"sid"});
  const auto* sound = find_port(session.outputs(), {"output"});
  const std::size_t known = 3 + (speaker != nullptr ? 1U : 0U);
  if (input == nullptr || lengths == nullptr || scales == nullptr || sound == nullptr ||
      session.inputs().size() != known)
    return make_error(ErrorCode::kUnsupported, model.onnx.string(),
                      " is not a Piper voice: its inputs are ", port_names(session.inputs()),
                      " and its outputs ", port_names(session.outputs()),
                      "; expected input, input_lengths, scales, for several speakers sid, and the "
                      "output output, as Piper's export writes them");
  if (model.config.speakers > 1 && speaker == nullptr)
    return make_error(ErrorCode::kUnsupported, model.onnx.string(),
                      " has no input sid, but its "
                      "settings name ",
                      model.config.speakers, " speakers; take both files from one export");
  const auto* durations =
      find_port(session.outputs(), {"durations", "duration", "w_ceil", "phoneme_durations"});
  PiperPorts ports{*input, *lengths,    *scales,
                   {},     sound->name, durations != nullptr ? durations->name : ""};
  if (speaker != nullptr) ports.speaker = *speaker;
  return ports;
}

class PiperVoice final : public SpeechModel {
 public:
  PiperVoice(PiperModel model, VoiceInfo info, nn::OnnxSession session, PiperPorts ports,
             std::int64_t speaker, bool steady)
      : model_(std::move(model)),
        info_(std::move(info)),
        session_(std::move(session)),
        ports_(std::move(ports)),
        speaker_(speaker),
        steady_(steady) {
    traits_.pitch = false;
    traits_.estimated_times = ports_.durations.empty();
    traits_.reads_letters = model_.config.reads_letters;
    traits_.espeak_voice = model_.config.espeak_voice;
    traits_.first_words = kFirstWords;
  }

  const VoiceInfo& info() const noexcept override { return info_; }
  PhonemeSet phoneme_set() const noexcept override { return PhonemeSet::kIpa; }
  const VoiceTraits& traits() const noexcept override { return traits_; }

  Result<Utterance> speak(const UtterancePlan& plan, const std::stop_token& stop) override {
    SYRINX_TRY(check_prosody(plan.prosody));
    SYRINX_ASSIGN(
        const SymbolLine line,
        symbol_line(plan.tokens, PhonemeSet::kIpa, LineMarks::kPiper, model_.config.reads_letters));
    std::vector<PieceSound> sounds;
    std::vector<UnsaidSymbol> unsaid;
    for (const LinePiece piece : cut_line(line, kMaxPieceSymbols, kMaxPieceSymbols)) {
      if (stop.stop_requested()) return make_error(ErrorCode::kCancelled, "speaking was stopped");
      SYRINX_ASSIGN(PieceSound sound, speak_piece(line, piece, plan.prosody.rate, unsaid, stop));
      sounds.push_back(std::move(sound));
    }
    if (sounds.empty()) return silence(info_.sample_rate_hz);
    Utterance utterance = utterance_of(line, std::move(sounds), info_.sample_rate_hz);
    utterance.unsaid = std::move(unsaid);
    return utterance;
  }

 private:
  Result<PieceSound> speak_piece(const SymbolLine& line, LinePiece piece, double rate,
                                 std::vector<UnsaidSymbol>& unsaid, const std::stop_token& stop) {
    PiperIds ids = piper_ids(model_.config, line, piece);
    std::move(ids.unsaid.begin(), ids.unsaid.end(), std::back_inserter(unsaid));
    const auto count = static_cast<std::int64_t>(ids.ids.size());
    const double length[] = {static_cast<double>(count)};
    const double scales[] = {steady_ ? 0 : model_.config.noise_scale,
                             model_.config.length_scale / rate,
                             steady_ ? 0 : model_.config.noise_w};
    const double speaker[] = {static_cast<double>(speaker_)};
    SYRINX_ASSIGN(const auto input, tensor_for(ports_.input, {1, count}, ids.ids));
    SYRINX_ASSIGN(const auto lengths, tensor_for(ports_.lengths, {1}, length));
    SYRINX_ASSIGN(const auto scale, tensor_for(ports_.scales, {3}, scales));
    nn::OnnxTensor sid;
    std::vector<nn::NamedTensor> given = {
        {ports_.input.name, input}, {ports_.lengths.name, lengths}, {ports_.scales.name, scale}};
    if (ports_.speaker) {
      SYRINX_ASSIGN(sid, tensor_for(*ports_.speaker, {1}, speaker));
      given.push_back({ports_.speaker->name, sid});
    }
    std::vector<std::string> wanted = {ports_.sound};
    if (!ports_.durations.empty()) wanted.push_back(ports_.durations);
    SYRINX_ASSIGN(const auto made, session_.run(given, wanted, stop));
    SYRINX_ASSIGN(auto samples, samples_of(made[0], model_.name));
    if (made.size() < 2) return apportioned(piece, line, std::move(samples), info_.sample_rate_hz);
    return timed(piece, ids, std::move(samples), numbers_of(made[1]), line);
  }

  // By the model's own durations, a number of hops for each id.
  PieceSound timed(LinePiece piece, const PiperIds& ids, std::vector<float> samples,
                   const std::vector<double>& hops, const SymbolLine& line) const {
    if (hops.size() != ids.ids.size())
      return apportioned(piece, line, std::move(samples), info_.sample_rate_hz);
    const double hop_s = model_.config.hop_samples / info_.sample_rate_hz;
    const std::size_t begins =
        model_.config.ids.at(U'^').size() * (1 + model_.config.ids.at(U'_').size());
    PieceSound sound{piece, std::move(samples), 0, {}};
    std::size_t at = 0;
    const auto take = [&](std::size_t count) {
      double all_s = 0;
      for (const std::size_t end = at + count; at < end && at < hops.size(); ++at)
        all_s += std::max(0.0, hops[at]) * hop_s;
      return all_s;
    };
    sound.lead_s = take(begins);
    for (const std::size_t count : ids.counts) sound.durations_s.push_back(take(count));
    return sound;
  }

  PiperModel model_;
  VoiceInfo info_;
  VoiceTraits traits_;
  nn::OnnxSession session_;
  PiperPorts ports_;
  std::int64_t speaker_;
  bool steady_;
};

}  // namespace

PiperIds piper_ids(const PiperConfig& config, const SymbolLine& line, LinePiece piece) {
  PiperIds out;
  IdWriter writer(config, out);
  for (std::size_t i = piece.begin; i < piece.end; ++i) {
    const LineSymbol& symbol = line.symbols[i];
    const std::size_t before = out.ids.size();
    const auto replaced = config.replaced.find(symbol.code);
    bool known = true;
    if (replaced != config.replaced.end()) {
      for (const char32_t code : replaced->second) known = writer.add(code) && known;
    } else if (i + 1 < piece.end && composed(config, symbol.code, line.symbols[i + 1].code)) {
      writer.add(*composed(config, symbol.code, line.symbols[i + 1].code));
      out.counts.push_back(out.ids.size() - before);
      out.counts.push_back(0);
      ++i;
      continue;
    } else {
      known = writer.add(symbol.code);
    }
    if (!known) {
      const SourceSpan source =
          symbol.word < 0 ? SourceSpan{} : line.words[static_cast<std::size_t>(symbol.word)].source;
      out.unsaid.push_back({utf8_of(symbol.code), source});
    }
    out.counts.push_back(out.ids.size() - before);
  }
  // Piper's own clauses end in a space behind these marks.
  const char32_t last = piece.end > piece.begin ? line.symbols[piece.end - 1].code : U'.';
  if (last == U',' || last == U':' || last == U';') {
    const std::size_t before = out.ids.size();
    writer.add(U' ');
    out.counts.back() += out.ids.size() - before;
  }
  writer.finish();
  return out;
}

Result<PiperModel> open_piper_model(const std::filesystem::path& onnx) {
  std::error_code failed;
  if (!std::filesystem::is_regular_file(onnx, failed))
    return make_error(ErrorCode::kNotFound, "there is no model at ", onnx.string());
  std::filesystem::path settings = onnx;
  settings += ".json";
  if (!std::filesystem::is_regular_file(settings, failed))
    return make_error(ErrorCode::kNotFound, "the Piper voice ", onnx.string(),
                      " lacks its settings, ", settings.string(),
                      ", which come with it; put them beside it");
  SYRINX_ASSIGN(const JsonValue json, io::read_json_file(settings));
  SYRINX_ASSIGN(PiperConfig config, read_piper_config(json, settings.string()));
  return PiperModel{onnx.stem().string(), onnx, std::move(config)};
}

std::vector<VoiceInfo> piper_voices(const PiperModel& model) {
  std::vector<VoiceInfo> voices;
  if (model.config.speakers == 1) return {info_of(model, "")};
  for (const auto& [speaker, id] : model.config.speaker_ids)
    voices.push_back(info_of(model, speaker));
  for (std::size_t i = 0; voices.empty() && i < model.config.speakers; ++i)
    voices.push_back(info_of(model, std::to_string(i)));
  return voices;
}

Result<std::unique_ptr<SpeechModel>> load_piper_voice(const PiperModel& model,
                                                      std::string_view speaker,
                                                      const NetworkVoiceOptions& options) {
  SYRINX_ASSIGN(const std::int64_t id, choose_speaker(model, speaker));
  SYRINX_ASSIGN(auto session, nn::OnnxSession::load(model.onnx, {options.threads}));
  SYRINX_ASSIGN(auto ports, bind(session, model));
  return std::unique_ptr<SpeechModel>(new PiperVoice(
      model, info_of(model, speaker), std::move(session), std::move(ports), id, options.steady));
}

Result<std::string> piper_phonemes(const std::vector<SpokenToken>& tokens) {
  std::vector<SpokenToken> said = tokens;
  for (SpokenToken& token : said)
    std::erase_if(token.words, [](const SpokenWord& word) { return !word.pronunciation; });
  SYRINX_ASSIGN(const SymbolLine line, symbol_line(said, PhonemeSet::kIpa, LineMarks::kPiper));
  return to_string(line);
}

}  // namespace syrinx::acoustic
