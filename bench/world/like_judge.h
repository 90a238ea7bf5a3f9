// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "syrinx/core/flow/audio.h"
#include "syrinx/stages/measure/neural/dnsmos.h"
#include "syrinx/stages/measure/recognition/recogniser.h"
#include "syrinx/stages/measure/recognition/word_error_rate.h"

// What is measured of a talker's sentences, before and after they became somebody else's.
namespace syrinx::bench {

inline constexpr std::size_t kTerms = 13;

struct Utterance {
  std::string name;
  std::string text;
  AudioBuffer sound;
};

// Judged by other means than those that convert: pYIN, and cepstra of a spectrogram.
struct Traits {
  double log_f0 = 0.0;
  std::array<double, kTerms> cepstrum{};
};

struct Judged {
  Traits traits;
  measure::WordErrors words;
  double dnsmos = 0.0;
  double artifact_share = 0.0;
};

// The first sentences of a folder with transcripts.tsv that can be read.
std::vector<Utterance> read_talker(const std::filesystem::path& folder, std::size_t count);
Traits traits_of(const std::vector<Utterance>& utterances);
double cepstral_distance(const Traits& a, const Traits& b);  // dB
double semitones(const Traits& a, const Traits& b);

class Judge {
 public:
  explicit Judge(const std::filesystem::path& data);
  Judged judge(const std::vector<Utterance>& utterances);

 private:
  std::unique_ptr<measure::Recogniser> recogniser_;
  std::optional<measure::Dnsmos> dnsmos_;
};

}  // namespace syrinx::bench
