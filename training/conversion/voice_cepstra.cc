// SPDX-License-Identifier: Apache-2.0
//
// What training sees of a voice, exactly as the engine sees it.
//
//   syrinx_voice_cepstra OUT < paths of sounds, a line each
//   syrinx_voice_cepstra --run WEIGHTS IN OUT
//
// OUT has, little-endian, for each sound: the number of frames (uint32), or 0 for one that cannot
// be read, then per frame F0 in Hz (0 without pitch) and 25 cepstra (mel_cepstra.h), float32.
//
// --run asks the network of a file. IN has, all float32: 32 numbers of a speaker, then for each
// frame the level, 24 cepstra, whether there is a pitch, the melody and the logarithm of the F0
// wanted. OUT gets the 24 cepstra of each frame.

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/voice/network/conversion_model.h"
#include "syrinx/stages/voice/profile/mel_cepstra.h"
#include "syrinx/stages/voice/world/voice_analyser.h"

namespace {

constexpr int kRateHz = 16'000;  // Nothing above 8 kHz is looked at.

syrinx::Result<std::vector<float>> frames_of(const std::string& path) {
  SYRINX_ASSIGN(auto sound, syrinx::io::read_audio(path));
  SYRINX_ASSIGN(sound, syrinx::dsp::resample(sound, kRateHz));
  SYRINX_ASSIGN(const auto frames, syrinx::voice::analyse_voice(sound));
  const syrinx::voice::MelCepstra cepstra(frames.shape);
  std::vector<float> rows;
  for (std::size_t k = 0; k < frames.frames(); ++k) {
    const auto frame = frames.frame(k);
    rows.push_back(frame.f0_hz);
    const auto cepstrum = syrinx::voice::cepstrum_of(cepstra.logs_of(frame.power));
    rows.insert(rows.end(), cepstrum.begin(), cepstrum.end());
  }
  return rows;
}

template <std::size_t n>
bool read(std::istream& in, std::array<float, n>& values) {
  return static_cast<bool>(in.read(reinterpret_cast<char*>(values.data()), sizeof values));
}

int run_network(const char* weights, const char* from, const char* to) {
  using namespace syrinx::voice;
  const auto model = load_conversion_model(weights);
  if (!model) {
    std::cerr << weights << ": " << model.error().message << '\n';
    return 1;
  }
  std::ifstream in(from, std::ios::binary);
  std::ofstream out(to, std::ios::binary);
  SpeakerVector speaker;
  if (!read(in, speaker)) return 1;
  const auto stream = (*model)->stream(speaker);
  std::array<float, kModelCepstra + 4> row;
  while (read(in, row)) {
    ModelFrame frame;
    frame.level = row[0];
    std::copy_n(row.begin() + 1, kModelCepstra, frame.cepstrum.begin());
    frame.voiced = row[kModelCepstra + 1] > 0.0f;
    frame.melody = row[kModelCepstra + 2];
    frame.log_f0_wanted = row[kModelCepstra + 3];
    const ModelCepstrum made = stream->step(frame);
    out.write(reinterpret_cast<const char*>(made.data()), sizeof made);
  }
  out.close();
  return out ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 5 && std::string(argv[1]) == "--run") return run_network(argv[2], argv[3], argv[4]);
  if (argc != 2) {
    std::cerr << "usage: syrinx_voice_cepstra OUT < paths of sounds\n"
                 "       syrinx_voice_cepstra --run WEIGHTS IN OUT\n";
    return 2;
  }
  std::ofstream out(argv[1], std::ios::binary);
  for (std::string path; std::getline(std::cin, path);) {
    const auto rows = frames_of(path);
    if (!rows) std::cerr << path << ": " << rows.error().message << '\n';
    const std::uint32_t count =
        rows ? static_cast<std::uint32_t>(rows->size() / (1 + syrinx::voice::kCepstra)) : 0;
    out.write(reinterpret_cast<const char*>(&count), sizeof count);
    if (rows)
      out.write(reinterpret_cast<const char*>(rows->data()),
                static_cast<std::streamsize>(rows->size() * sizeof(float)));
  }
  out.close();
  return out ? 0 : 1;
}
