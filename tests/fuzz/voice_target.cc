// SPDX-License-Identifier: Apache-2.0
#include "fuzz/voice_target.h"

#include <cmath>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/flow/characters.h"
#include "syrinx/engines/tts/voice_names.h"
#include "syrinx/stages/acoustic/fastspeech/fastspeech_config.h"
#include "syrinx/stages/acoustic/kokoro/kokoro_pack.h"
#include "syrinx/stages/acoustic/piper/piper_voice.h"
#include "syrinx/stages/text/espeak/espeak.h"

namespace syrinx::fuzz {
namespace {

std::string check_error(const Error& error) {
  return error.message.empty() ? "an error without a sentence" : "";
}

// Every id that a line becomes is one of the settings'.
std::string check_settings(const acoustic::PiperConfig& config, std::string_view bytes) {
  if (config.sample_rate_hz < limits::kMinSampleRateHz || config.speakers == 0)
    return "settings out of range";
  acoustic::SymbolLine line;
  line.words.push_back({"w", {}});
  for (const Character& character : characters_of(bytes.substr(0, 200)))
    line.symbols.push_back({character.code, 0});
  const auto ids = acoustic::piper_ids(config, line, {0, line.symbols.size()});
  if (ids.counts.size() != line.symbols.size()) return "symbols without a count";
  std::size_t counted = 0;
  for (const std::size_t count : ids.counts) counted += count;
  return counted <= ids.ids.size() ? "" : "more ids counted than there are";
}

// What was read of a two-stage voice's settings is within what networks are built of.
std::string check_two_stage(const JsonValue& json) {
  const auto config = acoustic::read_fastspeech_config(json, "fuzz");
  if (!config) return check_error(config.error());
  const acoustic::FastSpeechSizes& sizes = config->sizes;
  if (sizes.hidden == 0 || sizes.hidden % sizes.heads != 0 || sizes.hidden % 2 != 0 ||
      sizes.hidden > limits::kMaxNetworkChannels || sizes.decoder_blocks == 0)
    return "sizes out of range";
  if (config->symbols.size() != config->ids.size() || !config->ids.contains("^"))
    return "a table of symbols that is none";
  if (!(config->statistics.log_f0_std > 0) || !validate(config->mel)) return "numbers out of range";
  return "";
}

std::string check_mix(std::string_view bytes) {
  const auto shares = acoustic::parse_kokoro_mix(bytes);
  if (!shares) return check_error(shares.error());
  if (shares->empty() || shares->size() > limits::kMaxMixedVoices) return "a mix of too many";
  for (const acoustic::KokoroShare& share : shares.value()) {
    if (share.name.empty() || share.name.find('/') != std::string::npos)
      return "a name that is none";
    if (!std::isfinite(share.weight) || share.weight == 0) return "a weight that is none";
  }
  return "";
}

}  // namespace

VoiceOutcome read_as_voice(std::string_view bytes) {
  VoiceOutcome outcome;
  outcome.broken = check_mix(bytes);
  const std::string plain = text::without_language_names(bytes);
  if (plain.size() > bytes.size()) outcome.broken = "text that grew";
  const auto json = parse_json(bytes);
  if (!json) return outcome;
  const auto config = acoustic::read_piper_config(json.value(), "fuzz");
  outcome.is_settings = config.has_value();
  const std::string wrong =
      config ? check_settings(config.value(), bytes) : check_error(config.error());
  if (!wrong.empty()) outcome.broken = wrong;
  outcome.is_two_stage = acoustic::read_fastspeech_config(json.value(), "fuzz").has_value();
  if (const std::string two = check_two_stage(json.value()); !two.empty()) outcome.broken = two;
  const auto named = tts::read_named_voices(json.value(), "fuzz");
  if (!named && named.error().message.empty()) outcome.broken = "an error without a sentence";
  return outcome;
}

}  // namespace syrinx::fuzz
