// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "syrinx/core/base/result.h"

// A voice as a source and a filter over time: its pitch, its spectral envelope, and how much of
// each band is noise. The three streams of World (Morise, Yokomori and Ozawa 2016).
namespace syrinx::voice {

struct VoiceFrameOptions {
  double hop_s = 0.005;
  double min_f0_hz = 65.0;
  double max_f0_hz = 600.0;
};

// What frames are of. Frame k is centred on sample k * hop_samples.
struct FrameShape {
  int sample_rate_hz = 0;
  std::size_t hop_samples = 0;
  std::size_t fft_size = 0;
  double min_f0_hz = 0.0;
  double max_f0_hz = 0.0;

  std::size_t bins() const noexcept { return fft_size / 2 + 1; }
  std::size_t bands() const noexcept;
  // By how much the rate is divided to find F0; hop_samples is a multiple of it.
  std::size_t pitch_factor() const noexcept;
  double bin_hz() const noexcept {
    return static_cast<double>(sample_rate_hz) / static_cast<double>(fft_size);
  }
  bool operator==(const FrameShape&) const = default;
};

// The bands in which aperiodicity is told: band b reaches from edge b to edge b + 1, the last to
// half the rate. The edges are 0, 1, 2, 4, 6, 8, 12 and 16 kHz, those above half the rate left out.
std::span<const double> aperiodicity_edges_hz() noexcept;

// One frame, as it is handed on: valid until the next.
struct VoiceFrame {
  std::uint64_t index = 0;
  float f0_hz = 0.0f;            // 0 where there is no pitch.
  std::span<const float> power;  // [bins], above 0: the density at which white noise of variance 1
                                 // has 1 everywhere.
  std::span<const float> aperiodicity;  // [bands], 0 to 1: the share of the power that is noise.
};

// All frames of a sound.
struct VoiceFrames {
  FrameShape shape;
  std::size_t samples = 0;          // Of the sound.
  std::vector<float> f0_hz;         // [frames]
  std::vector<float> power;         // [frames][bins]
  std::vector<float> aperiodicity;  // [frames][bands]

  std::size_t frames() const noexcept { return f0_hz.size(); }
  VoiceFrame frame(std::size_t index) const noexcept;
  std::span<float> power_of(std::size_t index) noexcept;
  std::span<float> aperiodicity_of(std::size_t index) noexcept;
  void append(const VoiceFrame& frame);
};

// The shape of frames at a rate; the FFT holds three periods of 71 Hz, as World's. Errors:
// kInvalidArgument for a rate outside 8 to 192 kHz, a hop outside 1 to 20 ms, or a range of F0
// outside 50 to 1,000 Hz or narrower than an octave.
Result<FrameShape> frame_shape(int sample_rate_hz, const VoiceFrameOptions& options = {});

// kInvalidArgument, in the name of `what`, unless the vectors have the sizes that the shape says,
// F0 is 0 or within 20 Hz and half the rate, power is finite and above 0, and aperiodicity is 0 to
// 1.
Result<void> check_frames(std::string_view what, const VoiceFrames& frames);

}  // namespace syrinx::voice
