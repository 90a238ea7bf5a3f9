// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

// Numbers of ITU-T P.862: what the model is made of at its two rates.
namespace syrinx::measure {

// One band of the ear model.
struct PesqBarkBand {
  int fft_bins;        // How many bins of the frame's spectrum fall into it.
  double centre_bark;  // On the Recommendation's modified Bark scale.
  double width_bark;
  double density;  // From the sum of its bins to a power density.
  double hearing_threshold;
};

struct PesqParameters {
  int sample_rate_hz;
  std::size_t frame_samples;  // Of the ear model: 32 ms, half overlapped.
  std::size_t step_samples;   // Of the envelope: 4 ms.
  std::size_t align_samples;  // Of a frame of the fine alignment: 64 ms.
  double power_scale;         // From spectrum to pitch power density.
  std::span<const PesqBarkBand> bands;
};

// Pre: 8000 or 16000.
const PesqParameters& pesq_parameters(int sample_rate_hz);

// A gain curve, linear in dB between points.
struct PesqGainPoint {
  double hz;
  double db;
};
std::span<const PesqGainPoint> pesq_level_filter();      // Before the level is measured.
std::span<const PesqGainPoint> pesq_handset_receiver();  // A receiver after the IRS.

}  // namespace syrinx::measure
