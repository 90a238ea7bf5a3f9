// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/biquad.h"

namespace syrinx::enhance {

inline constexpr double kLowBandHz = 300.0;     // Below it booms what stands too near,
inline constexpr double kHighBandHz = 2'500.0;  // above it is dull what is covered.

// Brings the low and the high band of speech to where those of people lie beside the middle band,
// on average: the long-term spectrum of Byrne et al. 1994 (J. Acoust. Soc. Am. 96, 2108). Voices
// differ: the first 4 dB off it are let be. Bands move while somebody speaks, by 3 dB a second; a
// band whose speech is not 6 dB above its background is not raised. Two shelves: without a
// correction samples pass as they are.
class BandBalance {
 public:
  // `most_db`: of a correction, up or down; 0 for none. Errors: kInvalidArgument as the filters'.
  static Result<BandBalance> create(int sample_rate_hz, std::size_t channels, double most_db);

  // One frame in place, a sample of each channel.
  void process(std::span<float> frame) noexcept SYRINX_REALTIME;
  // After each 10 ms of frames: whether somebody spoke in them.
  void finish_hop(bool speech) noexcept SYRINX_REALTIME;
  double low_db() const noexcept { return sides_[0].gain_db; }
  double high_db() const noexcept { return sides_[1].gain_db; }
  void reset() noexcept SYRINX_REALTIME;

 private:
  static constexpr std::size_t kBands = 3;  // Low, middle, high.
  struct Band {
    dsp::BiquadCascade filter;
    double sum = 0.0;     // Of squares, in this hop.
    double speech = 0.0;  // Mean power while somebody speaks,
    double noise = 0.0;   // and while nobody does.
  };
  struct Side {
    std::size_t band = 0;
    double usual_db = 0.0;  // People's, beside the middle band.
    double gain_db = 0.0;
  };

  BandBalance(int sample_rate_hz, double most_db, std::array<Band, kBands> bands,
              dsp::BiquadCascade shelves) noexcept;
  double wanted_db(const Side& side) const noexcept;
  void move(std::size_t side) noexcept;

  int sample_rate_hz_;
  double most_db_;
  std::array<Band, kBands> bands_;  // Of the mean of the channels, before the correction.
  std::array<Side, 2> sides_;
  dsp::BiquadCascade shelves_;
  std::uint64_t samples_ = 0;  // Of this hop.
  std::uint64_t speech_hops_ = 0;
  std::uint64_t noise_hops_ = 0;
};

}  // namespace syrinx::enhance
