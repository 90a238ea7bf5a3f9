// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/fx_steps.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>

#include "syrinx/apps/cli/fx_chain_json.h"
#include "syrinx/core/base/limits.h"
#include "syrinx/stages/effects/catalogue.h"
#include "syrinx/stages/effects/convolution.h"
#include "syrinx/stages/effects/ears.h"
#include "syrinx/stages/effects/eq_band.h"

namespace syrinx::cli {
namespace {

using effects::BandType;
using effects::ChainSpec;
using effects::EffectSpec;
using Steps = std::vector<FxStep>;

constexpr double kLongestFadeS = 600.0;
constexpr std::size_t kEqBands = 8;

constexpr std::string_view kDynamics = "Dynamics";
constexpr std::string_view kTone = "Tone";
constexpr std::string_view kSpace = "Space";
constexpr std::string_view kWhole = "Whole recording";
constexpr std::string_view kAny = "Any effect";

constexpr ShortForm kShortForms[] = {
    {"effect", Takes::kValue, "NAME[:PARAMETER=VALUE,...]", "An effect of --list", kAny},
    {"preset", Takes::kValue, "PRESET", "A ready-made chain of --list", kAny},
    {"chain", Takes::kValue, "FILE", "Effects as JSON, with automation if wanted", kAny},
    {"gain", Takes::kValue, "DB", "Louder or softer", kDynamics},
    {"compress", Takes::kMaybe, "", "Compressor [=THRESHOLD_DB,RATIO,...]", kDynamics},
    {"limit", Takes::kMaybe, "", "True-peak limiter [=CEILING_DBTP]", kDynamics},
    {"expand", Takes::kMaybe, "", "Downward expander [=THRESHOLD_DB,RATIO]", kDynamics},
    {"gate", Takes::kMaybe, "", "Noise gate [=THRESHOLD_DB]", kDynamics},
    {"agc", Takes::kMaybe, "", "Slowly to a steady level [=TARGET_DBFS]", kDynamics},
    {"deess", Takes::kMaybe, "", "De-esser [=HZ,THRESHOLD_DB]", kDynamics},
    {"eq", Takes::kValue, "BAND,...", "Equaliser: peak:1000:+3:1,lowshelf:120:-2", kTone},
    {"highpass", Takes::kValue, "HZ[,12|24]", "Take off what is below (12 dB/octave)", kTone},
    {"lowpass", Takes::kValue, "HZ[,12|24]", "Take off what is above (12 dB/octave)", kTone},
    {"presence", Takes::kMaybe, "", "A wide bell at the consonants [=DB,HZ]", kTone},
    {"warmth", Takes::kMaybe, "", "Low shelf and saturation [=DB,HZ,DRIVE]", kTone},
    {"excite", Takes::kMaybe, "", "New harmonics for dull highs [=HZ,DRIVE_DB,AMOUNT]", kTone},
    {"remove-dc", Takes::kNothing, "", "Take off a constant offset", kTone},
    {"stereo", Takes::kNothing, "", "One channel becomes two", kSpace},
    {"pan", Takes::kValue, "-1..1", "Left to right; makes mono stereo", kSpace},
    {"width", Takes::kValue, "0..2", "Stereo width: 0 mono, 1 as it is", kSpace},
    {"delay", Takes::kMaybe, "", "Echo [=MS,FEEDBACK]", kSpace},
    {"reverb", Takes::kMaybe, "", "A room [=DECAY_S,DAMPING]; see --tail", kSpace},
    {"convolve", Takes::kValue, "FILE[,mix=0..1]", "A room by its impulse response", kSpace},
    {"position", Takes::kValue, "AZ[,EL]", "About the head: 90 left, -90 right; for headphones",
     kSpace},
    {"ambisonics", Takes::kValue, "WHAT",
     "encode:AZ,EL[,ORDER], rotate:YAW[,PITCH,ROLL], decode:stereo or decode:binaural "
     "(channels ACN, scaled SN3D)",
     kSpace},
    {"declip", Takes::kNothing, "", "Put back what clipping cut off (two passes)", kWhole},
    {"trim", Takes::kMaybe, "", "Take off silence at both ends [=THRESHOLD_DB] (two passes)",
     kWhole},
    {"fade-in", Takes::kValue, "S", "Rise over the first seconds", kWhole},
    {"fade-out", Takes::kValue, "S", "Fall over the last seconds", kWhole},
    {"normalise", Takes::kValue, "KIND:LEVEL",
     "peak:-1 (dBFS), rms:-20 (dBFS) or lufs:-16 (two passes)", kWhole},
};

// The effect behind an option whose value is a list of parameters.
struct Named {
  std::string_view option;
  std::string_view effect;
};
constexpr Named kNamed[] = {{"gain", "gain"},
                            {"compress", "compressor"},
                            {"limit", "limiter"},
                            {"expand", "expander"},
                            {"gate", "gate"},
                            {"agc", "agc"},
                            {"deess", "deesser"},
                            {"presence", "presence"},
                            {"warmth", "warmth"},
                            {"excite", "exciter"},
                            {"pan", "pan"},
                            {"width", "width"},
                            {"delay", "delay"},
                            {"reverb", "reverb"},
                            {"position", effects::kPositionName},
                            {"remove-dc", "dc_removal"}};

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t at = 0;;) {
    const std::size_t next = text.find(separator, at);
    parts.push_back(text.substr(at, next - at));
    if (next == std::string::npos) return parts;
    at = next + 1;
  }
}

std::string spoken(const Given& given) {
  const std::string dashes = "--" + given.option;
  return given.value ? dashes + " " + *given.value : dashes;
}
Error wrong(const Given& given, const std::string& why) {
  return make_error(ErrorCode::kInvalidArgument, spoken(given), ": ", why);
}

// A plain finite number, with a plus sign if wanted.
std::optional<double> number_in(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size() || text.empty()) return {};
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}
Result<double> number(const Given& given, const std::string& text) {
  if (const auto value = number_in(text)) return *value;
  return wrong(given, "'" + text + "' is not a number");
}
// From `least` to `most` numbers; those that are not there are 0.
Result<std::vector<double>> numbers(const Given& given, const std::string& text, std::size_t least,
                                    std::size_t most) {
  const auto parts = split(text, ',');
  if (parts.size() < least || parts.size() > most)
    return wrong(given, "give " + std::to_string(least) + " to " + std::to_string(most) +
                            " numbers with commas between them");
  std::vector<double> values(most);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    SYRINX_ASSIGN(values[i], number(given, parts[i]));
  }
  return values;
}

// A choice by its name, or a number.
Result<double> parameter_value(const Given& given, const effects::Parameter* parameter,
                               const std::string& text) {
  std::string names;
  for (std::size_t i = 0; parameter != nullptr && i < parameter->choices.size(); ++i) {
    if (parameter->choices[i] == text) return static_cast<double>(i);
    names += (names.empty() ? "" : ", ") + std::string(parameter->choices[i]);
  }
  if (const auto value = number_in(text)) return *value;
  return wrong(given, "'" + text + "' is not " +
                          (names.empty() ? "a number" : "a number or one of " + names));
}

Result<void> set_bypass(const Given& given, const std::string& text, EffectSpec& spec) {
  if (text != "1" && text != "0" && text != "true" && text != "false")
    return wrong(given, "bypass is true or false, not '" + text + "'");
  spec.bypass = text == "1" || text == "true";
  return {};
}

// One "parameter=value" or value for the effect; `bare` counts those without a name, which are the
// parameters in the order of --list. "mix" (unless the effect has its own) and "bypass" are the
// chain's, "sofa" and "impulse" files.
Result<void> assign(const Given& given, const std::string& text, const effects::Effect* effect,
                    std::size_t& bare, EffectSpec& spec) {
  const std::size_t equals = text.find('=');
  std::string name = text.substr(0, equals);
  const std::string value = equals == std::string::npos ? text : text.substr(equals + 1);
  if (equals == std::string::npos) {
    const std::size_t count = effect == nullptr ? 0 : effect->parameters().size();
    if (bare >= count) return wrong(given, "'" + text + "' should be parameter=value");
    name = effect->parameters()[bare++].id;
  }
  const auto index = effect == nullptr ? std::nullopt : effect->find_parameter(name);
  if (!index && name == "bypass") return set_bypass(given, value, spec);
  if (!index && name == "sofa") return spec.sofa = value, Result<void>();
  if (!index && name == "impulse") return spec.impulse = value, Result<void>();
  if (!index && name == "mix") {
    SYRINX_ASSIGN(spec.mix, number(given, value));
    return {};
  }
  const auto* parameter = index ? &effect->parameters()[*index] : nullptr;
  SYRINX_ASSIGN(spec.parameters[name], parameter_value(given, parameter, value));
  return {};
}

Result<EffectSpec> effect_with(const Given& given, std::string_view name,
                               const std::string& assignments) {
  EffectSpec spec;
  spec.effect = name;
  const auto effect = name == effects::kConvolutionName ? Result(effects::make_convolution({}))
                                                        : effects::make_effect(name);
  if (!effect) return effect.error();
  std::size_t bare = 0;
  if (assignments.empty()) return spec;
  for (const std::string& one : split(assignments, ','))
    SYRINX_TRY(assign(given, one, effect->get(), bare, spec));
  return spec;
}

std::optional<BandType> band_type(std::string name) {
  name.erase(std::remove(name.begin(), name.end(), '_'), name.end());
  constexpr std::pair<std::string_view, BandType> kNames[] = {{"peak", BandType::kPeak},
                                                              {"lowshelf", BandType::kLowShelf},
                                                              {"highshelf", BandType::kHighShelf},
                                                              {"lowpass", BandType::kLowPass12},
                                                              {"highpass", BandType::kHighPass12},
                                                              {"lowpass12", BandType::kLowPass12},
                                                              {"highpass12", BandType::kHighPass12},
                                                              {"lowpass24", BandType::kLowPass24},
                                                              {"highpass24", BandType::kHighPass24},
                                                              {"notch", BandType::kNotch}};
  for (const auto& [known, type] : kNames)
    if (known == name) return type;
  return {};
}

// TYPE:HZ:GAIN[:Q] for what has a gain, else TYPE:HZ[:Q].
Result<void> read_band(const Given& given, const std::string& text, std::size_t band,
                       EffectSpec& spec) {
  const auto fields = split(text, ':');
  const auto type = band_type(fields[0]);
  if (!type)
    return wrong(given, "there is no band '" + fields[0] +
                            "'; there are peak, lowshelf, highshelf, lowpass, highpass, lowpass24, "
                            "highpass24 and notch");
  const bool has_gain =
      *type == BandType::kPeak || *type == BandType::kLowShelf || *type == BandType::kHighShelf;
  const std::size_t least = has_gain ? 3 : 2;
  if (fields.size() < least || fields.size() > least + 1)
    return wrong(given, "'" + text + "' should be " + fields[0] +
                            (has_gain ? ":HZ:GAIN_DB[:Q]" : ":HZ[:Q]"));
  const std::string prefix = "band" + std::to_string(band + 1) + ".";
  spec.parameters[prefix + "type"] = static_cast<double>(*type);
  SYRINX_ASSIGN(spec.parameters[prefix + "hz"], number(given, fields[1]));
  if (has_gain) {
    SYRINX_ASSIGN(spec.parameters[prefix + "gain_db"], number(given, fields[2]));
  }
  if (fields.size() > least) {
    SYRINX_ASSIGN(spec.parameters[prefix + "q"], number(given, fields[least]));
  }
  return {};
}

Result<EffectSpec> read_eq(const Given& given) {
  EffectSpec spec;
  spec.effect = "eq";
  std::size_t bands = 0;
  for (const std::string& text : split(*given.value, ',')) {
    if (text == "linear") {
      spec.parameters["linear_phase"] = 1.0;
      continue;
    }
    if (bands == kEqBands) return wrong(given, "an equaliser has 8 bands; give another --eq");
    SYRINX_TRY(read_band(given, text, bands++, spec));
  }
  return spec;
}

Result<EffectSpec> read_pass(const Given& given, BandType gentle, BandType steep) {
  const auto parts = split(*given.value, ',');
  if (parts.size() > 2 || (parts.size() == 2 && parts[1] != "12" && parts[1] != "24"))
    return wrong(given, "give a frequency and, if wanted, ',12' or ',24' dB per octave");
  EffectSpec spec;
  spec.effect = "eq";
  SYRINX_ASSIGN(spec.parameters["band1.hz"], number(given, parts[0]));
  const bool is_steep = parts.size() == 2 && parts[1] == "24";
  spec.parameters["band1.type"] = static_cast<double>(is_steep ? steep : gentle);
  return spec;
}

// FILE, then parameters.
Result<EffectSpec> read_convolution(const Given& given) {
  const std::size_t comma = given.value->find(',');
  SYRINX_ASSIGN(EffectSpec spec,
                effect_with(given, effects::kConvolutionName,
                            comma == std::string::npos ? "" : given.value->substr(comma + 1)));
  spec.impulse = given.value->substr(0, comma);
  return spec;
}

Result<std::string> read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return make_error(ErrorCode::kNotFound, "cannot open the chain ", path);
  std::string text(limits::kMaxChainJsonBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

Result<EffectSpec> read_effect(const Given& given) {
  const std::string value = given.value.value_or("");
  if (given.option == "effect") {
    const std::size_t colon = value.find(':');
    return effect_with(given, value.substr(0, colon),
                       colon == std::string::npos ? "" : value.substr(colon + 1));
  }
  if (given.option == "eq") return read_eq(given);
  if (given.option == "highpass")
    return read_pass(given, BandType::kHighPass12, BandType::kHighPass24);
  if (given.option == "lowpass")
    return read_pass(given, BandType::kLowPass12, BandType::kLowPass24);
  if (given.option == "convolve") return read_convolution(given);
  for (const Named& named : kNamed)
    if (named.option == given.option) return effect_with(given, named.effect, value);
  return make_error(ErrorCode::kInternal, "--", given.option, " has no meaning");
}

Result<ChainSpec> read_chain(const Given& given) {
  if (given.option == "preset") return effects::preset(*given.value);
  if (given.option == "chain") {
    SYRINX_ASSIGN(const std::string text, read_text(*given.value));
    return parse_chain_json(text);
  }
  SYRINX_ASSIGN(auto effect, read_effect(given));
  ChainSpec spec{{std::move(effect)}};
  const auto valid = effects::validate(spec);
  if (!valid) return make_error(valid.error().code, spoken(given), ": ", valid.error().message);
  return spec;
}

Result<FxStep> read_encode(const Given& given, const std::string& text) {
  SYRINX_ASSIGN(const auto values, numbers(given, text, 1, 3));
  Encode encode{1, {values[0], values[1]}};
  if (values[2] != 0.0) {
    if (values[2] != 1.0 && values[2] != 2.0 && values[2] != 3.0)
      return wrong(given, "the order is 1, 2 or 3");
    encode.order = static_cast<int>(values[2]);
  }
  return FxStep(encode);
}

Result<FxStep> read_ambisonics(const Given& given, const std::filesystem::path& sofa) {
  const std::size_t colon = given.value->find(':');
  const std::string what = given.value->substr(0, colon);
  const std::string rest = colon == std::string::npos ? "" : given.value->substr(colon + 1);
  if (what == "encode") return read_encode(given, rest);
  if (what == "rotate") {
    SYRINX_ASSIGN(const auto turn, numbers(given, rest, 1, 3));
    return FxStep(Rotate{{turn[0], turn[1], turn[2]}});
  }
  if (what == "decode" && rest == "stereo") return FxStep(Decode{});
  if (what == "decode" && rest == "binaural")
    return FxStep(Decode{effects::AmbisonicOutput::kBinaural, sofa});
  return wrong(given,
               "give encode:AZ,EL[,ORDER], rotate:YAW[,PITCH,ROLL], decode:stereo or "
               "decode:binaural");
}

Result<FxStep> read_normalise(const Given& given) {
  const std::size_t colon = given.value->find(':');
  const std::string kind = given.value->substr(0, colon);
  if (colon == std::string::npos || (kind != "peak" && kind != "rms" && kind != "lufs"))
    return wrong(given, "give peak:DB, rms:DB or lufs:LUFS");
  Normalise step;
  step.kind = kind == "peak"  ? LevelKind::kPeak
              : kind == "rms" ? LevelKind::kRms
                              : LevelKind::kLoudness;
  SYRINX_ASSIGN(step.target_db, number(given, given.value->substr(colon + 1)));
  if (step.target_db > 0.0 || step.target_db < -120.0)
    return wrong(given, "the level must lie within -120 and 0");
  return FxStep(step);
}

Result<double> fade_seconds(const Given& given) {
  SYRINX_ASSIGN(const double seconds, number(given, *given.value));
  if (seconds < 0.0 || seconds > kLongestFadeS) return wrong(given, "give 0 to 600 seconds");
  return seconds;
}

// What is no effect of a chain; nothing for what is.
Result<std::optional<FxStep>> read_other(const Given& given, const std::filesystem::path& sofa) {
  const auto step = [](Result<FxStep> read) -> Result<std::optional<FxStep>> {
    if (!read) return read.error();
    return std::optional<FxStep>(std::move(*read));
  };
  if (given.option == "stereo") return step(FxStep(ToStereo{}));
  if (given.option == "declip") return step(FxStep(Declip{}));
  if (given.option == "ambisonics") return step(read_ambisonics(given, sofa));
  if (given.option == "normalise") return step(read_normalise(given));
  if (given.option == "fade-in" || given.option == "fade-out") {
    SYRINX_ASSIGN(const double seconds, fade_seconds(given));
    return step(given.option == "fade-in" ? FxStep(FadeIn{seconds}) : FxStep(FadeOut{seconds}));
  }
  if (given.option == "trim") {
    Trim trim;
    if (given.value) {
      SYRINX_ASSIGN(trim.options.threshold_dbfs, number(given, *given.value));
    }
    return step(FxStep(trim));
  }
  return std::optional<FxStep>();
}

void add_chain(ChainSpec spec, const std::filesystem::path& sofa, Steps& steps) {
  for (EffectSpec& effect : spec.effects)
    if (effect.effect == effects::kPositionName && effect.sofa.empty()) effect.sofa = sofa;
  if (steps.empty() || !std::holds_alternative<ChainSpec>(steps.back()))
    steps.emplace_back(ChainSpec{});
  auto& all = std::get<ChainSpec>(steps.back()).effects;
  std::move(spec.effects.begin(), spec.effects.end(), std::back_inserter(all));
}

}  // namespace

std::span<const ShortForm> short_forms() noexcept { return kShortForms; }

Result<Steps> read_steps(const std::vector<Given>& given, const std::filesystem::path& sofa) {
  Steps steps;
  for (const Given& one : given) {
    SYRINX_ASSIGN(auto other, read_other(one, sofa));
    if (other) {
      steps.push_back(std::move(*other));
      continue;
    }
    SYRINX_ASSIGN(ChainSpec spec, read_chain(one));
    if (one.option == "pan" || one.option == "position") steps.emplace_back(ToStereo{});
    add_chain(std::move(spec), sofa, steps);
  }
  for (const FxStep& step : steps)
    if (const auto* chain = std::get_if<ChainSpec>(&step)) SYRINX_TRY(effects::validate(*chain));
  return steps;
}

}  // namespace syrinx::cli
