// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/mel.h"
#include "syrinx/core/flow/spoken.h"
#include "syrinx/stages/acoustic/fastspeech/fastspeech_config.h"
#include "syrinx/stages/acoustic/fastspeech/fastspeech_network.h"
#include "syrinx/stages/acoustic/fastspeech/phoneme_line.h"

namespace syrinx::acoustic {

// One sentence as a mel, and when everything in it sounds. Times are seconds from its start.
struct SpokenMel {
  Mel mel;  // No frames for a plan with nothing to pronounce.
  std::vector<TimedWord> words;
  std::vector<TimedPhoneme> phonemes;  // Gap-free from 0 to the end of the last frame.
  std::vector<double> f0_hz;           // That each frame was made with, voiced or not.
  std::vector<UnsaidSymbol> unsaid;
};

struct FastSpeechOptions {
  nn::Precision precision = nn::Precision::kFloat32;
  const nn::RowKernels* kernels = &nn::row_kernels();  // Another table, for tests.
};

// Turns the phonemes of a sentence into a mel: the acoustic half of a two-stage voice. Immutable;
// any thread may use it.
class FastSpeechModel {
 public:
  // The settings of a voice's folder. Errors: those of read_json_file() and
  // read_fastspeech_config().
  static Result<FastSpeechConfig> read_config(const std::filesystem::path& voice_json);
  // Weights for the settings, of any format that nn::WeightFile reads. Errors: those of
  // WeightFile::open() and FastSpeechNetwork::build(), naming the file.
  static Result<FastSpeechModel> load(FastSpeechConfig config, const std::filesystem::path& weights,
                                      const FastSpeechOptions& options = {});
  // The same of a file that is open.
  static Result<FastSpeechModel> load(FastSpeechConfig config, const nn::WeightFile& file,
                                      const FastSpeechOptions& options = {});

  const FastSpeechConfig& config() const noexcept { return config_; }
  std::size_t parameters() const noexcept { return network_.parameters(); }
  std::size_t memory_bytes() const noexcept { return network_.memory_bytes(); }

  // The plan at its rate and pitch; durations are the model's own divided by the rate. A line of
  // more than limits::kMaxFastSpeechSymbols is made in stretches, cut at marks, else between words.
  // The same plan gives the same mel. Errors: those of phoneme_line(); kInvalidArgument for prosody
  // out of range; kLimitExceeded for more than limits::kMaxFastSpeechFrames frames in a stretch;
  // kInternal for a duration or a mel that is no number; kCancelled.
  Result<SpokenMel> speak(const UtterancePlan& plan, const std::stop_token& stop = {}) const;

 private:
  FastSpeechModel(FastSpeechConfig config, FastSpeechNetwork network)
      : config_(std::move(config)), network_(std::move(network)) {}

  FastSpeechConfig config_;
  FastSpeechNetwork network_;
};

// How many frames each symbol lasts, by the logarithms of frames + 1 that the network says, at a
// rate. The whole is rounded once: what one symbol gets too much the next ones lose. A symbol of
// `phoneme` lasts a frame at least. Errors: kInternal for a logarithm that is no number;
// kLimitExceeded above limits::kMaxFastSpeechFrames in all.
Result<std::vector<std::size_t>> frames_of(std::span<const float> log_durations,
                                           const std::vector<bool>& phoneme, double rate);

}  // namespace syrinx::acoustic
