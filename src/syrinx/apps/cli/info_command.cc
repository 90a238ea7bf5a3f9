// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cmath>
#include <cstdio>

#include "syrinx/apps/cli/command.h"
#include "syrinx/apps/cli/progress.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/measure/loudness.h"

namespace syrinx::cli {
namespace {

constexpr const char* kFooter =
    "Examples:\n"
    "  syrinx info say.wav                one file\n"
    "  syrinx info *.flac --json          many, for machines\n"
    "  syrinx say -o - \"Hi.\" | syrinx info -\n"
    "\n"
    "Peak is the largest sample, true peak the largest between samples (ITU-R BS.1770 annex 2),\n"
    "loudness the integrated one (BS.1770-4). What a file is, is told by its content.";

struct FileReport {
  io::AudioFileInfo info;
  std::uint64_t frames = 0;
  bool truncated = false;
  std::uint64_t non_finite_samples = 0;
  measure::Loudness loudness;
};

Result<io::AudioReader> open_audio(const std::string& path) {
  if (path == "-") return io::AudioReader::from_fd(STDIN_FILENO, "standard input");
  return io::AudioReader::open(path);
}

Result<FileReport> examine(const std::string& path, const Context& context, Progress& progress) {
  SYRINX_ASSIGN(auto reader, open_audio(path));
  FileReport report;
  report.info = reader.info();
  SYRINX_ASSIGN(auto meter,
                measure::LoudnessMeter::create(reader.sample_rate_hz(), reader.channels()));
  AudioBuffer block;
  while (true) {
    SYRINX_ASSIGN(const bool more, reader.next(block, context.stop));
    if (!more) break;
    meter.process(block);
    std::optional<double> share;
    if (report.info.frames && *report.info.frames > 0)
      share = static_cast<double>(reader.frames_read()) / static_cast<double>(*report.info.frames);
    progress.show(share, path);
  }
  report.frames = reader.frames_read();
  report.truncated = reader.truncated();
  report.non_finite_samples = reader.non_finite_samples();
  report.loudness = meter.loudness();
  return report;
}

double duration_s(const FileReport& report) {
  return static_cast<double>(report.frames) / report.info.sample_rate_hz;
}

// Silence has no level: minus infinity is no JSON number.
nlohmann::json number_or_null(double value) {
  return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr);
}

nlohmann::json to_json(const std::string& path, const FileReport& report) {
  return {{"file", path},
          {"format", io::to_string(report.info.format)},
          {"encoding", io::to_string(report.info.encoding)},
          {"sample_rate_hz", report.info.sample_rate_hz},
          {"channels", report.info.channels},
          {"frames", report.frames},
          {"duration_s", duration_s(report)},
          {"truncated", report.truncated},
          {"non_finite_samples", report.non_finite_samples},
          {"peak_dbfs", number_or_null(report.loudness.sample_peak_dbfs)},
          {"true_peak_dbtp", number_or_null(report.loudness.true_peak_dbtp)},
          {"loudness_lufs", number_or_null(report.loudness.integrated_lufs)}};
}

std::string level(double value, const char* unit) {
  if (!std::isfinite(value)) return "none (silence)";
  char text[32];
  std::snprintf(text, sizeof text, "%.1f %s", value, unit);
  return text;
}

void print_for_person(const std::string& path, const FileReport& report) {
  std::printf("%s\n", path.c_str());
  std::printf("  format    %s, %s\n", std::string(io::to_string(report.info.format)).c_str(),
              std::string(io::to_string(report.info.encoding)).c_str());
  std::printf("  length    %.3f s (%llu frames)%s\n", duration_s(report),
              static_cast<unsigned long long>(report.frames),
              report.truncated ? ", cut short: the header promises more" : "");
  std::printf("  rate      %d Hz\n", report.info.sample_rate_hz);
  std::printf("  channels  %zu\n", report.info.channels);
  std::printf("  peak      %s (true peak %s)\n",
              level(report.loudness.sample_peak_dbfs, "dBFS").c_str(),
              level(report.loudness.true_peak_dbtp, "dBTP").c_str());
  std::printf("  loudness  %s\n", level(report.loudness.integrated_lufs, "LUFS").c_str());
  if (report.non_finite_samples > 0)
    std::printf("  broken    %llu samples are not finite and were read as silence\n",
                static_cast<unsigned long long>(report.non_finite_samples));
}

// Every file is looked at; the first failure decides the exit code.
void examine_all(const std::vector<std::string>& paths, Context& context) {
  nlohmann::json files = nlohmann::json::array();
  for (const std::string& path : paths) {
    Progress progress(!context.quiet);
    const auto report = examine(path, context, progress);
    if (!report) {
      const int code = report_error(
          context, make_error(report.error().code, path, ": ", report.error().message));
      if (context.exit_code == 0) context.exit_code = code;
      if (report.error().code == ErrorCode::kCancelled) break;
    } else if (context.json) {
      files.push_back(to_json(path, *report));
    } else {
      print_for_person(path, *report);
    }
  }
  if (context.json) print_json({{"files", files}});
}

}  // namespace

void add_info_command(CLI::App& app, Context& context) {
  CLI::App* command =
      app.add_subcommand("info", "Show format, length, rate, channels, peak and loudness of files");
  auto paths = std::make_shared<std::vector<std::string>>();
  command->add_option("files", *paths, "Audio files; - is standard input")
      ->required()
      ->type_name("FILE");
  add_json_option(*command, context, "{\"files\": [...]}; silence has no levels (null)");
  command->footer(kFooter);
  command->callback([paths, &context] { examine_all(*paths, context); });
}

}  // namespace syrinx::cli
