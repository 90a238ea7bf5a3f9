// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>

#include "syrinx/engines/conversion/conversion.h"

// How far one talker's sentences go towards another's voice, and what they lose on the way.
namespace syrinx::bench {

struct LikeReportOptions {
  std::filesystem::path data;
  std::filesystem::path output;  // Where results are written as WAV; empty: nowhere.
  int utterances = 5;            // Of each source; as many of the target teach its voice.
  double exemplars = 0.0;
  double mixture = 0.0;
  double network = 0.0;
  std::optional<conversion::Mode> live;  // As `syrinx live` in that mode, not as `convert`.
};

// Prints a row per pair: the share of the way in F0 and in the mean mel-cepstrum (judged by pYIN
// and the measure of distortion, against sentences of the target that taught nothing), word error
// rates, DNSMOS and artifact shares before and after; and of all pairs whether the bars are
// reached. Returns the exit code.
int report_likeness(const LikeReportOptions& options);

}  // namespace syrinx::bench
