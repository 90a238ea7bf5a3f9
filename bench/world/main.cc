// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/measure/reference/pesq.h"
#include "syrinx/stages/measure/reference/spectral_distance.h"
#include "syrinx/stages/voice/world/voice_analyser.h"
#include "syrinx/stages/voice/world/voice_synthesiser.h"
#include "world/like_report.h"
#include "world/parallel_report.h"
#include "world/speaker_report.h"

// What is left of a voice that is taken apart and put together again: a row per talker.
//
// Then one voice like another: like_report.h; and beside what the other really says:
// parallel_report.h.
//
//   syrinx_world_report DATA_FOLDER [UTTERANCES [FOLDER [EXEMPLARS [MIXTURE [NETWORK]]]]] [MODE]
//   syrinx_world_report DATA_FOLDER speakers [WEIGHTS]
//   syrinx_world_report DATA_FOLDER parallel [distortions [WEIGHTS]]
//
// MODE, at the end: low, balanced or high; as `syrinx live --like` does it in that mode.
namespace syrinx {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

struct Row {
  double pesq = 0.0, mcd_db = 0.0, lsd_db = 0.0;
  double analysis_s = 0.0, synthesis_s = 0.0, sound_s = 0.0;
  int files = 0;
};

Result<void> add_file(const fs::path& file, Row& row, const fs::path& output) {
  SYRINX_ASSIGN(const AudioBuffer sound, io::read_audio(file));
  auto start = Clock::now();
  SYRINX_ASSIGN(const auto frames, voice::analyse_voice(sound));
  row.analysis_s += seconds_since(start);
  start = Clock::now();
  SYRINX_ASSIGN(const AudioBuffer again, voice::synthesise_voice(frames));
  row.synthesis_s += seconds_since(start);
  row.sound_s += sound.duration_s();
  SYRINX_ASSIGN(const AudioBuffer low, dsp::resample(sound, 16'000));
  SYRINX_ASSIGN(const AudioBuffer low_again, dsp::resample(again, 16'000));
  SYRINX_ASSIGN(const auto score, measure::pesq(low, low_again, measure::PesqBand::kWide));
  SYRINX_ASSIGN(const double mcd, measure::mel_cepstral_distortion_db(sound, again));
  SYRINX_ASSIGN(const double lsd, measure::log_spectral_distance_db(sound, again));
  row.pesq += score.mos_lqo;
  row.mcd_db += mcd;
  row.lsd_db += lsd;
  ++row.files;
  if (output.empty()) return {};
  return io::write_audio(output / (file.stem().string() + "_world.wav"), again);
}

int report(const fs::path& data, int utterances, const fs::path& output) {
  std::printf("%-10s %6s %8s %8s %8s %14s %14s\n", "talker", "files", "PESQ-WB", "MCD dB", "LSD dB",
              "analysis RTF", "synthesis RTF");
  for (const std::string talker : {"ljspeech", "kathleen", "matthes", "kerstin"}) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(data / "speech" / talker))
      if (entry.path().extension() == ".flac") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    Row row;
    for (const fs::path& file : files) {
      if (row.files == utterances) break;
      const auto done = add_file(file, row, output);
      if (!done) std::fprintf(stderr, "%s: %s\n", file.c_str(), done.error().message.c_str());
    }
    if (row.files == 0) continue;
    const double n = row.files;
    std::printf("%-10s %6d %8.3f %8.2f %8.2f %14.4f %14.4f\n", talker.c_str(), row.files,
                row.pesq / n, row.mcd_db / n, row.lsd_db / n, row.analysis_s / row.sound_s,
                row.synthesis_s / row.sound_s);
  }
  return 0;
}

}  // namespace
}  // namespace syrinx

int main(int argc, char** argv) {
  if (argc >= 3 && std::string(argv[2]) == "speakers")
    return syrinx::bench::report_speakers(argv[1], argc > 3 ? argv[3] : "");
  if (argc >= 3 && std::string(argv[2]) == "parallel")
    return syrinx::bench::report_parallel(argv[1], argc > 3, argc > 4 ? argv[4] : "");
  if (argc < 2) {
    std::fprintf(stderr,
                 "usage: syrinx_world_report DATA_FOLDER [UTTERANCES [FOLDER [EXEMPLARS "
                 "[MIXTURE [NETWORK]]]]] [MODE]\n"
                 "       syrinx_world_report DATA_FOLDER speakers [WEIGHTS]\n"
                 "       syrinx_world_report DATA_FOLDER parallel [distortions [WEIGHTS]]\n");
    return 2;
  }
  syrinx::bench::LikeReportOptions options;
  if (const auto mode = syrinx::conversion::parse_mode(argv[argc - 1])) {
    options.live = *mode;
    --argc;
  }
  options.data = argv[1];
  if (argc > 2) options.utterances = std::atoi(argv[2]);
  if (argc > 3) options.output = argv[3];
  if (argc > 4) options.exemplars = std::atof(argv[4]);
  if (argc > 5) options.mixture = std::atof(argv[5]);
  if (argc > 6) options.network = std::atof(argv[6]);
  const int code = syrinx::report(options.data, options.utterances, options.output);
  if (code != 0) return code;
  const int likeness = syrinx::bench::report_likeness(options);
  return likeness != 0 ? likeness : syrinx::bench::report_parallel(options.data);
}
