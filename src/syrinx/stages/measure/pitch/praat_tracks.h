// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "syrinx/core/dsp/pitch/f0_track.h"

// Praat's tracks under golden/f0, for tests and for the report of all measures.
namespace syrinx::measure {

struct PraatFile {
  const char* track;    // Under golden/f0, without its ending.
  const char* speech;   // Under speech, without its ending.
  const char* quality;  // Its name in voice_quality.tsv.
};

inline const std::vector<PraatFile>& praat_files() {
  static const std::vector<PraatFile> kFiles = {
      {"_jfk", "jfk", "./jfk"},
      {"kathleen_arctic_a0001", "kathleen/arctic_a0001", "kathleen/arctic_a0001"},
      {"kathleen_arctic_a0002", "kathleen/arctic_a0002", "kathleen/arctic_a0002"},
      {"kerstin_de_rhasspy-0004", "kerstin/de_rhasspy-0004", "kerstin/de_rhasspy-0004"},
      {"ljspeech_LJ001-0001", "ljspeech/LJ001-0001", "ljspeech/LJ001-0001"},
      {"ljspeech_LJ001-0002", "ljspeech/LJ001-0002", "ljspeech/LJ001-0002"},
      {"ljspeech_LJ001-0004", "ljspeech/LJ001-0004", "ljspeech/LJ001-0004"},
      {"matthes_LJ001-0001", "matthes/LJ001-0001", "matthes/LJ001-0001"}};
  return kFiles;
}

// A file of lines "seconds<TAB>hertz", the second not a number where there is no pitch. Empty when
// it cannot be read.
inline dsp::F0Track read_praat_track(const std::filesystem::path& path) {
  dsp::F0Track track;
  std::ifstream file(path);
  std::string seconds;
  std::string hertz;
  std::vector<double> times;
  while (file >> seconds >> hertz) {
    times.push_back(std::strtod(seconds.c_str(), nullptr));
    track.hz.push_back(std::strtod(hertz.c_str(), nullptr));
  }
  if (times.size() < 2) return {};
  track.first_s = times.front();
  track.hop_s = (times.back() - times.front()) / static_cast<double>(times.size() - 1);
  return track;
}

struct PraatQuality {
  double jitter_local = 0.0;
  double shimmer_local = 0.0;
  double hnr_db = 0.0;
  double formants_hz[3] = {};
};

// The line of voice_quality.tsv that begins with `name`; nothing when there is none.
inline std::optional<PraatQuality> read_praat_quality(const std::filesystem::path& path,
                                                      const std::string& name) {
  std::ifstream file(path);
  std::string line;
  while (std::getline(file, line)) {
    std::istringstream words(line);
    std::string word;
    PraatQuality q;
    if (!(words >> word) || word != name) continue;
    if (words >> q.jitter_local >> q.shimmer_local >> q.hnr_db >> q.formants_hz[0] >>
        q.formants_hz[1] >> q.formants_hz[2]) {
      return q;
    }
  }
  return std::nullopt;
}

}  // namespace syrinx::measure
