// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/result.h"

// What a rigid sphere for a head does to a sound on its way to the ears: R. Duda and W. Martens,
// "Range dependence of the response of a spherical head model", JASA 104(5), 1998.
namespace syrinx::effects {

// Where a sound comes from. Azimuth: 0 ahead, 90 left, -90 right. Elevation: 90 above.
struct Direction {
  double azimuth_deg = 0.0;
  double elevation_deg = 0.0;
};
// The unit vector (ahead, left, up).
std::array<double, 3> unit_vector(const Direction& direction) noexcept;

struct Head {
  double radius_m = 0.0875;
  double ear_azimuth_deg = 100.0;  // The ears lie a little behind the middle.
  double distance_m = 2.0;         // Of the source from the middle of the head.
  double speed_of_sound_m_s = 343.0;
};

// The pressure at a point of the sphere over that in its middle were it not there. `incidence_deg`
// is the angle between the source and the point, 0 to 180. Positive angles are phase leads.
// Pre: hz > 0, distance_m > radius_m.
std::complex<double> head_transfer(double incidence_deg, double hz, const Head& head = {}) noexcept;

// The angle, in degrees, between a source and the left (0) or right (1) ear.
double incidence_deg(const Direction& source, std::size_t ear, const Head& head = {}) noexcept;

// Impulse responses for every incidence, at one rate.
class HeadResponses {
 public:
  static constexpr double kStepDeg = 2.5;

  // Computes them: some hundredths of a second. Errors: as dsp::RealFft::create.
  static Result<HeadResponses> create(int sample_rate_hz, const Head& head = {});

  std::size_t taps() const noexcept { return taps_; }
  // The tap at which a sound would come through without a head.
  std::size_t latency_samples() const noexcept { return latency_; }
  // The response between the two nearest that were computed. Pre: out.size() == taps().
  void response(double incidence_deg, std::span<float> out) const noexcept;

 private:
  HeadResponses() = default;
  std::size_t taps_ = 0;
  std::size_t latency_ = 0;
  std::vector<float> table_;  // [angle][tap]
};

}  // namespace syrinx::effects
