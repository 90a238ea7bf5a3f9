// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "artifacts/roc.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/measure/artifacts/features.h"

namespace {

using syrinx::AudioBuffer;

constexpr std::size_t kMostFrames = 12 * syrinx::measure::artifacts::kRateHz;

std::vector<std::filesystem::path> speech_files(const std::filesystem::path& data) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(data / "speech")) {
    if (entry.path().extension() == ".flac") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// Every other file from `first` on, the first 12 s at 16 kHz, at most `most` of them.
std::vector<AudioBuffer> load(const std::vector<std::filesystem::path>& files, std::size_t first,
                              std::size_t most) {
  std::vector<AudioBuffer> recordings;
  const std::size_t half = files.size() / 2;
  const std::size_t step = 2 * std::max<std::size_t>(1, half / std::max<std::size_t>(1, most));
  for (std::size_t i = first; i < files.size() && recordings.size() < most; i += step) {
    auto audio = syrinx::io::read_audio(files[i]);
    if (!audio) continue;
    auto speech = syrinx::dsp::resample(*audio, syrinx::measure::artifacts::kRateHz);
    if (!speech || speech->frames() < 2 * syrinx::measure::artifacts::kRateHz) continue;
    const auto frames = std::min(kMostFrames, speech->frames());
    recordings.emplace_back(
        syrinx::AudioView(speech->channel(0).first(frames), speech->sample_rate_hz()));
  }
  return recordings;
}

nlohmann::json as_json(const syrinx::measure::ArtifactDetector& detector,
                       const syrinx::bench::RocResult& roc) {
  const auto grades = syrinx::bench::defect_grades(detector.kind);
  return {
      {"kind", detector.name},           {"auc", roc.auc},
      {"levels", grades.levels},         {"unit", grades.unit},
      {"auc_at_level", roc.auc_at},      {"detected_at_level", roc.detected},
      {"threshold", detector.threshold}, {"false_alarms_per_minute", roc.false_alarms_per_minute}};
}

void print(const syrinx::measure::ArtifactDetector& detector, const syrinx::bench::RocResult& roc,
           bool tuning) {
  const auto grades = syrinx::bench::defect_grades(detector.kind);
  std::printf("%-15s AUC %.3f  false alarms/min %5.2f  detected",
              std::string(detector.name).c_str(), roc.auc, roc.false_alarms_per_minute);
  for (std::size_t i = 0; i < syrinx::bench::kDefectLevels; ++i)
    std::printf("  %g: %3.0f %% (AUC %.2f)", grades.levels[i], 100.0 * roc.detected[i],
                roc.auc_at[i]);
  std::printf("  [%s]", grades.unit.c_str());
  if (tuning)
    std::printf("  threshold %.3g suggested %.3g", detector.threshold, roc.suggested_threshold);
  std::printf("\n");
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"How well each artifact detector tells injected defects from clean speech"};
  std::filesystem::path data;
  std::string only;
  std::size_t most = 100;
  bool json = false;
  bool tuning = false;
  app.add_option("--data", data, "folder of test data, with speech/")->required();
  app.add_option("--kind", only, "only this kind");
  app.add_option("--files", most, "at most this many recordings");
  app.add_flag("--json", json, "print JSON");
  app.add_flag("--tune", tuning, "take the half that thresholds are chosen on, and suggest them");
  CLI11_PARSE(app, argc, argv);

  if (!std::filesystem::is_directory(data / "speech")) {
    std::fprintf(stderr, "no folder %s\n", (data / "speech").c_str());
    return 1;
  }
  const auto recordings = load(speech_files(data), tuning ? 0 : 1, most);
  if (recordings.size() < 2) {
    std::fprintf(stderr, "fewer than two recordings in %s\n", (data / "speech").c_str());
    return 1;
  }
  if (!json) std::printf("%zu recordings\n", recordings.size());
  auto rows = nlohmann::json::array();
  for (const auto& detector : syrinx::measure::artifact_detectors()) {
    if (!only.empty() && only != detector.name) continue;
    const auto roc = syrinx::bench::measure_roc(detector, recordings, 1);
    if (json) {
      rows.push_back(as_json(detector, roc));
    } else {
      print(detector, roc, tuning);
    }
  }
  if (json) std::printf("%s\n", rows.dump(2).c_str());
  return 0;
}
