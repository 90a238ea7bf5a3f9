// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/vocode_job.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <fstream>
#include <map>

#include "syrinx/core/dsp/mel_analysis.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/core/io/npy/npy_file.h"
#include "syrinx/stages/vocoder/diffusion/noise_schedule.h"
#include "syrinx/stages/vocoder/diffwave/diffwave_model.h"
#include "syrinx/stages/vocoder/mel_convention.h"

namespace syrinx::cli {
namespace {

using Array = io::NumberArray<float>;

// Whether a file holds numbers and not sound: by its first bytes, or by its name where those tell
// nothing (safetensors begins with a length).
bool holds_numbers(const std::string& path) {
  if (path == "-") return true;
  std::array<char, 6> magic{};
  std::ifstream(path, std::ios::binary).read(magic.data(), magic.size());
  const std::string_view start(magic.data(), magic.size());
  if (start.substr(1, 5) == "NUMPY" || start.substr(0, 2) == "PK") return true;
  const std::string extension = std::filesystem::path(path).extension().string();
  return extension == ".safetensors" || extension == ".pt" || extension == ".pth" ||
         extension == ".npy" || extension == ".npz";
}

std::string shape_in_words(const std::vector<std::size_t>& shape) {
  std::string words = "[";
  for (const std::size_t n : shape) words += (words.size() > 1 ? ", " : "") + std::to_string(n);
  return words + "]";
}

// Where one mel of a batch lies: [bands][frames] or [frames][bands].
struct Layout {
  std::size_t count = 1;
  std::size_t frames = 0;
  bool bands_first = true;
};

Result<Layout> layout_of(const Array& array, std::size_t bands) {
  const auto& shape = array.shape;
  const bool batch = shape.size() == 3;
  if (shape.size() != 2 && !batch)
    return make_error(ErrorCode::kInvalidArgument, "an array of shape ", shape_in_words(shape),
                      " is no mel: [bands, frames], [frames, bands] or a batch of these is");
  const std::size_t a = shape[shape.size() - 2];
  const std::size_t b = shape[shape.size() - 1];
  if (a != bands && b != bands)
    return make_error(ErrorCode::kInvalidArgument, "a mel of shape ", shape_in_words(shape),
                      " has not the ", bands,
                      " bands that the model was trained on; make the mel anew, or give the sound "
                      "itself, which is then analysed as the model wants it");
  return Layout{batch ? shape[0] : 1, a == bands ? b : a, a == bands};
}

Mel take_mel(const Array& array, const Layout& layout, std::size_t index, const MelSpec& spec) {
  Mel mel(spec, layout.frames);
  const float* from = array.values.data() + index * layout.frames * spec.bands;
  for (std::size_t t = 0; t < layout.frames; ++t)
    for (std::size_t b = 0; b < spec.bands; ++b)
      mel.frame(t)[b] = layout.bands_first ? from[b * layout.frames + t] : from[t * spec.bands + b];
  return mel;
}

constexpr const char* kNoStatistics =
    "the model takes frames of which each band has its mean taken away and is divided by its "
    "deviation, and by what is not known: put stats.npy of its training beside the weights";

// A mel for a model whose statistics are not known can only be taken as it is.
Result<void> check_normalised(const Mel& mel, const VocodeRequest& request, const MelSpec& spec) {
  const std::string_view own = vocoder::to_string(vocoder::unit_of(spec));
  if (!request.mel_from.empty() || (!request.mel_unit.empty() && request.mel_unit != own))
    return make_error(ErrorCode::kInvalidArgument, "this mel cannot be converted: ", kNoStatistics);
  if (!request.mel_unit.empty() || vocoder::looks_normalised(mel.values())) return {};
  return make_error(ErrorCode::kInvalidArgument, "this mel is not normalised (",
                    vocoder::look_at_mel(mel.values()).why, "): ", kNoStatistics, ", or --mel ",
                    own, " takes it as it is");
}

// Numbers that mean something else than the model's are refused, with the way out.
Result<vocoder::MelUnit> unit_of(const Mel& mel, const VocodeRequest& request, const MelSpec& spec,
                                 std::vector<std::string>& notes) {
  const auto own = vocoder::unit_of(spec);
  if (!request.mel_unit.empty()) return vocoder::parse_mel_unit(request.mel_unit);
  const vocoder::MelLook look = vocoder::look_at_mel(mel.values(), own);
  if (own == vocoder::MelUnit::kLog10 && vocoder::looks_normalised(mel.values()))
    return make_error(ErrorCode::kInvalidArgument, "this mel looks normalised (", look.why,
                      "), and the model takes log10 of amplitudes: give it as it was before, or "
                      "--mel log10 takes it as it is");
  if (look.unit != own)
    return make_error(ErrorCode::kInvalidArgument, "this mel looks like ",
                      vocoder::to_string(look.unit), " (", look.why, "), and the model takes ",
                      vocoder::to_string(own), ": --mel ", vocoder::to_string(look.unit),
                      " converts it, --mel ", vocoder::to_string(own), " takes it as it is");
  if (look.unit_height && spec.norm == MelNorm::kSlaneyArea && request.mel_from.empty())
    notes.push_back("the mel is louder than speech through this model's filters (" + look.why +
                    "): if it was made with HTK filters of unit height, --mel-from diffwave or "
                    "vocos converts it");
  return own;
}

Result<Mel> as_the_model_wants(Mel mel, const VocodeRequest& request, const MelSpec& spec,
                               std::vector<std::string>& notes) {
  MelSpec given = spec;
  if (!request.mel_from.empty()) {
    SYRINX_ASSIGN(given, vocoder::mel_spec_by_name(request.mel_from));
  }
  SYRINX_ASSIGN(const auto unit, unit_of(mel, request, given, notes));
  Mel understood(given, mel.frames());
  for (std::size_t t = 0; t < mel.frames(); ++t)
    std::transform(mel.frame(t).begin(), mel.frame(t).end(), understood.frame(t).begin(),
                   [&](float v) {
                     const bool own = unit == vocoder::unit_of(given);
                     return own ? v : vocoder::convert_mel_value(v, unit, given);
                   });
  if (given == spec) return understood;
  return vocoder::convert_mel(understood, spec);
}

Result<std::vector<Utterance>> read_mels(const std::string& input, const VocodeRequest& request,
                                         const vocoder::VocoderInfo& info) {
  const MelSpec& spec = info.mel;
  SYRINX_ASSIGN(const Array array, input == "-" ? io::read_array_fd<float>(
                                                      STDIN_FILENO, "standard input", request.array)
                                                : io::read_array<float>(input, request.array));
  std::size_t bands = spec.bands;
  if (!request.mel_from.empty()) {
    SYRINX_ASSIGN(const MelSpec from, vocoder::mel_spec_by_name(request.mel_from));
    bands = from.bands;
  }
  SYRINX_ASSIGN(const Layout layout, layout_of(array, bands));
  std::vector<Utterance> utterances(layout.count);
  for (std::size_t i = 0; i < layout.count; ++i) {
    Utterance& one = utterances[i];
    one.name = input == "-" ? "standard input" : input;
    if (layout.count > 1) one.name += " (" + std::to_string(i + 1) + ")";
    MelSpec as_given = spec;
    as_given.bands = bands;
    Mel mel = take_mel(array, layout, i, as_given);
    if (info.normalised_mel) {
      SYRINX_TRY(check_normalised(mel, request, spec));
      one.mel = std::move(mel);
    } else {
      SYRINX_ASSIGN(one.mel, as_the_model_wants(std::move(mel), request, spec, one.notes));
    }
  }
  return utterances;
}

Result<Utterance> read_sound(const std::string& input, const vocoder::VocoderInfo& info) {
  const MelSpec& spec = info.mel;
  if (info.normalised_mel)
    return make_error(ErrorCode::kUnsupported, input, " cannot be analysed: ", kNoStatistics);
  SYRINX_ASSIGN(const AudioBuffer audio, io::read_audio(input));
  if (audio.empty()) return make_error(ErrorCode::kInvalidArgument, input, " holds no sound");
  Utterance one;
  one.name = input;
  const AudioView mono(audio.channel(0), audio.sample_rate_hz());
  SYRINX_ASSIGN(one.original, dsp::resample(mono, spec.sample_rate_hz));
  SYRINX_ASSIGN(one.mel, dsp::analyse_mel(one.original, spec));
  return one;
}

}  // namespace

Result<nn::Precision> parse_precision(const std::string& name) {
  const std::map<std::string, nn::Precision> known = {{"fp32", nn::Precision::kFloat32},
                                                      {"bf16", nn::Precision::kBf16},
                                                      {"int8", nn::Precision::kInt8}};
  const auto found = known.find(name);
  if (found != known.end()) return found->second;
  return make_error(ErrorCode::kInvalidArgument, "--precision ", name,
                    ": it is fp32, bf16 or int8");
}

Result<std::optional<AudioBuffer>> read_calibration(const std::string& file,
                                                    nn::Precision precision) {
  if (file.empty()) return std::optional<AudioBuffer>();
  if (precision != nn::Precision::kInt8)
    return make_error(ErrorCode::kInvalidArgument, "--calibrate ", file,
                      " is for --precision int8: nothing else is calibrated");
  SYRINX_ASSIGN(AudioBuffer audio, io::read_audio(file));
  return std::optional<AudioBuffer>(std::move(audio));
}

Result<std::optional<vocoder::SamplingPlan>> sampling_plan(const VocodeRequest& request) {
  std::optional<vocoder::SamplingPlan> plan;
  if (request.sampler.empty() && request.steps == 0) return plan;
  plan.emplace();
  plan->clamp = 1.0F;
  plan->schedule = vocoder::diffwave_training_schedule();
  const std::map<std::string, vocoder::Sampler> samplers = {
      {"", vocoder::Sampler::kDdim},
      {"ddpm", vocoder::Sampler::kDdpm},
      {"ddim", vocoder::Sampler::kDdim},
      {"dpm", vocoder::Sampler::kDpmSolver},
      {"adaptive", vocoder::Sampler::kAdaptive}};
  const auto found = samplers.find(request.sampler);
  if (found == samplers.end())
    return make_error(ErrorCode::kInvalidArgument, "--sampler ", request.sampler,
                      ": it is ddpm, ddim, dpm or adaptive");
  plan->sampler = found->second;
  if (request.steps > 0 && plan->sampler != vocoder::Sampler::kAdaptive) {
    SYRINX_ASSIGN(plan->schedule,
                  vocoder::respace(plan->schedule, request.steps, vocoder::StepSpacing::kLogSnr));
  }
  return plan;
}

Result<std::unique_ptr<vocoder::NoiseSource>> noise_source(const VocodeRequest& request) {
  if (request.noise.empty())
    return std::unique_ptr<vocoder::NoiseSource>(
        std::make_unique<vocoder::ChannelNoise>(request.seed));
  std::vector<float> values;
  for (const std::string& path : request.noise) {
    SYRINX_ASSIGN(const Array array, io::read_array<float>(path));
    values.insert(values.end(), array.values.begin(), array.values.end());
  }
  SYRINX_ASSIGN(auto given, vocoder::GivenNoise::create(std::move(values)));
  return std::unique_ptr<vocoder::NoiseSource>(
      std::make_unique<vocoder::GivenNoise>(std::move(given)));
}

Mel at_speed(const Mel& mel, double speed) {
  if (speed == 1.0 || mel.frames() == 0) return mel;
  const auto frames = static_cast<std::size_t>(
      std::max(1.0, std::round(static_cast<double>(mel.frames()) / speed)));
  Mel made(mel.spec(), frames);
  for (std::size_t t = 0; t < frames; ++t) {
    const double at =
        std::min(static_cast<double>(t) * speed, static_cast<double>(mel.frames() - 1));
    const auto before = static_cast<std::size_t>(at);
    const std::size_t after = std::min(before + 1, mel.frames() - 1);
    const auto share = static_cast<float>(at - static_cast<double>(before));
    for (std::size_t b = 0; b < mel.bands(); ++b)
      made.frame(t)[b] =
          mel.frame(before)[b] + share * (mel.frame(after)[b] - mel.frame(before)[b]);
  }
  return made;
}

void scale_energy(Mel& mel, double energy) {
  const MelSpec& spec = mel.spec();
  const double step = spec.log == MelLog::kNatural ? std::log(energy)
                      : spec.log == MelLog::kLog10 ? std::log10(energy)
                                                   : 0.2 * std::log10(energy);
  const auto floor = static_cast<float>(mel_value(spec, 0.0));
  for (std::size_t t = 0; t < mel.frames(); ++t)
    for (float& value : mel.frame(t)) value = std::max(value + static_cast<float>(step), floor);
}

Result<std::vector<Utterance>> read_utterances(const std::string& input,
                                               const VocodeRequest& request,
                                               const vocoder::VocoderInfo& info) {
  std::vector<Utterance> utterances;
  if (holds_numbers(input)) {
    SYRINX_ASSIGN(utterances, read_mels(input, request, info));
  } else {
    SYRINX_ASSIGN(Utterance one, read_sound(input, info));
    utterances.push_back(std::move(one));
  }
  if (request.energy != 1.0 && info.normalised_mel)
    return make_error(ErrorCode::kUnsupported, "--energy cannot be heeded: ", kNoStatistics);
  for (Utterance& one : utterances) {
    one.mel = at_speed(one.mel, request.speed);
    if (request.energy != 1.0) scale_energy(one.mel, request.energy);
  }
  return utterances;
}

}  // namespace syrinx::cli
