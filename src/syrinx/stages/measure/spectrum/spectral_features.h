// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

// The shape of the spectrum in a few numbers, frame by frame and as a whole (Peeters 2004, "A large
// set of audio features").
namespace syrinx::measure {

struct SpectralFrame {
  double centroid_hz = 0.0;  // The mean frequency, weighted by power.
  double rolloff_hz = 0.0;   // Below which 85 % of the power lies.
  double flatness = 0.0;     // Geometric over arithmetic mean of the power: 1 is flat, 0 one line.
                             // Of white noise 0.56, since the power of single frames scatters.
  double flux = 0.0;  // Distance of the magnitudes, each frame's scaled to a sum of squares of
                      // 1, from those of the frame before: 0 the same to 1.41; 0 at the first.
  double zero_crossings_per_s = 0.0;
  double power = 0.0;  // Mean square of the windowed samples; 0.5 is a full-scale sine.
};

struct SpectralFeatures {
  double first_s = 0.0;  // Of the first frame's middle.
  double hop_s = 0.0;
  std::vector<SpectralFrame> frames;
  SpectralFrame mean;  // Over frames within 60 dB of the strongest; all 0 for silence.
  // The slope of the long-term average spectrum in dB against octaves, a line through third-octave
  // bands from 50 Hz to 10 kHz (or 0.45 of the rate), each weighing the same; 0 for silence. White
  // noise 0, pink -3.01.
  double tilt_db_per_octave = 0.0;
};

struct SpectralOptions {
  double window_ms = 32.0;  // Hann. 5 to 1000.
  double hop_ms = 10.0;     // 1 to 1000.
};

// Of the mean of all channels; non-finite samples count as 0. Sound shorter than a window has one
// frame, zeros around it. A constant offset is power at 0 Hz,
// which is left out of all but power and crossings. Errors: kInvalidArgument for an empty view, a
// rate outside limits.h, or options outside what they document.
Result<SpectralFeatures> spectral_features(AudioView audio, const SpectralOptions& options = {});

// How much of a voice is harmonics, by band.
struct HarmonicBand {
  double low_hz = 0.0;
  double high_hz = 0.0;
  double hnr_db = 0.0;  // Power near the harmonics of the pitch over the power between them.
};

// For a sound of steady pitch `f0_hz`: the power within a quarter of f0 of each harmonic against
// that of the rest, in the given bands (edges rising, at least two), over frames of sixteen
// periods. White noise has 0 dB; a band without any power, or without a whole harmonic, NaN. The
// window's own skirts bound what is seen at about 60 dB. Errors: kInvalidArgument for an empty
// view, a rate outside limits.h, f0 outside 20 Hz to an eighth of the rate, or bad edges.
Result<std::vector<HarmonicBand>> harmonic_bands(AudioView audio, double f0_hz,
                                                 const std::vector<double>& edges_hz);

}  // namespace syrinx::measure
