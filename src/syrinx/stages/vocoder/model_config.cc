// SPDX-License-Identifier: Apache-2.0
#include <functional>
#include <limits>
#include <numeric>
#include <sstream>

#include "syrinx/core/dsp/mel_analysis.h"
#include "syrinx/stages/vocoder/mel_convention.h"
#include "syrinx/stages/vocoder/model_families.h"

namespace syrinx::vocoder {
namespace {

using Shape = std::vector<std::size_t>;

std::optional<Shape> counts_of(const JsonValue* value) {
  if (value == nullptr || value->array() == nullptr) return std::nullopt;
  Shape counts;
  for (const JsonValue& item : *value->array()) {
    const auto count = item.count();
    if (!count) return std::nullopt;
    counts.push_back(*count);
  }
  return counts;
}

Error contradiction(const char* key, const std::string& config, const std::string& weights) {
  return make_error(ErrorCode::kCorruptData, "the config's ", key, " is ", config,
                    ", but the weights have ", weights);
}

// What the weights say must be what the config says, if it says anything.
Result<void> hold(const JsonValue& config, const char* key, std::size_t weights) {
  const JsonValue* const value = config.find(key);
  if (value == nullptr) return {};
  if (value->count() == weights) return {};
  const auto stated = value->number();
  std::ostringstream text;
  if (stated) text << *stated;
  return contradiction(key, stated ? text.str() : "no number", std::to_string(weights));
}
Result<void> hold(const JsonValue& config, const char* key, const Shape& weights) {
  if (config.find(key) == nullptr) return {};
  const auto stated = counts_of(config.find(key));
  if (stated == weights) return {};
  return contradiction(key, stated ? nn::describe_shape(*stated) : "no list of counts",
                       nn::describe_shape(weights));
}

Result<void> take_rates(UpsamplerConfig& upsampler, const JsonValue& config) {
  if (config.find("upsample_rates") == nullptr) return {};
  const auto rates = counts_of(config.find("upsample_rates"));
  bool fits = rates && rates->size() == upsampler.upsample_kernel_sizes.size();
  for (std::size_t i = 0; fits && i < rates->size(); ++i) {
    const std::size_t rate = (*rates)[i], kernel = upsampler.upsample_kernel_sizes[i];
    fits = rate > 0 && rate <= kernel;  // An odd difference makes a sample more a stage.
  }
  if (!fits)
    return contradiction(
        "upsample_rates", rates ? nn::describe_shape(*rates) : "no list of counts",
        "transposed convolutions of " + nn::describe_shape(upsampler.upsample_kernel_sizes));
  upsampler.upsample_rates = *rates;
  return {};
}

Result<void> take_dilations(UpsamplerConfig& upsampler, const JsonValue& config) {
  constexpr std::size_t kMaxDilation = 4'096;
  const JsonValue* const value = config.find("resblock_dilation_sizes");
  if (value == nullptr) return {};
  const auto& known = upsampler.resblock_dilations;
  const JsonValue::Array* const lists = value->array();
  std::vector<Shape> dilations;
  bool fits = lists != nullptr && lists->size() == known.size();
  for (std::size_t i = 0; fits && i < lists->size(); ++i) {
    const auto list = counts_of(&(*lists)[i]);
    fits = list && list->size() == known[i].size();
    for (std::size_t k = 0; fits && k < list->size(); ++k)
      fits = (*list)[k] > 0 && (*list)[k] <= kMaxDilation;
    if (fits) dilations.push_back(*list);
  }
  if (!fits)
    return contradiction("resblock_dilation_sizes", "of another form",
                         std::to_string(known.size()) + " blocks of " +
                             std::to_string(known.empty() ? 0 : known[0].size()) +
                             " convolutions a stage");
  upsampler.resblock_dilations = std::move(dilations);
  return {};
}

Result<void> take_flag(const JsonValue& config, const char* key, bool& into) {
  const JsonValue* const value = config.find(key);
  if (value == nullptr) return {};
  const auto stated = value->boolean();
  if (!stated)
    return make_error(ErrorCode::kCorruptData, "the config's ", key, " is not true or false");
  into = *stated;
  return {};
}

Result<void> take_upsampler(ModelKind& kind, const JsonValue& config) {
  UpsamplerConfig& upsampler = kind.upsampler;
  SYRINX_TRY(hold(config, "num_mels", upsampler.mel_bands));
  SYRINX_TRY(hold(config, "upsample_initial_channel", upsampler.initial_channels));
  SYRINX_TRY(hold(config, "upsample_kernel_sizes", upsampler.upsample_kernel_sizes));
  if (upsampler.resblock_type != 0)
    SYRINX_TRY(hold(config, "resblock_kernel_sizes", upsampler.resblock_kernel_sizes));
  SYRINX_TRY(take_rates(upsampler, config));
  SYRINX_TRY(take_flag(config, "use_tanh_at_final", upsampler.tanh_at_end));
  if (upsampler.resblock_type == 0) return take_statistics(kind, config);
  if (const JsonValue* const type = config.find("resblock"); type != nullptr) {
    const std::string weights = std::to_string(upsampler.resblock_type);
    const bool same = type->text() != nullptr
                          ? *type->text() == weights || *type->text() == "AMPBlock" + weights
                          : type->count() == static_cast<std::size_t>(upsampler.resblock_type);
    if (!same) return contradiction("resblock", "another", "ResBlock" + weights);
  }
  SYRINX_TRY(take_dilations(upsampler, config));
  SYRINX_TRY(take_flag(config, "snake_logscale", upsampler.snake_log_scale));
  if (kind.family == ModelFamily::kHifiGan) kind.variant = hifigan_variant(upsampler);
  return {};
}

void take_count(const JsonValue& config, std::initializer_list<const char*> keys,
                std::size_t& into) {
  for (const char* key : keys) {
    const JsonValue* const value = config.find(key);
    if (value != nullptr && value->count()) into = *value->count();
  }
}

Result<void> take_padding(VocosConfig& vocos, const JsonValue& config) {
  const JsonValue* const value = config.find("padding");
  if (value == nullptr) return {};
  const std::string* const text = value->text();
  if (text == nullptr || (*text != "center" && *text != "same"))
    return make_error(ErrorCode::kCorruptData, "the config's padding is ",
                      text == nullptr ? "no text" : json_quoted(*text),
                      "; it must be \"center\" or \"same\"");
  vocos.same_padding = *text == "same";
  return {};
}

// The mel that the config describes, on top of the family's conventions.
Result<void> take_mel(MelSpec& mel, const JsonValue& config) {
  std::size_t rate_hz = static_cast<std::size_t>(mel.sample_rate_hz);
  take_count(config, {"sampling_rate", "sample_rate"}, rate_hz);
  mel.sample_rate_hz = static_cast<int>(std::min<std::size_t>(rate_hz, 1u << 30));
  take_count(config, {"n_fft"}, mel.fft_size);
  mel.window_samples = std::min(mel.window_samples, mel.fft_size);
  take_count(config, {"hop_size", "hop_length", "hop_samples"}, mel.hop_samples);
  take_count(config, {"win_size"}, mel.window_samples);
  if (const JsonValue* low = config.find("fmin"); low != nullptr && low->number())
    mel.min_hz = *low->number();
  if (const JsonValue* high = config.find("fmax"); high != nullptr)
    mel.max_hz = high->number().value_or(mel.sample_rate_hz / 2.0);
  return validate(mel);
}

// A model that was trained on another family's mels says so: "convention": "hifigan". What
// take_mel() reads of rates, sizes and limits comes on top of it.
Result<void> take_convention(MelSpec& mel, const JsonValue& config) {
  const JsonValue* value = config.find("convention");
  if (value == nullptr) return {};
  const std::string* const name = value->text();
  auto named = mel_spec_by_name(name != nullptr ? *name : "");
  if (!named)
    return make_error(ErrorCode::kCorruptData,
                      "the config: convention: ", std::move(named).error().message);
  mel = *named;
  return {};
}

// The name of the convention whose triangles, floor and logarithm these are, "" for none.
std::string convention_of(const MelSpec& mel) {
  for (const char* name : {"hifigan", "vocos", "diffwave", "melgan", "parallel-wavegan"}) {
    MelSpec like = mel_spec_by_name(name).value();
    like.sample_rate_hz = mel.sample_rate_hz;
    like.fft_size = mel.fft_size;
    like.hop_samples = mel.hop_samples;
    like.window_samples = mel.window_samples;
    like.bands = mel.bands;
    like.min_hz = mel.min_hz;
    like.max_hz = mel.max_hz;
    if (like == mel) return name;
  }
  return "";
}

std::size_t product(const Shape& rates) {
  return std::accumulate(rates.begin(), rates.end(), std::size_t{1}, std::multiplies<>());
}

// Samples that a frame of an upsampler becomes.
std::size_t hop_of(const ModelKind& kind) {
  return product(kind.upsampler.upsample_rates) * kind.melgan.sub_bands;
}

bool is_melgan(const ModelKind& kind) {
  return kind.family == ModelFamily::kMelGan || kind.family == ModelFamily::kMultiBandMelGan;
}

bool has_layers_of_vocos(const ModelKind& kind) {
  return kind.family == ModelFamily::kVocos || kind.family == ModelFamily::kSourceFilter;
}

std::size_t bands_of(const ModelKind& kind) {
  switch (kind.family) {
    case ModelFamily::kVocos:
    case ModelFamily::kSourceFilter:
      return kind.vocos.mel_bands;
    case ModelFamily::kWaveGlow:
      return kind.waveglow.mel_bands;
    case ModelFamily::kDiffWave:
      return kind.diffwave.mel_bands;
    default:
      return kind.upsampler.mel_bands;
  }
}

// The mels of the three MelGANs' own code.
MelSpec melgan_mel(const ModelKind& kind) {
  if (kind.melgan.layout == MelganLayout::kDescript) return dsp::melgan_22050_80();
  if (kind.melgan.layout == MelganLayout::kSeungwonPark) {
    MelSpec mel;  // NVIDIA's Tacotron 2: HiFi-GAN's, but centred.
    mel.padding = MelPadding::kReflectCenter;
    return mel;
  }
  MelSpec mel = dsp::parallel_wavegan_22050_80();
  if (hop_of(kind) == 300) {  // Its recipes for 24 kHz.
    mel.sample_rate_hz = 24'000;
    mel.fft_size = 2'048;
    mel.window_samples = 1'200;
  }
  return mel;
}

// The convention of the family's published models.
std::optional<MelSpec> usual_mel(const ModelKind& kind) {
  switch (kind.family) {
    case ModelFamily::kHifiGan:
    case ModelFamily::kWaveGlow:
    case ModelFamily::kUnet:
    case ModelFamily::kSourceFilter:
      return dsp::hifigan_22050_80();
    case ModelFamily::kMelGan:
    case ModelFamily::kMultiBandMelGan:
      return melgan_mel(kind);
    case ModelFamily::kBigVgan:
      return dsp::bigvgan_24000_100();
    case ModelFamily::kVocos:
      return dsp::vocos_24000_100();
    case ModelFamily::kDiffWave:
      return dsp::diffwave_22050_80();
    default:
      return std::nullopt;
  }
}

void write_upsampler(std::ostringstream& out, const UpsamplerConfig& config) {
  out << ",\"num_mels\":" << config.mel_bands
      << ",\"upsample_initial_channel\":" << config.initial_channels
      << ",\"upsample_rates\":" << nn::describe_shape(config.upsample_rates)
      << ",\"upsample_kernel_sizes\":" << nn::describe_shape(config.upsample_kernel_sizes);
  if (config.resblock_type == 0) return;
  out << ",\"resblock\":\"" << config.resblock_type << '"'
      << ",\"resblock_kernel_sizes\":" << nn::describe_shape(config.resblock_kernel_sizes)
      << ",\"resblock_dilation_sizes\":[";
  for (std::size_t i = 0; i < config.resblock_dilations.size(); ++i)
    out << (i == 0 ? "" : ",") << nn::describe_shape(config.resblock_dilations[i]);
  out << ']';
}

void write_numbers(std::ostringstream& out, const char* key, const std::vector<float>& values) {
  const auto digits = out.precision(std::numeric_limits<float>::max_digits10);
  out << ",\"" << key << "\":[";
  for (std::size_t i = 0; i < values.size(); ++i) out << (i == 0 ? "" : ",") << values[i];
  out << ']';
  out.precision(digits);
}

void write_melgan(std::ostringstream& out, const ModelKind& kind) {
  out << ",\"use_tanh_at_final\":" << (kind.upsampler.tanh_at_end ? "true" : "false");
  if (kind.melgan.layout != MelganLayout::kParallelWaveGan || kind.melgan.mean.empty()) return;
  write_numbers(out, "mel_mean", kind.melgan.mean);
  write_numbers(out, "mel_scale", kind.melgan.scale);
}

void write_mel(std::ostringstream& out, const MelSpec& mel) {
  out << ",\"sampling_rate\":" << mel.sample_rate_hz << ",\"n_fft\":" << mel.fft_size
      << ",\"hop_size\":" << mel.hop_samples << ",\"win_size\":" << mel.window_samples
      << ",\"fmin\":" << mel.min_hz << ",\"fmax\":" << mel.max_hz;
}

}  // namespace

Result<void> apply_config(ModelKind& kind, const JsonValue& config) {
  auto mel = usual_mel(kind);
  if (!mel) return {};
  SYRINX_TRY(take_convention(*mel, config));
  switch (kind.family) {
    case ModelFamily::kVocos:
      SYRINX_TRY(hold(config, "n_mels", kind.vocos.mel_bands));
      SYRINX_TRY(hold(config, "n_fft", kind.vocos.fft_size));
      SYRINX_TRY(take_padding(kind.vocos, config));
      break;
    case ModelFamily::kSourceFilter:
      SYRINX_TRY(hold(config, "n_mels", kind.vocos.mel_bands));
      SYRINX_TRY(hold(config, "n_fft", kind.vocos.fft_size));
      break;
    case ModelFamily::kWaveGlow:
      SYRINX_TRY(hold(config, "n_mel_channels", kind.waveglow.mel_bands));
      SYRINX_TRY(hold(config, "n_flows", kind.waveglow.flows));
      SYRINX_TRY(hold(config, "n_group", kind.waveglow.group_samples));
      break;
    case ModelFamily::kDiffWave:
      SYRINX_TRY(hold(config, "n_mels", kind.diffwave.mel_bands));
      SYRINX_TRY(hold(config, "residual_layers", kind.diffwave.layers));
      SYRINX_TRY(hold(config, "residual_channels", kind.diffwave.channels));
      take_count(config, {"dilation_cycle_length"}, kind.diffwave.dilation_cycle);
      break;
    case ModelFamily::kUnet:
      SYRINX_TRY(hold(config, "num_mels", kind.upsampler.mel_bands));
      break;
    default:
      SYRINX_TRY(take_upsampler(kind, config));
  }
  mel->bands = bands_of(kind);
  const auto taken = take_mel(*mel, config);
  if (!taken) return make_error(ErrorCode::kCorruptData, "the config: ", taken.error().message);
  const std::size_t hop = hop_of(kind);
  if (!kind.upsampler.upsample_rates.empty() && mel->hop_samples != hop)
    return contradiction("hop_size", std::to_string(mel->hop_samples),
                         "upsampling by " + std::to_string(hop));
  kind.vocos.hop_samples = has_layers_of_vocos(kind) ? mel->hop_samples : 0;
  kind.mel = mel;
  return {};
}

void assume_rest(ModelKind& kind, bool has_config) {
  auto& said = kind.assumptions;
  if (kind.family == ModelFamily::kDiffWave && kind.diffwave.dilation_cycle == 0) {
    kind.diffwave.dilation_cycle = 10;
    said.push_back("The dilation cycle is 10, as in the published model.");
  }
  if (kind.melgan.normalised)
    said.push_back(
        "Each mel band must have its mean taken away and be divided by its deviation, as "
        "ParallelWaveGAN does: neither stats.npy beside the weights nor a config says by what.");
  if (has_config && kind.mel) return;
  auto mel = usual_mel(kind);
  if (!mel) return;
  const auto& rates = kind.upsampler.upsample_rates;
  if (!rates.empty() && !is_melgan(kind))
    said.push_back("Each upsampling rate is half its kernel size.");
  if (kind.upsampler.resblock_type != 0)
    said.push_back("The residual blocks have the dilations of the paper.");
  mel->bands = bands_of(kind);
  if (has_layers_of_vocos(kind)) {
    mel->fft_size = mel->window_samples = kind.vocos.fft_size;
    mel->hop_samples = kind.vocos.hop_samples = kind.vocos.fft_size / 4;
  }
  if (!rates.empty()) mel->hop_samples = hop_of(kind);
  if (!validate(*mel)) return;
  said.push_back("The mel is that of the published models: " + describe(*mel) + ".");
  kind.mel = mel;
}

std::string config_json(const ModelKind& kind) {
  std::ostringstream out;
  out << "{\"family\":" << json_quoted(to_string(kind.family));
  if (!kind.variant.empty()) out << ",\"variant\":" << json_quoted(kind.variant);
  if (kind.family == ModelFamily::kVocos) {
    out << ",\"n_mels\":" << kind.vocos.mel_bands << ",\"padding\":\""
        << (kind.vocos.same_padding ? "same" : "center") << '"';
  } else if (kind.family == ModelFamily::kSourceFilter) {
    out << ",\"n_mels\":" << kind.vocos.mel_bands;
  } else if (kind.family == ModelFamily::kWaveGlow) {
    out << ",\"n_mel_channels\":" << kind.waveglow.mel_bands
        << ",\"n_flows\":" << kind.waveglow.flows << ",\"n_group\":" << kind.waveglow.group_samples;
  } else if (kind.family == ModelFamily::kDiffWave) {
    out << ",\"n_mels\":" << kind.diffwave.mel_bands
        << ",\"residual_layers\":" << kind.diffwave.layers
        << ",\"residual_channels\":" << kind.diffwave.channels
        << ",\"dilation_cycle_length\":" << kind.diffwave.dilation_cycle;
  } else if (!kind.upsampler.upsample_rates.empty()) {
    write_upsampler(out, kind.upsampler);
    if (kind.family == ModelFamily::kBigVgan)
      out << ",\"snake_logscale\":" << (kind.upsampler.snake_log_scale ? "true" : "false")
          << ",\"use_tanh_at_final\":" << (kind.upsampler.tanh_at_end ? "true" : "false");
    if (is_melgan(kind)) write_melgan(out, kind);
  }
  if (kind.mel) {
    const auto usual = usual_mel(kind);
    const std::string convention = convention_of(*kind.mel);
    if (usual && convention != convention_of(*usual) && !convention.empty())
      out << ",\"convention\":" << json_quoted(convention);
    write_mel(out, *kind.mel);
  }
  out << '}';
  return out.str();
}

}  // namespace syrinx::vocoder
