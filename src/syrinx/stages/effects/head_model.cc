// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/effects/head_model.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include "syrinx/core/dsp/fft.h"

namespace syrinx::effects {
namespace {

using Complex = std::complex<double>;
constexpr double kRadians = std::numbers::pi / 180.0;
constexpr double kResponseS = 0.004;
constexpr double kLatencyS = 0.0008;
constexpr int kMostTerms = 400;
constexpr auto kAngles = static_cast<std::size_t>(180.0 / HeadResponses::kStepDeg) + 1;

// Spherical Hankel functions of the first kind, upwards in order, scaled by exp(-ix).
class Hankel {
 public:
  explicit Hankel(double x) noexcept : x_(x), before_(1.0 / x, 0.0), now_(Complex(0.0, -1.0) / x) {}
  Complex value() const noexcept { return now_; }
  Complex slope() const noexcept {  // h'_m = h_(m-1) - (m + 1) / x h_m
    return before_ - static_cast<double>(order_ + 1) / x_ * now_;
  }
  void raise() noexcept {
    const Complex next = static_cast<double>(2 * order_ + 1) / x_ * now_ - before_;
    before_ = now_;
    now_ = next;
    ++order_;
  }

 private:
  double x_;
  int order_ = 0;
  Complex before_;  // h_-1 = e^(ix) / x
  Complex now_;     // h_0 = -i e^(ix) / x
};

// Falls to 0 over the last tenth below half the rate, where a response so short cannot be exact.
double taper(double share_of_nyquist) noexcept {
  if (share_of_nyquist <= 0.9) return 1.0;
  return 0.5 + 0.5 * std::cos(std::numbers::pi * (share_of_nyquist - 0.9) / 0.1);
}

}  // namespace

std::array<double, 3> unit_vector(const Direction& d) noexcept {
  const double level = std::cos(d.elevation_deg * kRadians);
  return {level * std::cos(d.azimuth_deg * kRadians), level * std::sin(d.azimuth_deg * kRadians),
          std::sin(d.elevation_deg * kRadians)};
}

// Equation 1 of the paper: -(rho / mu) e^(-i mu rho) sum (2m + 1) P_m(cos) h_m(mu rho) / h'_m(mu).
// The paper's waves run as e^(-iwt); ours as e^(+iwt), hence the conjugate.
Complex head_transfer(double incidence_deg, double hz, const Head& head) noexcept {
  const double mu = 2.0 * std::numbers::pi * hz * head.radius_m / head.speed_of_sound_m_s;
  const double rho = head.distance_m / head.radius_m;
  const double x = std::cos(incidence_deg * kRadians);
  Hankel far(mu * rho);
  Hankel near(mu);
  double p_before = 0.0;
  double p = 1.0;
  Complex sum = 0.0;
  int small = 0;
  for (int m = 0; m < kMostTerms && small < 3; ++m) {
    const Complex term = static_cast<double>(2 * m + 1) * p * (far.value() / near.slope());
    if (!std::isfinite(term.real()) || !std::isfinite(term.imag())) break;
    sum += term;
    small = std::abs(term) < 1e-10 * std::abs(sum) ? small + 1 : 0;
    const double p_next = ((2 * m + 1) * x * p - m * p_before) / (m + 1);
    p_before = p;
    p = p_next;
    far.raise();
    near.raise();
  }
  // The scaling left out e^(i mu rho) above and e^(i mu) below.
  return std::conj(-(rho / mu) * std::exp(Complex(0.0, -mu)) * sum);
}

double incidence_deg(const Direction& source, std::size_t ear, const Head& head) noexcept {
  const auto s = unit_vector(source);
  const auto e = unit_vector({ear == 0 ? head.ear_azimuth_deg : -head.ear_azimuth_deg, 0.0});
  const double cosine = s[0] * e[0] + s[1] * e[1] + s[2] * e[2];
  return std::acos(std::clamp(cosine, -1.0, 1.0)) / kRadians;
}

Result<HeadResponses> HeadResponses::create(int sample_rate_hz, const Head& head) {
  HeadResponses made;
  made.taps_ = static_cast<std::size_t>(kResponseS * sample_rate_hz) + 1;
  made.latency_ = static_cast<std::size_t>(kLatencyS * sample_rate_hz) + 1;
  const std::size_t size = std::bit_ceil(4 * made.taps_);
  SYRINX_ASSIGN(auto fft, dsp::RealFft::create(size));
  std::vector<std::complex<float>> spectrum(fft.bins());
  std::vector<float> time(size);
  for (std::size_t angle = 0; angle < kAngles; ++angle) {
    for (std::size_t k = 0; k < spectrum.size(); ++k) {
      const double share = static_cast<double>(k) / static_cast<double>(spectrum.size() - 1);
      const double hz = std::max(share * sample_rate_hz / 2.0, 1.0);
      const double turn = -2.0 * std::numbers::pi * static_cast<double>(k) *
                          static_cast<double>(made.latency_) / static_cast<double>(size);
      spectrum[k] =
          std::complex<float>(taper(share) * std::polar(1.0, turn) *
                              head_transfer(static_cast<double>(angle) * kStepDeg, hz, head));
    }
    fft.inverse(spectrum, time);
    made.table_.insert(made.table_.end(), time.begin(),
                       time.begin() + static_cast<std::ptrdiff_t>(made.taps_));
  }
  return made;
}

void HeadResponses::response(double incidence_deg, std::span<float> out) const noexcept {
  const double place = std::clamp(incidence_deg, 0.0, 180.0) / kStepDeg;
  const auto lower = std::min(static_cast<std::size_t>(place), kAngles - 2);
  const auto part = static_cast<float>(place - static_cast<double>(lower));
  const float* a = table_.data() + lower * taps_;
  const float* b = a + taps_;
  for (std::size_t i = 0; i < taps_; ++i) out[i] = a[i] + part * (b[i] - a[i]);
}

}  // namespace syrinx::effects
