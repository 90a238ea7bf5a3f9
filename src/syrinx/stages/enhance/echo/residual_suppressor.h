// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/fft.h"

namespace syrinx::enhance {

// One block of what the filter worked with and left.
struct EchoBlock {
  std::span<const float> near;               // The microphone.
  std::span<const float> echo;               // The filter's estimate in it.
  std::span<const float> error;              // near - echo.
  std::span<const float> expected_residual;  // KalmanFilter's, per bin.
  bool far_active = false;                   // Whether the far end can be heard at all.
  bool room_changed = false;
};

struct SuppressorOptions {
  int sample_rate_hz = 16'000;
  std::size_t block_samples = 128;
  bool suppress = true;
  bool comfort_noise = true;
  std::uint32_t seed = 1;
};

// Takes down, bin by bin, the echo that the filter left: its power is estimated from the filter's
// echo by a leakage learnt in each band while the near end is silent, from the far end's whole
// power for what a loudspeaker distorts into other bands, and from the filter's own doubt. The
// gain is Wiener's with a decision-directed speech-to-echo ratio (Ephraim and Malah 1984). Where
// it takes the background away too, noise like it is put in its place. Lags by one block.
class ResidualSuppressor {
 public:
  static Result<ResidualSuppressor> create(const SuppressorOptions& options);

  // Writes the block before this one. Pre: all spans have block_samples samples.
  void process(const EchoBlock& block, std::span<float> out) noexcept SYRINX_REALTIME;
  // Whether the near end was heard beside the echo in the last block.
  bool near_end_heard() const noexcept { return near_hold_ > 0; }
  void reset() noexcept SYRINX_REALTIME;

 private:
  ResidualSuppressor(const SuppressorOptions& options, dsp::RealFft fft);

  using Bins = std::vector<float>;
  struct Windowed {  // A signal in overlapping windows.
    explicit Windowed(std::size_t block) : past(block), bins(block + 1), power(block + 1) {}
    std::vector<float> past;
    std::vector<std::complex<float>> bins;
    Bins power;
  };

  void analyse(std::span<const float> block, Windowed& signal) noexcept;
  void sum_bands(const Bins& power, std::vector<float>& bands) const noexcept;
  void follow_background() noexcept;
  void learn_leakage(const EchoBlock& block) noexcept;
  void estimate_residual(const EchoBlock& block) noexcept;
  void judge_near_end(bool far_active) noexcept;
  void find_gains() noexcept;
  void apply_gains() noexcept;
  void synthesise(std::span<float> out) noexcept;
  float next_noise() noexcept;

  SuppressorOptions options_;
  dsp::RealFft fft_;
  std::vector<float> window_;
  std::vector<float> time_;
  std::vector<float> overlap_;
  Windowed error_;
  Windowed echo_;
  Bins echo_held_;   // The echo's power, falling slowly as a room does.
  Bins residual_;    // Estimate of the echo in the error.
  Bins background_;  // Power of the near end's steady noise.
  Bins smooth_error_;
  Bins lowest_;  // Of the smoothed error, in this window and the one before.
  Bins lowest_before_;
  Bins clean_;  // Power that the last block kept.
  Bins gain_;
  std::vector<std::size_t> band_edges_;
  std::vector<float> error_bands_;
  std::vector<float> echo_bands_;
  std::vector<float> background_bands_;
  std::vector<float> leakage_db_;     // Of the error over the echo, per band.
  std::vector<float> distortion_db_;  // Of the error over the echo of all bands.
  float echo_total_ = 0.0F;
  std::size_t blocks_in_window_ = 0;
  int near_hold_ = 0;
  std::uint32_t noise_state_;
};

}  // namespace syrinx::enhance
