// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/fft.h"
#include "syrinx/stages/measure/psychoacoustics/zwicker_loudness.h"

// What a sound hides: the global masking threshold of psychoacoustic model 1 of ISO/IEC 11172-3
// (MPEG-1), Annex D.1, at the resolution of the spectrum. Tones mask less than
// noise of the same level; masking spreads over Bark by straight slopes, upwards the flatter the
// louder.
namespace syrinx::measure {

// The absolute threshold in quiet, dB SPL, after E. Terhardt (1979). Pre: hz > 0.
double threshold_in_quiet_db_spl(double hz) noexcept;

struct Masker {
  double hz = 0.0;
  double db_spl = 0.0;
  bool tonal = false;
};

struct MaskingThreshold {
  double bin_hz = 0.0;
  std::vector<double> level_db_spl;      // Of each bin, 0 Hz to Nyquist.
  std::vector<double> threshold_db_spl;  // What a line there must exceed to be heard.
  std::vector<Masker> maskers;           // Those that count.
};

// Analyses frames of 1024 samples. One instance serves one thread.
class MaskingModel {
 public:
  static constexpr std::size_t kFrame = 1'024;

  // Errors: kInvalidArgument for a rate outside limits.h.
  static Result<MaskingModel> create(int sample_rate_hz, const Calibration& calibration);

  // Errors: kInvalidArgument for another length than kFrame or a non-finite sample.
  Result<MaskingThreshold> analyse(std::span<const float> frame);

 private:
  MaskingModel(int sample_rate_hz, double full_scale_db_spl, dsp::RealFft fft);
  void measure_levels(std::span<const float> frame, std::vector<double>& levels_db);
  double hz_of(double bin) const noexcept { return bin * bin_hz_; }
  std::vector<Masker> tonal_maskers(std::span<const double> levels_db,
                                    std::vector<bool>& taken) const;
  std::vector<Masker> noise_maskers(std::span<const double> levels_db,
                                    const std::vector<bool>& taken) const;

  double bin_hz_;
  double full_scale_db_spl_;
  dsp::RealFft fft_;
  std::vector<float> window_;
  std::vector<float> weighted_;
  std::vector<std::complex<float>> spectrum_;
};

}  // namespace syrinx::measure
