// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/profile/mel_cepstra.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace syrinx::voice {
namespace {

constexpr double kTopHz = 8'000.0;
constexpr float kLeastPower = 1e-12f;

double mel_of(double hz) { return 2'595.0 * std::log10(1.0 + hz / 700.0); }
double hz_of(double mel) { return 700.0 * (std::pow(10.0, mel / 2'595.0) - 1.0); }
double step_mel() { return mel_of(kTopHz) / static_cast<double>(kMelBands + 1); }

using CosineTable = std::array<std::array<float, kMelBands>, kCepstra>;

const CosineTable& cosines() noexcept {
  static const CosineTable table = [] {
    CosineTable made{};
    for (std::size_t d = 0; d < kCepstra; ++d)
      for (std::size_t b = 0; b < kMelBands; ++b)
        made[d][b] = static_cast<float>(std::sqrt((d == 0 ? 1.0 : 2.0) / kMelBands) *
                                        std::cos(std::numbers::pi * static_cast<double>(d) *
                                                 (static_cast<double>(b) + 0.5) / kMelBands));
    return made;
  }();
  return table;
}

}  // namespace

double mel_band_hz(std::size_t band) noexcept {
  return hz_of(step_mel() * static_cast<double>(band + 1));
}

MelCepstra::MelCepstra(const FrameShape& shape) {
  cosines();  // Made now rather than in real time.
  for (std::size_t k = 0; k < shape.bins(); ++k) {
    const double hz = static_cast<double>(k) * shape.bin_hz();
    const double at =
        std::clamp(mel_of(hz) / step_mel() - 1.0, 0.0, static_cast<double>(kMelBands - 1));
    const auto band = std::min(static_cast<std::size_t>(at), kMelBands - 2);
    places_.push_back({band, static_cast<float>(at - static_cast<double>(band))});
    if (hz > kTopHz) places_.back() = {kMelBands - 2, 1.0f};
  }
}

MelLogs MelCepstra::logs_of(std::span<const float> power) const noexcept {
  MelLogs sums{};
  MelLogs weights{};
  for (std::size_t k = 0; k < power.size(); ++k) {
    const Place& place = places_[k];
    sums[place.band] += (1.0f - place.share) * power[k];
    weights[place.band] += 1.0f - place.share;
    sums[place.band + 1] += place.share * power[k];
    weights[place.band + 1] += place.share;
    if (place.share == 1.0f && place.band == kMelBands - 2) break;  // Beyond 8 kHz.
  }
  float last = std::log(kLeastPower);
  for (std::size_t b = 0; b < kMelBands; ++b) {
    if (weights[b] > 0.0f) last = std::log(std::max(sums[b] / weights[b], kLeastPower));
    sums[b] = last;
  }
  return sums;
}

void MelCepstra::gains_of(const MelLogs& change, std::span<float> gain) const noexcept {
  for (std::size_t k = 0; k < gain.size(); ++k) {
    const Place& place = places_[k];
    const float here = change[place.band];
    gain[k] = std::exp(0.5f * (here + place.share * (change[place.band + 1] - here)));
  }
}

Cepstrum cepstrum_of(const MelLogs& logs) noexcept {
  Cepstrum cepstrum{};
  for (std::size_t d = 0; d < kCepstra; ++d)
    for (std::size_t b = 0; b < kMelBands; ++b) cepstrum[d] += cosines()[d][b] * logs[b];
  return cepstrum;
}

MelLogs logs_of(const Cepstrum& cepstrum) noexcept {
  MelLogs logs{};
  for (std::size_t d = 0; d < kCepstra; ++d)
    for (std::size_t b = 0; b < kMelBands; ++b) logs[b] += cosines()[d][b] * cepstrum[d];
  return logs;
}

MelLogs warped(const MelLogs& logs, double ratio) noexcept {
  MelLogs moved{};
  for (std::size_t b = 0; b < kMelBands; ++b) {
    const double hz = std::min(mel_band_hz(b) / ratio, kTopHz);
    const double at =
        std::clamp(mel_of(hz) / step_mel() - 1.0, 0.0, static_cast<double>(kMelBands - 1));
    const auto band = std::min(static_cast<std::size_t>(at), kMelBands - 2);
    const auto share = static_cast<float>(at - static_cast<double>(band));
    moved[b] = logs[band] + share * (logs[band + 1] - logs[band]);
  }
  return moved;
}

double distortion_db(const Cepstrum& a, const Cepstrum& b) noexcept {
  double sum = 0.0;
  for (std::size_t d = 1; d < kCepstra; ++d) {
    const double difference = static_cast<double>(a[d]) - static_cast<double>(b[d]);
    sum += difference * difference;
  }
  return 10.0 / std::numbers::ln10 * std::sqrt(sum / kMelBands);
}

}  // namespace syrinx::voice
