// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/biquad.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/stages/measure/true_peak.h"

// Loudness by ITU-R BS.1770-4 (and EBU R 128), in LUFS, and peaks.
namespace syrinx::measure {

// What a programme measures. Loudness that does not exist (silence, or less than one 400 ms block)
// is minus infinity.
struct Loudness {
  double integrated_lufs = 0.0;      // Gated at -70 LUFS and 10 LU below the ungated mean.
  double max_momentary_lufs = 0.0;   // The loudest 400 ms.
  double max_short_term_lufs = 0.0;  // The loudest 3 s.
  double sample_peak_dbfs = 0.0;
  double true_peak_dbtp = 0.0;
};

// dsp::k_weighting(), by which all of this measures.
std::array<dsp::Biquad, 2> k_weighting(int sample_rate_hz) noexcept;

// Weights in the order of channels that files use: mono, stereo and front channels 1; of five (L R
// C Ls Rs) and four (L R Ls Rs) the surrounds 1.41; of six (L R C LFE Ls Rs) the fourth 0.
std::vector<double> channel_weights(std::size_t channels);

// Measures one stream, handed in in blocks of any size. Memory does not grow with the stream: block
// loudnesses are kept as energies in classes of 0.01 LU, by which the relative gate decides. One
// instance serves one thread.
class LoudnessMeter {
 public:
  // Errors: kInvalidArgument for a rate or channels outside limits.h.
  static Result<LoudnessMeter> create(int sample_rate_hz, std::size_t channels);

  int sample_rate_hz() const noexcept { return sample_rate_hz_; }
  std::size_t channels() const noexcept { return filters_.channels(); }

  // Pre: the view has channels() channels and the rate of create(). Non-finite samples count as 0.
  void process(AudioView audio) noexcept SYRINX_REALTIME;
  // What the stream measures so far. Any time, from the thread that calls process().
  Loudness loudness() const noexcept SYRINX_REALTIME;
  double momentary_lufs() const noexcept SYRINX_REALTIME;   // Of the last 400 ms.
  double short_term_lufs() const noexcept SYRINX_REALTIME;  // Of the last 3 s.
  void reset() noexcept SYRINX_REALTIME;

 private:
  static constexpr std::size_t kChunkFrames = 256;
  static constexpr std::size_t kStepsPerBlock = 4;       // Of 100 ms: 400 ms, 75 % overlap.
  static constexpr std::size_t kStepsPerShortTerm = 30;  // 3 s
  struct Class {
    double energy = 0.0;
    std::uint64_t blocks = 0;
  };

  LoudnessMeter(int sample_rate_hz, dsp::BiquadCascade filters);
  void process_chunk(AudioView chunk) noexcept;
  void finish_step() noexcept;
  double mean_of_last(std::size_t steps) const noexcept;
  double integrated_energy() const noexcept;

  int sample_rate_hz_;
  std::size_t step_frames_;  // 100 ms
  std::vector<double> weights_;
  dsp::BiquadCascade filters_;
  std::vector<TruePeakMeter> true_peaks_;
  std::array<float, kChunkFrames> scratch_{};

  std::vector<double> step_sums_;  // Squares of the step being filled, per channel.
  std::size_t step_filled_ = 0;
  std::array<double, kStepsPerShortTerm> steps_{};  // Mean squares, a ring.
  std::uint64_t steps_done_ = 0;
  std::vector<Class> classes_;
  double max_momentary_ = 0.0;
  double max_short_term_ = 0.0;
  float sample_peak_ = 0.0f;
};

// The loudness of a whole signal. Errors: as LoudnessMeter::create, and kInvalidArgument for an
// empty view.
Result<Loudness> measure_loudness(AudioView audio);

}  // namespace syrinx::measure
