// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/reference/gammatone_spectrogram.h"

#include <array>
#include <cmath>
#include <complex>
#include <numbers>

namespace syrinx::measure {
namespace {

constexpr std::size_t kSections = 4;
constexpr std::size_t kMostBands = 32;
constexpr double kEarQ = 9.26449;  // Glasberg and Moore.
constexpr double kLeastBandwidthHz = 24.7;

using PerBand = std::array<double, kMostBands>;

double centre_hz(const GammatoneSpec& spec, std::size_t band) {
  const double offset = kEarQ * kLeastBandwidthHz;
  const double share = static_cast<double>(spec.bands - band) / static_cast<double>(spec.bands);
  return -offset + (spec.max_hz + offset) *
                       std::exp(share * std::log((spec.min_hz + offset) / (spec.max_hz + offset)));
}

// Four second-order sections per band with one pole pair: y = b0 x + b1 x' - a1 y' - a2 y''.
struct Filters {
  double b0 = 0.0;
  PerBand a1{};
  PerBand a2{};
  std::array<PerBand, kSections> b1{};
  PerBand gain{};  // 1 over the cascade's gain at its centre.
};

// The zeros of the four sections stand at these angles' tangents.
constexpr std::array<double, kSections> zero_tangents() {
  constexpr double kOuter = 2.414213562373095;   // sqrt(3 + 2 sqrt 2)
  constexpr double kInner = 0.4142135623730951;  // sqrt(3 - 2 sqrt 2)
  return {kOuter, -kOuter, kInner, -kInner};
}

void design_band(const GammatoneSpec& spec, std::size_t band, Filters& filters) {
  const double period = 1.0 / spec.sample_rate_hz;
  const double hz = centre_hz(spec, band);
  const double erb = hz / kEarQ + kLeastBandwidthHz;
  const double decay = std::exp(-1.019 * 2.0 * std::numbers::pi * erb * period);
  const double angle = 2.0 * std::numbers::pi * hz * period;
  filters.b0 = period;
  filters.a1[band] = -2.0 * std::cos(angle) * decay;
  filters.a2[band] = decay * decay;
  const auto z = std::polar(1.0, -angle);
  std::complex<double> response = 1.0;
  for (std::size_t s = 0; s < kSections; ++s) {
    const double b1 = -period * decay * (std::cos(angle) + zero_tangents()[s] * std::sin(angle));
    filters.b1[s][band] = b1;
    response *= (period + b1 * z) / (1.0 + filters.a1[band] * z + filters.a2[band] * z * z);
  }
  filters.gain[band] = 1.0 / std::abs(response);
}

// The mean square of the frame in each band. All bands advance side by side, sample by sample.
void filter_frame(std::span<const double> frame, const Filters& filters, std::size_t bands,
                  std::span<double> rms) {
  std::array<PerBand, kSections> s1{};
  std::array<PerBand, kSections> s2{};
  PerBand energy{};
  for (const double sample : frame) {
    PerBand x;
    x.fill(sample);
    for (std::size_t s = 0; s < kSections; ++s)
      for (std::size_t b = 0; b < kMostBands; ++b) {
        const double y = filters.b0 * x[b] + s1[s][b];
        s1[s][b] = filters.b1[s][b] * x[b] - filters.a1[b] * y + s2[s][b];
        s2[s][b] = -filters.a2[b] * y;
        x[b] = y;
      }
    for (std::size_t b = 0; b < kMostBands; ++b) energy[b] += x[b] * x[b];
  }
  for (std::size_t b = 0; b < bands; ++b)
    rms[b] = filters.gain[b] * std::sqrt(energy[b] / static_cast<double>(frame.size()));
}

}  // namespace

std::size_t GammatoneSpec::window_samples() const noexcept {
  return static_cast<std::size_t>(std::lround(0.08 * sample_rate_hz));
}
std::size_t GammatoneSpec::hop_samples() const noexcept { return window_samples() / 4; }

Result<BandFrames> gammatone_spectrogram(std::span<const double> signal,
                                         const GammatoneSpec& spec) {
  SYRINX_CHECK(spec.bands >= 1 && spec.bands <= kMostBands, "1 to 32 gammatone bands");
  const std::size_t size = spec.window_samples();
  if (signal.size() <= size)
    return make_error(ErrorCode::kInvalidArgument, "gammatone spectrogram: ", signal.size(),
                      " samples were given, more than ", size, " are needed");
  Filters filters;
  for (std::size_t b = 0; b < spec.bands; ++b) design_band(spec, b, filters);
  BandFrames out(1 + (signal.size() - size) / spec.hop_samples(), spec.bands);
  std::vector<double> frame(size);
  for (std::size_t i = 0; i < out.frames(); ++i) {
    for (std::size_t n = 0; n < size; ++n) {
      const double phase =
          2.0 * std::numbers::pi * static_cast<double>(n) / static_cast<double>(size - 1);
      frame[n] = signal[i * spec.hop_samples() + n] * (0.5 - 0.5 * std::cos(phase));
    }
    filter_frame(frame, filters, spec.bands, out.frame(i));
  }
  return out;
}

}  // namespace syrinx::measure
