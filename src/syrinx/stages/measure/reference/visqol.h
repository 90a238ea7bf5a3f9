// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

// A quality score in the manner of ViSQOL v3 (Chinen, Lim, Skoglund, Gureev, O'Gorman and Hines,
// "ViSQOL v3: an open source production ready objective speech and audio metric", QoMEX 2020): the
// gammatone spectrograms of both signals are cut into patches, each patch of the reference is found
// again in the degraded signal, and their structural similarity (NSIM) is mapped to a MOS.
namespace syrinx::measure {

// Signals are to be 5 to 10 s long; longer ones than this (21 s at 48 kHz) are refused.
inline constexpr std::size_t kMaxVisqolSamples = std::size_t{1} << 20;

struct VisqolScore {
  double mos_lqo = 1.0;                 // 1 to 5.
  double similarity = 0.0;              // Mean NSIM, up to 1.
  std::vector<double> band_similarity;  // NSIM per band, from 50 Hz up.
  double delay_s = 0.0;                 // By how much the degraded signal was later.
};

// The support vector regression that turns the similarity of 32 bands into a MOS, as the file of
// libsvm that ViSQOL is distributed with.
class VisqolAudioModel {
 public:
  // Errors: kNotFound; kIo; as parse().
  static Result<VisqolAudioModel> load(const std::filesystem::path& path);
  // Errors: kCorruptData (not a libsvm model, numbers missing or not finite); kUnsupported (another
  // kind of machine or kernel than nu_svr and rbf); kLimitExceeded (limits::kMaxSvmFileBytes,
  // kMaxSvmVectors).
  static Result<VisqolAudioModel> parse(std::string_view text);

  // Pre: 32 values.
  double predict(const std::vector<double>& band_similarity) const;

 private:
  VisqolAudioModel() = default;

  double gamma_ = 0.0;
  double rho_ = 0.0;
  std::vector<double> coefficients_;
  std::vector<double> vectors_;  // [vectors][bands]
};

// Both find delays of up to half the reference, 5 s at most, by themselves: lengths may differ. The
// level does not matter. Several channels are mixed to one. Errors of both: kInvalidArgument for
// rates or channels that differ, no or non-finite samples, silence in either, or less than 0.9 s
// (speech: 0.7 s, or no activity in the reference); kLimitExceeded beyond kMaxVisqolSamples;
// kUnsupported for another rate.

// Any sound, at 48 kHz.
Result<VisqolScore> visqol_audio(AudioView reference, AudioView degraded,
                                 const VisqolAudioModel& model);
// Speech, at 16 to 48 kHz, of which what lies below 8 kHz counts; the exponential mapping.
Result<VisqolScore> visqol_speech(AudioView reference, AudioView degraded);

}  // namespace syrinx::measure
