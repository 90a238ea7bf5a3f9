// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "syrinx/core/base/json.h"
#include "syrinx/core/base/result.h"

namespace syrinx::acoustic {

// What a Piper voice's .onnx.json says of it.
struct PiperConfig {
  int sample_rate_hz = 0;
  std::string language;        // BCP 47: "en-US".
  std::string espeak_voice;    // "en-us"; empty for a voice that reads letters.
  bool reads_letters = false;  // phoneme_type "text".
  double noise_scale = 0.667;  // Of the sound.
  double length_scale = 1.0;   // Of durations: 2 is half as fast.
  double noise_w = 0.8;        // Of durations.
  double hop_samples = 256;    // Of one frame of durations.
  std::size_t speakers = 1;
  std::vector<std::pair<std::string, std::int64_t>> speaker_ids;  // As in the file.
  std::map<char32_t, std::vector<std::int64_t>> ids;              // Of each symbol.
  std::map<char32_t, std::u32string> replaced;                    // phoneme_map.
};

// `name` stands for the file in messages. Errors: kCorruptData naming what is missing or wrong
// (no phoneme_id_map, no "^", "_" or "$" in it, a rate that is none, a speaker outside
// num_speakers); kUnsupported for a phoneme_type other than espeak and text; kLimitExceeded.
Result<PiperConfig> read_piper_config(const JsonValue& json, const std::string& name);

}  // namespace syrinx::acoustic
