// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/stages/voice/world/voice_frames.h"

namespace syrinx::voice {

inline constexpr std::size_t kMelBands = 40;
inline constexpr std::size_t kCepstra = 25;

using MelLogs = std::array<float, kMelBands>;  // Natural logarithms of mean power.
using Cepstrum = std::array<float, kCepstra>;  // c0 is the level.

// Envelopes as the cepstra of 40 HTK mel bands from 0 to 8 kHz, whatever the rate: what is compared
// between voices. Any thread.
class MelCepstra {
 public:
  explicit MelCepstra(const FrameShape& shape);

  // The bands of an envelope; those above half the rate are as the last below.
  MelLogs logs_of(std::span<const float> power) const noexcept SYRINX_REALTIME;
  // Fills the amplitude of each bin for a change of the bands' logarithms; above 8 kHz, that of the
  // last band.
  void gains_of(const MelLogs& change, std::span<float> gain) const noexcept SYRINX_REALTIME;

 private:
  struct Place {
    std::size_t band = 0;
    float share = 0.0f;  // Of the next band.
  };
  std::vector<Place> places_;  // By bin.
};

// The cosine transform of the bands (orthonormal, its first 25 terms), and back.
Cepstrum cepstrum_of(const MelLogs& logs) noexcept SYRINX_REALTIME;
MelLogs logs_of(const Cepstrum& cepstrum) noexcept SYRINX_REALTIME;

// The bands of a vocal tract whose formants stand at `ratio` times the frequencies.
MelLogs warped(const MelLogs& logs, double ratio) noexcept SYRINX_REALTIME;

// The middle of a band, in Hz.
double mel_band_hz(std::size_t band) noexcept;

// RMS difference of two smoothed mel spectra in dB, the level left out: what is called mel-cepstral
// distortion.
double distortion_db(const Cepstrum& a, const Cepstrum& b) noexcept;

}  // namespace syrinx::voice
