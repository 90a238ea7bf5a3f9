// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/acoustic/fastspeech/fastspeech_model.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/io/json/json_file.h"
#include "syrinx/core/nn/weights/weight_file.h"
#include "syrinx/stages/acoustic/symbol_line.h"

namespace syrinx::acoustic {
namespace {

constexpr double kLogOfSemitone = std::numbers::ln2 / 12;

// The sounds of a stretch between the silences that every sentence of the training data has.
struct StretchSymbols {
  std::vector<std::int32_t> ids;
  std::vector<bool> phoneme;
};
StretchSymbols symbols_of(const FastSpeechConfig& config, const PhonemeLine& line,
                          LineStretch stretch) {
  StretchSymbols made;
  const auto add = [&made](std::int32_t id, bool phoneme) {
    made.ids.push_back(id);
    made.phoneme.push_back(phoneme);
  };
  add(config.ids.at("^"), false);
  for (std::size_t i = stretch.begin; i < stretch.end; ++i)
    add(line.sounds[i].id, line.sounds[i].word >= 0);
  add(config.ids.at("$"), false);
  return made;
}

}  // namespace

Result<std::vector<std::size_t>> frames_of(std::span<const float> log_durations,
                                           const std::vector<bool>& phoneme, double rate) {
  std::vector<std::size_t> frames;
  double end = 0;
  std::size_t placed = 0;
  for (std::size_t i = 0; i < log_durations.size(); ++i) {
    const double duration = std::max(0.0, std::expm1(static_cast<double>(log_durations[i])));
    if (!std::isfinite(log_durations[i]))
      return make_error(ErrorCode::kInternal, "the acoustic model gives symbol ", i,
                        " of the sentence a duration that is no number: its weights are broken");
    end += duration / rate;
    if (!(end < static_cast<double>(limits::kMaxFastSpeechFrames)))
      return make_error(ErrorCode::kLimitExceeded, "the acoustic model makes more than ",
                        limits::kMaxFastSpeechFrames,
                        " frames of a part of a sentence: say it faster or in shorter sentences");
    const auto whole = static_cast<std::size_t>(std::floor(end + 0.5));
    const std::size_t least = phoneme[i] ? 1 : 0;
    frames.push_back(std::max(least, whole > placed ? whole - placed : 0));
    placed += frames.back();
  }
  return frames;
}

Result<FastSpeechConfig> FastSpeechModel::read_config(const std::filesystem::path& voice_json) {
  SYRINX_ASSIGN(const JsonValue json, io::read_json_file(voice_json));
  return read_fastspeech_config(json, voice_json.string());
}

Result<FastSpeechModel> FastSpeechModel::load(FastSpeechConfig config,
                                              const std::filesystem::path& weights,
                                              const FastSpeechOptions& options) {
  SYRINX_ASSIGN(const auto file, nn::WeightFile::open(weights));
  return load(std::move(config), file, options);
}

Result<FastSpeechModel> FastSpeechModel::load(FastSpeechConfig config, const nn::WeightFile& file,
                                              const FastSpeechOptions& options) {
  auto network = FastSpeechNetwork::build(config, file, *options.kernels, options.precision);
  if (!network)
    return make_error(network.error().code, file.name(), " does not hold the acoustic model of ",
                      config.info.name, ": ", network.error().message);
  SYRINX_TRY(file.check_unchanged());
  return FastSpeechModel(std::move(config), std::move(network).value());
}

Result<SpokenMel> FastSpeechModel::speak(const UtterancePlan& plan,
                                         const std::stop_token& stop) const {
  SYRINX_TRY(check_prosody(plan.prosody));
  SYRINX_ASSIGN(PhonemeLine line, phoneme_line(config_, plan.tokens));
  const FastSpeechStatistics& statistics = config_.statistics;
  const auto shift =
      static_cast<float>(plan.prosody.pitch_semitones * kLogOfSemitone / statistics.log_f0_std);
  SpokenMel spoken;
  std::vector<StretchTimes> times;
  std::vector<float> values;
  for (const LineStretch stretch : cut_phonemes(line, limits::kMaxFastSpeechSymbols)) {
    const StretchSymbols symbols = symbols_of(config_, line, stretch);
    SYRINX_ASSIGN(const PhonemeVoicing voicing, network_.encode(symbols.ids, shift, stop));
    SYRINX_ASSIGN(auto frames,
                  frames_of(voicing.log_durations, symbols.phoneme, plan.prosody.rate));
    SYRINX_ASSIGN(const auto made, network_.decode(voicing.hidden.view(), frames, stop));
    values.insert(values.end(), made.begin(), made.end());
    for (std::size_t i = 0; i < frames.size(); ++i) {
      const double log_f0 = voicing.pitch[i] * statistics.log_f0_std + statistics.log_f0_mean;
      spoken.f0_hz.insert(spoken.f0_hz.end(), frames[i], std::exp(log_f0));
    }
    times.push_back(
        {stretch, frames.front(), {frames.begin() + 1, frames.end() - 1}, frames.back()});
  }
  spoken.mel = Mel(config_.mel, values.size() / config_.mel.bands);
  for (std::size_t i = 0; i < spoken.mel.frames(); ++i) {
    for (std::size_t b = 0; b < config_.mel.bands; ++b) {
      const double value = values[i * config_.mel.bands + b] * statistics.mel_std;
      spoken.mel.frame(i)[b] = static_cast<float>(value + statistics.mel_mean);
    }
  }
  const auto is_number = [](float value) { return std::isfinite(value); };
  if (!std::all_of(values.begin(), values.end(), is_number))
    return make_error(ErrorCode::kInternal, "the acoustic model of ", config_.info.name,
                      " makes a mel with a value that is no number: its weights are broken");
  const double frame_s = static_cast<double>(config_.mel.hop_samples) / config_.mel.sample_rate_hz;
  place_phonemes(line, times, frame_s, spoken.words, spoken.phonemes);
  spoken.unsaid = std::move(line.unsaid);
  return spoken;
}

}  // namespace syrinx::acoustic
