// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/acoustic/fastspeech/fastspeech_config.h"

#include <cmath>
#include <utility>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/dsp/mel_analysis.h"

namespace syrinx::acoustic {
namespace {

constexpr std::size_t kMaxSymbolBytes = 16;
constexpr std::size_t kMaxInfoBytes = 4'096;

class ConfigReader {
 public:
  ConfigReader(const JsonValue& json, const std::string& name) : json_(json), name_(name) {}

  Result<FastSpeechConfig> read() {
    if (json_.object() == nullptr) return wrong("it is no object");
    SYRINX_TRY(read_format());
    SYRINX_TRY(read_info());
    SYRINX_TRY(read_symbols());
    SYRINX_TRY(read_sizes());
    SYRINX_TRY(read_statistics());
    SYRINX_TRY(read_mel());
    return std::move(config_);
  }

 private:
  template <class... Parts>
  Error wrong(const Parts&... parts) const {
    return make_error(ErrorCode::kCorruptData, name_,
                      " is not the settings of a two-stage voice: ", parts...);
  }

  Result<std::string> text(const char* key, bool needed) const {
    const JsonValue* value = json_.find(key);
    if (value == nullptr && !needed) return std::string();
    if (value == nullptr) return wrong("it has no \"", key, "\"");
    if (value->text() == nullptr || value->text()->size() > kMaxInfoBytes)
      return wrong("\"", key, "\" must be a text of at most ", kMaxInfoBytes, " bytes");
    return *value->text();
  }

  Result<void> read_format() {
    SYRINX_ASSIGN(const std::string acoustic, text("acoustic", true));
    if (acoustic != "fastspeech2")
      return make_error(ErrorCode::kUnsupported, name_, " is of a voice whose acoustic model is '",
                        acoustic, "'; 'fastspeech2' can be spoken");
    const JsonValue* version = json_.find("version");
    if (version == nullptr || version->count() != 1)
      return make_error(ErrorCode::kUnsupported, name_,
                        " has another \"version\" than 1, which is all that this program reads");
    SYRINX_ASSIGN(const std::string phonemes, text("phonemes", true));
    if (phonemes != "arpabet")
      return make_error(ErrorCode::kUnsupported, name_, " takes the phonemes '", phonemes,
                        "'; 'arpabet' is what can be given");
    return {};
  }

  Result<void> read_info() {
    VoiceInfo& info = config_.info;
    info.engine = "two-stage";
    SYRINX_ASSIGN(info.name, text("name", true));
    SYRINX_ASSIGN(info.language, text("language", true));
    SYRINX_ASSIGN(info.licence, text("licence", true));
    SYRINX_ASSIGN(info.gender, text("gender", false));
    SYRINX_ASSIGN(info.description, text("description", false));
    if (info.name.empty() || info.name.size() > limits::kMaxVoiceNameBytes)
      return wrong("\"name\" must have 1 to ", limits::kMaxVoiceNameBytes, " bytes");
    return {};
  }

  Result<void> read_symbols() {
    const JsonValue* value = json_.find("symbols");
    if (value == nullptr || value->array() == nullptr)
      return wrong("\"symbols\" must be the list of its symbols");
    const JsonValue::Array& list = *value->array();
    if (list.size() > limits::kMaxSymbolTable)
      return make_error(ErrorCode::kLimitExceeded, name_, " has ", list.size(),
                        " symbols; at most ", limits::kMaxSymbolTable, " are taken");
    for (const JsonValue& item : list) {
      const std::string* symbol = item.text();
      if (symbol == nullptr || symbol->empty() || symbol->size() > kMaxSymbolBytes)
        return wrong("symbol ", config_.symbols.size(), " must be a text of 1 to ", kMaxSymbolBytes,
                     " bytes");
      const auto id = static_cast<std::int32_t>(config_.symbols.size());
      if (!config_.ids.emplace(*symbol, id).second)
        return wrong("the symbol '", *symbol, "' stands twice");
      config_.symbols.push_back(*symbol);
    }
    for (const char* needed : {"^", "$"}) {
      if (!config_.ids.contains(needed))
        return wrong("its symbols lack '", needed, "', the silence at an end of a sentence");
    }
    return {};
  }

  Result<void> count(const char* key, std::size_t low, std::size_t high, std::size_t& into) const {
    const JsonValue* model = json_.find("model");
    const JsonValue* value = model == nullptr ? nullptr : model->find(key);
    const auto number = value == nullptr ? std::nullopt : value->count();
    if (!number) return wrong("\"model\" must give \"", key, "\", a whole number");
    if (*number < low || *number > high)
      return make_error(ErrorCode::kLimitExceeded, name_, ": \"", key, "\" of \"model\" is ",
                        *number, "; it must be ", low, " to ", high);
    into = static_cast<std::size_t>(*number);
    return {};
  }

  Result<void> read_sizes() {
    constexpr std::size_t kChannels = limits::kMaxNetworkChannels;
    constexpr std::size_t kLayers = limits::kMaxNetworkLayers;
    constexpr std::size_t kTaps = limits::kMaxConvTaps;
    FastSpeechSizes& s = config_.sizes;
    SYRINX_TRY(count("hidden", 2, kChannels, s.hidden));
    SYRINX_TRY(count("heads", 1, kChannels, s.heads));
    SYRINX_TRY(count("relative_window", 0, kTaps, s.relative_window));
    SYRINX_TRY(count("filter", 1, kChannels, s.filter));
    SYRINX_TRY(count("kernel", 1, kTaps, s.kernel));
    SYRINX_TRY(count("encoder_blocks", 1, kLayers, s.encoder_blocks));
    SYRINX_TRY(count("decoder_blocks", 1, kLayers, s.decoder_blocks));
    SYRINX_TRY(count("predictor_hidden", 1, kChannels, s.predictor_hidden));
    SYRINX_TRY(count("predictor_kernel", 1, kTaps, s.predictor_kernel));
    SYRINX_TRY(count("variance_kernel", 1, kTaps, s.variance_kernel));
    if (s.hidden % 2 != 0 || s.hidden % s.heads != 0)
      return wrong("\"hidden\" is ", s.hidden, ": it must be even, and ", s.heads,
                   " heads must share it evenly");
    if (s.kernel % 2 == 0 || s.predictor_kernel % 2 == 0 || s.variance_kernel % 2 == 0)
      return wrong("\"kernel\", \"predictor_kernel\" and \"variance_kernel\" must be odd");
    return {};
  }

  Result<void> number(const char* key, double low, double high, double& into) const {
    const JsonValue* statistics = json_.find("statistics");
    const JsonValue* value = statistics == nullptr ? nullptr : statistics->find(key);
    const auto given = value == nullptr ? std::nullopt : value->number();
    if (!given || !(*given >= low && *given <= high))
      return wrong("\"statistics\" must give \"", key, "\", a number from ", low, " to ", high);
    into = *given;
    return {};
  }

  Result<void> read_statistics() {
    FastSpeechStatistics& s = config_.statistics;
    SYRINX_TRY(number("log_f0_mean", std::log(20.0), std::log(2'000.0), s.log_f0_mean));
    SYRINX_TRY(number("log_f0_std", 1e-3, 10, s.log_f0_std));
    SYRINX_TRY(number("mel_mean", -100, 100, s.mel_mean));
    return number("mel_std", 1e-3, 100, s.mel_std);
  }

  // In the keys of a vocoder's config.json, on top of a convention.
  Result<void> read_mel() {
    const JsonValue* mel = json_.find("mel");
    if (mel == nullptr || mel->object() == nullptr) return wrong("it has no \"mel\"");
    SYRINX_TRY(take_convention(*mel));
    MelSpec& spec = config_.mel;
    std::size_t rate_hz = static_cast<std::size_t>(spec.sample_rate_hz);
    const std::pair<const char*, std::size_t*> counts[] = {{"sampling_rate", &rate_hz},
                                                           {"n_fft", &spec.fft_size},
                                                           {"hop_size", &spec.hop_samples},
                                                           {"win_size", &spec.window_samples},
                                                           {"num_mels", &spec.bands}};
    for (const auto& [key, into] : counts) {
      const JsonValue* value = mel->find(key);
      if (value == nullptr) continue;
      if (!value->count() || *value->count() > limits::kMaxFftSize)
        return wrong("\"", key, "\" of \"mel\" must be a whole number of at most ",
                     limits::kMaxFftSize);
      *into = static_cast<std::size_t>(*value->count());
    }
    const std::pair<const char*, double*> edges[] = {{"fmin", &spec.min_hz},
                                                     {"fmax", &spec.max_hz}};
    for (const auto& [key, into] : edges) {
      const JsonValue* value = mel->find(key);
      if (value == nullptr) continue;
      if (!value->number()) return wrong("\"", key, "\" of \"mel\" must be a frequency in Hz");
      *into = *value->number();
    }
    spec.sample_rate_hz = static_cast<int>(rate_hz);
    if (auto valid = validate(spec); !valid) return wrong(valid.error().message);
    config_.info.sample_rate_hz = spec.sample_rate_hz;
    return {};
  }

  Result<void> take_convention(const JsonValue& mel) {
    const JsonValue* value = mel.find("convention");
    const std::string convention =
        value != nullptr && value->text() != nullptr ? *value->text() : "hifigan";
    if (convention == "hifigan") {
      config_.mel = dsp::hifigan_22050_80();
    } else if (convention == "vocos") {
      config_.mel = dsp::vocos_24000_100();
    } else if (convention == "bigvgan") {
      config_.mel = dsp::bigvgan_24000_100();
    } else {
      return make_error(ErrorCode::kUnsupported, name_, " has the mel convention '", convention,
                        "'; there are hifigan, vocos and bigvgan");
    }
    return {};
  }

  const JsonValue& json_;
  const std::string& name_;
  FastSpeechConfig config_;
};

}  // namespace

Result<FastSpeechConfig> read_fastspeech_config(const JsonValue& json, const std::string& name) {
  return ConfigReader(json, name).read();
}

}  // namespace syrinx::acoustic
