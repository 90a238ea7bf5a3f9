// SPDX-License-Identifier: Apache-2.0
#include "world/identity_report.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <span>
#include <string>
#include <system_error>
#include <vector>

#include "intelligibility/child_process.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/measure/reference/pesq.h"
#include "syrinx/stages/measure/reference/spectral_distance.h"
#include "syrinx/stages/voice/world/voice_analyser.h"
#include "syrinx/stages/voice/world/voice_synthesiser.h"

namespace syrinx::bench {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr const char* kPeer = "bench/world/world_peer.js";

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

struct Again {
  AudioBuffer sound;
  double analysis_s = 0.0;
  double synthesis_s = 0.0;
};

// By frames every `hop_s`.
Result<Again> by_ours(AudioView sound, double hop_s) {
  voice::VoiceFrameOptions options;
  options.hop_s = hop_s;
  Again again;
  auto start = Clock::now();
  SYRINX_ASSIGN(const auto frames, voice::analyse_voice(sound, options));
  again.analysis_s = seconds_since(start);
  start = Clock::now();
  SYRINX_ASSIGN(again.sound, voice::synthesise_voice(frames));
  again.synthesis_s = seconds_since(start);
  return again;
}

Result<Again> by_world(AudioView sound, const fs::path& library, const fs::path& scratch) {
  const std::string in = scratch / "in.f32";
  const std::string out = scratch / "out.f32";
  const std::span<const float> samples = sound.channel(0);
  std::ofstream(in, std::ios::binary)
      .write(reinterpret_cast<const char*>(samples.data()),
             static_cast<std::streamsize>(samples.size_bytes()));
  SYRINX_ASSIGN(
      const std::string said,
      run_program({"node", kPeer, library, std::to_string(sound.sample_rate_hz()), in, out}));
  Again again;
  again.analysis_s = std::strtod(said.c_str(), nullptr);
  again.sound = AudioBuffer(1, samples.size(), sound.sample_rate_hz());
  const std::span<float> made = again.sound.channel(0);
  std::ifstream file(out, std::ios::binary);
  file.read(reinterpret_cast<char*>(made.data()), static_cast<std::streamsize>(made.size_bytes()));
  if (static_cast<std::size_t>(file.gcount()) != made.size_bytes())
    return make_error(ErrorCode::kIo, "World gave ", file.gcount(), " bytes, not ",
                      made.size_bytes());
  return again;
}

struct Row {
  double pesq = 0.0, mcd_db = 0.0, lsd_db = 0.0;
  double analysis_s = 0.0, synthesis_s = 0.0, sound_s = 0.0;
  int files = 0;
};

Result<void> judge(AudioView sound, const Again& again, Row& row) {
  SYRINX_ASSIGN(const AudioBuffer low, dsp::resample(sound, 16'000));
  SYRINX_ASSIGN(const AudioBuffer low_again, dsp::resample(again.sound, 16'000));
  SYRINX_ASSIGN(const auto score, measure::pesq(low, low_again, measure::PesqBand::kWide));
  SYRINX_ASSIGN(const double mcd, measure::mel_cepstral_distortion_db(sound, again.sound));
  SYRINX_ASSIGN(const double lsd, measure::log_spectral_distance_db(sound, again.sound));
  row.pesq += score.mos_lqo;
  row.mcd_db += mcd;
  row.lsd_db += lsd;
  row.analysis_s += again.analysis_s;
  row.synthesis_s += again.synthesis_s;
  row.sound_s += sound.duration_s();
  ++row.files;
  return {};
}

void print(const std::string& talker, const char* maker, const Row& row) {
  if (row.files == 0) return;
  const double n = row.files;
  std::printf("%-10s %-12s %6d %8.3f %8.2f %8.2f %10.4f", talker.c_str(), maker, row.files,
              row.pesq / n, row.mcd_db / n, row.lsd_db / n, row.analysis_s / row.sound_s);
  if (row.synthesis_s > 0.0) std::printf(" %10.4f", row.synthesis_s / row.sound_s);
  std::printf("\n");
  std::fflush(stdout);
}

struct Rows {
  Row coarse, fine, world;
};

Result<void> add_file(const fs::path& file, const IdentityReportOptions& options,
                      const fs::path& scratch, Rows& rows) {
  SYRINX_ASSIGN(const AudioBuffer sound, io::read_audio(file));
  SYRINX_ASSIGN(const Again coarse, by_ours(sound, 0.005));
  SYRINX_TRY(judge(sound, coarse, rows.coarse));
  SYRINX_ASSIGN(const Again fine, by_ours(sound, 0.002));
  SYRINX_TRY(judge(sound, fine, rows.fine));
  if (options.world.empty()) return {};
  SYRINX_ASSIGN(const Again world, by_world(sound, options.world, scratch));
  return judge(sound, world, rows.world);
}

std::vector<fs::path> sentences_of(const fs::path& talker, int most) {
  std::vector<fs::path> files;
  std::error_code absent;
  for (const auto& entry : fs::directory_iterator(talker, absent))
    if (entry.path().extension() == ".flac") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  files.resize(std::min(files.size(), static_cast<std::size_t>(most)));
  return files;
}

}  // namespace

int report_identity(const IdentityReportOptions& options) {
  const fs::path scratch =
      fs::temp_directory_path() /
      ("syrinx_world_" + std::to_string(Clock::now().time_since_epoch().count()));
  fs::create_directories(scratch);
  int code = 0;
  std::printf("taken apart and put together again\n%-10s %-12s %6s %8s %8s %8s %10s %10s\n",
              "talker", "by", "files", "PESQ-WB", "MCD dB", "LSD dB", "apart RTF", "again RTF");
  for (const std::string talker : {"ljspeech", "kathleen", "matthes", "kerstin"}) {
    Rows rows;
    for (const fs::path& file :
         sentences_of(options.data / "speech" / talker, options.utterances)) {
      const auto done = add_file(file, options, scratch, rows);
      if (done) continue;
      std::fprintf(stderr, "%s: %s\n", file.c_str(), done.error().message.c_str());
      code = 1;
    }
    print(talker, "ours, 5 ms", rows.coarse);
    print(talker, "ours, 2 ms", rows.fine);
    print(talker, "World, 2 ms", rows.world);
  }
  std::printf(
      "World's time is of WebAssembly, both halves together. As published, native: F0 by Harvest\n"
      "0.22 to 0.25, CheapTrick 0.013, D4C 0.05 to 0.06, synthesis 0.01 of the sound's time.\n");
  fs::remove_all(scratch);
  return code;
}

}  // namespace syrinx::bench
