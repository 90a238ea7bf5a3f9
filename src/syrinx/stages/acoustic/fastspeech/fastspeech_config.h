// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/json.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/mel.h"
#include "syrinx/stages/acoustic/speech_model.h"

namespace syrinx::acoustic {

// How large the network is: "model" in voice.json, and Sizes in training/voice/model.py.
struct FastSpeechSizes {
  std::size_t hidden = 192;         // Channels between the layers; even.
  std::size_t heads = 2;            // Of attention; they share `hidden` evenly.
  std::size_t relative_window = 4;  // Rows that attention knows the distance of; 0: none.
  std::size_t filter = 384;         // Channels between the two convolutions of a block.
  std::size_t kernel = 5;           // Taps of the first of them; odd, as all kernels are.
  std::size_t encoder_blocks = 4;
  std::size_t decoder_blocks = 4;
  std::size_t predictor_hidden = 192;
  std::size_t predictor_kernel = 3;
  std::size_t variance_kernel = 3;  // Of the convolutions that embed pitch and energy.
};

// What the numbers of the network mean outside it.
struct FastSpeechStatistics {
  double log_f0_mean = 0;  // Of the natural logarithm of F0 in Hz over the training data.
  double log_f0_std = 1;
  double mel_mean = 0;  // Of the values of the mel: what the network makes is multiplied by the
  double mel_std = 1;   // deviation and moved by the mean.
};

// What voice.json says of a two-stage voice: who speaks, what its acoustic model takes and makes.
struct FastSpeechConfig {
  VoiceInfo info;  // `engine` is "two-stage"; the rate is the mel's.
  FastSpeechSizes sizes;
  FastSpeechStatistics statistics;
  MelSpec mel;
  std::vector<std::string> symbols;         // As in the file; a symbol's id is its place.
  std::map<std::string, std::int32_t> ids;  // Of each symbol.
};

// `name` stands for the file in messages. Errors: kCorruptData naming the member that is missing,
// of another type or out of range; kUnsupported for another format, version, phoneme set or mel
// convention; kLimitExceeded for sizes and symbols beyond the limits of networks.
Result<FastSpeechConfig> read_fastspeech_config(const JsonValue& json, const std::string& name);

}  // namespace syrinx::acoustic
