// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "syrinx/apps/cli/command.h"
#include "syrinx/apps/cli/progress.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/measure/artifacts/artifacts.h"
#include "syrinx/stages/measure/level/active_speech_level.h"
#include "syrinx/stages/measure/level/levels.h"
#include "syrinx/stages/measure/level/loudness_curve.h"
#include "syrinx/stages/measure/level/snr_estimate.h"
#include "syrinx/stages/measure/loudness.h"
#include "syrinx/stages/measure/neural/dnsmos.h"
#include "syrinx/stages/measure/neural/neural_models.h"
#include "syrinx/stages/measure/pitch/pyin.h"
#include "syrinx/stages/measure/reference/alignment.h"
#include "syrinx/stages/measure/reference/pesq.h"
#include "syrinx/stages/measure/reference/signal_ratio.h"
#include "syrinx/stages/measure/reference/spectral_distance.h"
#include "syrinx/stages/measure/reference/stoi.h"
#include "syrinx/stages/measure/reference/visqol.h"

namespace syrinx::cli {
namespace {

constexpr const char* kFooter =
    "Examples:\n"
    "  syrinx measure take.wav                      levels, loudness, pitch\n"
    "  syrinx measure take.wav --ref clean.wav      and how far it is from the clean one\n"
    "  syrinx measure *.flac --json                 for machines; what does not exist is null\n"
    "\n"
    "With --ref the two are aligned in time first. The DNSMOS models are used when they are found\n"
    "($SYRINX_MODELS or ~/.local/share/syrinx/models) and ONNX Runtime is there.\n"
    "Only mono and the first channel of more are compared.";

constexpr int kSpeechRateHz = 16'000;  // What PESQ, STOI's and ViSQOL's speech modes work at.

// One figure with its place: what a table row and a JSON field show.
struct Figure {
  std::string group;
  std::string name;
  double value = 0;
  std::string unit;
};

// Collects figures; those that do not exist for this sound are kept with the reason.
class Figures {
 public:
  void add(const char* group, const char* name, double value, const char* unit) {
    list_.push_back({group, name, value, unit});
  }
  void add(const char* group, const char* name, const Result<double>& value, const char* unit) {
    if (value) return add(group, name, *value, unit);
    missing_.push_back(std::string(name) + ": " + value.error().message);
  }
  void set_artifacts(std::vector<measure::Artifact> found) { artifacts_ = std::move(found); }
  const std::vector<measure::Artifact>& artifacts() const { return artifacts_; }
  void miss(const char* name, const Error& error) {
    missing_.push_back(std::string(name) + ": " + error.message);
  }
  const std::vector<Figure>& list() const { return list_; }
  const std::vector<std::string>& missing() const { return missing_; }

 private:
  std::vector<Figure> list_;
  std::vector<std::string> missing_;
  std::vector<measure::Artifact> artifacts_;
};

void add_levels(AudioView audio, Figures& figures) {
  if (const auto levels = measure::measure_levels(audio)) {
    figures.add("level", "peak", levels->peak_dbfs, "dBFS");
    figures.add("level", "rms", levels->rms_dbfs, "dBFS");
    figures.add("level", "crest", levels->crest_db, "dB");
    figures.add("level", "dc_offset", levels->dc_offset, "");
    figures.add("level", "noise_floor", levels->noise_floor_dbfs, "dBFS");
    figures.add("level", "dynamic_range", levels->dynamic_range_db, "dB");
    figures.add("level", "silence_share", levels->silence_share, "");
  } else {
    figures.miss("levels", levels.error());
  }
  if (const auto clipping = measure::find_clipping(audio))
    figures.add("level", "clipped_samples", static_cast<double>(clipping->clipped_samples), "");
}

void add_loudness(AudioView audio, Figures& figures) {
  if (const auto loudness = measure::measure_loudness(audio)) {
    figures.add("loudness", "true_peak", loudness->true_peak_dbtp, "dBTP");
    figures.add("loudness", "integrated", loudness->integrated_lufs, "LUFS");
    figures.add("loudness", "max_momentary", loudness->max_momentary_lufs, "LUFS");
    figures.add("loudness", "max_short_term", loudness->max_short_term_lufs, "LUFS");
  } else {
    figures.miss("loudness", loudness.error());
  }
  if (const auto range = measure::measure_loudness_range(audio))
    figures.add("loudness", "range", range->range_lu, "LU");
}

void add_speech(AudioView mono, Figures& figures) {
  if (const auto active = measure::measure_active_speech_level(mono)) {
    figures.add("speech", "active_level", active->active_dbfs, "dBFS");
    figures.add("speech", "activity", active->activity, "");
  }
  const auto track = measure::pyin_f0(mono);
  if (!track) return figures.miss("f0", track.error());
  std::vector<double> voiced;
  std::copy_if(track->hz.begin(), track->hz.end(), std::back_inserter(voiced),
               [](double hz) { return hz > 0; });
  figures.add("speech", "voiced_share",
              track->frames() == 0
                  ? 0.0
                  : static_cast<double>(voiced.size()) / static_cast<double>(track->frames()),
              "");
  if (voiced.empty()) return;
  std::sort(voiced.begin(), voiced.end());
  figures.add("speech", "f0_median", voiced[voiced.size() / 2], "Hz");
  figures.add("speech", "f0_low", voiced[voiced.size() / 20], "Hz");
  figures.add("speech", "f0_high", voiced[voiced.size() - 1 - voiced.size() / 20], "Hz");
}

void add_opinion(AudioView mono, Figures& figures) {
  const auto p835 = measure::find_model("dnsmos/sig_bak_ovr.onnx");
  const auto p808 = measure::find_model("dnsmos/model_v8.onnx");
  if (!p835 || !p808) return figures.miss("dnsmos", p835 ? p808.error() : p835.error());
  const auto dnsmos = measure::Dnsmos::load({*p835, *p808});
  if (!dnsmos) return figures.miss("dnsmos", dnsmos.error());
  const auto scores = dnsmos->score(mono);
  if (!scores) return figures.miss("dnsmos", scores.error());
  figures.add("opinion", "dnsmos_signal", scores->signal, "MOS");
  figures.add("opinion", "dnsmos_background", scores->background, "MOS");
  figures.add("opinion", "dnsmos_overall", scores->overall, "MOS");
  if (scores->p808) figures.add("opinion", "dnsmos_p808", *scores->p808, "MOS");
}

void compare(AudioView reference, AudioView degraded, Figures& figures) {
  figures.add("reference", "snr", measure::snr_db(reference, degraded), "dB");
  figures.add("reference", "si_sdr", measure::si_sdr_db(reference, degraded), "dB");
  figures.add("reference", "segmental_snr", measure::segmental_snr_db(reference, degraded), "dB");
  figures.add("reference", "log_spectral_distance",
              measure::log_spectral_distance_db(reference, degraded), "dB");
  figures.add("reference", "mel_cepstral_distortion",
              measure::mel_cepstral_distortion_db(reference, degraded), "dB");
  figures.add("reference", "stoi", measure::stoi(reference, degraded), "");
  figures.add("reference", "extended_stoi", measure::extended_stoi(reference, degraded), "");
}

// The perceptual scores look for the delay themselves, at their own rate.
void compare_by_ear(AudioView reference, AudioView degraded, Figures& figures) {
  const auto clean = dsp::resample(reference, kSpeechRateHz);
  const auto other = dsp::resample(degraded, kSpeechRateHz);
  if (!clean || !other) return;
  const auto mos = [](const auto& score) -> Result<double> {
    if (!score) return score.error();
    return score->mos_lqo;
  };
  figures.add("reference", "pesq_wide_band",
              mos(measure::pesq(*clean, *other, measure::PesqBand::kWide)), "MOS-LQO");
  figures.add("reference", "pesq_narrow_band",
              mos(measure::pesq(*clean, *other, measure::PesqBand::kNarrow)), "MOS-LQO");
  figures.add("reference", "visqol_speech", mos(measure::visqol_speech(*clean, *other)), "MOS-LQO");
}

std::string name_of(measure::ArtifactKind kind) {
  for (const auto& detector : measure::artifact_detectors()) {
    if (detector.kind == kind) return std::string(detector.name);
  }
  return "unknown";
}

void add_artifacts(AudioView audio, Figures& figures) {
  auto found = measure::find_artifacts(audio);
  if (!found) return figures.miss("artifacts", found.error());
  figures.add("artifacts", "found", static_cast<double>(found->size()), "");
  figures.set_artifacts(std::move(*found));
}

AudioView first_channel(AudioView audio) {
  return AudioView(audio.channel(0), audio.sample_rate_hz());
}

Result<void> add_reference(const std::string& path, AudioView mono, Figures& figures) {
  SYRINX_ASSIGN(const AudioBuffer read, io::read_audio(path));
  if (read.empty()) return make_error(ErrorCode::kInvalidArgument, path, " holds no sound");
  SYRINX_ASSIGN(const AudioBuffer reference,
                dsp::resample(first_channel(read), mono.sample_rate_hz()));
  SYRINX_ASSIGN(const auto pair, measure::align(reference, mono));
  figures.add("reference", "delay",
              static_cast<double>(pair.alignment.delay_samples) * 1000.0 / mono.sample_rate_hz(),
              "ms");
  figures.add("reference", "correlation", pair.alignment.correlation, "");
  compare(pair.reference, pair.degraded, figures);
  compare_by_ear(pair.reference, pair.degraded, figures);
  return {};
}

Result<Figures> measure_file(const std::string& path, const std::string& reference) {
  SYRINX_ASSIGN(const AudioBuffer audio, io::read_audio(path));
  if (audio.empty()) return make_error(ErrorCode::kInvalidArgument, "the file holds no sound");
  Figures figures;
  const AudioView mono = first_channel(audio);
  add_levels(audio, figures);
  add_loudness(audio, figures);
  add_speech(mono, figures);
  add_opinion(mono, figures);
  add_artifacts(audio, figures);
  if (!reference.empty()) SYRINX_TRY(add_reference(reference, mono, figures));
  return figures;
}

nlohmann::json to_json(const std::string& path, const Figures& figures) {
  nlohmann::json document = {{"file", path}, {"missing", figures.missing()}};
  for (const Figure& figure : figures.list()) {
    const nlohmann::json value =
        std::isfinite(figure.value) ? nlohmann::json(figure.value) : nlohmann::json(nullptr);
    document[figure.group][figure.name] = {{"value", value}, {"unit", figure.unit}};
  }
  nlohmann::json artifacts = nlohmann::json::array();
  for (const measure::Artifact& artifact : figures.artifacts()) {
    artifacts.push_back({{"kind", name_of(artifact.kind)},
                         {"begin_s", artifact.begin_s},
                         {"end_s", artifact.end_s},
                         {"severity", artifact.severity},
                         {"cause", artifact.cause}});
  }
  document["artifacts"]["list"] = artifacts;
  return document;
}

void print_table(const std::string& path, const Figures& figures) {
  std::printf("%s\n", path.c_str());
  std::string group;
  for (const Figure& figure : figures.list()) {
    std::printf("  %-10s %-24s ", figure.group == group ? "" : figure.group.c_str(),
                figure.name.c_str());
    if (std::isfinite(figure.value)) {
      std::printf("%10.3f %s\n", figure.value, figure.unit.c_str());
    } else {
      std::printf("%10s\n", "none");
    }
    group = figure.group;
  }
  for (const measure::Artifact& artifact : figures.artifacts()) {
    std::printf("  %8.2f s  %-18s severity %.2f  %s\n", artifact.begin_s,
                name_of(artifact.kind).c_str(), artifact.severity, artifact.cause.c_str());
  }
  for (const std::string& missing : figures.missing()) std::printf("  -- %s\n", missing.c_str());
}

void measure_all(const std::vector<std::string>& paths, const std::string& reference,
                 Context& context) {
  nlohmann::json files = nlohmann::json::array();
  Progress progress(!context.quiet);
  for (std::size_t i = 0; i < paths.size() && !context.stop.stop_requested(); ++i) {
    progress.show(static_cast<double>(i) / static_cast<double>(paths.size()), paths[i]);
    const auto figures = measure_file(paths[i], reference);
    if (!figures) {
      const Error error = make_error(figures.error().code, paths[i], ": ", figures.error().message);
      context.exit_code = report_error(context, error);
    } else if (context.json) {
      files.push_back(to_json(paths[i], *figures));
    } else {
      print_table(paths[i], *figures);
    }
  }
  if (context.json) print_json({{"files", files}});
  if (context.stop.stop_requested()) context.exit_code = exit_code_for(ErrorCode::kCancelled);
}

}  // namespace

void add_measure_command(CLI::App& app, Context& context) {
  CLI::App* command =
      app.add_subcommand("measure", "Measure sounds: levels, loudness, pitch, quality");
  auto paths = std::make_shared<std::vector<std::string>>();
  auto reference = std::make_shared<std::string>();
  command->add_option("files", *paths, "Audio files")->required()->type_name("FILE");
  command->add_option("--ref", *reference, "A clean recording of the same, to compare with")
      ->type_name("FILE");
  add_json_option(*command, context, "{\"files\": [{group: {name: {value, unit}}}]}");
  command->footer(kFooter);
  command->callback([paths, reference, &context] { measure_all(*paths, *reference, context); });
}

}  // namespace syrinx::cli
