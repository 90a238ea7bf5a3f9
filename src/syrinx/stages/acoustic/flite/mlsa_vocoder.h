// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

// The last of a Flite voice's work, two thirds of its time: from mel-cepstra to samples. Flite's
// own draws its noise from the process's rand(), so that two at once would disturb each other; this
// one shares nothing, and gives the same samples.
namespace syrinx::acoustic::flite {

struct MlsaSettings {
  double sample_rate_hz = 16'000;
  std::size_t hop_samples = 80;
  float warping = 0.42F;    // All-pass constant of the mel scale, "alpha".
  float postfilter = 0.4F;  // How much formants are sharpened, "beta"; 0 not at all.
  float gain = 1;
  // Each band's impulse response, by which a frame's strengths mix pulses and noise. All of one
  // length.
  std::vector<std::vector<double>> bands;
};

// What is to be heard, a value of each row a frame.
struct MlsaFrames {
  std::size_t order = 0;         // Coefficients of a cepstrum.
  std::vector<float> f0_hz;      // 0 where there is no voice.
  std::vector<float> cepstra;    // `order` for each frame; the first is the log gain.
  std::vector<float> strengths;  // One for each band and frame: the share of pulses, 0 to 1.
};

// The sound of the frames from the first to the last: a hop for each but one, at int16's scale and
// held within it. By Imai's mel log spectrum approximation filter (Imai, Sumita and Furuichi 1983)
// of a Pade approximation of order 5, excited by pulses and noise mixed in bands (Yoshimura et al.
// 2001). Where doubles are IEEE 754's and multiplied and added apart, the samples are those of
// Flite 2.2. Pre: frames.order >= 3; at least one band; all sizes fit. Any thread.
std::vector<std::int16_t> mlsa_sound(const MlsaSettings& settings, const MlsaFrames& frames);

}  // namespace syrinx::acoustic::flite
