// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

// Small models with the inputs and outputs of real voices, whose sound is steps: each symbol lasts
// four frames and is as high as its number, so that tests see what a voice was given and when.
namespace syrinx::support {

struct KokoroGraph {
  bool huggingface = false;  // input_ids, waveform, durations; else tokens, audio.
  bool durations = true;
  bool whole_speed = false;  // An int32 speed.
  bool noise = false;        // Adds a hundredth of random noise.
  int style = 256;           // Numbers of the style.
};
// Frames of 600 samples, four for each token divided by the speed, each sample 0.002 times the
// token plus the mean of the style.
void write_kokoro_graph(const std::filesystem::path& file, const KokoroGraph& graph = {});

// A voice whose rows are all `value`, but for the first number of each, which is its row's number
// over a million: .bin (raw).
void write_kokoro_voice(const std::filesystem::path& file, float value);

// A model in a folder: model.onnx and voices of these names, of 0.1, 0.2, ...
void write_kokoro_folder(const std::filesystem::path& folder,
                         const std::vector<std::string>& voices, const KokoroGraph& graph = {});

struct PiperGraph {
  int speakers = 1;
  bool durations = false;
  bool noise = true;  // A hundredth of the first scale times random noise.
  std::string phoneme_type = "espeak";
  std::string espeak_voice = "en-us";
  std::string language = "en_US";
};
// file and file.json: hops of 256 samples at 22,050 Hz, four for each id times the length scale,
// each sample 0.002 times the id plus 0.05 times the speaker.
void write_piper_voice(const std::filesystem::path& file, const PiperGraph& graph = {});

}  // namespace syrinx::support
