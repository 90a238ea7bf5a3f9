// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

// Second-order filters in series, and the designs of R. Bristow-Johnson's "Cookbook formulae for
// audio EQ biquad filter coefficients".
namespace syrinx::dsp {

// H(z) = (b0 + b1 z^-1 + b2 z^-2) / (1 + a1 z^-1 + a2 z^-2)
struct Biquad {
  double b0 = 1.0;
  double b1 = 0.0;
  double b2 = 0.0;
  double a1 = 0.0;
  double a2 = 0.0;

  friend bool operator==(const Biquad&, const Biquad&) = default;
};

// H at a frequency: its magnitude is the gain, its argument the phase.
std::complex<double> response(const Biquad& filter, double hz, double sample_rate_hz) noexcept;
std::complex<double> response(std::span<const Biquad> cascade, double hz,
                              double sample_rate_hz) noexcept;
// Whether every bounded input gives a bounded output: both poles inside the unit circle.
bool is_stable(const Biquad& filter) noexcept;

// Where and how sharp a design is. `q` is 1/sqrt(2) for the flattest low and high pass; for peaks,
// notches and bands, centre over bandwidth.
struct BiquadDesign {
  double sample_rate_hz = 48'000.0;
  double hz = 1'000.0;  // Corner, centre or midpoint; above 0 and below half the rate.
  double q = 0.70710678118654752;
  double gain_db = 0.0;  // For peak and shelves only.
};

// Errors of each: kInvalidArgument for a rate, frequency, q or gain (beyond +-120 dB) that no
// filter has.
Result<Biquad> low_pass(const BiquadDesign& design);
Result<Biquad> high_pass(const BiquadDesign& design);
Result<Biquad> band_pass(const BiquadDesign& design);  // 0 dB at the centre.
Result<Biquad> notch(const BiquadDesign& design);
Result<Biquad> all_pass(const BiquadDesign& design);
Result<Biquad> peak(const BiquadDesign& design);
Result<Biquad> low_shelf(const BiquadDesign& design);
Result<Biquad> high_shelf(const BiquadDesign& design);

// Sections in series over any number of channels, transposed direct form II, state in double. No
// latency. One instance serves one stream, one thread.
class BiquadCascade {
 public:
  // Errors: kInvalidArgument for channels outside limits.h or an unstable section.
  static Result<BiquadCascade> create(std::span<const Biquad> sections, std::size_t channels);

  std::size_t channels() const noexcept { return channels_; }
  std::span<const Biquad> sections() const noexcept { return sections_; }

  // Filters in place. Pre: audio.channels() == channels().
  void process(MutableAudioView audio) noexcept SYRINX_REALTIME;
  // One channel in place. Pre: channel < channels().
  void process(std::span<float> samples, std::size_t channel) noexcept SYRINX_REALTIME;
  // Changes a section's coefficients and keeps its state. Pre: index < sections().size(), stable.
  void set_section(std::size_t index, const Biquad& section) noexcept SYRINX_REALTIME;
  // Forgets a section's past, in every channel. Pre: index < sections().size().
  void reset_section(std::size_t index) noexcept SYRINX_REALTIME;
  void reset() noexcept SYRINX_REALTIME;

 private:
  struct State {
    double s1 = 0.0;
    double s2 = 0.0;
  };
  BiquadCascade(std::span<const Biquad> sections, std::size_t channels);
  template <std::size_t kCount>
  void run(std::span<double> x, const std::size_t* which, State* states) const noexcept;
  void run_all(std::span<double> x, State* states) const noexcept;

  std::size_t channels_;
  std::vector<Biquad> sections_;
  std::vector<State> states_;  // [channel][section]
};

}  // namespace syrinx::dsp
